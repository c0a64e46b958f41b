"""What came, changed or closed among gaps since a moment, page by page: for programs that hold a copy.

Gaps are reckoned on every look, and none that closed is kept. So what is told of as closed is whatever something was
said, decided or asked about since, and is no gap now: whether it was one before, only its holder knows.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from gaps.queries import since
from gaps.queries.gaps import AT_ONCE, BY_ID, FIRST_OF_ALL, JUDGED, LABELLED, Gap, Wanted, select
from gaps.queries.past import at
from gaps.queries.reckoning import PEOPLE, Whose, moments, news_for


class Closed(NamedTuple):
    """No gap, or not among what was asked for. Without a skill: none of this person's but those that follow."""

    person: UUID
    skill: UUID | None

    @property
    def is_open(self) -> bool:
        return False


Told = Gap | Closed
Place = tuple[UUID, UUID]
# Whoever is no longer here has no gap: that is told of, and no more.
TOUCHED = f"""
SELECT person.id FROM workforce_person person
LEFT JOIN workforce_jobtitle title ON title.id = person.job_title_id
WHERE {{seen}} AND person.id >= %(first)s::uuid
AND ({since.OF_PERSON} OR person.status = ANY (%(at_work)s) AND {since.anybody()})
ORDER BY person.id LIMIT %(at_once)s
"""
CLOSED = f"""
anew AS MATERIALIZED (
    SELECT person.id AS person_id FROM workforce_person person
    WHERE person.id = ANY (%(people)s::uuid[]) AND {since.OF_PERSON}
),
touched AS (
    SELECT person_id, skill_id FROM whose JOIN gaps_standing USING (person_id) WHERE changed_at >= %(since)s
    UNION
    SELECT person_id, skill_id FROM whose JOIN gaps_evidence said USING (person_id)
    JOIN gaps_withdrawal ended ON ended.evidence_id = said.id WHERE ended.withdrawn_at >= %(since)s
    UNION
    SELECT person_id, skill_id FROM whose JOIN gaps_overrule USING (person_id)
    WHERE greatest(overruled_at, taken_back_at) >= %(since)s
    UNION
    SELECT person_id, skill_id FROM demand JOIN gaps_requirement now_asked USING (job_role_id)
    WHERE now_asked.changed_at >= %(since)s
    UNION
    SELECT person_id, skill_id FROM demand JOIN gaps_requirementperiod asked_then USING (job_role_id)
    WHERE greatest(asked_then.since, asked_then.until) >= %(since)s
),
closed AS (
    SELECT person_id, %(none)s::uuid AS skill_id FROM anew
    UNION ALL
    SELECT person_id, skill_id FROM touched
    WHERE person_id NOT IN (SELECT person_id FROM anew) AND {{skill}} AND NOT EXISTS (
        SELECT FROM labelled
        WHERE labelled.person_id = touched.person_id AND labelled.skill_id = touched.skill_id AND {{wanted}}
    )
)
SELECT person_id, skill_id FROM closed WHERE {{beyond}} ORDER BY person_id, skill_id LIMIT %(limit)s
"""


def page_since(wanted: Wanted, moment: dt.datetime, *, size: int, after: Place | None = None) -> list[Told]:
    """Up to `size` beyond (person, skill), in the order of their ids; who is closed as a whole goes before the rest."""
    found: list[Told] = []
    first, at_once = (after or (FIRST_OF_ALL, FIRST_OF_ALL))[0], AT_ONCE
    while len(found) < size:
        people = touched(wanted.whose, moment, first=first, at_once=at_once + 1)
        some = replace(wanted, whose=replace(wanted.whose, people=people[:at_once]), since=moment)
        left = size - len(found)
        both: list[Told] = [*select(some, order=BY_ID, limit=left, after=after)]
        both += closed(some, limit=left, after=after)
        found += sorted(both, key=place)[:left]
        if len(people) <= at_once:
            break
        # A filter that few gaps pass must not cost a query for every few people.
        first, at_once = people[at_once], min(at_once * 2, 5_000)
    return found


def place(told: Told) -> Place:
    return told.person, told.skill or FIRST_OF_ALL


def touched(whose: Whose, moment: dt.datetime, *, first: UUID, at_once: int) -> list[UUID]:
    """People about whom anything has happened, wherever they are now: who left a team is gone from it."""
    seen = "TRUE" if whose.people is None else "person.id = ANY (%(people)s::uuid[])"
    values = {**moments(), **whose.values(), "since": moment, "first": str(first), "at_once": at_once}
    return [row[0] for row in rows(TOUCHED.format(seen=seen), values)]


def closed(wanted: Wanted, *, limit: int, after: Place | None) -> list[Closed]:
    past, values = at(None, wanted.whose)
    parts = (PEOPLE.format(where=wanted.whose.where()), news_for(wanted.whose), JUDGED, LABELLED)
    ending = CLOSED.format(
        skill="skill_id = %(skill)s" if wanted.skill else "TRUE",
        wanted=replace(wanted, since=None).where(),
        beyond="(person_id, skill_id) > (%(after_person)s::uuid, %(after_skill)s::uuid)" if after else "TRUE",
    )
    person, skill = after or (None, None)
    values |= {**wanted.values(), "limit": limit, "none": str(FIRST_OF_ALL)}
    values |= {"after_person": person and str(person), "after_skill": skill and str(skill)}
    found = rows(f"WITH {past} {', '.join(parts)}, {ending}", values)
    return [Closed(person, None if skill == FIRST_OF_ALL else skill) for person, skill in found]


def rows(query: str, values: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        found: Sequence[tuple[Any, ...]] = cursor.fetchall()
        return found
