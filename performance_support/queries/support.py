"""What helps at one step, whatever the way it is placed there."""

from dataclasses import dataclass
from uuid import UUID

from performance_support.models import Moment, Placement, Resource
from performance_support.queries.serving import SERVES
from workflows.models import Step
from workforce.models import JobRole


@dataclass(frozen=True)
class Help:
    """One resource as it helps at a step. `directly`: placed at the step itself, not at a skill or an outcome of it."""

    resource: Resource
    moments: list[str]
    directly: bool

    def moments_in_words(self) -> list[str]:
        return [Moment(moment).label for moment in self.moments]


AT_STEP = f"""
SELECT placement.* FROM ({SERVES}) served
JOIN performance_support_placement placement ON placement.id = served.placement_id
JOIN performance_support_resource resource ON resource.id = placement.resource_id
WHERE served.step_id = %s AND resource.state IN ('verified', 'stale')
ORDER BY placement.step_id IS NULL, placement.position, placement.placed_at, placement.id
"""


def help_at(step: Step, *, for_role: JobRole | None = None) -> list[Help]:
    """What may be used at the step, the step's own first, each resource once with all its moments; three queries.

    `for_role` leaves out what is for other job roles only.
    """
    placements = list(Placement.objects.raw(AT_STEP, [str(step.pk)]))
    resources = {resource.pk: resource for resource in for_reading({p.resource_id for p in placements})}
    found: dict[UUID, Help] = {}
    for placement in placements:
        resource = resources[placement.resource_id]
        if not is_for(resource, for_role):
            continue
        known = found.get(resource.pk)
        moments = {*placement.moments, *(known.moments if known else [])}
        directly = known.directly if known else placement.step_id == step.pk
        found[resource.pk] = Help(resource, [moment for moment in Moment.values if moment in moments], directly)
    return list(found.values())


def for_reading(pks: set[UUID]) -> list[Resource]:
    return list(Resource.objects.filter(pk__in=pks).with_people().prefetch_related("audience"))


def is_for(resource: Resource, role: JobRole | None) -> bool:
    """Nobody named: for everybody."""
    audience = resource.audience.all()
    return not audience or role is None or role in audience
