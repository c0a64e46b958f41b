"""What has come, as a temporary table: one row per person before it is compared with the people who are here."""

import io
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connection

from workforce.feeds.rows import BIT, FIELDS
from workforce.models import Run, Source

AT_ONCE = 8 * 1024 * 1024  # bytes of pages that are in memory together
KINDS = {"start_date": "date", "end_date": "date", "updated_at": "timestamptz"}
STAGE = f"""
CREATE TEMPORARY TABLE IF NOT EXISTS incoming (
    given integer NOT NULL, {", ".join(f"{name} {KINDS.get(name, 'text')}" for name in FIELDS)}
);
TRUNCATE incoming;
"""
COPY = f"COPY incoming (given, {', '.join(FIELDS)}) FROM STDIN"


def stage_pages(run: Run, *, on_piece: Callable[[int], None]) -> None:
    """COPY every page of a run, a few megabytes at a time; `on_piece` hears how many rows are there."""
    last, rows = 0, 0
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        while piece := next_pages(cursor, run.pk, last):
            cursor.copy_expert(COPY, io.BytesIO("".join(content for _, _, content in piece).encode()))
            last, rows = piece[-1][0], rows + sum(count for _, count, _ in piece)
            on_piece(rows)
        # Only what is joined by: looking at every column costs more than the plans gain.
        cursor.execute("ANALYZE incoming (source_id)")


def next_pages(cursor: Any, run: UUID, after: int) -> list[tuple[int, int, str]]:
    """(id, rows, content) of the next pages that together are small enough, at least one."""
    cursor.execute(
        """
        WITH page AS (
            SELECT id, rows, sum(octet_length(content)) OVER (ORDER BY id) AS bytes FROM workforce_runpage
            WHERE run_id = %s AND id > %s ORDER BY id LIMIT 200
        ), chosen AS (
            SELECT id FROM page WHERE bytes <= %s OR id = (SELECT min(id) FROM page)
        )
        SELECT id, rows, content FROM workforce_runpage JOIN chosen USING (id) ORDER BY id
        """,
        [run, after, AT_ONCE],
    )
    found: list[tuple[int, int, str]] = cursor.fetchall()
    return found


def stage_lines(content: str) -> None:
    """A few rows as `feeds.rows` writes them."""
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        cursor.copy_expert(COPY, io.BytesIO(content.encode()))


def stage_those_whose_day_has_come(source: Source, *, today: Any) -> None:
    """Rows that say nothing new: comparing them with today is enough."""
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        cursor.execute(
            """
            INSERT INTO incoming (given, source_id) SELECT 0, source_id FROM workforce_person
            WHERE source = %(source)s AND (
                status = 'pending' AND start_date <= %(today)s OR status <> 'inactive' AND end_date <= %(today)s
            )
            """,
            {"source": source.name, "today": today},
        )


def stage_held(run: Run) -> None:
    """What a held run waits with, for the people whom nobody has changed since."""
    fields = [name for name in FIELDS if name != "source_id"]
    given = " + ".join(f"CASE WHEN change.facts ? '{name}' THEN {BIT[name]} ELSE 0 END" for name in fields)
    values = ", ".join(f"(change.facts -> '{name}' ->> 1)::{KINDS.get(name, 'text')}" for name in fields)
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        cursor.execute(
            f"""
            INSERT INTO incoming (given, source_id, {", ".join(fields)})
            SELECT {given} + {BIT["source_id"]}, change.source_id, {values} FROM workforce_runchange change
            JOIN workforce_person person ON person.id = change.person AND person.version = change.seen_version
            WHERE change.run_id = %s AND change.state = 'held'
            """,
            [run.pk],
        )


# The newest row wins, whatever the order of the pages. Of two that contradict each other and are equally new, neither.
TWICE = """
WITH doubled AS (
    SELECT source_id FROM incoming GROUP BY source_id HAVING count(*) > 1
), ranked AS (
    SELECT incoming.source_id, incoming::text AS says, given,
        rank() OVER (PARTITION BY incoming.source_id ORDER BY given < 0, updated_at DESC NULLS LAST) AS place
    FROM incoming JOIN doubled USING (source_id)
), contradicting AS (
    SELECT source_id FROM ranked WHERE place = 1 AND given >= 0 GROUP BY source_id HAVING count(DISTINCT says) > 1
), reported AS (
    INSERT INTO workforce_runproblem (run_id, source_id, field, code, detail, is_rejected)
    SELECT %(run)s, source_id, 'source_id', 'twice',
        'This person came more than once with different values and nothing tells which is newer. '
        'Send the row once, or with updated_at.', true
    FROM contradicting WHERE %(run)s IS NOT NULL
)
SELECT coalesce(array_agg(DISTINCT source_id), '{}'), (SELECT coalesce(array_agg(source_id), '{}') FROM contradicting)
FROM doubled
"""
ONCE = """
UPDATE incoming SET given = -1 WHERE source_id = ANY (%(contradicting)s);
DELETE FROM incoming USING (
    SELECT ctid AS place, row_number() OVER (
        PARTITION BY source_id ORDER BY given < 0, updated_at DESC NULLS LAST
    ) AS turn FROM incoming WHERE source_id = ANY (%(doubled)s)
) ranked WHERE incoming.ctid = ranked.place AND ranked.turn > 1
"""


def leave_one_of_each(run: UUID | None) -> int:
    """See to it that everybody comes once; returns how many contradict themselves."""
    with connection.cursor() as cursor:
        cursor.execute(TWICE, {"run": run})
        doubled, contradicting = cursor.fetchone()
        if doubled:
            cursor.execute(ONCE, {"doubled": doubled, "contradicting": contradicting})
    return len(contradicting)


def names_managers() -> bool:
    """Whether anybody is told whom to report to."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM incoming WHERE given & {BIT['manager_source_id']} <> 0)")
        return bool(cursor.fetchone()[0])


def count_of_people() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM incoming")
        count: int = cursor.fetchone()[0]
    return count
