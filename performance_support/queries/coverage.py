"""Where there is help and where none: steps by moments. One statement, however many steps and resources."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from performance_support.models import Moment, Resource
from performance_support.queries.serving import SERVES
from workforce.models import Person

# From here on a step must be told line by line, for failing costs (reference: criticality decides where it is learnt).
TOLD_FROM = 5

# What is only for other job roles than the one that performs the step helps nobody there.
GRID = f"""
WITH asked AS (
    SELECT step.id, step.name, step.position, step.criticality, step.performed_by_id, role.name AS role,
        workflow.id AS workflow_id, workflow.name AS workflow
    FROM workflows_step step
    JOIN workflows_workflow workflow ON workflow.id = step.workflow_id AND workflow.retired_at IS NULL
    LEFT JOIN workforce_jobrole role ON role.id = step.performed_by_id
    WHERE step.retired_at IS NULL
    AND (%(workflow)s::uuid IS NULL OR workflow.id = %(workflow)s)
    AND (%(step)s::uuid IS NULL OR step.id = %(step)s)
    AND (%(role)s::uuid IS NULL OR step.performed_by_id = %(role)s)
    AND (%(least)s = 0 OR step.criticality >= %(least)s)
    AND (%(team)s::uuid IS NULL OR EXISTS (
        SELECT FROM workforce_person person JOIN workforce_jobtitle title ON title.id = person.job_title_id
        WHERE person.team_id = %(team)s AND person.status = ANY (%(here)s) AND title.job_role_id = step.performed_by_id
    ))
), help AS (
    SELECT DISTINCT asked.id AS step_id, moment, resource.id AS resource_id, resource.kind, resource.state
    FROM asked
    JOIN ({SERVES}) served ON served.step_id = asked.id
    JOIN performance_support_placement placement ON placement.id = served.placement_id
    JOIN performance_support_resource resource ON resource.id = placement.resource_id
    CROSS JOIN unnest(placement.moments) moment
    WHERE resource.state IN ('verified', 'stale') AND (
        asked.performed_by_id IS NULL
        OR NOT EXISTS (
            SELECT FROM performance_support_resource_audience audience WHERE audience.resource_id = resource.id
        )
        OR EXISTS (
            SELECT FROM performance_support_resource_audience audience
            WHERE audience.resource_id = resource.id AND audience.jobrole_id = asked.performed_by_id
        )
    )
), cell AS (
    SELECT step_id, moment, count(*) FILTER (WHERE state = 'verified') AS fresh,
        count(*) FILTER (WHERE state = 'stale') AS stale,
        coalesce(array_agg(DISTINCT kind) FILTER (WHERE state = 'verified'), '{{}}') AS kinds
    FROM help GROUP BY step_id, moment
)
SELECT asked.id, asked.name, asked.position, asked.criticality, asked.role, asked.workflow_id, asked.workflow,
    EXISTS (SELECT FROM help WHERE help.step_id = asked.id AND help.kind = 'quick_steps'),
    (SELECT jsonb_object_agg(cell.moment, jsonb_build_array(cell.fresh, cell.stale, cell.kinds))
        FROM cell WHERE cell.step_id = asked.id)
FROM asked ORDER BY lower(asked.workflow), asked.workflow_id, asked.position, asked.id
"""


@dataclass(frozen=True)
class Wanted:
    """What the address asks of the grid. `least`: the lowest criticality, 0 for any; `gaps`: only where help lacks."""

    workflow: UUID | None = None
    role: UUID | None = None
    team: UUID | None = None
    least: int = 0
    gaps: bool = False
    step: UUID | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.workflow or self.role or self.team or self.least or self.gaps)


@dataclass(frozen=True)
class Cell:
    """One moment at one step: how much helps, how much of it is stale, and of which kinds what is fresh."""

    moment: str
    fresh: int = 0
    stale: int = 0
    kinds: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """`none`, `stale` where nothing else helps, `one` where it is all of one kind, `several`."""
        if self.fresh:
            return "one" if len(self.kinds) == 1 else "several"
        return "stale" if self.stale else "none"

    @property
    def label(self) -> str:
        return str(Moment(self.moment).label)

    @property
    def words(self) -> str:
        """What it means, beside the number."""
        ways = {
            "none": "nothing",
            "stale": "only stale",
            "one": f"only {', '.join(kinds_in_words(self.kinds)).lower()}",
            "several": f"{len(self.kinds)} kinds",
        }
        return ways[self.state]


@dataclass(frozen=True)
class Row:
    step: UUID
    name: str
    position: int
    criticality: int | None
    role: str | None
    workflow: UUID
    workflow_name: str
    has_quick: bool
    cells: tuple[Cell, ...]

    @property
    def lacks_quick(self) -> bool:
        """Failing here costs so much that it must be told line by line."""
        return (self.criticality or 0) >= TOLD_FROM and not self.has_quick

    @property
    def is_gap(self) -> bool:
        return self.lacks_quick or any(cell.state in {"none", "stale"} for cell in self.cells)


def grid(wanted: Wanted) -> list[Row]:
    """Every step that is asked for, workflow by workflow in the order of the work."""
    params: dict[str, Any] = {
        "workflow": text(wanted.workflow),
        "step": text(wanted.step),
        "role": text(wanted.role),
        "team": text(wanted.team),
        "least": wanted.least,
        "here": [*Person.Status.at_work()],
    }
    with connection.cursor() as cursor:
        cursor.execute(GRID, params)
        rows = [Row(*(*found[:-1], cells_of(found[-1]))) for found in cursor.fetchall()]
    return [row for row in rows if row.is_gap] if wanted.gaps else rows


def text(pk: UUID | None) -> str | None:
    return str(pk) if pk else None


def cells_of(found: Any) -> tuple[Cell, ...]:
    """All five, in the order in which one learns."""
    known = json.loads(found) if found else {}
    return tuple(
        Cell(moment, known[moment][0], known[moment][1], tuple(known[moment][2])) if moment in known else Cell(moment)
        for moment in Moment.values
    )


def kinds_in_words(kinds: Iterable[str]) -> list[str]:
    return [str(Resource.Kind(kind).label) for kind in kinds]


@dataclass(frozen=True)
class Sums:
    """Of cells: with help of several kinds, of one kind, only stale, none. Of steps: how many lack quick steps."""

    several: int
    one: int
    stale: int
    none: int
    untold: int
    critical: int

    @property
    def cells(self) -> int:
        return self.several + self.one + self.stale + self.none


def sums(rows: Iterable[Row]) -> Sums:
    listed = list(rows)
    states = [cell.state for row in listed for cell in row.cells]
    return Sums(
        **{state: states.count(state) for state in ("several", "one", "stale", "none")},
        untold=sum(row.lacks_quick for row in listed),
        critical=sum((row.criticality or 0) >= TOLD_FROM for row in listed),
    )
