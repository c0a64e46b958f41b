"""How many people can do a step, against how many it needs; what hangs on one person; what goes with whoever leaves.

Cover is counted among the people asked about (`Whose`): a manager's own, or everybody. Of the work only those steps
count that the roles of these people perform.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone

from base.rows import answers
from gaps.arithmetic import PEOPLE_NEEDED, UNRATED, Cover, Link, cover_of, share_covered
from gaps.queries import since
from gaps.queries.past import at
from gaps.queries.reckoning import EVERYBODY, Whose, enough_trust

# Whoever leaves within so many days no longer counts as cover: a successor needs that long.
LEAVES_SOON = dt.timedelta(days=60)
# So many are named; the rest is only counted.
NAMED = 25


@dataclass(frozen=True)
class Change:
    """What would be; never written. `moves`: person -> job role; `reaches`: (person, skill) -> level, well observed."""

    leaves: Collection[UUID] = ()
    moves: dict[UUID, UUID] = field(default_factory=dict)
    reaches: dict[tuple[UUID, UUID], int] = field(default_factory=dict)

    @property
    def people(self) -> set[UUID]:
        return {*self.leaves, *self.moves, *(person for person, _ in self.reaches)}

    def values(self) -> dict[str, Any]:
        return {
            "leaves": [str(pk) for pk in self.leaves],
            "movers": [str(pk) for pk in self.moves],
            "moved_to": [str(pk) for pk in self.moves.values()],
            "learners": [str(person) for person, _ in self.reaches],
            "learnt": [str(skill) for _, skill in self.reaches],
            "levels": list(self.reaches.values()),
        }


AS_IT_IS = Change()


class Someone(NamedTuple):
    person: UUID
    name: str
    # The day after which they are gone; None for who stays.
    last_day: dt.date | None = None


class StepCover(NamedTuple):
    """One step and who can do it."""

    step: UUID
    name: str
    position: int
    workflow: UUID
    workflow_name: str
    job_role: UUID | None
    role_name: str
    # `arithmetic.UNRATED` where nobody has rated it.
    criticality: int
    is_rated: bool
    skills: int
    # People of the role, whether they can or not.
    performers: int
    people: int
    target: int
    # The first NAMED of `people`.
    can: list[Someone]
    # Who can and leaves soon, the first to go first: no longer in `people`.
    leaving: list[Someone]

    @property
    def state(self) -> Cover:
        return cover_of(self.people, self.target) if self.skills else Cover.UNMAPPED

    @property
    def share(self) -> Fraction:
        return share_covered(self.people, self.target)

    @property
    def link(self) -> Link:
        return Link(self.step, self.criticality, self.share)

    @property
    def key_person(self) -> Someone | None:
        """The only one who can; what the step needs does not matter here."""
        return self.can[0] if self.people == 1 and self.skills else None


TARGET = " ".join(f"WHEN coalesce(step.criticality, 1) >= {least} THEN {people}" for least, people in PEOPLE_NEEDED)
COUNT = """
WITH {past} performer AS MATERIALIZED (
    SELECT person.id AS person_id, person.display_name, person.end_date,
        coalesce(person.end_date <= %(leaves_by)s, false) AS is_leaving,
        coalesce(moved.job_role_id, title.job_role_id) AS job_role_id
    FROM workforce_person person
    LEFT JOIN workforce_jobtitle title ON title.id = person.job_title_id
    LEFT JOIN unnest(%(movers)s::uuid[], %(moved_to)s::uuid[]) moved (person_id, job_role_id)
        ON moved.person_id = person.id
    WHERE {whose} AND person.id <> ALL (%(leaves)s::uuid[])
),
step AS MATERIALIZED (
    SELECT step.* FROM workflows_step step
    JOIN workflows_workflow workflow ON workflow.id = step.workflow_id AND workflow.retired_at IS NULL
    WHERE step.retired_at IS NULL AND {steps}
),
need AS MATERIALIZED (
    SELECT need.step_id, need.skill_id, need.job_role_id, need.level, need.criticality,
        count(*) OVER (PARTITION BY need.step_id) AS skills
    FROM gaps_need need JOIN step ON step.id = need.step_id
),
able AS MATERIALIZED (
    SELECT need.step_id, performer.person_id, performer.display_name, performer.end_date, performer.is_leaving
    FROM need
    JOIN performer ON performer.job_role_id = need.job_role_id
    {held}
    WHERE held.level >= need.level AND held.trust >= {trust}
    GROUP BY need.step_id, need.skills, performer.person_id, performer.display_name, performer.end_date,
        performer.is_leaving
    HAVING count(*) = need.skills
),
counted AS (
    SELECT step_id, count(*) FILTER (WHERE NOT is_leaving) AS people,
        (array_agg(person_id ORDER BY display_name, person_id) FILTER (WHERE NOT is_leaving))[1:%(named)s] AS can,
        (array_agg(display_name ORDER BY display_name, person_id) FILTER (WHERE NOT is_leaving))[1:%(named)s] AS names,
        array_agg(person_id ORDER BY end_date, display_name, person_id) FILTER (WHERE is_leaving) AS leaving,
        array_agg(display_name ORDER BY end_date, display_name, person_id) FILTER (WHERE is_leaving) AS leaving_names,
        array_agg(end_date ORDER BY end_date, display_name, person_id) FILTER (WHERE is_leaving) AS last_days
    FROM able GROUP BY step_id
),
staffed AS (SELECT job_role_id, count(*) AS performers FROM performer GROUP BY job_role_id),
asking AS (SELECT step_id, max(skills) AS skills FROM need GROUP BY step_id)
SELECT step.id, step.name, step.position, workflow.id, workflow.name, role.id, coalesce(role.name, ''),
    coalesce(step.criticality, {unrated}), step.criticality IS NOT NULL, coalesce(asking.skills, 0),
    coalesce(staffed.performers, 0), coalesce(counted.people, 0), coalesce(target.people, CASE {target} END),
    coalesce(can, '{{}}'), coalesce(names, '{{}}'),
    coalesce(leaving, '{{}}'), coalesce(leaving_names, '{{}}'), coalesce(last_days, '{{}}')
FROM step
JOIN workflows_workflow workflow ON workflow.id = step.workflow_id
LEFT JOIN workforce_jobrole role ON role.id = step.performed_by_id
LEFT JOIN staffed ON staffed.job_role_id = role.id
LEFT JOIN asking ON asking.step_id = step.id
LEFT JOIN counted ON counted.step_id = step.id
LEFT JOIN gaps_covertarget target ON target.step_id = step.id
ORDER BY {order}
"""
# What counts at this very step: see `Standing.changed_step`.
HELD = """
JOIN LATERAL (
    SELECT CASE WHEN changed_step_id = need.step_id THEN level_there ELSE level END AS level,
        CASE WHEN changed_step_id = need.step_id THEN trust_there ELSE trust END AS trust
    FROM gaps_standing standing
    WHERE standing.person_id = performer.person_id AND standing.skill_id = need.skill_id
) held ON TRUE
"""
HELD_OR_REACHED = """
LEFT JOIN gaps_standing standing
    ON standing.person_id = performer.person_id AND standing.skill_id = need.skill_id
LEFT JOIN unnest(%(learners)s::uuid[], %(learnt)s::uuid[], %(levels)s::int[]) reached (person_id, skill_id, level)
    ON reached.person_id = performer.person_id AND reached.skill_id = need.skill_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN reached.level IS NOT NULL THEN greatest(reached.level, standing.level)
            WHEN standing.changed_step_id = need.step_id THEN standing.level_there ELSE standing.level END AS level,
        CASE WHEN reached.level IS NOT NULL THEN 100
            WHEN standing.changed_step_id = need.step_id THEN standing.trust_there ELSE standing.trust END AS trust
) held
"""
IN_PROCESS_ORDER = "workflow.name, step.position, step.id"


@dataclass(frozen=True)
class Wanted:
    """Which steps, and counted among whom. Steps that are not named are those that the roles of these people perform.
    `after` and `size` cut pages by the step's id."""

    whose: Whose = EVERYBODY
    steps: Collection[UUID] | None = None
    workflow: UUID | None = None
    job_role: UUID | None = None
    after: UUID | None = None
    size: int | None = None
    # Only those whose cover may have changed at that moment or later.
    since: dt.datetime | None = None

    def where(self) -> str:
        said = ["TRUE"]
        if self.steps is not None:
            said.append("step.id = ANY (%(steps)s::uuid[])")
        if self.workflow:
            said.append("step.workflow_id = %(workflow)s")
        if self.job_role:
            said.append("step.performed_by_id = %(performed_by)s")
        if self.after:
            said.append("step.id > %(after)s::uuid")
        if self.since:
            said.append(since.AT_STEP)
        if self.whose != EVERYBODY and self.steps is None:
            said.append("step.performed_by_id IN (SELECT job_role_id FROM performer)")
        return " AND ".join(said)

    def values(self) -> dict[str, Any]:
        return {
            **self.whose.values(),
            "steps": None if self.steps is None else [str(pk) for pk in self.steps],
            "workflow": self.workflow and str(self.workflow),
            "performed_by": self.job_role and str(self.job_role),
            "after": self.after and str(self.after),
            "size": self.size,
            "since": self.since,
            "notice": LEAVES_SOON.days,
        }


EVERY_STEP = Wanted()


def cover(wanted: Wanted = EVERY_STEP, *, given: Change = AS_IT_IS, as_of: dt.date | None = None) -> list[StepCover]:
    """Each wanted step with who can do it, in the order of the process. One query."""
    rows = answers(*asked(wanted, given=given, as_of=as_of), keep=wanted.whose.are_few and not as_of)
    return [read(row) for row in rows]


def asked(wanted: Wanted, *, given: Change = AS_IT_IS, as_of: dt.date | None = None) -> tuple[str, dict[str, Any]]:
    """The statement and its values; `read` takes a row of it."""
    by_pages = wanted.size is not None
    past, moments = at(as_of, wanted.whose)
    query = COUNT.format(
        past=past,
        whose=wanted.whose.where(),
        steps=wanted.where() + (" ORDER BY step.id LIMIT %(size)s" if by_pages else ""),
        held=HELD_OR_REACHED if given.reaches else HELD,
        trust=enough_trust("need.criticality"),
        target=TARGET,
        unrated=UNRATED,
        order="step.id" if by_pages else IN_PROCESS_ORDER,
    )
    leaves_by = (as_of or timezone.localdate()) + LEAVES_SOON
    return query, {**wanted.values(), **given.values(), **moments, "leaves_by": leaves_by, "named": NAMED}


def read(row: tuple[Any, ...]) -> StepCover:
    *facts, can, names, leaving, leaving_names, last_days = row
    stay = [Someone(person, name) for person, name in zip(can, names, strict=True)]
    go = [Someone(*each) for each in zip(leaving, leaving_names, last_days, strict=True)]
    return StepCover._make([*facts, stay, go])


# --- on whom it hangs -------------------------------------------------------------------------


class KeyPerson(NamedTuple):
    """The only one who can do these steps; most critical step first."""

    who: Someone
    steps: list[StepCover]


def key_people(covers: Iterable[StepCover], *, least: int = 2) -> list[KeyPerson]:
    """Who is the only cover of several steps; those on whom most hangs first."""
    alone: dict[Someone, list[StepCover]] = {}
    for each in covers:
        if who := each.key_person:
            alone.setdefault(who, []).append(each)
    found = [
        KeyPerson(who, sorted(steps, key=lambda each: -each.criticality))
        for who, steps in alone.items()
        if len(steps) >= least
    ]
    return sorted(found, key=lambda key: (-sum(each.criticality for each in key.steps), key.who.name))


class Taken(NamedTuple):
    """What the cover of one step becomes when one person goes."""

    step: StepCover
    before: int
    after: int

    @property
    def becomes(self) -> Cover:
        return cover_of(self.after, self.step.target)

    @property
    def is_worse(self) -> bool:
        return self.becomes != cover_of(self.before, self.step.target)


class Leaver(NamedTuple):
    who: Someone
    takes: list[Taken]


def leavers(covers: Iterable[StepCover]) -> list[Leaver]:
    """Who leaves soon and the cover that goes with them, the first to go first."""
    taken: dict[Someone, list[Taken]] = {}
    for each in covers:
        left = each.people + len(each.leaving)
        for who in each.leaving:
            taken.setdefault(who, []).append(Taken(each, left, left - 1))
            left -= 1
    worst_first = {who: sorted(takes, key=lambda one: -one.step.criticality) for who, takes in taken.items()}
    return sorted((Leaver(*each) for each in worst_first.items()), key=lambda leaver: leaver.who[::-1])


def in_state(covers: Iterable[StepCover], *states: Cover) -> list[StepCover]:
    """Those in one of these states, most critical first."""
    return sorted((each for each in covers if each.state in states), key=lambda each: -each.criticality)
