"""Teams with how many people they have, and who does what in one of them."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count

from base import cursors
from workforce.models import Person, Team
from workforce.queries.titles import escaped

PER_PAGE = 50
# Counted once for all teams, as titles are.
FOUND = """
WITH held AS (
    SELECT team_id AS id, count(*) AS people FROM workforce_person
    WHERE status IN ('active', 'leave') AND team_id IS NOT NULL GROUP BY team_id
), found AS MATERIALIZED (
    SELECT team.id, team.name, coalesce(held.people, 0) AS people, lower(team.name) AS key
    FROM workforce_team team LEFT JOIN held ON held.id = team.id
    WHERE team.name ILIKE ALL (%(words)s) AND (held.people IS NULL) = %(empty)s
)
SELECT id, name, people, (SELECT count(*) FROM found), key
FROM found {beyond} ORDER BY key, id LIMIT {limit}
"""
BEYOND = "WHERE (key, id) > (%(key)s, %(id)s::uuid)"


class Counted(NamedTuple):
    pk: UUID
    name: str
    people: int


@dataclass(frozen=True)
class Teams:
    rows: list[Counted]
    count: int
    after: str


def teams(q: str = "", *, empty: bool = False, after: str = "") -> Teams:
    """One page of the teams that have people, or of those that nobody is in any more; one query."""
    place = cursors.unpacked(after, cursors.words, cursors.identity)
    key, pk = place or (None, None)
    words = [f"%{escaped(word)}%" for word in q.split()] or ["%"]
    with connection.cursor() as cursor:
        cursor.execute(
            FOUND.format(beyond=BEYOND if place else "", limit=PER_PAGE + 1),
            {"words": words, "empty": empty, "key": key, "id": pk},
        )
        found = cursor.fetchall()
    rows = [Counted(*row[:3]) for row in found[:PER_PAGE]]
    after = cursors.packed(found[PER_PAGE - 1][4], rows[-1].pk) if len(found) > PER_PAGE else ""
    return Teams(rows, found[0][3] if found else 0, after)


class Held(NamedTuple):
    role: UUID | None
    name: str | None
    people: int


def roles_in(team: Team) -> list[Held]:
    """Which job roles the people of a team hold, most people first; those without a role under None."""
    people = Person.objects.active().filter(team=team)
    held = people.values_list("job_title__job_role", "job_title__job_role__name").annotate(count=Count("pk"))
    return [Held(*row) for row in held.order_by("-count", "job_title__job_role__name")]
