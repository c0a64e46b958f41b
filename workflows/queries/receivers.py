"""Which steps can receive an outcome, for somebody who is about to hand it over."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from workflows.models import Outcome, Step

MOST_FOUND = 20


@dataclass(frozen=True)
class Group:
    """Steps of one workflow to choose from."""

    title: str
    steps: list[Step]


def receivers(outcome: Outcome, *, sought: str = "", chosen: UUID | None = None) -> list[Group]:
    """The other steps of the outcome's own workflow; then, where somebody seeks, those of other workflows that match.

    Steps that receive it already are left out. `chosen` always stays in sight.
    """
    own = outcome.produced_by.workflow
    handed = outcome.handoffs.active().values("to_step")
    free = Step.objects.live().exclude(pk=outcome.produced_by_id).exclude(pk__in=handed).select_related("performed_by")
    groups = [Group(own.name, list(free.filter(workflow=own).in_process_order()))]
    elsewhere = free.exclude(workflow=own).select_related("performed_by", "workflow")
    wanted = Q(pk=chosen)
    if sought:
        wanted |= Q(name__icontains=sought) | Q(workflow__name__icontains=sought)
    found: dict[str, list[Step]] = {}
    for step in elsewhere.filter(wanted).order_by("workflow__name", "position")[:MOST_FOUND]:
        found.setdefault(step.workflow.name, []).append(step)
    return groups + [Group(title, steps) for title, steps in found.items()]
