"""The audit of a million skills: each blocking rule against its plain anti-join, reconcile against a merge by hand.

`BENCH_SKILLS` shrinks it. Everything is generated inside PostgreSQL, in a database of its own.
"""

import os
import time
from typing import Any

from django.db import connection

from base.rules import Rule, ids_of, reconcile
from bench import ground
from skills.models import SkillFlag
from skills.rules import SKILL_RULES

SIZE = {
    "skills": int(os.environ.get("BENCH_SKILLS", "1000000")),
    "workflows": 250,
    "steps": 40,  # of each workflow
    "contexts": 4,  # of a skill, at most; 2.9 on average, because some have fewer and some have none
}

# The same rows by hand: what somebody would write who needs this one answer and nothing else.
BY_HAND = {
    "no_context": """
        SELECT skill.id FROM skills_skill skill WHERE skill.state <> 'retired'
        AND NOT EXISTS (SELECT FROM skills_context context WHERE context.skill_id = skill.id)
    """,
    "path_broken": """
        SELECT skill.id FROM skills_skill skill WHERE skill.state <> 'retired'
        AND EXISTS (
            SELECT FROM skills_context context
            JOIN workflows_step step ON step.id = context.step_id AND step.retired_at IS NULL
            JOIN workflows_workflow workflow ON workflow.id = step.workflow_id AND workflow.retired_at IS NULL
            JOIN workflows_outcome outcome ON outcome.id = context.outcome_id AND outcome.retired_at IS NULL
            WHERE context.skill_id = skill.id
        )
        AND NOT EXISTS (
            SELECT FROM skills_context context
            JOIN workflows_lineofsight sight
                ON sight.step_id = context.step_id AND sight.outcome_id = context.outcome_id
            WHERE context.skill_id = skill.id
        )
    """,
    "work_retired": """
        SELECT skill.id FROM skills_skill skill WHERE skill.state <> 'retired'
        AND EXISTS (SELECT FROM skills_context context WHERE context.skill_id = skill.id)
        AND NOT EXISTS (
            SELECT FROM skills_context context
            JOIN workflows_step step ON step.id = context.step_id AND step.retired_at IS NULL
            JOIN workflows_workflow workflow ON workflow.id = step.workflow_id AND workflow.retired_at IS NULL
            JOIN workflows_outcome outcome ON outcome.id = context.outcome_id AND outcome.retired_at IS NULL
            WHERE context.skill_id = skill.id
        )
    """,
}

MERGE_BY_HAND = """
    MERGE INTO skills_skillflag flag
    USING ({failing}) failing ON flag.about_id = failing.id AND flag.code = '{code}' AND flag.cleared_at IS NULL
    WHEN NOT MATCHED BY TARGET THEN INSERT (about_id, code) VALUES (failing.id, '{code}')
    WHEN NOT MATCHED BY SOURCE AND flag.code = '{code}' AND flag.cleared_at IS NULL THEN UPDATE SET cleared_at = now()
"""

# Ids made of numbers, so that one statement can refer to what another one wrote.
FURNISH = [
    "SELECT setseed(0.5)",
    "CREATE FUNCTION pg_temp.key(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS "
    "$$ SELECT (lpad(kind::text, 8, '0') || '-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$",
    """INSERT INTO workforce_account (id, kind, full_name, password, roles, is_active)
       VALUES (pg_temp.key(0, 0), 'system', 'Sightline', '', '{}', true)""",
    "INSERT INTO workforce_jobrole (id, name, description) SELECT pg_temp.key(1, n), 'Role ' || n, '' "
    "FROM generate_series(0, 39) n",
    """INSERT INTO workflows_workflow (id, name, area, purpose, owner_id, created_by_id, revision, created_at)
       SELECT pg_temp.key(2, n), 'Workflow ' || n, '', '', pg_temp.key(0, 0), pg_temp.key(0, 0), 1, now()
       FROM generate_series(0, %(workflows)s - 1) n""",
    """INSERT INTO workflows_step (id, workflow_id, name, performed_by_id, position, criticality, rated_revision,
            revision, revised_at)
       SELECT pg_temp.key(3, w * %(steps)s + p), pg_temp.key(2, w), 'Do step ' || p, pg_temp.key(1, p), p + 1,
              CASE WHEN p <> 5 THEN 4 END, CASE WHEN p <> 5 THEN 1 END, 1, now()
       FROM generate_series(0, %(workflows)s - 1) w, generate_series(0, %(steps)s - 1) p""",
    """INSERT INTO workflows_outcome (id, produced_by_id, statement, beneficiary, measure, unit, direction)
       SELECT pg_temp.key(4, n), pg_temp.key(3, n), 'Outcome ' || n || ' is reached', 'the customer',
              CASE WHEN n %% 30 <> 4 THEN 'days' ELSE '' END, '', ''
       FROM generate_series(0, %(workflows)s * %(steps)s - 1) n""",
    """INSERT INTO workflows_lineofsight (step_id, outcome_id, distance)
       SELECT pg_temp.key(3, w * %(steps)s + p), pg_temp.key(4, w * %(steps)s + q), q - p
       FROM generate_series(0, %(workflows)s - 1) w, generate_series(0, %(steps)s - 1) p,
            generate_series(p, %(steps)s - 1) q""",
    """INSERT INTO skills_skill (id, name, statement, state, created_by_id, owner_id, retired_at, retired_by_id)
       SELECT pg_temp.key(5, n), 'Skill ' || n, 'Support role ' || n / 100 %% 40 || ' by completing task '
              || n - (n %% 100) / 99 || ' in full',
              CASE n %% 50 WHEN 7 THEN 'retired' ELSE 'draft' END, pg_temp.key(0, 0), pg_temp.key(0, 0),
              CASE n %% 50 WHEN 7 THEN now() END, CASE n %% 50 WHEN 7 THEN pg_temp.key(0, 0) END
       FROM generate_series(0, %(skills)s - 1) n""",
    # Nine of ten skills have contexts, at steps of one workflow, each for an outcome further on.
    """INSERT INTO skills_context (skill_id, step_id, outcome_id, required_level, placed_by_id)
       SELECT pg_temp.key(5, n), pg_temp.key(3, step),
              pg_temp.key(4, step + (n + k) %% (%(steps)s - step %% %(steps)s)), 3, pg_temp.key(0, 0)
       FROM (SELECT n, k, n %% %(workflows)s * %(steps)s + (n / %(workflows)s * 7 + k * 3) %% %(steps)s AS step
             FROM generate_series(0, %(skills)s - 1) n, generate_series(1, %(contexts)s) k WHERE n %% 10 <> 0) placed
       WHERE k <= %(contexts)s - 1 OR n %% 9 < 2""",
    # The work goes on changing after the list was placed.
    "UPDATE workflows_workflow SET retired_at = now(), retired_by_id = pg_temp.key(0, 0) "
    "WHERE id < pg_temp.key(2, %(workflows)s / 8)",
    "DELETE FROM workflows_lineofsight sight USING workflows_step step JOIN workflows_workflow workflow "
    "ON workflow.id = step.workflow_id AND workflow.retired_at IS NOT NULL WHERE step.id = sight.step_id",
    "DELETE FROM workflows_lineofsight sight USING workflows_step step "
    "WHERE step.id = sight.step_id AND sight.distance > 25 AND step.position < 15",
]


def main() -> bool:
    with ground.database("audit"):
        start = time.perf_counter()
        furnish()
        skills, contexts = one("SELECT count(*) FROM skills_skill"), one("SELECT count(*) FROM skills_context")
        print(f"{skills:,} skills with {contexts:,} contexts, made in {time.perf_counter() - start:.0f} s", flush=True)
        return all([*[rule_in_time(rule) for rule in SKILL_RULES], *reconcile_in_time("no_context")])


def furnish() -> None:
    with connection.cursor() as cursor:
        # Only the audit is measured, so the indexes for searching are not built and what is made here is not checked.
        cursor.execute("DROP INDEX skill_search, skill_statement_trigrams")
        cursor.execute("SET session_replication_role = replica")
        for statement in FURNISH:
            cursor.execute(statement, SIZE)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")


def one(sql: str, params: Any = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0] if cursor.description else cursor.rowcount


def counted(sql: str, params: Any = None) -> Any:
    return one(f"SELECT count(*) FROM ({sql}) failing", params)


def rule_in_time(rule: Rule) -> bool:
    """A rule that does not block has no limit; its time is told, from one try."""
    sql, params = ids_of(rule.failing(SKILL_RULES.subjects()))
    ours, found = ground.best_of(3 if rule.blocks else 1, lambda: counted(sql, params))
    if rule.code not in BY_HAND:
        print(f"{f'{rule.code} ({found:,} found)':<48}{ours * 1000:>10.1f} ms", flush=True)
        return True
    floor, expected = ground.best_of(3, lambda: counted(BY_HAND[rule.code]))
    assert found == expected, f"{rule.code}: {found} by the rule, {expected} by hand"
    return ground.compare(f"{rule.code} ({found:,} found)", ours=ours, floor=floor, limit=2)


def reconcile_in_time(code: str) -> list[bool]:
    """The first run, which opens every flag, and the next one, which finds nothing to do."""
    merge = MERGE_BY_HAND.format(failing=BY_HAND[code], code=code)

    def ours() -> Any:
        return reconcile(SkillFlag, code, SKILL_RULES[code].failing(SKILL_RULES.subjects()))

    def empty() -> None:
        one("TRUNCATE skills_skillflag")

    floor, merged = ground.best_of(2, lambda: one(merge), before=empty)
    spent, first = ground.best_of(2, ours, before=empty)
    assert first.opened == merged
    kept = [ground.compare(f"reconcile, first run ({first.opened:,} opened)", ours=spent, floor=floor, limit=2)]
    one("VACUUM ANALYZE skills_skillflag")
    floor, merged = ground.best_of(3, lambda: one(merge))
    spent, again = ground.best_of(3, ours)
    assert (again.opened, again.cleared, merged) == (0, 0, 0)
    what = f"reconcile, nothing changed ({again.standing:,} stand)"
    return [*kept, ground.compare(what, ours=spent, floor=floor, limit=2)]


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
