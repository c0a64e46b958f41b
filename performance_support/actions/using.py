"""What people who work do with a resource."""

from django.db import transaction
from django.utils import timezone

from base.errors import RuleBroken
from base.outbox import send_later
from performance_support.actions.telling import tell
from performance_support.models import Resource, Vote
from performance_support.models.lrs import Told
from performance_support.queries import use
from performance_support.settling import settle
from performance_support.xapi.statements import Event
from workflows.models import Step
from workforce.models import Account


@transaction.atomic
def note_use(resource: Resource, *, step: Step | None = None, by: Account) -> None:
    """`by` opened it. The count keeps the day and the step; who it was, it does not keep."""
    use.count_view(resource.pk, step.pk if step else None)
    tell([Event(Told.RESOURCE, by, timezone.now(), step=step, resource=resource)])


@transaction.atomic
def note_visit(step: Step, *, quick: Resource | None, by: Account) -> bool:
    """`by` opened the support of a step, and with it what to do there in short. Whether a record store is told."""
    now = timezone.now()
    events = [Event(Told.STEP, by, now, step=step)]
    if quick:
        use.count_view(quick.pk, step.pk)
        events.append(Event(Told.RESOURCE, by, now, step=step, resource=quick))
    return tell(events) > 0


@transaction.atomic
def vote(
    resource: Resource, *, worked: bool, wrong: str = "", comment: str = "", step: Step | None = None, by: Account
) -> Vote:
    """*Did this work?*, about its current version. Whoever says it again has changed their mind.

    Two that did not work turn it stale in the same moment; whoever is asked about it hears of each.
    """
    resource = Resource.objects.select_for_update(of=("self",), no_key=True).get(pk=resource.pk)
    if not resource.is_usable:
        raise RuleBroken(f"“{resource}” is not in use. Nothing was counted.", code="resource_not_in_use")
    said = {"worked": worked, "wrong": wrong, "comment": comment.strip(), "step": step, "voted_at": timezone.now()}
    given, _ = Vote.objects.update_or_create(
        resource=resource, content_version=resource.content_version, voted_by=by, defaults=said
    )
    settle([resource.pk])
    tell([Event(Told.VOTE, by, given.voted_at, step=step, resource=resource, vote=given)])
    if not worked and resource.asked != by:
        send_later("performance_support.tasks.tell_of_vote", vote=given.pk)
    return given
