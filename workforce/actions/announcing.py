"""The one place where the end of a run is announced, or a stopped program: in the transaction that does it."""

from django.conf import settings
from django.urls import reverse

from base.outbox import send_later
from workforce.actions.notices import tell_people_admins
from workforce.actions.webhooks import event_of, put_on_the_way
from workforce.models import Run, Source, Webhook
from workforce.models.webhook import Body, Told

BRAKE_TASK = "workforce.tasks.send_brake_letters"
State = Run.State
KINDS = {
    State.APPLIED: Told.APPLIED,
    State.HELD: Told.HELD,
    State.FAILED: Told.FAILED,
    State.REJECTED: Told.REJECTED,
    State.EXPIRED: Told.EXPIRED,
}


def announce(run: Run) -> None:
    """Tell whoever wants to hear what became of this run. A dry run changed nothing, so there is nothing to tell."""
    if run.is_dry:
        return
    tell_people_admins(run)
    kind = KINDS[State(run.state)]
    if hearing := list(Webhook.objects.that_hear(kind)):
        put_on_the_way(event_of(kind, told(run), run=run), hearing)


def announce_brake(source: Source) -> None:
    """Tell whoever wants to hear that a program was stopped which let too many people leave one by one."""
    send_later(BRAKE_TASK, source=str(source.pk))
    body = {"source": source.name, "link": settings.SITE_URL + reverse("source_list")}
    if hearing := list(Webhook.objects.that_hear(Told.BRAKED)):
        put_on_the_way(event_of(Told.BRAKED, body), hearing)


def told(run: Run) -> Body:
    """Facts about the run and none about people: whoever wants those asks the API, with a key."""
    return {
        "run": str(run.pk),
        "source": run.source.name,
        "mode": run.mode,
        "state": run.state,
        "counts": run.counts,
        "link": settings.SITE_URL + reverse("api-run-detail", args=[run.pk]),
    }
