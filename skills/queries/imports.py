"""A whole list compared with the skills that are here: COPY, then one statement that judges every row."""

import csv
import io
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from django.db import connection

from skills.lists.rows import Row, as_text
from skills.models import Import

# A character that no cell can have: `rows.cleaned` turns rows with it away.
NULL = "\x01"
COLUMNS = "number, key, has_key, print, name, statement, description, also_called, details, cells, reason, twin"
STAGE = """
DROP TABLE IF EXISTS import_stage;
CREATE TEMPORARY TABLE import_stage (
    number integer, key text, has_key boolean, print text, name text, statement text, description text,
    also_called text[], details jsonb, cells jsonb, reason text, twin integer
);
"""
COPY = f"COPY import_stage ({COLUMNS}) FROM STDIN WITH (FORMAT csv, NULL E'\\x01')"


def stage(rows: Iterable[Row], *, on_piece: Callable[[int], None], size: int = 5_000) -> int:
    """COPY the rows to a temporary table, piece by piece; `on_piece` hears how many are there. Returns how many."""
    count = 0
    rest = iter(rows)
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        while piece := list(islice(rest, size)):
            cursor.copy_expert(COPY, as_csv(piece))
            count += len(piece)
            on_piece(count)
        cursor.execute("ANALYZE import_stage")
    return count


def as_csv(rows: Iterable[Row]) -> io.StringIO:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(map(as_record, rows))
    buffer.seek(0)
    return buffer


def as_record(row: Row) -> list[Any]:
    return [
        row.number,
        row.key,
        row.has_key,
        row.print,
        row.name,
        NULL if row.statement is None else row.statement,
        NULL if row.description is None else row.description,
        NULL if row.also_called is None else as_array(row.also_called),
        NULL if row.details is None else as_text(row.details),
        NULL if row.cells is None else as_text(row.cells),
        row.reason,
        NULL if row.twin is None else row.twin,
    ]


def as_array(values: list[str]) -> str:
    """PostgreSQL's own spelling of an array of texts."""
    return "{" + ",".join('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values) + "}"


# Every row of the stage gets its verdict here, and only here. Rows find their skill by the list's own key; in a list
# without keys by all they say, so that rows may change places, and then by their name.
JUDGE = """
WITH same AS (
    SELECT DISTINCT ON (skill.origin_print) skill.id, skill.origin_print FROM skills_skill skill
    WHERE skill.origin = %(origin)s AND skill.origin_print <> ''
    AND NOT EXISTS (SELECT FROM import_stage stage WHERE stage.has_key AND stage.key = skill.origin_key)
    ORDER BY skill.origin_print, skill.id
), named AS (
    SELECT skill.id, skill.origin_key FROM skills_skill skill
    WHERE skill.origin = %(origin)s AND skill.origin_key IS NOT NULL
    AND NOT EXISTS (SELECT FROM import_stage stage WHERE NOT stage.has_key AND stage.print = skill.origin_print)
), joined AS (
    SELECT DISTINCT ON (past.origin_key) past.origin_key, past.row_print, past.skill_id FROM skills_importrow past
    JOIN skills_import list ON list.id = past.owner_id
    JOIN skills_skill skill ON skill.id = past.skill_id AND skill.state <> 'retired'
    WHERE past.result = 'joined' AND list.name = %(origin)s
    ORDER BY past.origin_key, past.id DESC
), met AS MATERIALIZED (
    SELECT stage.*, stage.cells IS NULL AND stage.twin IS NULL AS says_something,
        coalesce(keyed.id, same.id, named.id) AS found, joined.skill_id AS joined
    FROM import_stage stage
    LEFT JOIN skills_skill keyed ON stage.has_key AND keyed.origin = %(origin)s AND keyed.origin_key = stage.key
    LEFT JOIN same ON NOT stage.has_key AND same.origin_print = stage.print
    LEFT JOIN named ON NOT stage.has_key AND named.origin_key = stage.key
    LEFT JOIN joined ON joined.origin_key = stage.key AND joined.row_print = stage.print
), fresh AS MATERIALIZED (
    SELECT met.number, met.has_key,
        nullif(statement_fingerprint(coalesce(met.statement, met.name)), md5('')) AS fingerprint
    FROM met WHERE met.says_something AND met.found IS NULL AND met.joined IS NULL
), alike AS (
    SELECT fresh.number, skill.id AS skill,
        nullif(min(fresh.number) OVER (PARTITION BY coalesce(fresh.fingerprint, fresh.number::text)), fresh.number)
            AS twin
    FROM fresh LEFT JOIN LATERAL (
        SELECT other.id FROM skills_skill other
        WHERE other.fingerprint = fresh.fingerprint AND other.state <> 'retired'
        AND NOT (fresh.has_key AND other.origin = %(origin)s)
        ORDER BY other.created_at, other.id LIMIT 1
    ) skill ON true
), compared AS (
    SELECT met.*, skill.version, skill.state, alike.skill AS alike, alike.twin AS alike_twin,
        skill.origin_print = met.print AS is_same,
        CASE WHEN skill.id IS NOT NULL AND skill.origin_print <> met.print THEN (
            SELECT jsonb_object_agg(part.field, jsonb_build_array(part.before, part.after))
            FROM (VALUES
                ('name', to_jsonb(skill.name), CASE WHEN %(has_name)s THEN to_jsonb(met.name) END),
                ('statement', to_jsonb(skill.statement), to_jsonb(met.statement)),
                ('description', to_jsonb(skill.description), to_jsonb(met.description)),
                ('also_called', to_jsonb(skill.also_called), to_jsonb(met.also_called)),
                ('details', skill.details, met.details)
            ) part (field, before, after)
            WHERE part.after IS NOT NULL AND part.before <> part.after
        ) END AS difference
    FROM met
    LEFT JOIN skills_skill skill ON skill.id = met.found AND met.says_something
    LEFT JOIN alike ON alike.number = met.number
), judged AS (
    SELECT compared.*, CASE
        WHEN cells IS NOT NULL THEN 'rejected'
        WHEN twin IS NOT NULL THEN 'unchanged'
        WHEN found IS NOT NULL THEN
            CASE WHEN state = 'retired' OR is_same OR difference IS NULL THEN 'unchanged' ELSE 'update' END
        WHEN joined IS NOT NULL THEN 'unchanged'
        WHEN alike IS NOT NULL OR (alike_twin IS NOT NULL AND NOT has_key) THEN 'look_alike'
        ELSE 'create' END AS verdict
    FROM compared
)
INSERT INTO skills_importrow (
    owner_id, number, origin_key, row_print, name, statement, description, also_called, details, cells,
    verdict, reason, skill_id, skill_version, twin, difference, choice
)
SELECT %(owner)s, number,
    CASE WHEN verdict IN ('create', 'look_alike') AND NOT has_key AND EXISTS (
        SELECT FROM skills_skill taken WHERE taken.origin = %(origin)s AND taken.origin_key = judged.key
    ) THEN left(key, 390) || ' #' || left(print, 8) ELSE key END,
    print, name,
    CASE WHEN verdict IN ('create', 'look_alike') THEN coalesce(statement, name) END,
    CASE WHEN verdict IN ('create', 'look_alike') THEN description END,
    CASE WHEN verdict IN ('create', 'look_alike') THEN also_called END,
    CASE WHEN verdict IN ('create', 'look_alike') THEN details END,
    cells, verdict,
    CASE
        WHEN reason <> '' THEN reason
        WHEN verdict = 'unchanged' AND state = 'retired' THEN 'It was retired here. Restore it to use it again.'
        WHEN verdict = 'unchanged' AND found IS NULL THEN 'Stands for the skill it looks like, as decided before.'
        WHEN verdict = 'look_alike' AND alike IS NOT NULL THEN 'Says nearly the same as a skill that is here.'
        WHEN verdict = 'look_alike' THEN 'Says nearly the same as row ' || alike_twin || '.'
        WHEN verdict = 'create' AND alike_twin IS NOT NULL
            THEN 'Says nearly the same as row ' || alike_twin || '; the list keeps them apart.'
        ELSE '' END,
    coalesce(found, joined, alike), version, coalesce(twin, alike_twin),
    CASE WHEN verdict = 'update' THEN difference END,
    CASE WHEN verdict IN ('create', 'update') THEN 'apply' ELSE 'leave' END
FROM judged ORDER BY number
"""


def look_at_the_tables() -> None:
    """Tell the planner how many rows there are now: after a bulk load it is wrong by thousands of times."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE skills_skill (state, origin, origin_key, origin_print, fingerprint)")
        cursor.execute("ANALYZE skills_importrow (owner_id, number, origin_key, verdict, choice, result, skill_id)")


def judge(plan: Import) -> int:
    """Give every staged row its verdict and keep both; replaces an earlier plan. Returns how many rows there are."""
    facts: dict[str, Any] = {"owner": plan.pk, "origin": plan.name, "has_name": "name" in plan.mapping}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM skills_importrow WHERE owner_id = %s", [plan.pk])
        cursor.execute(JUDGE, facts)
        count: int = cursor.rowcount
        cursor.execute("DROP TABLE import_stage")
    return count
