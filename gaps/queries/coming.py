"""What comes up among a few people within weeks: evidence that runs out, roles that change."""

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from base.rows import answers
from gaps.queries.reckoning import FEW


class Due(NamedTuple):
    """Evidence of one person that runs out soon."""

    person: UUID
    name: str
    skills: int
    first: dt.date


class Move(NamedTuple):
    """Somebody who is agreed to change roles soon."""

    name: str
    role: str
    due_on: dt.date


# Only what the current role of the person asks for.
DUE = """
SELECT held.person_id, person.display_name, count(*), min(held.valid_until)
FROM gaps_standing held
JOIN workforce_person person ON person.id = held.person_id
JOIN workforce_jobtitle title ON title.id = person.job_title_id
WHERE held.person_id = ANY (%(people)s::uuid[]) AND held.level IS NOT NULL AND held.valid_until <= %(by)s AND EXISTS (
    SELECT FROM gaps_requirement need WHERE need.job_role_id = title.job_role_id AND need.skill_id = held.skill_id
)
GROUP BY held.person_id, person.display_name ORDER BY min(held.valid_until), person.display_name
"""
MOVES = """
SELECT person.display_name, role.name, goal.due_on
FROM gaps_goal goal
JOIN workforce_person person ON person.id = goal.person_id
JOIN workforce_jobrole role ON role.id = goal.job_role_id
WHERE goal.person_id = ANY (%(people)s::uuid[]) AND goal.state = 'agreed' AND goal.due_on <= %(by)s
ORDER BY goal.due_on, person.display_name
"""


def due(people: Collection[UUID], by: dt.date) -> list[Due]:
    """What runs out by a day and is asked for, a line for each person, the first to run out first."""
    return [Due(*row) for row in rows(DUE, people, by)]


def moves(people: Collection[UUID], by: dt.date) -> list[Move]:
    """Agreed changes of role that come by a day, the first to come first."""
    return [Move(*row) for row in rows(MOVES, people, by)]


def rows(query: str, people: Collection[UUID], by: dt.date) -> list[tuple[Any, ...]]:
    return answers(query, {"people": [str(pk) for pk in people], "by": by}, keep=len(people) <= FEW)
