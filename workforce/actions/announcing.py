"""The one place where the end of a run is announced, in the transaction that ends it."""

from django.conf import settings
from django.urls import reverse

from workforce.actions.notices import tell_people_admins
from workforce.actions.webhooks import event_of, put_on_the_way
from workforce.models import Run, Webhook
from workforce.models.webhook import Body, Told

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
