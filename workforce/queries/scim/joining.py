"""One person who was not here before, in two statements. What is less simple goes the way of a run (syncing.py).

tests/workforce/scim compares the two ways.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from base.changes import Actor
from workforce.models import Source
from workforce.queries.locks import PATIENCE
from workforce.queries.scim.columns import USER_NAME
from workforce.queries.scim.users import IS_KNOWN

LOOK = f"""
SELECT set_config('lock_timeout', %(patience)s, true);
SELECT pg_advisory_xact_lock(hashtext('people of'), hashtext(%(source)s));
SELECT
    (SELECT array[person.id::text, ({IS_KNOWN})::text] FROM workforce_person person
        WHERE source = %(source)s AND source_id = %(source_id)s),
    (SELECT array[person.id::text, ({IS_KNOWN})::text] FROM workforce_person person
        WHERE source = %(source)s AND lower({USER_NAME}) COLLATE "C" = lower(%(user_name)s)
        ORDER BY {IS_KNOWN} DESC LIMIT 1),
    (SELECT id FROM workforce_jobtitle WHERE lower(name) = lower(%(job_title)s)),
    (SELECT id FROM workforce_team WHERE lower(name) = lower(%(department)s)),
    EXISTS (SELECT FROM workforce_person WHERE lower(work_email) = lower(nullif(%(work_email)s, ''))
        AND source = %(source)s AND status <> 'inactive'),
    EXISTS (SELECT FROM workforce_person WHERE source = %(source)s AND manager_source_id = %(source_id)s
        AND manager_id IS NULL AND manager_source_id <> '')
"""
JOIN = """
WITH joined AS (
    INSERT INTO workforce_person (
        id, version, source, source_id, user_name, employee_number, work_email, given_name, family_name, display_name,
        location, employment_type, status, manager_source_id, manager_id, job_title_id, team_id, position_since, left_at
    ) VALUES (
        %(id)s, 1, %(source)s, %(source_id)s, %(user_name)s, %(employee_number)s, %(work_email)s, %(given_name)s,
        %(family_name)s, %(display_name)s, %(location)s, %(employment_type)s, %(status)s, %(manager_source_id)s,
        %(manager)s, %(job_title_id)s, %(team_id)s, %(today)s, CASE WHEN %(status)s = 'inactive' THEN now() END
    ) RETURNING id, created_at, changed_at
), noted AS (
    INSERT INTO base_change (by, by_name, verb, noun, subject, name, scope, facts)
    SELECT %(by)s, %(by_name)s, 'add', 'person', id, left(%(display_name)s, 400), id, '{}' FROM joined
), counted AS (
    UPDATE workforce_source SET revision = revision + 1 WHERE id = %(source_pk)s
)
SELECT created_at, changed_at FROM joined
"""
NAME = "INSERT INTO {table} (name) VALUES (%s) ON CONFLICT DO NOTHING RETURNING id"


class Found(NamedTuple):
    """Who is here already: [id, whether the client still knows them], by key and by name."""

    by_key: list[str] | None
    by_name: list[str] | None
    job_title: UUID | None
    team: UUID | None
    is_address_taken: bool
    is_awaited: bool


def look(source: Source, facts: Mapping[str, Any]) -> Found:
    """Wait until nobody else changes this source, then look. Held until commit. See also: locks.alone_with."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK, {**facts, "source": source.name, "patience": PATIENCE})
        return Found(*cursor.fetchone())


def join(
    source: Source, facts: Mapping[str, Any], found: Found, *, today: dt.date, by: Actor
) -> tuple[dt.datetime, dt.datetime]:
    """Insert the person and note it in the trail; returns when they were created and changed."""
    values = {
        **facts,
        "source": source.name,
        "source_pk": source.pk,
        "job_title_id": found.job_title or named("workforce_jobtitle", facts["job_title"]),
        "team_id": found.team or named("workforce_team", facts["department"]),
        "today": today,
        "by": by.pk,
        "by_name": by.name,
    }
    with connection.cursor() as cursor:
        cursor.execute(JOIN, values)
        moments: tuple[dt.datetime, dt.datetime] = cursor.fetchone()
    return moments


def named(table: str, name: str) -> UUID | None:
    """The id of a title or a team of which nobody has heard before."""
    if not name:
        return None
    with connection.cursor() as cursor:
        cursor.execute(NAME.format(table=table), [name])
        if (row := cursor.fetchone()) is None:  # somebody was quicker
            cursor.execute(f"SELECT id FROM {table} WHERE lower(name) = lower(%s)", [name])
            row = cursor.fetchone()
    pk: UUID = row[0]
    return pk


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
WHERE id = %(id)s AND (user_name IS DISTINCT FROM %(user_name)s OR withdrawn_at IS NOT NULL);
UPDATE workforce_source SET revision = revision + 1 WHERE id = %(source_pk)s
"""
REKEY = """
UPDATE workforce_person SET source_id = %(new)s, version = version + 1, changed_at = now() WHERE id = %(id)s;
UPDATE workforce_person SET manager_source_id = %(new)s, version = version + 1, changed_at = now()
WHERE source = %(source)s AND manager_id = %(id)s
"""
WITHDRAW = """
UPDATE workforce_person SET withdrawn_at = now(), version = version + 1, changed_at = now() WHERE id = %(id)s;
UPDATE workforce_source SET revision = revision + 1 WHERE id = %(source_pk)s
"""


def rename(source: Source, pk: UUID, user_name: str) -> None:
    """The client knows the person by this name from now on. Whoever it deleted keeps no name against it."""
    run(RENAME, {"source": source.name, "source_pk": source.pk, "id": pk, "user_name": user_name})


def free(source: Source, user_name: str) -> None:
    """Take the name from whomever the client deleted."""
    run(FREE, {"source": source.name, "user_name": user_name})


def rekey(source: Source, pk: UUID, key: str) -> None:
    """The source's own id of a person has changed, and whoever reports to them follows."""
    run(REKEY, {"source": source.name, "id": pk, "new": key})


def withdraw(source: Source, pk: UUID) -> None:
    run(WITHDRAW, {"source_pk": source.pk, "id": pk})


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
