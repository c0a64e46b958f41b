"""Groups as a SCIM client sees them. One member changes alone: nothing reads or writes a whole group for it."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from workforce.models import Group
from workforce.queries import revisions
from workforce.queries.scim.columns import GROUP
from workforce.queries.scim.pages import Asked, Kind
from workforce.queries.scim.users import IS_KNOWN

GROUPS = Kind("workforce_group", "list", "", "true", GROUP)
COLUMNS = "list.id, list.version, list.external_id, list.name, list.created_at, list.changed_at, list.source"
# What one group, and all groups of a page together, may tell of: an answer is held in memory as a whole.
MOST_OF_ONE = 100_000
MOST_TOGETHER = 20_000
# Together as text, because many members are read faster by PostgreSQL than row by row; one more tells too many.
MEMBERS = f"""
(SELECT coalesce(json_agg(CASE WHEN {IS_KNOWN} THEN json_build_array(person.id, person.display_name) END
        ORDER BY membership.id), '[]')
    FROM (SELECT id, person_id FROM workforce_membership WHERE group_id = list.id LIMIT {MOST_OF_ONE} + 1) membership
    JOIN workforce_person person ON person.id = membership.person_id)
"""
# Group after group until the page is full; the first one always, so that every page leads on.
FULL_PAGE = f"""
WITH RECURSIVE page AS MATERIALIZED (SELECT id, row_number() OVER () AS place FROM ({{chosen}}) chosen),
walk (place, spent) AS (
    SELECT 0::bigint, 0::bigint
    UNION ALL
    SELECT page.place, walk.spent + (SELECT count(*) FROM (
        SELECT FROM workforce_membership membership WHERE membership.group_id = page.id LIMIT {MOST_TOGETHER} + 1
    ) members)
    FROM walk JOIN page ON page.place = walk.place + 1 WHERE walk.spent <= {MOST_TOGETHER}
)
SELECT {COLUMNS}, {MEMBERS} FROM walk JOIN page USING (place) JOIN workforce_group list ON list.id = page.id
WHERE walk.spent <= {MOST_TOGETHER} OR place = 1 ORDER BY place
"""
PLAIN_PAGE = f"""
SELECT {COLUMNS}, NULL FROM (SELECT id, row_number() OVER () AS place FROM ({{chosen}}) chosen) page
JOIN workforce_group list ON list.id = page.id ORDER BY place
"""


class GroupRow(NamedTuple):
    id: UUID
    version: int
    external_id: str | None
    name: str
    created_at: dt.datetime
    changed_at: dt.datetime
    source: str
    # [id, name] of each; None where nobody asked.
    members: Sequence[tuple[str, str]] | None = None


def groups_on_page(asked: Asked) -> list[GroupRow]:
    """The groups of one page; fewer than were asked for where their members would be more than MOST_TOGETHER."""
    chosen, params = GROUPS.chosen(asked)
    with connection.cursor() as cursor:
        cursor.execute((FULL_PAGE if asked.with_members else PLAIN_PAGE).format(chosen=chosen), params)
        return [group_of(row) for row in cursor.fetchall()]


def group_of(row: Sequence[Any]) -> GroupRow:
    members = json.loads(row[-1]) if isinstance(row[-1], str) else row[-1]
    # Too many are refused as a whole, so nobody is looked for among them.
    if members and len(members) <= MOST_OF_ONE:
        members = [one for one in members if one]
    return GroupRow._make([*row[:-1], members])


def group_row(pk: UUID, source: str | None, *, with_members: bool, to_edit: bool = False) -> GroupRow | None:
    """One group of the source; of any source where it is None. To edit holds its row until commit."""
    mine = "" if source is None else "AND list.source = %(source)s"
    members = MEMBERS if with_members else "NULL"
    lock = "FOR UPDATE OF list" if to_edit else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS}, {members} FROM workforce_group list WHERE list.id = %(id)s {mine} {lock}",
            {"id": pk, "source": source},
        )
        row = cursor.fetchone()
    return group_of(row) if row else None


ADD = """
WITH named AS (
    SELECT person.id, person.display_name FROM workforce_person person
    WHERE person.id = ANY (%(people)s::uuid[]) AND person.source = %(source)s AND {known}
), joined AS (
    INSERT INTO workforce_membership (group_id, person_id) SELECT %(group)s, id FROM named
    ON CONFLICT DO NOTHING RETURNING person_id
)
SELECT (SELECT array_agg(id) FROM named),
    (SELECT array_agg(display_name) FROM named WHERE id IN (SELECT person_id FROM joined))
"""


def add_members(group: Group, people: Sequence[UUID]) -> tuple[set[UUID], list[str]]:
    """(those of the people whom the source knows, the names of those who were not members before)"""
    with connection.cursor() as cursor:
        cursor.execute(ADD.format(known=IS_KNOWN), {"group": group.pk, "people": list(people), "source": group.source})
        known, joined = cursor.fetchone()
    return set(known or ()), joined or []


TAKE = """
WITH gone AS (
    DELETE FROM workforce_membership membership USING workforce_person person
    WHERE membership.group_id = %s AND person.id = membership.person_id AND ({which}) RETURNING person.display_name
)
SELECT array_agg(display_name) FROM gone
"""


def take_members(group: Group, which: str = "true", params: Sequence[Any] = ()) -> list[str]:
    """Take out whom the condition names; returns their names. `membership` and `person` may be used in it."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE.format(which=which), [group.pk, *params])
        return cursor.fetchone()[0] or []


def is_name_taken(source: str, name: str, but: UUID | None = None) -> bool:
    return taken("lower(name) = lower(%s)", source, name, but)


def is_external_id_taken(source: str, external_id: str, but: UUID | None = None) -> bool:
    return taken("external_id = %s", source, external_id, but)


def taken(which: str, source: str, value: str, but: UUID | None) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM workforce_group WHERE source = %s AND {which} AND id IS DISTINCT FROM %s)",
            [source, value, but],
        )
        return bool(cursor.fetchone()[0])


def count_up(group: Group) -> None:
    """A new version of the group; whatever was counted about the source's people and groups is counted anew."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE workforce_group SET version = version + 1, changed_at = now() WHERE id = %s", [group.pk])
    revisions.count_up(group.source)
