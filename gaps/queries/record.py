"""One person's record: what the own work asks, what was said, what follows from it. A fixed number of queries."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from base.marks import Trust as Look
from gaps.arithmetic import Held, Needed, Readiness, readiness, trust_needed
from gaps.queries import said
from gaps.queries.gaps import Gap, Wanted, by_kind, gaps
from gaps.queries.past import at
from gaps.queries.reckoning import COUNTED, PEOPLE, STANDING, Whose, is_met
from gaps.queries.said import SkillSaid
from workflows.models import Outcome
from workforce.models import Person

# What runs out within so many days is announced.
SOON = dt.timedelta(days=30)


class Position(NamedTuple):
    """In which role, and on the way to which."""

    job_role: UUID | None = None
    name: str = ""
    target: UUID | None = None
    target_name: str = ""


class Required(NamedTuple):
    """One skill that the current role or the agreed target role asks for."""

    skill: UUID
    statement: str
    is_current: bool
    required: int
    criticality: int
    steps: int
    level: int | None
    trust: int | None
    is_met: bool


class Asked(NamedTuple):
    """One skill at one step of the own role. `last` is the level of the evidence that decides, whether it counts."""

    skill: UUID
    statement: str
    required: int
    criticality: int
    level: int | None
    trust: int | None
    last: int | None
    is_changed: bool
    is_met: bool

    @property
    def look(self) -> Look:
        """How the level is drawn."""
        if self.level is None:
            return "changed" if self.is_changed else "old"
        return "weak" if (self.trust or 0) < trust_needed(self.criticality) else ""

    @property
    def shown(self) -> int | None:
        return self.last if self.level is None else self.level


@dataclass
class StepOfMine:
    pk: UUID
    name: str
    position: int
    criticality: int | None
    skills: list[Asked] = field(default_factory=list)
    # What it produces, and for whom.
    outcomes: list[Outcome] = field(default_factory=list)


@dataclass
class WorkOfMine:
    """One workflow, and the steps of it that the role performs."""

    pk: UUID
    name: str
    steps: list[StepOfMine] = field(default_factory=list)


@dataclass(frozen=True)
class Record:
    person: Person
    as_of: dt.date | None
    position: Position
    requirements: list[Required]
    gaps: list[Gap]
    work: list[WorkOfMine]
    skills: list[SkillSaid]

    @property
    def today(self) -> dt.date:
        return self.as_of or timezone.localdate()

    @cached_property
    def kinds(self) -> dict[str, list[Gap]]:
        return by_kind(self.gaps)

    @cached_property
    def now(self) -> Readiness:
        """Towards the current role."""
        return ready_for(each for each in self.requirements if each.is_current)

    @cached_property
    def towards(self) -> Readiness:
        """Towards the agreed target role."""
        return ready_for(each for each in self.requirements if not each.is_current)

    @cached_property
    def needed(self) -> dict[UUID, Required]:
        """By skill; the current role goes before the target."""
        return {each.skill: each for each in sorted(self.requirements, key=lambda each: each.is_current)}

    @property
    def by_need(self) -> list[tuple[SkillSaid, Required | None]]:
        """What is required first, most critical first; then what nobody asks for."""
        return sorted(
            ((each, self.needed.get(each.skill)) for each in self.skills),
            key=lambda pair: (-(pair[1].criticality if pair[1] else 0), pair[0].statement.casefold()),
        )

    @property
    def unsaid(self) -> list[Required]:
        """Asked for by the current role, and nobody has ever said anything about it: no level, not level 0."""
        known = {each.skill for each in self.skills}
        return [each for each in self.requirements if each.is_current and each.skill not in known]

    @property
    def due(self) -> list[SkillSaid]:
        """What the level rests on runs out within SOON."""
        last = self.today + SOON
        return [each for each in self.skills if (end := each.valid_until) and self.today <= end <= last]

    @property
    def contested(self) -> int:
        """Contests that wait for an answer."""
        return sum(row.is_contested for each in self.skills for row in each.rows)


def ready_for(asked: Iterable[Required]) -> Readiness:
    rows = list(asked)
    needs = {each.skill: Needed(each.required, each.criticality) for each in rows}
    held = {each.skill: Held(each.level, each.trust) for each in rows if each.level is not None and each.trust}
    return readiness(needs, held)


def percent(share: Fraction | None) -> int | None:
    return None if share is None else round(share * 100)


POSITION = """
SELECT role.id, coalesce(role.name, ''), target.id, coalesce(target.name, '') FROM whose
LEFT JOIN workforce_jobrole role ON role.id = whose.job_role_id
LEFT JOIN workforce_jobrole target ON target.id = whose.target_id
"""
REQUIRED = f"""
SELECT skill.id, skill.statement, need.job_role_id IS NOT DISTINCT FROM whose.job_role_id, need.level,
    need.criticality, need.steps, counted.level, counted.trust, {is_met("need", "counted.level", "counted.trust")}
FROM whose JOIN gaps_requirement need ON need.job_role_id IN (whose.job_role_id, whose.target_id)
JOIN skills_skill skill ON skill.id = need.skill_id
{STANDING} {COUNTED}
ORDER BY need.criticality DESC, skill.statement, skill.id
"""
WORK = f"""
SELECT workflow.id, workflow.name, step.id, step.name, step.position, step.criticality,
    skill.id, skill.statement, need.level, need.criticality, held.level, held.trust, last.level,
    standing.changed_step_id IS NOT DISTINCT FROM step.id, {is_met("need", "held.level", "held.trust")}
FROM whose
JOIN workflows_step step ON step.performed_by_id = whose.job_role_id AND step.retired_at IS NULL
JOIN workflows_workflow workflow ON workflow.id = step.workflow_id AND workflow.retired_at IS NULL
LEFT JOIN gaps_need need ON need.step_id = step.id
LEFT JOIN skills_skill skill ON skill.id = need.skill_id
LEFT JOIN gaps_standing standing ON standing.person_id = whose.person_id AND standing.skill_id = need.skill_id
LEFT JOIN gaps_evidence last ON last.id = standing.evidence_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN standing.changed_step_id = step.id THEN standing.level_there ELSE standing.level END AS level,
        CASE WHEN standing.changed_step_id = step.id THEN standing.trust_there ELSE standing.trust END AS trust
) held
ORDER BY workflow.name, workflow.id, step.position, step.id, need.criticality DESC, skill.statement
"""


def record_of(person: Person, *, as_of: dt.date | None = None) -> Record:
    """The whole record, at the end of a past day where `as_of` names one."""
    whose = Whose(people=[person.pk])
    position = ask(POSITION, whose, as_of)
    return Record(
        person,
        as_of,
        Position(*position[0]) if position else Position(),
        [Required(*row) for row in ask(REQUIRED, whose, as_of)],
        gaps(Wanted(whose, overruled=True), as_of=as_of),
        work_of(whose, as_of),
        said.about(person, as_of=as_of),
    )


def ask(query: str, whose: Whose, as_of: dt.date | None) -> list[tuple[Any, ...]]:
    past, moments = at(as_of, whose)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {past} {PEOPLE.format(where=whose.where())} {query}",
            {**whose.values(), **moments},
        )
        return list(cursor.fetchall())


def work_of(whose: Whose, as_of: dt.date | None) -> list[WorkOfMine]:
    """By workflow and step; each step with what it needs, what it produces and who waits for that."""
    work: dict[UUID, WorkOfMine] = {}
    steps: dict[UUID, StepOfMine] = {}
    for workflow, workflow_name, step, name, position, criticality, *skill in ask(WORK, whose, as_of):
        if step not in steps:
            steps[step] = StepOfMine(step, name, position, criticality)
            work.setdefault(workflow, WorkOfMine(workflow, workflow_name)).steps.append(steps[step])
        if skill[0]:
            steps[step].skills.append(Asked(*skill))
    for outcome in Outcome.objects.live().of_steps(steps).with_receivers():
        steps[outcome.produced_by_id].outcomes.append(outcome)
    return list(work.values())
