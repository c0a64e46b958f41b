"""Job titles as people admins work through them: most people first, each with the job role it may stand for."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from base import cursors

PER_PAGE = 50
# Below this, two names have little more in common than a word such as “manager”.
LIKE_ENOUGH = 0.4

# Counted once for all titles: a look at each would cost more from a few thousand titles on.
FOUND = """
WITH held AS (
    SELECT job_title_id AS id, count(*) AS people FROM workforce_person
    WHERE status IN ('active', 'leave') AND job_title_id IS NOT NULL GROUP BY job_title_id
), found AS MATERIALIZED (
    SELECT title.id, title.name, role.id AS role_id, role.name AS role, coalesce(held.people, 0) AS people,
        lower(title.name) AS key
    FROM workforce_jobtitle title
    LEFT JOIN held ON held.id = title.id
    LEFT JOIN workforce_jobrole role ON role.id = title.job_role_id
    WHERE ({state}) AND (%(idle)s OR held.people > 0) AND title.name ILIKE ALL (%(words)s)
    AND (%(role)s::uuid IS NULL OR title.job_role_id = %(role)s::uuid)
)
SELECT id, name, role_id, role, people, (SELECT count(*) FROM found), (SELECT sum(people) FROM found), key
FROM found {beyond} ORDER BY people DESC, key, id LIMIT {limit}
"""
BEYOND = "WHERE (-people, key, id) > (%(people)s, %(key)s, %(id)s::uuid)"
STATES = {"unmapped": "title.job_role_id IS NULL", "mapped": "title.job_role_id IS NOT NULL", "all": "true"}


@dataclass(frozen=True)
class Wanted:
    """What the address asks of the list of titles."""

    q: str = ""
    state: str = "unmapped"
    role: UUID | None = None
    # Also titles that nobody has any more.
    idle: bool = False
    after: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.role)


class Title(NamedTuple):
    pk: UUID
    name: str
    role_pk: UUID | None
    role: str | None
    people: int


@dataclass(frozen=True)
class Titles:
    rows: list[Title]
    # Of the whole list, not of this page.
    count: int
    people: int
    after: str


def titles(wanted: Wanted) -> Titles:
    """One page of the list; one query."""
    place = cursors.unpacked(wanted.after, cursors.whole, cursors.words, cursors.identity)
    people, key, pk = place or (None, None, None)
    facts: dict[str, Any] = {
        "words": [f"%{escaped(word)}%" for word in wanted.q.split()] or ["%"],
        "role": wanted.role,
        "idle": wanted.idle,
        "people": people,
        "key": key,
        "id": pk,
    }
    sql = FOUND.format(state=STATES[wanted.state], beyond=BEYOND if place else "", limit=PER_PAGE + 1)
    with connection.cursor() as cursor:
        cursor.execute(sql, facts)
        found = cursor.fetchall()
    rows = [Title(*row[:5]) for row in found[:PER_PAGE]]
    after = cursors.packed(-rows[-1].people, found[PER_PAGE - 1][7], rows[-1].pk) if len(found) > PER_PAGE else ""
    count, people_in_all = (found[0][5], int(found[0][6])) if found else (0, 0)
    return Titles(rows, count, people_in_all, after)


def escaped(word: str) -> str:
    """A word in which LIKE reads no sign."""
    return re.sub(r"([\\%_])", r"\\\1", word)


# The likeliest role of each title: by the role's own name, or by a title that people have mapped already.
LIKELY = """
SELECT title.id, title.name, best.role_id, best.role, best.mapped
FROM workforce_jobtitle title CROSS JOIN LATERAL (
    (
        SELECT role.id AS role_id, role.name AS role, NULL::text AS mapped,
            greatest(
                similarity(role.name, title.name),
                0.9 * strict_word_similarity(role.name, title.name)
            ) AS likeness
        FROM workforce_jobrole role WHERE role.retired_at IS NULL ORDER BY likeness DESC, role.name LIMIT 1
    ) UNION ALL (
        SELECT role.id, role.name, mapped.name, similarity(mapped.name, title.name) AS likeness
        FROM workforce_jobtitle mapped JOIN workforce_jobrole role ON role.id = mapped.job_role_id
        WHERE mapped.name %% title.name AND role.retired_at IS NULL AND mapped.id <> title.id
        ORDER BY likeness DESC, mapped.name LIMIT 1
    )
    ORDER BY likeness DESC LIMIT 1
) best
WHERE title.id = ANY (%s::uuid[]) AND best.likeness >= %s
"""


class Likely(NamedTuple):
    """A job role that a title may stand for, and why."""

    role_pk: UUID
    role: str
    # The title that is mapped to it already; None where the role's own name is alike.
    mapped: str | None
    shared: str

    @property
    def reason(self) -> str:
        like = f"“{self.mapped}” is mapped to it" if self.mapped else "the role has a name like it"
        return f"{like}; both say “{self.shared}”" if self.shared else like


def likely(ids: Collection[UUID]) -> dict[UUID, Likely]:
    """{title: the job role it most likely stands for}, for those with one; one query."""
    with connection.cursor() as cursor:
        cursor.execute(LIKELY, [list(map(str, ids)), LIKE_ENOUGH])
        return {
            pk: Likely(role_pk, role, mapped, in_common(name, mapped or role))
            for pk, name, role_pk, role, mapped in cursor.fetchall()
        }


def in_common(one: str, other: str) -> str:
    """The words that both have, in the order of the first."""
    known = set(re.findall(r"\w+", other.lower()))
    return " ".join(word for word in re.findall(r"\w+", one.lower()) if word in known)


ALIKE = """
SELECT name FROM workforce_jobrole WHERE retired_at IS NULL AND similarity(name, %s) > 0.25
ORDER BY similarity(name, %s) DESC, name LIMIT 3
"""


def roles_called_like(name: str) -> list[str]:
    """The names of job roles that may have been meant."""
    with connection.cursor() as cursor:
        cursor.execute(ALIKE, [name, name])
        return [found for (found,) in cursor.fetchall()]
