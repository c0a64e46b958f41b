"""A whole list of ratings compared with who and what is here: COPY, then one statement that judges every row."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection

from gaps.models import RatingList
from gaps.queries import standing

PIECE = 10_000
FIELDS = ("person", "skill", "level", "observed_on", "reference")
STAGE = """
DROP TABLE IF EXISTS rating_stage, rating_judged;
CREATE TEMPORARY TABLE rating_stage (
    number integer, person text, skill text, level text, observed_on text, reference text
);
"""
COPY = "COPY rating_stage (number, person, skill, level, observed_on, reference) FROM STDIN WITH (FORMAT csv)"
# People go by the id of their source, then by the work address, then by the employee number; skills by id, then by the
# key of the list they came from, then by name or statement. Two that fit are nobody: an ambiguity is told, not decided.
JUDGE = """
CREATE TEMPORARY TABLE rating_judged AS
WITH said AS MATERIALIZED (
    SELECT number, person, skill, level AS their_level, observed_on, reference,
        CASE WHEN level ~ '^\\s*[0-9]{{1,3}}([.,][0-9]{{1,4}})?\\s*%%?\\s*$'
            THEN replace(rtrim(btrim(level), ' %%'), ',', '.')::numeric END AS value,
        CASE WHEN observed_on ~ '^\\d{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])([ T]|$)'
            AND substr(observed_on, 9, 2)::int <= extract(day FROM
                (left(observed_on, 7) || '-01')::date + interval '1 month' - interval '1 day')
            THEN left(observed_on, 10)::date WHEN observed_on = '' THEN %(day)s::date END AS day
    FROM rating_stage
),
who AS MATERIALIZED (
    SELECT DISTINCT ON (name) name AS person, person_id, people FROM (
        SELECT named.person AS name, 1 AS rank, min(one.id::text)::uuid AS person_id, count(*) AS people
        FROM (SELECT DISTINCT person FROM said) named JOIN workforce_person one ON one.source_id = named.person
        GROUP BY named.person
        UNION ALL SELECT named.person, 2, min(one.id::text)::uuid, count(*)
        FROM (SELECT DISTINCT person FROM said) named
        JOIN workforce_person one ON lower(one.work_email) = lower(named.person) AND one.work_email <> ''
        GROUP BY named.person
        UNION ALL SELECT named.person, 3, min(one.id::text)::uuid, count(*)
        FROM (SELECT DISTINCT person FROM said) named
        JOIN workforce_person one ON one.employee_number = named.person AND one.employee_number <> ''
        GROUP BY named.person
    ) found ORDER BY name, rank
),
what AS MATERIALIZED (
    SELECT DISTINCT ON (name) name AS skill, skill_id, skills, is_retired FROM (
        SELECT named.skill AS name, 1 AS rank, min(one.id::text)::uuid AS skill_id, count(*) AS skills,
            bool_and(one.state = 'retired') AS is_retired
        FROM (SELECT DISTINCT skill FROM said) named JOIN skills_skill one ON one.id::text = lower(named.skill)
        GROUP BY named.skill
        UNION ALL SELECT named.skill, 2, min(one.id::text)::uuid, count(*), bool_and(one.state = 'retired')
        FROM (SELECT DISTINCT skill FROM said) named JOIN skills_skill one ON one.origin_key = named.skill
        GROUP BY named.skill
        UNION ALL SELECT named.skill, 3, min(one.id::text)::uuid, count(DISTINCT one.id), false
        FROM (SELECT DISTINCT skill FROM said) named
        JOIN (
            SELECT id, lower(name) AS word FROM skills_skill WHERE state <> 'retired'
            UNION SELECT id, lower(statement) FROM skills_skill WHERE state <> 'retired'
        ) one ON one.word = lower(named.skill)
        GROUP BY named.skill
    ) found ORDER BY name, rank
),
read AS MATERIALIZED (
    SELECT said.*, who.person_id, who.people, what.skill_id, what.skills, what.is_retired, band.level,
        -- Without a reference of its own a row is told by what it is about, whoever is called by which name.
        CASE WHEN reference <> '' THEN reference
            ELSE md5(concat_ws('/', who.person_id, what.skill_id, left(observed_on, 10))) END AS base
    FROM said LEFT JOIN who USING (person) LEFT JOIN what USING (skill)
    LEFT JOIN LATERAL (
        SELECT level
        FROM jsonb_to_recordset(%(bands)s) band (low numeric, high numeric, level smallint, is_open boolean)
        WHERE said.value BETWEEN band.low AND band.high AND NOT (band.is_open AND said.value = band.high) LIMIT 1
    ) band ON TRUE
),
met AS MATERIALIZED (
    SELECT read.*, known.person_id AS known_person, known.skill_id AS known_skill, known.level AS known_level,
        withdrawal.id IS NOT NULL AS is_taken_back
    FROM read
    LEFT JOIN gaps_evidence known ON known.source = %(source)s AND known.reference = base AND known.reference <> ''
    LEFT JOIN gaps_withdrawal withdrawal ON withdrawal.evidence_id = known.id
)
SELECT met.number, met.person, met.skill, met.their_level, met.observed_on, met.person_id, met.skill_id,
    met.level, met.day,
    -- What was taken back stays under its reference, so the same row comes again under the next one.
    CASE WHEN is_taken_back THEN base || '~' || again.attempts + 1 ELSE base END AS reference,
    CASE
        WHEN people IS NULL THEN 'unknown_person'
        WHEN people > 1 THEN 'ambiguous_person'
        WHEN skills IS NULL THEN 'unknown_skill'
        WHEN skills > 1 THEN 'ambiguous_skill'
        WHEN is_retired THEN 'retired_skill'
        WHEN met.level IS NULL THEN 'bad_level'
        WHEN day IS NULL OR day > %(day)s OR day < '1900-01-01' THEN 'bad_day'
        WHEN length(base) > 190 THEN 'bad_reference'
        WHEN min(met.level) OVER same <> max(met.level) OVER same THEN 'contradicts'
        WHEN row_number() OVER (PARTITION BY base ORDER BY met.number) > 1 THEN 'twice'
        WHEN known_person IS NULL THEN 'new'
        WHEN is_taken_back THEN CASE
            WHEN again.level IS NULL THEN 'new' WHEN again.level = met.level THEN 'unchanged' ELSE 'reference_used' END
        WHEN (known_person, known_skill, known_level) = (met.person_id, met.skill_id, met.level) THEN 'unchanged'
        ELSE 'reference_used'
    END AS verdict
FROM met
LEFT JOIN LATERAL (
    SELECT count(*) AS attempts, max(said.level) FILTER (WHERE withdrawal.id IS NULL) AS level
    FROM gaps_evidence said LEFT JOIN gaps_withdrawal withdrawal ON withdrawal.evidence_id = said.id
    WHERE met.is_taken_back AND said.person_id = met.known_person AND said.skill_id = met.known_skill
    AND said.source = %(source)s AND split_part(said.reference, '~', 1) = split_part(met.base, '~', 1)
) again ON TRUE
WINDOW same AS (PARTITION BY base)
"""
TELL = """
INSERT INTO gaps_ratingrow (owner_id, number, verdict, person, skill, said, observed_on, level)
SELECT %(list)s, number, verdict, left(person, 400), left(skill, 400), left(their_level, 100), left(observed_on, 100),
    level
FROM (SELECT *, row_number() OVER (PARTITION BY verdict ORDER BY number) AS place FROM rating_judged) judged
WHERE place <= %(samples)s OR verdict NOT IN ('new', 'unchanged', 'twice')
"""
VALUES = """
SELECT left(their_level, 40), count(*) FROM rating_judged GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 200
"""
EXPIRED = """
SELECT count(*) FROM rating_judged judged JOIN gaps_trust trust ON trust.type = %(type)s
WHERE verdict = 'new' AND day + make_interval(months => trust.months) < %(day)s
"""
INSERT = """
INSERT INTO gaps_evidence (id, person_id, skill_id, level, type, observed_at, valid_until, source, reference, note,
    recorded_by_id, rating_list_id)
SELECT ordered_uuid(), person_id, skill_id, judged.level, %(type)s, day::timestamptz,
    (day + make_interval(months => trust.months))::date, %(source)s, reference, '', %(by)s, %(list)s
FROM rating_judged judged JOIN gaps_trust trust ON trust.type = %(type)s
WHERE verdict = 'new' AND number > %(after)s AND number <= %(upto)s
ON CONFLICT (source, reference) WHERE reference <> '' DO NOTHING
"""
# Along the index of references: how far it is, is where it stands.
NEXT = """
SELECT id, reference, rating_list_id = %(list)s
    AND NOT EXISTS (SELECT FROM gaps_withdrawal withdrawal WHERE withdrawal.evidence_id = evidence.id)
FROM gaps_evidence evidence
WHERE source = %(source)s AND reference > %(after)s AND reference <> '' ORDER BY reference LIMIT %(most)s
"""
WITHDRAW = """
INSERT INTO gaps_withdrawal (id, version, evidence_id, reason, withdrawn_by_id)
SELECT gen_random_uuid(), 1, id, %(reason)s, %(by)s FROM unnest(%(ids)s::uuid[]) id
ON CONFLICT (evidence_id) DO NOTHING
"""


def stage(
    rows: Iterable[tuple[int, list[str]]],
    places: Mapping[str, int],
    *,
    on_piece: Callable[[int], None] = lambda done: None,
) -> int:
    """COPY the rows to a temporary table of this connection, a piece at a time; returns how many there are."""
    count, rest = 0, iter(rows)
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        while piece := list(islice(rest, PIECE)):
            cursor.copy_expert(COPY, as_csv(piece, places))
            count += len(piece)
            on_piece(count)
        cursor.execute("ANALYZE rating_stage")
    return count


def as_csv(rows: Iterable[tuple[int, list[str]]], places: Mapping[str, int]) -> io.StringIO:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    at = [places.get(field) for field in FIELDS]
    for number, cells in rows:
        writer.writerow([number, *(cell_at(cells, place) for place in at)])
    buffer.seek(0)
    return buffer


def cell_at(cells: list[str], place: int | None) -> str:
    """PostgreSQL knows no NUL; a row may be shorter than its header."""
    return cells[place].strip().replace("\x00", "") if place is not None and place < len(cells) else ""


def judge(plan: RatingList) -> dict[str, int]:
    """Give every staged row its verdict; returns {verdict: rows}."""
    bands = json.dumps([band._asdict() for band in plan.scale_applied])
    with connection.cursor() as cursor:
        cursor.execute(JUDGE.format(), {"source": plan.source, "day": plan.day, "bands": bands})
        cursor.execute("CREATE INDEX ON rating_judged (number); ANALYZE rating_judged")
        cursor.execute("SELECT verdict, count(*) FROM rating_judged GROUP BY verdict ORDER BY verdict")
        return dict(cursor.fetchall())


def keep_what_is_told(plan: RatingList, *, samples: int) -> dict[str, Any]:
    """Every row that cannot be brought in, and of the others the first ones; returns what else the plan tells."""
    facts: dict[str, Any] = {"list": plan.pk, "samples": samples, "type": plan.type, "day": plan.day}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM gaps_ratingrow WHERE owner_id = %(list)s", facts)
        cursor.execute(TELL, facts)
        cursor.execute(VALUES)
        values = dict(cursor.fetchall())
        cursor.execute(EXPIRED, facts)
        return {"values": values, "expired": cursor.fetchone()[0]}


def spans(size: int) -> Iterator[tuple[int, int]]:
    """(after, upto): pieces of new rows, each with a transaction of its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(number) FROM (SELECT number, (row_number() OVER (ORDER BY number) - 1) / %s AS piece "
            "FROM rating_judged WHERE verdict = 'new') numbered GROUP BY piece ORDER BY 1",
            [size],
        )
        ends = [row[0] for row in cursor.fetchall()]
    yield from zip([0, *ends], ends, strict=False)


def bring_in(plan: RatingList, after: int, upto: int, *, by: UUID) -> int:
    """Record a piece and make its standings true, in the caller's transaction; returns how many were recorded."""
    facts: dict[str, Any] = {
        "after": after, "upto": upto, "source": plan.source, "type": plan.type, "list": plan.pk, "by": by,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(INSERT, facts)
        count: int = cursor.rowcount
    touched = (
        "SELECT DISTINCT person_id, skill_id FROM rating_judged "
        "WHERE verdict = 'new' AND number > %(after)s AND number <= %(upto)s"
    )
    standing.recompute(standing.Touched(touched, {"after": after, "upto": upto}))
    return count


def withdraw(plan: RatingList, *, reason: str, by: UUID, most: int) -> tuple[int, str]:
    """Take back a piece of what a list said, as new records; returns how many and the last reference looked at.

    An empty reference: nothing is left.
    """
    facts: dict[str, Any] = {
        "list": plan.pk, "source": plan.source, "after": plan.reached, "most": most, "reason": reason, "by": by,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(NEXT, facts)
        rows = cursor.fetchall()
        ids = [str(pk) for pk, _, is_ours in rows if is_ours]
        cursor.execute(WITHDRAW, {**facts, "ids": ids})
    if ids:
        touched = "SELECT DISTINCT person_id, skill_id FROM gaps_evidence WHERE id = ANY (%(ids)s::uuid[])"
        standing.recompute(standing.Touched(touched, {"ids": ids}))
    return len(ids), rows[-1][1] if rows else ""
