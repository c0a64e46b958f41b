"""A whole list of ratings compared with who and what is here: COPY, then one statement that judges every row."""

import csv
import datetime as dt
import io
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from gaps.queries import standing
from gaps.ratings import Band

PIECE = 10_000
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
        CASE WHEN observed_on ~ '^\\d{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$'
            AND right(observed_on, 2)::int <= extract(day FROM
                (left(observed_on, 7) || '-01')::date + interval '1 month' - interval '1 day')
            THEN observed_on::date WHEN observed_on = '' THEN %(day)s::date END AS day
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
        -- Without a reference of its own a row is told by what it is about.
        CASE WHEN reference <> '' THEN reference
            ELSE md5(said.person || chr(31) || said.skill || chr(31) || day) END AS own_reference
    FROM said LEFT JOIN who USING (person) LEFT JOIN what USING (skill)
    LEFT JOIN LATERAL (
        SELECT level FROM jsonb_to_recordset(%(bands)s) band (low numeric, high numeric, level smallint)
        WHERE said.value BETWEEN band.low AND band.high LIMIT 1
    ) band ON TRUE
)
SELECT read.number, read.person, read.skill, read.their_level, read.observed_on, read.person_id, read.skill_id,
    read.level, read.day, read.own_reference AS reference,
    CASE
        WHEN people IS NULL THEN 'unknown_person'
        WHEN people > 1 THEN 'ambiguous_person'
        WHEN skills IS NULL THEN 'unknown_skill'
        WHEN skills > 1 THEN 'ambiguous_skill'
        WHEN is_retired THEN 'retired_skill'
        WHEN read.level IS NULL THEN 'bad_level'
        WHEN day IS NULL OR day > %(day)s THEN 'bad_day'
        WHEN length(own_reference) > 200 THEN 'bad_reference'
        WHEN row_number() OVER (PARTITION BY own_reference ORDER BY read.number) > 1 THEN 'twice'
        WHEN known.id IS NOT NULL THEN CASE
            WHEN (known.person_id, known.skill_id, known.level) = (read.person_id, read.skill_id, read.level)
            THEN 'unchanged' ELSE 'reference_used' END
        ELSE 'new'
    END AS verdict
FROM read
LEFT JOIN gaps_evidence known ON known.source = %(source)s AND known.reference = own_reference
    AND known.reference <> ''
"""
INSERT = """
INSERT INTO gaps_evidence (id, person_id, skill_id, level, type, observed_at, valid_until, source, reference, note,
    recorded_by_id)
SELECT ordered_uuid(), person_id, skill_id, judged.level, %(type)s, day::timestamptz,
    (day + make_interval(months => trust.months))::date, %(source)s, reference, '', %(by)s
FROM rating_judged judged JOIN gaps_trust trust ON trust.type = %(type)s
WHERE verdict = 'new' AND number > %(after)s AND number <= %(upto)s
ON CONFLICT (source, reference) WHERE reference <> '' DO NOTHING
"""
WITHDRAW = """
INSERT INTO gaps_withdrawal (id, version, evidence_id, reason, withdrawn_by_id)
SELECT gen_random_uuid(), 1, evidence.id, %(reason)s, %(by)s FROM gaps_evidence evidence
WHERE evidence.source = %(source)s
AND NOT EXISTS (SELECT FROM gaps_withdrawal withdrawal WHERE withdrawal.evidence_id = evidence.id)
ORDER BY evidence.id LIMIT %(most)s
RETURNING evidence_id
"""


class Problem(NamedTuple):
    number: int
    verdict: str
    person: str
    skill: str
    level: str
    observed_on: str


def stage(rows: Iterable[tuple[int, list[str]]], places: Mapping[str, int]) -> int:
    """COPY the rows to a temporary table, a piece at a time; returns how many there are."""
    count, rest = 0, iter(rows)
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        while piece := list(islice(rest, PIECE)):
            cursor.copy_expert(COPY, as_csv(piece, places))
            count += len(piece)
        cursor.execute("ANALYZE rating_stage")
    return count


def as_csv(rows: Iterable[tuple[int, list[str]]], places: Mapping[str, int]) -> io.StringIO:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    at = [places.get(field) for field in ("person", "skill", "level", "observed_on", "reference")]
    for number, cells in rows:
        told = [
            cells[place].strip().replace("\x00", "") if place is not None and place < len(cells) else "" for place in at
        ]
        writer.writerow([number, *told])
    buffer.seek(0)
    return buffer


def cell_at(cells: list[str], place: int | None) -> str:
    """PostgreSQL knows no NUL; a row may be shorter than its header."""
    return cells[place].strip().replace("\x00", "") if place is not None and place < len(cells) else ""


def judge(*, source: str, bands: Collection[Band], day: dt.date) -> dict[str, int]:
    """Give every staged row its verdict; returns {verdict: rows}."""
    facts: dict[str, Any] = {"source": source, "day": day, "bands": json.dumps([band._asdict() for band in bands])}
    with connection.cursor() as cursor:
        cursor.execute(JUDGE.format(), facts)
        cursor.execute("CREATE INDEX ON rating_judged (number); ANALYZE rating_judged")
        cursor.execute("SELECT verdict, count(*) FROM rating_judged GROUP BY verdict ORDER BY verdict")
        return dict(cursor.fetchall())


def problems() -> Iterator[Problem]:
    """Every row that cannot be brought in, in the order of the list."""
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT number, verdict, person, skill, their_level, observed_on FROM rating_judged "
                "WHERE verdict NOT IN ('new', 'unchanged') AND number > %s ORDER BY number LIMIT %s",
                [after, PIECE],
            )
            rows = [Problem._make(row) for row in cursor.fetchall()]
        yield from rows
        if len(rows) < PIECE:
            return
        after = rows[-1].number


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


def bring_in(after: int, upto: int, *, source: str, type: str, by: UUID) -> int:
    """Record a piece and make its standings true, in the caller's transaction; returns how many were recorded."""
    facts: dict[str, Any] = {"after": after, "upto": upto, "source": source, "type": type, "by": by}
    with connection.cursor() as cursor:
        cursor.execute(INSERT, facts)
        count: int = cursor.rowcount
    touched = (
        "SELECT DISTINCT person_id, skill_id FROM rating_judged "
        "WHERE verdict = 'new' AND number > %(after)s AND number <= %(upto)s"
    )
    standing.recompute(standing.Touched(touched, {"after": after, "upto": upto}))
    return count


def withdraw(*, source: str, reason: str, by: UUID, most: int) -> int:
    """Take back up to so many of a source's statements, as new records; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(WITHDRAW, {"source": source, "reason": reason, "by": by, "most": most})
        taken = [str(row[0]) for row in cursor.fetchall()]
    touched = "SELECT DISTINCT person_id, skill_id FROM gaps_evidence WHERE id = ANY (%(taken)s::uuid[])"
    if taken:
        standing.recompute(standing.Touched(touched, {"taken": taken}))
    return len(taken)
