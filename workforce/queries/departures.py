"""How many people programs have let leave lately, one request after another."""

import datetime as dt
from typing import Any, NamedTuple
from uuid import UUID

from django.core.cache import cache
from django.db import connection

from workforce.models import Source

# Counting a million people for each leaver would cost more than the leaver; a share of them need not be exact.
ACTIVE_KEPT = 600

STAYING = "SELECT id, status, end_date FROM workforce_person WHERE source = %s AND source_id = %s"
NOTE = """
INSERT INTO workforce_departure (person_id, source_id, at) VALUES (%s, %s, now())
ON CONFLICT (person_id) DO UPDATE SET at = now(), source_id = excluded.source_id
"""
# Whoever was taken back has not left.
COUNT = """
SELECT count(*) FROM workforce_departure departure JOIN workforce_person person ON person.id = departure.person_id
WHERE departure.source_id = %s AND departure.at > %s
AND (person.status IN ('inactive', 'pending') OR person.end_date IS NOT NULL)
"""
ACTIVE = "SELECT count(*) FROM workforce_person WHERE source = %s AND status <> 'inactive'"


class Stay(NamedTuple):
    """Who it is, and until when they are here."""

    id: UUID
    status: str
    end_date: dt.date | None


def stay_of(source: Source, source_id: str) -> Stay | None:
    row = None if "\0" in source_id else one_row(STAYING, [source.name, source_id])
    return Stay(*row) if row else None


def is_shorter(was: Stay, now: Stay) -> bool:
    """Gone, not here any more, or gone on a day that was not known or lay later. See also: differences.LEAVES."""
    ends_sooner = now.end_date is not None and (was.end_date is None or now.end_date < was.end_date)
    gone = now.status == "inactive" or (now.status == "pending" and was.status != "pending")
    return was.status != "inactive" and (gone or ends_sooner)


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
