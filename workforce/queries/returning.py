"""Whom a run let leave and who could come back."""

from typing import Any

from django.db import connection
from django.utils import timezone

from workforce.feeds.rows import BIT
from workforce.models import RESTORABLE, Run
from workforce.queries import incoming

GIVEN = BIT["source_id"] | BIT["status"] | BIT["end_date"]

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


# As a feed would send them back: with the status that the run took, and the last day where it lies ahead.
STAGE_RETURN = f"""
INSERT INTO incoming (given, source_id, status, end_date)
SELECT {GIVEN}, source_id, was, CASE WHEN ends > %(today)s THEN ends END FROM (
    SELECT person.source_id, coalesce(gone.facts->'status'->>0, 'active') AS was, {LAST_DAY} AS ends {GONE}
) gone
"""


def stage(run: Run) -> int:
    """Lay them out as if they had come; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(incoming.STAGE)
        cursor.execute(STAGE_RETURN, {**facts_of(run), "today": timezone.localdate()})
        return int(cursor.rowcount)


def how_many_could_return(run: Run) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {GONE}", facts_of(run))
        return int(cursor.fetchone()[0])


def facts_of(run: Run) -> dict[str, Any]:
    return {"run": run.pk, "since": timezone.now() - RESTORABLE}
