"""How many people programs have let leave lately, one request after another."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import connection

from workforce.models import Source

# Counting a million people for each leaver would cost more than the leaver; a share of them need not be exact.
ACTIVE_KEPT = 600

LEAVING = """
SELECT id, status = 'inactive' OR end_date IS NOT NULL FROM workforce_person WHERE source = %s AND source_id = %s
"""
NOTE = """
INSERT INTO workforce_departure (person_id, source_id, at) VALUES (%s, %s, now())
ON CONFLICT (person_id) DO UPDATE SET at = now(), source_id = excluded.source_id
"""
# Whoever was taken back has not left.
COUNT = """
SELECT count(*) FROM workforce_departure departure JOIN workforce_person person ON person.id = departure.person_id
WHERE departure.source_id = %s AND departure.at > %s AND (person.status = 'inactive' OR person.end_date IS NOT NULL)
"""
ACTIVE = "SELECT count(*) FROM workforce_person WHERE source = %s AND status <> 'inactive'"


def leaving(source: Source, source_id: str) -> tuple[UUID | None, bool]:
    """(id, whether they have left or their last day is known)"""
    if "\0" in source_id:
        return None, False
    return one_row(LEAVING, [source.name, source_id]) or (None, False)


def note(source: Source, person: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(NOTE, [person, source.pk])


def count_since(source: Source, moment: dt.datetime) -> int:
    count: int = one_row(COUNT, [source.pk, moment])[0]
    return count


def active_people(source: Source) -> int:
    """As many as there were a few minutes ago."""
    key = f"active-people:{source.pk}"
    count: int = cache.get_or_set(key, lambda: one_row(ACTIVE, [source.name])[0], ACTIVE_KEPT)  # type: ignore[assignment]
    return count


def one_row(sql: str, params: list[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()
