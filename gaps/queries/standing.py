"""Where people stand, kept true by set-based SQL in the transaction of whatever was said about them."""

import datetime as dt
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from gaps.models import Standing
from skills.models import Skill
from workforce.models import Person

# The statement of a pair that decides comes first: what holds before what lapsed, then trust, then the newest. Of two
# from the same moment the higher one, so that the order in which they were written never matters.
RANKED = """
SELECT said.*, row_number() OVER best AS place, first_value(changed_step_id) OVER best AS first_changed_step_id,
    row_number() OVER (
        PARTITION BY person_id, skill_id, holds, type, coalesce(observer_id::text, source)
        ORDER BY observed_at DESC, level DESC, id DESC
    ) = 1 AS is_newest_of_source
FROM (
    SELECT evidence.person_id, evidence.skill_id, evidence.id, evidence.level, evidence.type, evidence.observed_at,
        evidence.valid_until, evidence.observer_id, evidence.source, trust.percent AS trust,
        evidence.valid_until IS NULL OR evidence.valid_until >= %(today)s AS holds,
        CASE WHEN evidence.valid_until < %(today)s THEN evidence.valid_until END AS lapsed_on,
        CASE WHEN evidence.step_revision < step.revision THEN evidence.step_id END AS changed_step_id
    FROM {evidence}
    JOIN {trust} trust ON trust.type = evidence.type
    LEFT JOIN {step} step ON step.id = evidence.step_id
    WHERE NOT EXISTS (SELECT FROM gaps_withdrawal withdrawal WHERE withdrawal.evidence_id = evidence.id {withdrawn})
) said
WINDOW best AS (
    PARTITION BY person_id, skill_id
    ORDER BY holds DESC, lapsed_on DESC, trust DESC, observed_at DESC, level DESC, id DESC
)
"""
# One pass without a join, so that no wrong guess of the planner makes it walk all pairs for each. *There*: what decides
# at the changed step, where all that was seen before the change is left out.
DERIVED = """
ranked AS MATERIALIZED ({ranked}),
summed AS (
    SELECT person_id, skill_id,
        max(level) FILTER (WHERE place = 1 AND holds) AS level,
        max(trust) FILTER (WHERE place = 1 AND holds) AS trust,
        max(type) FILTER (WHERE place = 1) AS type,
        (array_agg(id) FILTER (WHERE place = 1))[1] AS evidence_id,
        max(observed_at) FILTER (WHERE place = 1) AS observed_at,
        max(valid_until) FILTER (WHERE place = 1) AS valid_until,
        min(level) FILTER (WHERE holds AND is_newest_of_source) AS lowest,
        max(level) FILTER (WHERE holds AND is_newest_of_source) AS highest,
        count(*) FILTER (WHERE holds AND is_newest_of_source)::smallint AS sources,
        (array_agg(changed_step_id) FILTER (WHERE place = 1 AND holds))[1] AS changed_step_id,
        (array_agg(level ORDER BY place) FILTER (WHERE counts_there))[1] AS level_there,
        (array_agg(trust ORDER BY place) FILTER (WHERE counts_there))[1] AS trust_there,
        min(valid_until) FILTER (WHERE holds) + 1 AS changes_on
    FROM (
        SELECT *, holds AND first_changed_step_id IS NOT NULL
            AND changed_step_id IS DISTINCT FROM first_changed_step_id AS counts_there
        FROM ranked
    ) ranked
    GROUP BY person_id, skill_id
),
derived AS MATERIALIZED (
    SELECT summed.*, EXISTS (
        SELECT FROM gaps_contest contest WHERE contest.evidence_id = summed.evidence_id
        AND NOT EXISTS (SELECT FROM gaps_contestanswer answer WHERE answer.contest_id = contest.id)
    ) AS is_contested
    FROM summed
)
"""
COLUMNS = [
    "level",
    "trust",
    "type",
    "evidence_id",
    "observed_at",
    "valid_until",
    "lowest",
    "highest",
    "sources",
    "is_contested",
    "changed_step_id",
    "level_there",
    "trust_there",
    "changes_on",
]
OWN = ", ".join(COLUMNS)
OF_TOUCHED = "touched JOIN gaps_evidence evidence USING (person_id, skill_id)"
WRITE = (
    "WITH touched (person_id, skill_id) AS MATERIALIZED ({touched}), "
    + DERIVED.replace(
        "{ranked}", RANKED.format(evidence=OF_TOUCHED, trust="gaps_trust", step="workflows_step", withdrawn="")
    )
    + f""",
silent AS MATERIALIZED (SELECT person_id, skill_id FROM touched EXCEPT SELECT person_id, skill_id FROM derived),
gone AS (
    DELETE FROM gaps_standing old USING silent
    WHERE old.person_id = silent.person_id AND old.skill_id = silent.skill_id
)
INSERT INTO gaps_standing AS old (person_id, skill_id, {OWN})
SELECT person_id, skill_id, {OWN} FROM derived
ON CONFLICT (person_id, skill_id) DO UPDATE SET ({OWN}, changed_at) =
    ROW ({", ".join(f"EXCLUDED.{column}" for column in COLUMNS)}, now())
WHERE ({", ".join(f"old.{column}" for column in COLUMNS)})
    IS DISTINCT FROM ({", ".join(f"EXCLUDED.{column}" for column in COLUMNS)})
"""
)
# Trust and steps as they were then: of what has changed since, the first entry of the trail says what was before.
BEFORE = """(
    SELECT (change.facts -> '{field}' ->> 0)::integer FROM base_change change
    WHERE change.subject = {of}.id AND change.facts ? '{field}' AND change.at > %(moment)s ORDER BY change.id LIMIT 1
)"""
TRUST_THEN = f"""(
    SELECT type, coalesce({BEFORE.format(field="percent", of="gaps_trust")}, percent) AS percent FROM gaps_trust
)"""
STEP_THEN = f"""(
    SELECT id, CASE WHEN revised_at > %(moment)s
        THEN coalesce({BEFORE.format(field="revision", of="workflows_step")}, revision) ELSE revision
    END AS revision FROM workflows_step
)"""
# As it was at the end of a day: what had been written down and not yet withdrawn.
AS_OF = (
    "WITH "
    + DERIVED.replace(
        "{ranked}",
        RANKED.format(
            evidence="(SELECT * FROM gaps_evidence WHERE recorded_at <= %(moment)s {among}) evidence",
            trust=TRUST_THEN,
            step=STEP_THEN,
            withdrawn="AND withdrawal.withdrawn_at <= %(moment)s",
        ),
    )
    + f" SELECT person_id, skill_id, {OWN} FROM derived"
)
# One lock for one 64th of the people, taken in order. Whoever comes second begins its own statement only afterwards,
# and so sees what the first has written.
LOCK = """
SELECT count(pg_advisory_xact_lock(hashtext('standing'), part)) FROM (
    SELECT DISTINCT hashtext(person_id::text) & 63 AS part FROM ({touched}) touched (person_id, skill_id) ORDER BY part
) parts
"""


@dataclass(frozen=True)
class Touched:
    """A SELECT of (person_id, skill_id) with what it needs."""

    select: str
    facts: dict[str, Any] = field(default_factory=dict)


def pairs(touched: Iterable[tuple[UUID, UUID]]) -> Touched:
    """Given one by one. Handed over as text: one value to parse instead of thousands."""
    told = json.dumps([{"person_id": str(person), "skill_id": str(skill)} for person, skill in touched])
    select = (
        "SELECT DISTINCT person_id, skill_id FROM jsonb_to_recordset(%(pairs)s) one (person_id uuid, skill_id uuid)"
    )
    return Touched(select, {"pairs": told})


def at_changed_steps(workflows: Collection[UUID]) -> Touched:
    """Whoever stands where they do because of what was seen at a step that has changed since."""
    select = """
        SELECT DISTINCT standing.person_id, standing.skill_id
        FROM workflows_step step
        JOIN gaps_evidence evidence ON evidence.step_id = step.id AND evidence.step_revision < step.revision
        JOIN gaps_standing standing
            ON standing.person_id = evidence.person_id AND standing.skill_id = evidence.skill_id
        WHERE step.workflow_id = ANY (%(workflows)s::uuid[]) AND step.revision > 1 AND standing.level IS NOT NULL
        AND (standing.evidence_id = evidence.id AND standing.changed_step_id IS NULL
            OR standing.changed_step_id = step.id AND standing.level_there IS NOT NULL)
    """
    return Touched(select, {"workflows": [str(pk) for pk in workflows]})


def running_out(today: dt.date, most: int) -> Touched:
    """Whose evidence has run out since it was last looked at."""
    select = (
        "SELECT person_id, skill_id FROM gaps_standing WHERE changes_on <= %(today)s ORDER BY changes_on LIMIT %(most)s"
    )
    return Touched(select, {"today": today, "most": most})


# Everybody, in equal spans of the person's id, which is random: a transaction for each, in which nobody waits long. A
# span is of so few people that what was said of them is sorted in the memory a connection has; what does not fit there
# costs twice as much, and a larger company must only have more spans.
AT_ONCE, LEAST_PARTS, IDS = 400, 256, 2**128


def parts() -> int:
    return max(LEAST_PARTS, Person.objects.count() // AT_ONCE)


def part_of_everybody(part: int, *, of: int) -> Touched:
    first, last = UUID(int=IDS * part // of), UUID(int=IDS * (part + 1) // of - 1)
    span = "WHERE person_id >= %(first)s::uuid AND person_id <= %(last)s::uuid"
    said, kept = (f"SELECT person_id, skill_id FROM {table} {span}" for table in ("gaps_evidence", "gaps_standing"))
    return Touched(f"{said} UNION {kept}", {"first": str(first), "last": str(last)})


def recompute(touched: Touched, today: dt.date | None = None) -> int:
    """Make these standings true again, in the transaction of what changed them; returns how many were written."""
    facts = {**touched.facts, "today": today or timezone.localdate()}
    with connection.cursor() as cursor:
        cursor.execute(LOCK.replace("{touched}", touched.select), facts)
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(WRITE.replace("{touched}", touched.select), facts)
        return int(cursor.rowcount)


def recompute_everything() -> int:
    """All of them, a transaction for each part."""
    written, of = 0, parts()
    for part in range(of):
        with transaction.atomic():
            written += recompute(part_of_everybody(part, of=of))
    return written


def begin_day(today: dt.date | None = None, *, piece: int = 20_000) -> int:
    """What runs out today no longer counts; returns how many standings that moved."""
    today, moved = today or timezone.localdate(), 0
    while True:
        with transaction.atomic():
            written = recompute(running_out(today, piece), today)
        if not written:
            return moved
        moved += written


def as_of(moment: dt.datetime, people: Collection[UUID] | None = None) -> list[dict[str, Any]]:
    """Where people stood at a past moment, by the trust and the steps of that moment; nothing is written."""
    among = "" if people is None else "AND person_id = ANY (%(people)s::uuid[])"
    facts: dict[str, Any] = {
        "moment": moment,
        "today": timezone.localdate(moment),
        "people": [str(pk) for pk in people or ()],
    }
    with connection.cursor() as cursor:
        cursor.execute(AS_OF.replace("{among}", among), facts)
        return [dict(zip(("person_id", "skill_id", *COLUMNS), row, strict=True)) for row in cursor.fetchall()]


def standing_of(person: Person, skill: Skill) -> Standing | None:
    """Where somebody stands in one skill, lapsed or not."""
    return Standing.objects.of(person).filter(skill=skill).first()
