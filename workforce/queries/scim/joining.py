"""One person who was not here before, in one statement. What is less simple goes the way of a run (syncing.py).

tests/workforce/scim compares the two ways.
"""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from base.changes import Actor
from base.rows import Statement
from workforce.models import Source
from workforce.queries import revisions
from workforce.queries.locks import PATIENCE, alone_with
from workforce.queries.scim.columns import USER_NAME
from workforce.queries.scim.users import IS_KNOWN

AWAITING = """
source = %(source)s AND manager_source_id = %(source_id)s AND manager_id IS NULL AND manager_source_id <> ''
"""
FORGET = f"UPDATE workforce_person SET manager_source_id = '' WHERE {AWAITING} RETURNING source_id"
LOOK = f"""
SELECT
    (SELECT array[person.id::text, ({IS_KNOWN})::text] FROM workforce_person person
        WHERE source = %(source)s AND source_id = %(source_id)s),
    (SELECT array[person.id::text, ({IS_KNOWN})::text] FROM workforce_person person
        WHERE source = %(source)s AND lower({USER_NAME}) COLLATE "C" = lower(%(user_name)s)
        ORDER BY {IS_KNOWN} DESC LIMIT 1),
    EXISTS (SELECT FROM workforce_person WHERE {AWAITING})
"""
# Made once, as that of answers.
JSON = json.JSONEncoder(default=str)
# Migration 0022.
JOIN = Statement("SELECT * FROM workforce_join(%(sent)s, %(today)s, %(patience)s)")
NAME = "INSERT INTO {table} (name) VALUES (%s) ON CONFLICT DO NOTHING"


class Found(NamedTuple):
    """Who is here already: [id, whether the client still knows them], by key and by name; and whether anybody waits."""

    by_key: list[str] | None
    by_name: list[str] | None
    is_awaited: bool


class Joined(NamedTuple):
    """What only the database knew of somebody new."""

    work_email: str
    manager: UUID | None
    manager_source_id: str
    created_at: dt.datetime
    changed_at: dt.datetime


def join(source: Source, facts: Mapping[str, Any], *, today: dt.date, by: Actor) -> Joined | None:
    """Insert somebody new and note it in the trail, in one statement.

    None, and nothing done, where it is less simple: somebody of that key or name is here, somebody waits for them as
    their manager, or nobody has heard of their title or team.
    """
    sent = JSON.encode({**facts, "source": source.name, "by": by.pk, "by_name": by.name})
    for row in JOIN.rows(sent=sent, today=today, patience=PATIENCE):
        return Joined(*row)
    return None


def look(source: Source, facts: Mapping[str, Any]) -> Found:
    """Wait until nobody else changes this source, then look. Held until commit."""
    alone_with(source)
    with connection.cursor() as cursor:
        cursor.execute(LOOK, {**facts, "source": source.name})
        return Found(*cursor.fetchone())


def ask_anew(source: Source, key: str) -> list[str]:
    """Whoever waits for a manager of this key forgets it, so that being told again is news; returns their keys."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"source": source.name, "source_id": key})
        return [found for (found,) in cursor.fetchall()]


def hear_of(facts: Mapping[str, Any]) -> None:
    """A title or a team of which nobody has heard before."""
    with connection.cursor() as cursor:
        for table, name in (("workforce_jobtitle", facts["job_title"]), ("workforce_team", facts["department"])):
            if name:
                cursor.execute(NAME.format(table=table), [name])


def manager_meant(source: Source, value: str) -> tuple[UUID | None, str]:
    """(id, key in the source) of the manager whom a client names by our id or by its own; unknown ones may come."""
    known = as_uuid(value)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, source_id FROM workforce_person WHERE source = %s AND (source_id = %s OR id = %s) "
            "ORDER BY id = %s DESC LIMIT 1",
            [source.name, value, known, known],
        )
        row: tuple[UUID, str] | None = cursor.fetchone()
    return row or (None, value)


def as_uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


FREE = """
UPDATE workforce_person SET user_name = NULL
WHERE source = %(source)s AND lower(user_name) = lower(%(user_name)s) AND left_at <= withdrawn_at
"""
RENAME = """
UPDATE workforce_person SET user_name = NULL
WHERE source = %(source)s AND lower(user_name) = lower(%(user_name)s) AND id <> %(id)s
AND left_at <= withdrawn_at;
UPDATE workforce_person SET user_name = %(user_name)s, withdrawn_at = NULL, version = version + 1, changed_at = now()
WHERE id = %(id)s AND (user_name IS DISTINCT FROM %(user_name)s OR withdrawn_at IS NOT NULL)
"""
REKEY = """
UPDATE workforce_person SET source_id = %(new)s, version = version + 1, changed_at = now() WHERE id = %(id)s;
UPDATE workforce_person SET manager_source_id = %(new)s, version = version + 1, changed_at = now()
WHERE source = %(source)s AND manager_id = %(id)s
"""
WITHDRAW = """
UPDATE workforce_person SET withdrawn_at = now(), version = version + 1, changed_at = now() WHERE id = %(id)s
"""


def rename(source: Source, pk: UUID, user_name: str) -> None:
    """The client knows the person by this name from now on. Whoever it deleted keeps no name against it."""
    run(RENAME, {"source": source.name, "id": pk, "user_name": user_name})
    revisions.count_up(source.name)


def free(source: Source, user_name: str) -> None:
    """Take the name from whomever the client deleted."""
    run(FREE, {"source": source.name, "user_name": user_name})


def rekey(source: Source, pk: UUID, key: str) -> None:
    """The source's own id of a person has changed, and whoever reports to them follows."""
    run(REKEY, {"source": source.name, "id": pk, "new": key})


def withdraw(source: Source, pk: UUID) -> None:
    run(WITHDRAW, {"id": pk})
    revisions.count_up(source.name)


def is_name_taken(source: Source, pk: UUID, user_name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM workforce_person person WHERE source = %s AND id <> %s AND {IS_KNOWN} "
            f'AND lower({USER_NAME}) COLLATE "C" = lower(%s))',
            [source.name, pk, user_name],
        )
        return bool(cursor.fetchone()[0])


def is_key_taken(source: Source, pk: UUID, key: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM workforce_person WHERE source = %s AND source_id = %s AND id <> %s)",
            [source.name, key, pk],
        )
        return bool(cursor.fetchone()[0])


def run(sql: str, params: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
