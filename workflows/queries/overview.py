"""The workflows as a list: what each delivers, and how that stands."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Exists, OuterRef

from workflows.models import Handoff, Outcome


def deliveries(workflows: Collection[UUID]) -> dict[UUID, list[Outcome]]:
    """{workflow: the outcomes it ends in}, the one that most steps lead to first; one query.

    An outcome that only another workflow waits for is where this one ends.
    """
    onward = Handoff.objects.live().filter(outcome=OuterRef("pk"), to_step__workflow=OuterRef("produced_by__workflow"))
    ends = (
        Outcome.objects.live()
        .filter(~Exists(onward), produced_by__workflow__in=workflows)
        .annotate(reach=Count("lineofsight"))
        .select_related("produced_by", "beneficiary_role")
        .order_by("-reach", "-produced_by__position", "statement")
    )
    delivered: dict[UUID, list[Outcome]] = {}
    for outcome in ends:
        delivered.setdefault(outcome.produced_by.workflow_id, []).append(outcome)
    return delivered
