"""Requirements made from contexts, and standing kept true under new evidence, beside plain SQL."""

import datetime as dt
import json
import time
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bench import company, ground
from gaps.actions import Statement, record_many
from gaps.models import Need, Requirement, Standing
from gaps.queries import requirements, standing
from workforce.models import Account

# What somebody would write who makes both tables anew: no comparison with what is there, no trace of what moved.
BY_HAND = """
WITH needs AS (
    INSERT INTO gaps_need (step_id, skill_id, job_role_id, level, criticality, is_rated, contexts, asked_since)
    SELECT context.step_id, context.skill_id, step.performed_by_id, max(required_level), coalesce(step.criticality, 3),
        step.criticality IS NOT NULL, count(*), greatest(step.revised_at, min(placed_at))
    FROM skills_context context
    JOIN skills_skill skill ON skill.id = context.skill_id AND skill.state = 'published'
    JOIN workflows_lineofsight sight ON sight.step_id = context.step_id AND sight.outcome_id = context.outcome_id
    JOIN workflows_step step ON step.id = context.step_id
    GROUP BY context.step_id, context.skill_id, step.id
    RETURNING *
)
INSERT INTO gaps_requirement (job_role_id, skill_id, level, criticality, is_rated, steps, asked_since)
SELECT job_role_id, skill_id, max(level), max(criticality), bool_and(is_rated), count(*), min(asked_since)
FROM needs WHERE job_role_id IS NOT NULL GROUP BY job_role_id, skill_id
"""
PLAIN_INSERT = """
INSERT INTO gaps_evidence (person_id, skill_id, level, type, observed_at, valid_until, source, recorded_by_id)
SELECT person_id, skill_id, level, type, observed_at, valid_until, source, %(by)s
FROM jsonb_to_recordset(%(rows)s) row (person_id uuid, skill_id uuid, level smallint, type text,
    observed_at timestamptz, valid_until date, source text)
"""
PAIRS = """
SELECT person.id, requirement.skill_id
FROM workforce_person person TABLESAMPLE BERNOULLI (%(percent)s)
JOIN workforce_jobtitle title ON title.id = person.job_title_id
CROSS JOIN LATERAL (
    SELECT skill_id FROM gaps_requirement WHERE job_role_id = title.job_role_id ORDER BY random() LIMIT 1
) requirement
ORDER BY random() LIMIT 1000
"""


def emptied() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE gaps_need, gaps_requirement, gaps_requirementperiod")


def by_hand() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BY_HAND)


def ours() -> None:
    with transaction.atomic():
        requirements.rebuild()


def required() -> set[tuple[Any, ...]]:
    return set(Requirement.objects.values_list("job_role", "skill", "level", "criticality", "steps"))


def made_anew() -> bool:
    floor, _ = ground.best_of(3, by_hand, before=emptied)
    plain = required()
    mine, _ = ground.best_of(3, ours, before=emptied)
    if required() != plain:
        raise SystemExit("the requirements are not those of the plain statement")
    again, _ = ground.best_of(3, ours)
    one, _ = ground.best_of(10, one_edit)
    print(f"{Requirement.objects.count():,} requirements from {Need.objects.count():,} needs")
    print(f"looked through without a change: {again * 1000:.1f} ms; for one edited workflow: {one * 1000:.1f} ms")
    return ground.compare(f"requirements of {company.ROLES:,} roles", ours=mine, floor=floor, limit=2)


def one_edit() -> None:
    workflow = Need.objects.values_list("step__workflow", flat=True).first()
    with transaction.atomic():
        requirements.rebuild_if_alone(requirements.of_workflows([workflow]))


def statements(people: int = company.PEOPLE) -> list[Statement]:
    """A thousand about people somewhere in the company, in skills that their roles need."""
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, {"percent": min(100, 400_000 / people)})
        pairs = cursor.fetchall()
    now = timezone.now()
    return [
        Statement(person_id=person, skill_id=skill, level=3, type="exercise", observed_at=now, source="Bench")
        for person, skill in pairs
    ]


def insert(said: Sequence[Statement], by: Account) -> None:
    until = str(timezone.localdate() + dt.timedelta(days=365))
    rows = [
        {
            "person_id": str(one.person_id),
            "skill_id": str(one.skill_id),
            "level": one.level,
            "type": one.type,
            "observed_at": one.observed_at.isoformat(),
            "valid_until": until,
            "source": one.source,
        }
        for one in said
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PLAIN_INSERT, {"rows": json.dumps(rows), "by": str(by.pk)})


def kept_up(by: Account) -> bool:
    """The whole action, with its checks, the trail and every standing it moves, beside nothing but the rows."""
    mine, plain = [], []
    for _ in range(15):
        for work, times in ((insert, plain), (record, mine)):
            said = statements()
            start = time.perf_counter()
            work(said, by)
            times.append(time.perf_counter() - start)
    return ground.compare(
        "1,000 new pieces of evidence, standing true", ours=median(mine), floor=median(plain), limit=3
    )


def record(said: Sequence[Statement], by: Account) -> None:
    if any(verdict.is_refused for verdict in record_many(said, by=by)):
        raise SystemExit("some of the evidence was refused")


def median(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]


def first_standings() -> None:
    start = time.perf_counter()
    written = standing.recompute_everything()
    took = time.perf_counter() - start
    print(f"{written:,} standings from the beginning: {took:.0f} s, {took / company.PEOPLE * 1e6:.0f} µs per person")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE gaps_standing")
    if Standing.objects.count() != written:
        raise SystemExit("some standings were written twice")


def main() -> bool:
    """True when every ratio keeps within its limit."""
    with ground.database("gaps"):
        by = company.fill()
        made = made_anew()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE gaps_requirement")
        first_standings()
        return made and kept_up(by)
