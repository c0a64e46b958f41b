"""Whom a run let leave and who could come back."""

from typing import Any

from django.db import connection
from django.utils import timezone

from workforce.models import RESTORABLE, Run

# Whoever was let go again since, by another run or by people, is not this run's to bring back.
GONE = """
FROM base_change gone JOIN workforce_person person ON person.id = gone.subject
WHERE gone.scope = %(run)s AND gone.noun = 'person' AND gone.verb = 'leave'
AND person.status = 'inactive' AND person.left_at >= %(since)s
AND NOT EXISTS (
    SELECT FROM base_change later
    WHERE later.subject = gone.subject AND later.noun = 'person' AND later.verb = 'leave' AND later.id > gone.id
)
"""


# The run may have set it, or left alone one that lies ahead; one that is over would let them leave again at once.
LAST_DAY = """
CASE WHEN gone.facts ? 'end_date' THEN (gone.facts->'end_date'->>0)::date ELSE person.end_date END
"""


def could_return(run: Run) -> list[dict[str, Any]]:
    """As a feed would send them back: with the status and the last day that the run took."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT person.source_id, gone.facts->'status'->>0, {LAST_DAY} {GONE} ORDER BY gone.id", facts_of(run)
        )
        rows = cursor.fetchall()
    today = timezone.localdate()
    last = [ends.isoformat() if ends and ends > today else None for *_, ends in rows]
    return [
        {"source_id": pk, "status": was or "active", "end_date": day}
        for (pk, was, _), day in zip(rows, last, strict=True)
    ]


def how_many_could_return(run: Run) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {GONE}", facts_of(run))
        return int(cursor.fetchone()[0])


def facts_of(run: Run) -> dict[str, Any]:
    return {"run": run.pk, "since": timezone.now() - RESTORABLE}
