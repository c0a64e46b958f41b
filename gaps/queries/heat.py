"""People × steps, or people × skills: where everybody stands against what the work asks of them, cell by cell."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from base.rows import answers
from gaps.arithmetic import trust_needed
from gaps.models import Type
from gaps.queries.past import at
from gaps.queries.reckoning import EVERYBODY, FEW, PEOPLE, PEOPLE_FIRST, Whose, is_met
from skills.models import Skill

STEPS, SKILLS = "steps", "skills"
COLUMN = {STEPS: "need.step_id", SKILLS: "need.skill_id"}


@dataclass(frozen=True)
class Wanted:
    """`across`: what the columns are. `step`, `skill`: only what is asked there, for the detail behind one cell."""

    whose: Whose = EVERYBODY
    across: str = STEPS
    workflow: UUID | None = None
    step: UUID | None = None
    skill: UUID | None = None

    def where(self) -> str:
        said = ["TRUE"]
        if self.workflow:
            said.append("step.workflow_id = %(workflow)s")
        if self.step:
            said.append("need.step_id = %(step)s")
        if self.skill:
            said.append("need.skill_id = %(skill)s")
        return " AND ".join(said)

    def values(self) -> dict[str, Any]:
        narrowed = {"workflow": self.workflow, "step": self.step, "skill": self.skill}
        return {**self.whose.values(), **{name: pk and str(pk) for name, pk in narrowed.items()}}


class Cell(NamedTuple):
    """One person in one column. Figures are those of the skill that is furthest from what is asked."""

    person: UUID
    column: UUID
    # The current role asks; otherwise only the agreed target role does.
    is_current: bool
    needs: int
    met: int
    # Unmet for want of better or newer evidence alone: the level itself was said to be there.
    only_unproven: int
    required: int
    criticality: int
    # What was last said, whether it still counts or not; None: no evidence.
    level: int | None
    trust: int | None
    is_lapsed: bool
    is_outdated: bool
    is_contested: bool
    # Levels that are missing over all skills of the cell.
    climb: int

    @property
    def is_met(self) -> bool:
        return self.met == self.needs

    @property
    def mark(self) -> str:
        return mark_of(self)

    @property
    def words(self) -> str:
        """What is missing, in two words; empty where nothing is."""
        if self.is_met:
            return ""
        if self.level is None:
            return f"needs {self.required}"
        if self.level >= self.required:
            return {"changed": "outdated", "old": "expired"}.get(self.mark, "weak")
        return f"needs {self.required}"

    @property
    def lacks_evidence_only(self) -> bool:
        return not self.is_met and self.only_unproven == self.needs - self.met


def mark_of(shown: "Cell | Asked") -> str:
    """Why a level is not to be taken as it stands, as `base.marks.level` draws it."""
    if shown.level is None:
        return ""
    if shown.is_outdated:
        return "changed"
    if shown.is_lapsed:
        return "old"
    return "weak" if (shown.trust or 0) < trust_needed(shown.criticality) else ""


class Someone(NamedTuple):
    person: UUID
    name: str
    role: UUID | None
    role_name: str
    team_name: str
    target_name: str
    last_day: dt.date | None


class Column(NamedTuple):
    pk: UUID
    name: str
    # The workflow of a step, with the step's place in it; a skill has none.
    workflow: str
    position: int
    criticality: int | None


# What is held at this very step; what lapsed is shown, and counts for nothing (see `cover.HELD`).
ASKED = f"""
asked AS (
    SELECT whose.person_id, {{column}} AS column_id, need.skill_id, need.step_id,
        need.job_role_id IS NOT DISTINCT FROM whose.job_role_id AS is_current,
        need.level AS required, need.criticality,
        coalesce(held.level, CASE WHEN standing.person_id IS NOT NULL THEN coalesce(standing.level, said.level) END)
            AS level,
        coalesce(held.trust, standing.trust) AS trust,
        standing.person_id IS NOT NULL AND standing.level IS NULL AS is_lapsed,
        coalesce(standing.changed_step_id = need.step_id AND held.level IS NULL, false) AS is_outdated,
        standing.type, standing.observed_at, standing.valid_until,
        coalesce(standing.is_contested, false) AS is_contested,
        {is_met("need", "held.level", "held.trust")} AS is_met
    FROM whose
    JOIN gaps_need need ON need.job_role_id = whose.job_role_id OR need.job_role_id = whose.target_id
    JOIN workflows_step step ON step.id = need.step_id AND step.retired_at IS NULL
    LEFT JOIN gaps_standing standing
        ON standing.person_id = whose.person_id AND standing.skill_id = need.skill_id
    LEFT JOIN gaps_evidence said ON said.person_id = CASE WHEN standing.level IS NULL THEN standing.person_id END
        AND said.skill_id = standing.skill_id AND said.id = standing.evidence_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN standing.changed_step_id = need.step_id THEN standing.level_there
                ELSE standing.level END AS level,
            CASE WHEN standing.changed_step_id = need.step_id THEN standing.trust_there
                ELSE standing.trust END AS trust
    ) held
    WHERE {{asked}}
)
"""
CELLS = """
SELECT DISTINCT ON (person_id, column_id) person_id, column_id, bool_or(is_current) OVER cell,
    count(*) OVER cell, count(*) FILTER (WHERE is_met) OVER cell,
    count(*) FILTER (WHERE NOT is_met AND level >= required) OVER cell,
    required, criticality, level, trust, is_lapsed, is_outdated, is_contested,
    sum(greatest(0, required - coalesce(level, 0))) OVER cell
FROM asked WINDOW cell AS (PARTITION BY person_id, column_id)
ORDER BY person_id, column_id, is_met, level NULLS FIRST, criticality DESC, required DESC, skill_id, step_id
"""


def cells(wanted: Wanted, *, as_of: dt.date | None = None) -> list[Cell]:
    """What is asked of these people, a cell per person and column; nothing where nothing is asked. One query."""
    return [Cell(*row) for row in run(CELLS, wanted, as_of=as_of)]


# --- what a cell is made of -------------------------------------------------------------------


class Asked(NamedTuple):
    """One skill that one step asks of one person."""

    skill: UUID
    statement: str
    step: UUID
    step_name: str
    workflow: UUID
    workflow_name: str
    is_current: bool
    required: int
    criticality: int
    level: int | None
    trust: int | None
    is_lapsed: bool
    is_outdated: bool
    is_contested: bool
    is_met: bool
    type: str | None
    observed_at: dt.datetime | None
    valid_until: dt.date | None

    @property
    def mark(self) -> str:
        return mark_of(self)

    @property
    def source(self) -> str:
        return str(Type(self.type).label) if self.type else ""

    @property
    def trust_needed(self) -> int:
        return trust_needed(self.criticality)


DETAIL = """
SELECT asked.skill_id, skill.statement, step.id, step.name, workflow.id, workflow.name, asked.is_current,
    asked.required, asked.criticality, asked.level, asked.trust, is_lapsed, is_outdated, is_contested, is_met,
    asked.type, observed_at, valid_until
FROM asked
JOIN skills_skill skill ON skill.id = asked.skill_id
JOIN workflows_step step ON step.id = asked.step_id
JOIN workflows_workflow workflow ON workflow.id = step.workflow_id
ORDER BY is_met, asked.criticality DESC, skill.name, skill.id, step.position
"""


def detail(wanted: Wanted, *, as_of: dt.date | None = None) -> list[Asked]:
    """Skill by skill what stands behind cells, unmet and most critical first."""
    return [Asked(*row) for row in run(DETAIL, wanted, as_of=as_of)]


def run(select: str, wanted: Wanted, *, as_of: dt.date | None) -> list[tuple[Any, ...]]:
    past, moments = at(as_of, wanted.whose)
    people = PEOPLE_FIRST.format(where=wanted.whose.where())
    asked = ASKED.format(column=COLUMN[wanted.across], asked=wanted.where())
    query = f"WITH {past} {people}, {asked} {select}"
    return answers(query, {**wanted.values(), **moments}, keep=wanted.whose.are_few and not as_of)


# --- the edges of the table -------------------------------------------------------------------

THERE = """
WITH {past} {people}
SELECT person_id, whose.display_name, role.id, coalesce(role.name, ''), coalesce(team.name, ''),
    coalesce(target.name, ''), whose.end_date
FROM whose
LEFT JOIN workforce_jobrole role ON role.id = whose.job_role_id
LEFT JOIN workforce_jobrole target ON target.id = whose.target_id AND target.id <> role.id
LEFT JOIN workforce_team team ON team.id = whose.team_id
ORDER BY whose.display_name, person_id
"""


def people(whose: Whose, *, as_of: dt.date | None = None) -> list[Someone]:
    """Who is meant, by name, with their role, team and agreed target role."""
    past, moments = at(as_of, whose)
    query = THERE.format(past=past, people=PEOPLE.format(where=whose.where()))
    rows = answers(query, {**whose.values(), **moments}, keep=whose.are_few and not as_of)
    return [Someone(*row) for row in rows]


PLACES = """
SELECT step.id, step.name, workflow.name, step.position, step.criticality
FROM workflows_step step JOIN workflows_workflow workflow ON workflow.id = step.workflow_id
WHERE step.id = ANY (%(steps)s::uuid[]) ORDER BY workflow.name, step.position, step.id
"""


def columns(found: Iterable[Cell], across: str) -> list[Column]:
    """The columns that these cells stand in: steps in the order of the process, skills by criticality."""
    crits: dict[UUID, int] = {}
    for cell in found:
        crits[cell.column] = max(crits.get(cell.column, 0), cell.criticality)
    if across == STEPS:
        return [Column(*row) for row in answers(PLACES, {"steps": [str(pk) for pk in crits]}, keep=len(crits) <= FEW)]
    skills = Skill.objects.filter(pk__in=crits).order_by("name", "pk").values_list("pk", "name")
    named = [Column(pk, name, "", 0, crits[pk]) for pk, name in skills]
    return sorted(named, key=lambda column: -(column.criticality or 0))
