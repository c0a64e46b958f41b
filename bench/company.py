"""A large company in plain SQL: work with contexts, people in a tree, evidence. Others measure on it too.

100,000 people, 1,000 roles with about 40 required skills each, 4,000,000 pieces of evidence. `BENCH_GAPS` shrinks it:
BENCH_GAPS=10000 people; a hundredth of that are roles.

The twelve who report to somebody share four roles, and roles next to each other perform steps of the same workflows, so
that a team works in about a dozen of them. Twelve people in twelve unrelated roles would be a team that nobody leads.
"""

import os
import time

from django.db import connection

from workforce.models import Account

PEOPLE = int(os.environ.get("BENCH_GAPS", "100000"))
STEPS, AT_A_STEP = 5, 8
EVIDENCE_EACH = 40


def roles_of(people: int) -> int:
    return max(10, people // 100)


ROLES = roles_of(PEOPLE)

# Every row keeps what the product would have written; only the checks row by row are spared, as in a restore.
WORK = """
SET LOCAL session_replication_role = replica;
INSERT INTO workforce_jobrole (name, description) SELECT 'Role ' || n, '' FROM generate_series(1, %(roles)s) n;
CREATE TEMPORARY TABLE role AS SELECT id, row_number() OVER (ORDER BY id) AS n FROM workforce_jobrole;
INSERT INTO workforce_jobtitle (name, job_role_id) SELECT 'Title ' || n, id FROM role;
CREATE TEMPORARY TABLE title AS
    SELECT title.id, role.id AS role_id, role.n FROM workforce_jobtitle title JOIN role ON role.id = title.job_role_id;
INSERT INTO workflows_workflow (id, version, name, area, purpose, revision, owner_id, created_by_id, created_at)
    SELECT gen_random_uuid(), 1, 'Work ' || n, '', '', 1, %(by)s, %(by)s, now() FROM role;
CREATE TEMPORARY TABLE work AS SELECT id, row_number() OVER (ORDER BY id) AS n FROM workflows_workflow;
-- Every role performs a step in each of as many workflows; roles next to each other work in the same ones.
INSERT INTO workflows_step (id, version, workflow_id, name, performed_by_id, position, criticality, rated_revision,
    revision, revised_at)
SELECT gen_random_uuid(), 1, work.id, 'Do step ' || place, role.id, place, 1 + (place + role.n) %% 7, 1, 1,
    now() - interval '3 years'
FROM work CROSS JOIN generate_series(1, %(steps)s) place
JOIN role ON role.n = (work.n + place) %% %(roles)s + 1;
INSERT INTO workflows_outcome (id, version, produced_by_id, statement, beneficiary, measure, unit, direction)
SELECT gen_random_uuid(), 1, id, 'Result of ' || name, 'the customer', 'days', '', '' FROM workflows_step;
INSERT INTO workflows_handoff (id, version, outcome_id, to_step_id, accepted_when)
SELECT gen_random_uuid(), 1, outcome.id, next.id, ''
FROM workflows_outcome outcome JOIN workflows_step step ON step.id = outcome.produced_by_id
JOIN workflows_step next ON next.workflow_id = step.workflow_id AND next.position = step.position + 1;
INSERT INTO workflows_lineofsight (step_id, outcome_id, distance)
SELECT step.id, outcome.id, producer.position - step.position
FROM workflows_step step
JOIN workflows_step producer ON producer.workflow_id = step.workflow_id AND producer.position >= step.position
JOIN workflows_outcome outcome ON outcome.produced_by_id = producer.id;
INSERT INTO skills_skill (name, statement, state, created_by_id, published_at, published_by_id)
    SELECT 'Skill ' || n, 'Do thing ' || n, 'published', %(by)s, now(), %(by)s FROM generate_series(1, %(skills)s) n;
CREATE TEMPORARY TABLE skill AS SELECT id, row_number() OVER (ORDER BY id) AS n FROM skills_skill;
INSERT INTO skills_context (skill_id, step_id, outcome_id, required_level, placed_at, placed_by_id)
SELECT skill.id, step.id, outcome.id, 1 + (k + role.n) %% 4, now() - interval '2 years', %(by)s
FROM workflows_step step JOIN role ON role.id = step.performed_by_id
JOIN workflows_outcome outcome ON outcome.produced_by_id = step.id
CROSS JOIN generate_series(1, %(at_a_step)s) k
JOIN skill ON skill.n = (role.n * 41 + step.position * 8 + k * 1009) %% %(skills)s + 1
ON CONFLICT DO NOTHING;
"""
PEOPLE_OF_IT = """
SET LOCAL session_replication_role = replica;
INSERT INTO workforce_team (name) SELECT 'Team ' || n FROM generate_series(1, %(people)s / 12 + 1) n;
CREATE TEMPORARY TABLE team AS SELECT id, row_number() OVER (ORDER BY id) AS n FROM workforce_team;
CREATE TEMPORARY TABLE person AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, %(people)s) n;
CREATE UNIQUE INDEX ON person (n);
-- Everybody leads up to twelve, who share four roles.
INSERT INTO workforce_person (id, source, source_id, display_name, status, job_title_id, team_id, manager_id,
    given_name, family_name, employee_number, work_email, location, employment_type)
SELECT person.id, 'bench', 'E' || person.n, 'Person ' || person.n, 'active', title.id, team.id, manager.id,
    '', '', '', '', '', ''
FROM person JOIN title ON title.n = ((person.n - 2) / 12 * 4 + person.n %% 4) %% %(roles)s + 1
JOIN team ON team.n = person.n / 12 + 1
LEFT JOIN person manager ON manager.n = (person.n - 2) / 12 + 1 AND person.n > 1;
"""
# For three skills in four of what the own role needs: one piece of evidence or more, over the last three hundred days.
# They lie as they were written, day after day, so that what was said of one person lies all over the table.
EVIDENCE = """
SET LOCAL session_replication_role = replica;
INSERT INTO gaps_evidence (person_id, skill_id, level, type, observed_at, valid_until, observer_id, step_id,
    step_revision, source, recorded_by_id)
SELECT person_id, skill_id, level, trust.type, moment, (moment + make_interval(months => coalesce(months, 24)))::date,
    CASE WHEN kind IN (1, 2, 5) THEN manager_id END, CASE WHEN kind < 3 THEN step_id END, CASE WHEN kind < 3 THEN 1 END,
    'Bench ' || kind, %(by)s
FROM (
    SELECT person.id AS person_id, person.manager_id, asked.skill_id, asked.step_id,
        (random() * 4)::int AS level, 1 + (random() * 7)::int AS kind, now() - random() * interval '300 days' AS moment
    FROM workforce_person person
    JOIN workforce_jobtitle title ON title.id = person.job_title_id
    JOIN (
        SELECT DISTINCT ON (step.performed_by_id, context.skill_id) step.performed_by_id, context.skill_id,
            context.step_id
        FROM skills_context context JOIN workflows_step step ON step.id = context.step_id
    ) asked ON asked.performed_by_id = title.job_role_id
    CROSS JOIN generate_series(1, 2)
    WHERE random() < %(share)s
) said
JOIN (SELECT *, row_number() OVER (ORDER BY percent DESC) AS place FROM gaps_trust) trust ON trust.place = kind
ORDER BY moment
"""
TABLES = [
    "workforce_person",
    "workforce_jobtitle",
    "workflows_step",
    "workflows_outcome",
    "workflows_lineofsight",
    "skills_skill",
    "skills_context",
    "gaps_evidence",
]


# An index is made at once in a fraction of the time that forty million rows in no order of it take one by one.
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = 'gaps_evidence'::regclass AND NOT indisprimary AND NOT indisunique
"""


def fill(people: int = PEOPLE, *, evidence: bool = True) -> Account:
    """Lay it into an empty database; what is derived is left to whoever measures."""
    by = Account.objects.create_user("bench@example.com", full_name="Bench")
    start = time.perf_counter()
    # Two rounds, each taken with the share that makes so many in all.
    share = EVIDENCE_EACH / (2 * STEPS * AT_A_STEP)
    facts = {
        "people": people,
        "roles": roles_of(people),
        "skills": roles_of(people) * 5,
        "steps": STEPS,
        "at_a_step": AT_A_STEP,
        "share": share,
        "by": str(by.pk),
    }
    with connection.cursor() as cursor:
        for part in (WORK, PEOPLE_OF_IT):
            cursor.execute(f"BEGIN; {part}; COMMIT", facts)
        cursor.execute("ANALYZE")
        if evidence:
            cursor.execute(INDEXES)
            indexes = cursor.fetchall()
            anew = "".join(f"DROP INDEX {name}; " for name, _ in indexes)
            again = "".join(f"; {made}" for _, made in indexes)
            cursor.execute(f"BEGIN; SET LOCAL maintenance_work_mem = '1GB'; {anew}{EVIDENCE}{again}; COMMIT", facts)
        for table in TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute("SELECT count(*) FROM skills_context UNION ALL SELECT count(*) FROM gaps_evidence")
        [contexts], [said] = cursor.fetchall()
    took = time.perf_counter() - start
    roles = roles_of(people)
    print(f"{people:,} people, {roles:,} roles, {contexts:,} contexts, {said:,} pieces of evidence: {took:.0f} s")
    return by
