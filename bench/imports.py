"""The 13,891 skills of ESCO planned and brought in, the first time and again unchanged; and the memory it takes.

The floor does the same with csv, COPY and hand-written statements through psycopg2: the same skills into the same table
with its generated columns and indexes, the flags they get, and a verdict kept for every row. It looks for nothing that
could be wrong with the file and never stops half-way.
"""

import csv
import io
import json
import resource
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from base import outbox
from bench import ground
from skills import actions, carrying
from skills.models import Import, ImportRow, Skill, SkillFlag
from workforce.models import Account

FILE = Path(settings.BASE_DIR).parent / "shared/data/esco/ESCO dataset - v1.1.0 - classification - en - csv.zip"
LIMIT = 3
MEMORY = 300  # MB
OTHERS = ["conceptType", "skillType", "reuseLevel", "hiddenLabels", "status", "modifiedDate", "scopeNote", "definition"]
OTHERS += ["inScheme"]


def main() -> bool:
    if not FILE.exists():
        print(f"{FILE} is not there: nothing to measure")
        return True
    outbox.enqueue = lambda task, payload: None
    with ground.database("imports"):
        by = Account.objects.system()
        # Once to warm up, and to see what it takes before the floor takes anything.
        bring_in(by)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        first, counts = ground.best_of(3, lambda: bring_in(by), before=start_over)
        print(f"{counts['create']:,} created, {SkillFlag.objects.count():,} flags, {Skill.objects.count():,} skills")
        again, counts = ground.best_of(3, lambda: bring_in(by), before=settle)
        print(f"{counts['unchanged']:,} unchanged")
        floor_first, _ = ground.best_of(3, lambda: by_hand(by), before=start_over)
        print(f"by hand: {Skill.objects.count():,} skills, {SkillFlag.objects.count():,} flags")
        floor_again, _ = ground.best_of(3, lambda: by_hand(by), before=settle)
        kept = ground.compare("planned and brought in, the first time", ours=first, floor=floor_first, limit=LIMIT)
        kept &= ground.compare("planned again, all unchanged", ours=again, floor=floor_again, limit=LIMIT)
    print(f"{'memory at its peak':<48}{memory:>10.0f} MB  (≤ {MEMORY} MB)  {'ok' if memory <= MEMORY else 'TOO MUCH'}")
    return kept and memory <= MEMORY


def start_over() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE skills_skill, skills_import, skills_word, base_change CASCADE")
    settle()


def settle() -> None:
    """What autovacuum does between two imports in a day does not belong to either of them."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM skills_importrow")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def bring_in(by: Account) -> dict[str, int]:
    with FILE.open("rb") as file:
        plan = actions.add_import(file, file_name=FILE.name, by=by)
    carrying.work_on(plan.pk)
    if plan.rows.chosen().exists():
        carrying.work_on(actions.apply_import(Import.objects.get(pk=plan.pk), by=by).pk)
    return ImportRow.objects.filter(owner=plan).counts()


def read() -> io.StringIO:
    """The rows as COPY takes them."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    with zipfile.ZipFile(FILE) as archive, archive.open("skills_en.csv") as member:
        for number, row in enumerate(csv.DictReader(io.TextIOWrapper(member, "utf-8", newline="")), 2):
            labels = ["".join(('"', label.replace("\\", "\\\\").replace('"', '\\"'), '"')) for label in labels_of(row)]
            details = json.dumps({name: row[name] for name in OTHERS if row[name]})
            words = row["preferredLabel"]
            writer.writerow([number, row["conceptUri"], words, row["description"], f"{{{','.join(labels)}}}", details])
    buffer.seek(0)
    return buffer


def labels_of(row: dict[str, Any]) -> list[str]:
    return [label for label in dict.fromkeys(row["altLabels"].split("\n")) if label]


STAGE = """
CREATE TEMPORARY TABLE stage (number int, key text, words text, description text, also text[], details jsonb)
ON COMMIT DROP
"""
PLAN = """
WITH met AS (
    SELECT stage.*, skill.id AS skill, CASE WHEN skill.id IS NULL THEN 'create'
        WHEN (skill.name, skill.description, skill.details) = (words, stage.description, stage.details)
            AND skill.also_called = also::varchar[] THEN 'unchanged' ELSE 'update' END AS verdict
    FROM stage LEFT JOIN skills_skill skill ON skill.origin = 'ESCO' AND skill.origin_key = stage.key
)
INSERT INTO skills_importrow (owner_id, number, origin_key, name, verdict, skill_id, choice,
    statement, description, also_called, details)
SELECT %(plan)s, number, key, words, verdict, skill, CASE verdict WHEN 'create' THEN 'apply' ELSE 'leave' END,
    CASE verdict WHEN 'create' THEN words END, CASE verdict WHEN 'create' THEN description END,
    CASE verdict WHEN 'create' THEN also END, CASE verdict WHEN 'create' THEN details END
FROM met
"""
CREATE = """
INSERT INTO skills_skill (name, statement, description, also_called, details, origin, origin_key, owner_id,
    created_by_id)
SELECT words, words, description, also, details, 'ESCO', key, %(by)s, %(by)s FROM stage
ON CONFLICT (origin, origin_key) WHERE origin_key IS NOT NULL DO NOTHING
"""
FLAGS = """
INSERT INTO skills_skillflag (about_id, code)
SELECT skill.id, 'no_context' FROM skills_skill skill
WHERE NOT EXISTS (SELECT FROM skills_context context WHERE context.skill_id = skill.id)
UNION ALL
SELECT skill.id, 'says_little' FROM skills_skill skill WHERE skill.statement !~ '\\S\\s+\\S+\\s+\\S'
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def by_hand(by: Account) -> None:
    plan = Import.objects.create(name="By hand", file_name=FILE.name, created_by=by)
    facts = {"by": by.pk, "plan": plan.pk}
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        cursor.copy_expert("COPY stage FROM STDIN WITH (FORMAT csv)", read())
        cursor.execute("ANALYZE stage")
        cursor.execute(PLAN, facts)
        cursor.execute(CREATE, facts)
        if cursor.rowcount:
            cursor.execute(FLAGS)
