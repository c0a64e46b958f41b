"""A list of a million ratings, planned and brought in, beside COPY and merge written by hand.

`BENCH_RATINGS` names the rows: BENCH_RATINGS=100000. The plain way copies the same file, looks up whom and what it
names, adds the evidence and takes the newest of each into the standings: without verdicts, resuming or a way back.
"""

import io
import os
import random
import zipfile
from typing import Any

from django.db import connection, transaction

from bench import ground
from gaps import bringing
from gaps.actions import add_ratings, apply_ratings, plan_ratings
from gaps.models import RatingList
from gaps.ratings import scale_of
from workforce.models import Account

COUNT = int(os.environ.get("BENCH_RATINGS", "1000000"))
PEOPLE, SKILLS = max(100, COUNT // 20), 2_000
# A million takes minutes, in which the weather evens out.
TRIES = 1 if COUNT > 500_000 else 3
GROUND = """
INSERT INTO workforce_person (source, source_id, display_name, status, given_name, family_name, employee_number,
    work_email, location, employment_type)
SELECT 'bench', 'E' || n, 'Person ' || n, 'active', '', '', '', '', '', '' FROM generate_series(1, %(people)s) n;
INSERT INTO skills_skill (name, statement, state, created_by_id)
SELECT 'Skill ' || n, 'Do thing ' || n, 'draft', %(by)s FROM generate_series(1, %(skills)s) n;
"""
COLUMNS = {"person": "person", "skill": "skill", "level": "level"}
STAGE = "CREATE TEMPORARY TABLE plain (person text, skill text, level int) ON COMMIT DROP"
EVIDENCE = """
INSERT INTO gaps_evidence (person_id, skill_id, level, type, observed_at, valid_until, source, reference,
    recorded_by_id)
SELECT person.id, skill.id, plain.level - 1, 'manager', current_date, current_date + 180, 'Plain',
    md5(plain.person || plain.skill), %(by)s
FROM plain JOIN workforce_person person ON person.source_id = plain.person
JOIN skills_skill skill ON skill.name = plain.skill
ON CONFLICT (source, reference) WHERE reference <> '' DO NOTHING
"""
MERGE = """
INSERT INTO gaps_standing (person_id, skill_id, level, trust, type, evidence_id, observed_at, valid_until, sources,
    lowest, highest, is_contested)
SELECT DISTINCT ON (person_id, skill_id) person_id, skill_id, level, 60, type, id, observed_at, valid_until, 1,
    level, level, false
FROM gaps_evidence WHERE source = 'Plain' ORDER BY person_id, skill_id, observed_at DESC
ON CONFLICT (person_id, skill_id) DO UPDATE SET level = excluded.level, evidence_id = excluded.evidence_id,
    observed_at = excluded.observed_at, valid_until = excluded.valid_until
"""


def rows() -> str:
    """Each person in as many skills, none twice; in no order, as lists come."""
    pairs = [(person, skill) for person in range(1, PEOPLE + 1) for skill in range(COUNT // PEOPLE)]
    random.Random(7).shuffle(pairs)
    said = (f"E{person},Skill {1 + (person * 37 + skill * 97) % SKILLS},{1 + person % 5}" for person, skill in pairs)
    return "person,skill,level\n" + "\n".join(said)


def by_hand(text: str, by: Account) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STAGE)
        cursor.copy_expert("COPY plain FROM STDIN WITH (FORMAT csv, HEADER)", io.StringIO(text))
        cursor.execute("ANALYZE plain")
        cursor.execute(EVIDENCE, {"by": by.pk})
        cursor.execute(MERGE)


def packed(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ratings.csv", text)
    return buffer.getvalue()


def taken_in(content: bytes, by: Account) -> RatingList:
    return add_ratings(io.BytesIO(content), file_name="ratings.zip", by=by)


def planned(plan: RatingList, by: Account) -> RatingList:
    asked = plan_ratings(
        plan, source="Bench", type="manager", scale="1-5", bands=scale_of("1-5"), mapping=COLUMNS, by=by
    )
    return worked(asked)


def worked(plan: RatingList) -> RatingList:
    bringing.work_on(plan.pk)
    plan.refresh_from_db()
    if plan.failure or plan.is_wanted:
        raise SystemExit(f"{plan.state} {plan.failure}")
    return plan


def ours(content: bytes, by: Account) -> None:
    plan = worked(apply_ratings(planned(taken_in(content, by), by), by=by))
    if (plan.state, plan.done) != ("applied", COUNT):
        raise SystemExit(f"{plan.state}: {plan.done:,} of {COUNT:,}")


def emptied() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE gaps_evidence, gaps_standing, gaps_ratinglist CASCADE")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def fill() -> Account:
    by = Account.objects.create_user("bench@example.com", full_name="Bench")
    facts: dict[str, Any] = {"people": PEOPLE, "skills": SKILLS, "by": str(by.pk)}
    with connection.cursor() as cursor:
        cursor.execute(GROUND, facts)
    return by


def main() -> bool:
    """True when the ratio keeps within its limit."""
    with ground.database("ratings"):
        by, text = fill(), rows()
        content = packed(text)
        floor, _ = ground.best_of(TRIES, lambda: by_hand(text, by), before=emptied)
        mine, _ = ground.best_of(TRIES, lambda: ours(content, by), before=emptied)
        again, plan = ground.best_of(1, lambda: planned(taken_in(content, by), by))
        if plan.counts != {"unchanged": COUNT}:
            raise SystemExit(f"the same list again: {plan.counts}")
        print(f"{COUNT:,} ratings; the same list planned again: {again:.1f} s, nothing new")
        return ground.compare("planned and brought in", ours=mine, floor=floor, limit=3)
