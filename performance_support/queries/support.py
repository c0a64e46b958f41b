"""What helps at one step, whatever the way it is placed there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from base.rows import Part, Statement
from performance_support.models import Moment, Resource
from performance_support.queries.serving import SERVES
from workflows.models import Step
from workforce.models import Account, JobRole


@dataclass(frozen=True)
class Help:
    """One resource as it helps at a step. `directly`: placed at the step itself, not at a skill or an outcome of it."""

    resource: Resource
    moments: list[str]
    directly: bool

    def moments_in_words(self) -> list[str]:
        return [Moment(moment).label for moment in self.moments]


# What a line of a list, and a program, is told of it; and who answers for it.
RESOURCE = Part(
    Resource,
    "resource",
    *("id", "kind", "title", "summary", "text", "steps", "url", "language", "content_version", "owner_id", "state"),
    *("verifier_id", "verified_at", "verified_by_id", "due_on", "stale_since", "stale_because"),
)
PEOPLE = {who: Part(Account, who, "id", "email", "full_name") for who in ("owner", "verifier", "verified_by")}
AT_STEP = Statement(f"""
SELECT {RESOURCE.columns}, {", ".join(part.columns for part in PEOPLE.values())}, placed.moments, placed.directly
FROM (
    SELECT resource_id, min(place) AS place, bool_or(step_id IS NOT NULL) AS directly,
        string_agg(array_to_string(moments, ' '), ' ') AS moments
    FROM (
        SELECT placement.*, row_number() OVER (
            ORDER BY placement.step_id IS NULL, placement.position, placement.placed_at, placement.id
        ) AS place
        FROM ({SERVES}) served JOIN performance_support_placement placement ON placement.id = served.placement_id
        WHERE served.step_id = %(step)s::uuid
    ) placement
    GROUP BY resource_id
) placed
JOIN performance_support_resource resource ON resource.id = placed.resource_id
JOIN workforce_account owner ON owner.id = resource.owner_id
LEFT JOIN workforce_account verifier ON verifier.id = resource.verifier_id
LEFT JOIN workforce_account verified_by ON verified_by.id = resource.verified_by_id
WHERE resource.state IN ('verified', 'stale')
-- Nobody named: for everybody.
AND (%(role)s::uuid IS NULL
    OR NOT EXISTS (SELECT FROM performance_support_resource_audience named WHERE named.resource_id = resource.id)
    OR EXISTS (
        SELECT FROM performance_support_resource_audience named
        WHERE named.resource_id = resource.id AND named.jobrole_id = %(role)s::uuid
    ))
ORDER BY placed.place
""")


def help_at(step: Step, *, for_role: JobRole | None = None) -> list[Help]:
    """What may be used at the step, the step's own first, each resource once with all its moments; one query.

    `for_role` leaves out what is for other job roles only.
    """
    return [help_of(row) for row in AT_STEP.rows(step=str(step.pk), role=for_role and str(for_role.pk))]


def help_of(row: Iterable[Any]) -> Help:
    values = iter(row)
    resource: Resource = RESOURCE.take(values)  # type: ignore[assignment] # always there
    for who, part in PEOPLE.items():
        setattr(resource, who, part.take(values))
    moments, directly = next(values).split(), next(values)
    return Help(resource, [moment for moment in Moment.values if moment in moments], directly)
