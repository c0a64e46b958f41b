"""Roles beside each other: what they share, what the way from one to the other asks, and who is nearest.

Distance and transfer are `arithmetic.way_between`, in SQL. Twelfths keep shares whole numbers, since a required
level is 1 to 4.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max

from gaps.arithmetic import Effort, Needed, Way, effort_for, way_between
from gaps.models import Need, Requirement
from gaps.queries.past import at, work_at
from gaps.queries.reckoning import (
    CHANGED,
    COUNTED,
    EVERYBODY,
    PEOPLE,
    STANDING,
    Whose,
    is_met,
    reached,
    step_that_asks,
)
from workforce.models import JobRole, Person

# So many of the nearest are shown.
NEAREST = 10


class Place(NamedTuple):
    """A step that asks for a skill."""

    step: UUID
    name: str
    workflow: str
    criticality: int | None
    workflow_id: UUID


@dataclass(frozen=True)
class Between:
    """One skill of two roles: what each needs of it, and the steps that ask."""

    skill: UUID
    statement: str
    here: Needed | None
    there: Needed | None
    steps_here: list[Place]
    steps_there: list[Place]

    @property
    def criticality(self) -> int:
        """How much it matters where one would go; for what stays behind, how much it matters here."""
        need = self.there or self.here
        return need.criticality if need else 0

    @property
    def levels(self) -> int:
        """To climb for somebody who meets the one role to the full."""
        return max(0, self.there.level - (self.here.level if self.here else 0)) if self.there else 0


@dataclass(frozen=True)
class Comparison:
    """From one role to another, most critical skills first."""

    here: JobRole
    there: JobRole
    way: Way
    skills: list[Between]

    @property
    def shared(self) -> list[Between]:
        return [each for each in self.skills if each.here and each.there]

    @property
    def missing(self) -> list[Between]:
        return [each for each in self.skills if not each.here]

    @property
    def left_behind(self) -> list[Between]:
        return [each for each in self.skills if not each.there]

    @property
    def by_criticality(self) -> list[tuple[int, int, int]]:
        """[(criticality, shared, missing)], most critical first."""
        found = sorted({each.criticality for each in self.skills if each.there}, reverse=True)
        return [(crit, count_at(crit, self.shared), count_at(crit, self.missing)) for crit in found]


def count_at(criticality: int, skills: Iterable[Between]) -> int:
    return sum(each.criticality == criticality for each in skills)


# As they were asked on a past day, at steps under their names of today.
NEEDED = """
{past} SELECT need.job_role_id, skill.id, skill.statement, need.level, need.criticality
FROM gaps_requirement need JOIN skills_skill skill ON skill.id = need.skill_id
WHERE need.job_role_id = ANY (%(roles)s::uuid[])
"""
PLACES = """
{past} SELECT need.job_role_id, need.skill_id, step.id, step.name, workflow.name, need.criticality, workflow.id
FROM gaps_need need JOIN workflows_step step ON step.id = need.step_id
JOIN workflows_workflow workflow ON workflow.id = step.workflow_id
WHERE need.job_role_id = ANY (%(roles)s::uuid[])
ORDER BY need.criticality DESC, need.level DESC, step.position, step.id
"""


def compare(here: JobRole, there: JobRole, *, as_of: dt.date | None = None) -> Comparison:
    """What each needs, side by side, with the steps that ask. Two queries."""
    past, values = work_at(as_of)
    values["roles"] = [str(here.pk), str(there.pk)]
    needed: dict[UUID, dict[UUID, Needed]] = {here.pk: {}, there.pk: {}}
    statements: dict[UUID, str] = {}
    places: dict[tuple[UUID, UUID], list[Place]] = {}
    with connection.cursor() as cursor:
        cursor.execute(NEEDED.format(past=past), values)
        for role, skill, statement, level, criticality in cursor.fetchall():
            needed[role][skill] = Needed(level, criticality)
            statements[skill] = statement
        cursor.execute(PLACES.format(past=past), values)
        for role, skill, *place in cursor.fetchall():
            places.setdefault((role, skill), []).append(Place(*place))
    mine, theirs = needed[here.pk], needed[there.pk]
    skills = [
        Between(
            skill,
            statement,
            mine.get(skill),
            theirs.get(skill),
            places.get((here.pk, skill), []),
            places.get((there.pk, skill), []),
        )
        for skill, statement in statements.items()
    ]
    skills.sort(key=lambda each: (-each.criticality, each.statement, str(each.skill)))
    return Comparison(here, there, way_between(mine, theirs), skills)


# --- the nearest roles ------------------------------------------------------------------------


class RoleNear(NamedTuple):
    job_role: UUID
    name: str
    way: Way


WHOLE = "count(*) AS needs, sum(criticality) AS weight, sum(level) AS levels"
SHARED = f"""
    count(*) AS shares, sum({reached("need", "other.level")}) AS reached, sum(least(other.level, need.level)) AS held
FROM gaps_requirement need JOIN gaps_requirement other ON other.skill_id = need.skill_id
    AND other.job_role_id <> need.job_role_id
"""
# Both look for the shortest way: to one role from all others, and from one role to all others.
TO_ONE = f"""
WITH whole AS (SELECT {WHOLE} FROM gaps_requirement WHERE job_role_id = %(job_role)s),
shared AS MATERIALIZED (
    SELECT other.job_role_id, {SHARED} WHERE need.job_role_id = %(job_role)s GROUP BY other.job_role_id
)
SELECT role.id, role.name, whole.needs, shared.shares, shared.reached, whole.weight, whole.levels - shared.held
FROM shared CROSS JOIN whole JOIN workforce_jobrole role ON role.id = shared.job_role_id AND role.retired_at IS NULL
ORDER BY shared.reached DESC, shared.shares DESC, role.id LIMIT %(limit)s
"""
FROM_ONE = f"""
WITH shared AS MATERIALIZED (
    SELECT need.job_role_id, {SHARED} WHERE other.job_role_id = %(job_role)s GROUP BY need.job_role_id
),
whole AS (
    SELECT job_role_id, {WHOLE} FROM gaps_requirement
    WHERE job_role_id IN (SELECT job_role_id FROM shared) GROUP BY job_role_id
)
SELECT role.id, role.name, whole.needs, shared.shares, shared.reached, whole.weight, whole.levels - shared.held
FROM shared JOIN whole USING (job_role_id)
JOIN workforce_jobrole role ON role.id = shared.job_role_id AND role.retired_at IS NULL
ORDER BY shared.reached::numeric / whole.weight DESC, shared.shares DESC, role.id LIMIT %(limit)s
"""


def roles_near(job_role: UUID, *, limit: int = NEAREST) -> list[RoleNear]:
    """From where the way to this role is shortest; only roles that share a skill with it."""
    return near(TO_ONE, job_role, limit)


def roles_onward(job_role: UUID, *, limit: int = NEAREST) -> list[RoleNear]:
    """Where the way from this role is shortest; only roles that share a skill with it."""
    return near(FROM_ONE, job_role, limit)


def near(query: str, job_role: UUID, limit: int) -> list[RoleNear]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"job_role": str(job_role), "limit": limit})
        return [
            RoleNear(pk, name, Way(needs, shares, needs - shares, share(twelfths, weight), levels))
            for pk, name, needs, shares, twelfths, weight, levels in cursor.fetchall()
        ]


class RoleAsked(NamedTuple):
    """How much the work asks of a role; nothing where no step of it does."""

    job_role: JobRole
    skills: int
    steps: int
    # Of the most critical of them; None where nothing is asked.
    criticality: int | None


def asked_of_each() -> list[RoleAsked]:
    """Every role in use, by name. Three queries."""
    asked = Requirement.objects.order_by().values_list("job_role").annotate(Count("pk"), Max("criticality"))
    skills = {role: (count, criticality) for role, count, criticality in asked}
    steps = dict(Need.objects.order_by().values_list("job_role").annotate(Count("step", distinct=True)))
    found = ((role, *skills.get(role.pk, (0, None))) for role in JobRole.objects.active())
    return [RoleAsked(role, count, steps.get(role.pk, 0), criticality) for role, count, criticality in found]


class Asked(NamedTuple):
    """One skill that a role needs, with the steps by which it does."""

    requirement: Requirement
    needs: list[Need]


def asked_of(job_role: JobRole) -> list[Asked]:
    """All that a role needs, most critical first. Two queries."""
    behind: dict[UUID, list[Need]] = {}
    for need in Need.objects.of_role(job_role):
        behind.setdefault(need.skill_id, []).append(need)
    found = Requirement.objects.of(job_role).with_names().critical_first()
    return [Asked(each, behind.get(each.skill_id, [])) for each in found]


def holders(roles: Collection[UUID]) -> dict[UUID, int]:
    """{role: how many people at work hold it}; a role that nobody holds is left out."""
    people = Person.objects.active().filter(job_title__job_role__in=list(roles)).order_by()
    counted = people.values_list("job_title__job_role").annotate(count=Count("pk"))
    return {role: count for role, count in counted if role}


def share(twelfths: int, weight: int) -> Fraction:
    return Fraction(int(twelfths), 12 * int(weight))


# --- the nearest people, and the roles in reach of one ----------------------------------------


class Reach(NamedTuple):
    """How far somebody is towards a role that is not theirs."""

    met: int
    of: int
    # Readiness, weighted.
    share: Fraction
    levels: int

    @property
    def effort(self) -> Effort:
        return effort_for(self.levels, unmet=self.of - self.met)


class PersonNear(NamedTuple):
    person: UUID
    name: str
    job_role: UUID | None
    role_name: str
    reach: Reach


class RoleInReach(NamedTuple):
    job_role: UUID
    name: str
    reach: Reach


TOWARDS = f"""
    count(*) FILTER (WHERE {is_met("need", "counted.level", "counted.trust")}) AS met,
    sum({reached("need", "counted.level")}) AS reached, sum(least(coalesce(counted.level, 0), need.level)) AS held
"""
PEOPLE_NEAR = f"""
WITH {PEOPLE},
need AS MATERIALIZED (SELECT * FROM gaps_requirement WHERE job_role_id = %(towards)s),
whole AS (SELECT {WHOLE} FROM need),
near AS (
    SELECT whose.person_id, {TOWARDS}
    FROM need JOIN gaps_standing standing ON standing.skill_id = need.skill_id
    JOIN whose ON whose.person_id = standing.person_id AND whose.job_role_id IS DISTINCT FROM %(towards)s
    {{changed}} {COUNTED}
    GROUP BY whose.person_id
)
SELECT near.person_id, whose.display_name, role.id, coalesce(role.name, ''), near.met, whole.needs, near.reached,
    whole.weight, whole.levels - near.held
FROM near CROSS JOIN whole JOIN whose USING (person_id) LEFT JOIN workforce_jobrole role ON role.id = whose.job_role_id
ORDER BY near.reached DESC, near.met DESC, near.person_id LIMIT %(limit)s
"""
ROLES_IN_REACH = f"""
WITH {{past}} {PEOPLE},
near AS (
    SELECT need.job_role_id, {TOWARDS}
    FROM whose JOIN gaps_standing standing ON standing.person_id = whose.person_id
    JOIN gaps_requirement need ON need.skill_id = standing.skill_id
        AND need.job_role_id IS DISTINCT FROM whose.job_role_id
    {CHANGED} {COUNTED}
    GROUP BY need.job_role_id
),
whole AS (
    SELECT job_role_id, {WHOLE} FROM gaps_requirement
    WHERE job_role_id IN (SELECT job_role_id FROM near) GROUP BY job_role_id
)
SELECT role.id, role.name, near.met, whole.needs, near.reached, whole.weight, whole.levels - near.held
FROM near JOIN whole USING (job_role_id)
JOIN workforce_jobrole role ON role.id = near.job_role_id AND role.retired_at IS NULL
ORDER BY near.reached::numeric / whole.weight DESC, near.met DESC, role.id LIMIT %(limit)s
"""


def people_near(job_role: UUID, *, whose: Whose = EVERYBODY, limit: int = NEAREST) -> list[PersonNear]:
    """Who of those in another role is nearest to this one. What each would have to learn: `to_learn`."""
    query = PEOPLE_NEAR.format(where=whose.where(), changed=CHANGED)
    with connection.cursor() as cursor:
        cursor.execute(query, {**whose.values(), "towards": str(job_role), "limit": limit})
        return [PersonNear._make([*row[:4], reach_of(row[4:])]) for row in cursor.fetchall()]


def roles_in_reach(person: Person, *, limit: int = NEAREST, as_of: dt.date | None = None) -> list[RoleInReach]:
    """Which other roles this person could take on, the nearest first."""
    whose = Whose(people=[person.pk])
    past, values = at(as_of, whose)
    with connection.cursor() as cursor:
        query = ROLES_IN_REACH.format(past=past, where=whose.where())
        cursor.execute(query, {**whose.values(), **values, "limit": limit})
        return [RoleInReach._make([*row[:2], reach_of(row[2:])]) for row in cursor.fetchall()]


def reach_of(row: tuple[Any, ...]) -> Reach:
    met, needs, twelfths, weight, levels = row
    return Reach(met, needs, share(twelfths, weight), levels)


class Lack(NamedTuple):
    """One skill of a role that one person would have to learn, or to show, and the step that asks most for it."""

    person: UUID
    skill: UUID
    statement: str
    required: int
    criticality: int
    level: int | None
    trust: int | None
    step: UUID | None
    step_name: str
    workflow_name: str

    @property
    def effort(self) -> Effort:
        return effort_for(max(0, self.required - (self.level or 0)), unmet=1)


TO_LEARN = f"""
WITH {{past}} {PEOPLE}
SELECT whose.person_id, skill.id, skill.statement, need.level, need.criticality, counted.level, counted.trust,
    step.id, coalesce(step.name, ''), coalesce(workflow.name, '')
FROM whose CROSS JOIN gaps_requirement need {STANDING} {COUNTED}
JOIN skills_skill skill ON skill.id = need.skill_id
{step_that_asks("need")}
LEFT JOIN workflows_workflow workflow ON workflow.id = step.workflow_id
WHERE need.job_role_id = %(towards)s AND NOT {is_met("need", "counted.level", "counted.trust")}
ORDER BY need.criticality DESC, skill.statement, skill.id
"""


def to_learn(people: Collection[UUID], job_role: UUID, *, as_of: dt.date | None = None) -> dict[UUID, list[Lack]]:
    """{person: what they would have to learn for this role}, most critical first. One query."""
    whose = Whose(people=people)
    past, values = at(as_of, whose)
    found: dict[UUID, list[Lack]] = {pk: [] for pk in people}
    with connection.cursor() as cursor:
        query = TO_LEARN.format(past=past, where=whose.where())
        cursor.execute(query, {**whose.values(), **values, "towards": str(job_role)})
        for row in cursor.fetchall():
            found[row[0]].append(Lack(*row))
    return found
