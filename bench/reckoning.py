"""Gaps beside one hand-written statement each: a manager's twelve people, the whole workforce, the nearest roles.

`BENCH_GAPS` shrinks it: BENCH_GAPS=10000 people; a hundredth of that are roles, each needing 40 skills. Standings are
laid straight into their table, four in five of what people's roles need: what is measured is the reckoning alone.
"""

import os
import random
import time
from collections.abc import Callable

from django.db import connection

from bench import ground
from gaps.queries.cover import Wanted as Steps
from gaps.queries.cover import cover
from gaps.queries.gaps import Wanted, gaps, page_of
from gaps.queries.reckoning import Whose
from gaps.queries.roles import roles_near
from gaps.queries.summing import sums
from workforce.models import Account, JobRole, Person

PEOPLE = int(os.environ.get("BENCH_GAPS", "100000"))
ROLES, NEEDED, STEPS = max(10, PEOPLE // 100), 40, 8
SKILLS = ROLES * 14
GROUND = """
INSERT INTO workforce_jobrole (name, description) SELECT 'Role ' || n, '' FROM generate_series(1, %(roles)s) n;
INSERT INTO workforce_jobtitle (name, job_role_id)
    SELECT 'Title of ' || name, id FROM workforce_jobrole;
INSERT INTO workforce_team (name) SELECT 'Team ' || n FROM generate_series(1, %(people)s / 12) n;
CREATE TEMPORARY TABLE role AS SELECT id, row_number() OVER (ORDER BY id) AS n FROM workforce_jobrole;
CREATE TEMPORARY TABLE title AS
    SELECT title.id, role.n FROM workforce_jobtitle title JOIN role ON role.id = job_role_id;
CREATE TEMPORARY TABLE team AS SELECT id, row_number() OVER (ORDER BY id) AS n FROM workforce_team;
CREATE TEMPORARY TABLE team_size AS SELECT count(*) AS teams FROM team;
INSERT INTO workforce_person (source, source_id, display_name, status, job_title_id, team_id, given_name, family_name,
    employee_number, work_email, location, employment_type)
SELECT 'bench', 'E' || place, 'Person ' || place, 'active', title.id, team.id, '', '', '', '', '', ''
FROM generate_series(1, %(people)s) AS series (place) CROSS JOIN team_size
JOIN title ON title.n = place %% %(roles)s + 1 JOIN team ON team.n = place %% teams + 1;
INSERT INTO skills_skill (name, statement, created_by_id)
    SELECT 'Skill ' || n, 'Do thing ' || n, %(by)s FROM generate_series(1, %(skills)s) n;
CREATE TEMPORARY TABLE skill AS SELECT id, row_number() OVER (ORDER BY id) AS n FROM skills_skill;
INSERT INTO workflows_workflow (id, version, name, area, purpose, revision, owner_id, created_by_id, created_at)
    SELECT gen_random_uuid(), 1, 'Work of ' || name, '', '', 1, %(by)s, %(by)s, now() FROM workforce_jobrole;
INSERT INTO workflows_step (id, version, workflow_id, name, performed_by_id, position, criticality, rated_revision,
    revision, revised_at)
SELECT gen_random_uuid(), 1, workflow.id, 'Do step ' || place, role.id, place, 1 + (place + role.n) %% 7, 1, 1,
    now() - interval '3 years'
FROM workflows_workflow workflow JOIN workforce_jobrole named ON workflow.name = 'Work of ' || named.name
JOIN role ON role.id = named.id CROSS JOIN generate_series(1, %(steps)s) place;
INSERT INTO gaps_need (step_id, skill_id, job_role_id, level, criticality, is_rated, contexts, asked_since)
SELECT step.id, skill.id, role.id, 1 + (k + role.n) %% 4, step.criticality, true, 1, now() - interval '3 years'
FROM workflows_step step JOIN role ON role.id = step.performed_by_id
CROSS JOIN generate_series(1, %(needed)s / %(steps)s) k
-- One in five is needed everywhere in the neighbourhood, so that roles share.
JOIN skill ON skill.n =
    ((role.n / (CASE WHEN k = 1 THEN 20 ELSE 1 END)) * 97 + step.position * 7 + k * 1009) %% %(skills)s + 1
ON CONFLICT DO NOTHING;
INSERT INTO gaps_requirement (job_role_id, skill_id, level, criticality, is_rated, steps, asked_since)
SELECT job_role_id, skill_id, max(level), max(criticality), true, count(*), min(asked_since)
FROM gaps_need GROUP BY job_role_id, skill_id;
UPDATE gaps_requirementperiod SET since = now() - interval '3 years';
-- Person after person, as `standing.recompute` writes them.
INSERT INTO gaps_standing (person_id, skill_id, level, trust, type, evidence_id, observed_at, sources, is_contested)
SELECT person.id, requirement.skill_id, (hashtext(person.id::text || skill_id) & 1023) %% 5,
    (ARRAY[30, 60, 80, 100])[1 + (hashtext(skill_id::text || person.id) & 1023) %% 4], 'observed', gen_random_uuid(),
    now(), 1, false
FROM workforce_person person JOIN workforce_jobtitle title ON title.id = person.job_title_id
JOIN gaps_requirement requirement ON requirement.job_role_id = title.job_role_id
WHERE (hashtext(person.source_id || skill_id) & 1023) %% 5 > 0
ORDER BY person.id, requirement.skill_id
"""
TABLES = ["workforce_person", "gaps_need", "gaps_requirement", "gaps_requirementperiod", "gaps_standing"]
MET = """standing.level >= need.level AND standing.trust >=
    CASE WHEN need.criticality >= 6 THEN 80 WHEN need.criticality >= 4 THEN 60 ELSE 21 END"""
OF = """
FROM workforce_person person JOIN workforce_jobtitle title ON title.id = person.job_title_id
JOIN gaps_requirement need ON need.job_role_id = title.job_role_id
LEFT JOIN gaps_standing standing ON standing.person_id = person.id AND standing.skill_id = need.skill_id
"""
# What somebody would write who needs this one answer.
FLOORS = {
    "gaps": f"""
        SELECT person.id, person.display_name, skill.statement, need.level, need.criticality, standing.level,
            standing.trust, step.id, step.name
        {OF} JOIN skills_skill skill ON skill.id = need.skill_id
        CROSS JOIN LATERAL (
            SELECT step.id, step.name FROM gaps_need at JOIN workflows_step step ON step.id = at.step_id
            WHERE at.job_role_id = need.job_role_id AND at.skill_id = need.skill_id
            ORDER BY at.criticality DESC, at.step_id LIMIT 1
        ) step
        WHERE person.id = ANY (%(people)s::uuid[]) AND ({MET}) IS NOT TRUE
        ORDER BY need.criticality DESC, person.display_name
    """,
    "all": f"""
        SELECT team_id, count(*), sum(needs), sum(met), sum(reached), sum(weight), count(*) FILTER (WHERE NOT closed)
        FROM (
            SELECT person.id, person.team_id, count(*) AS needs, count(*) FILTER (WHERE {MET}) AS met,
                sum(need.criticality * least(coalesce(standing.level, 0), need.level)::numeric / need.level) AS reached,
                sum(need.criticality) AS weight,
                bool_or(need.criticality >= 6 AND ({MET}) IS NOT TRUE) AS closed
            {OF} WHERE person.status IN ('active', 'leave') GROUP BY person.id
        ) each GROUP BY team_id
    """,
    "near": """
        SELECT role.id, role.name, count(*),
            sum(need.criticality * least(other.level, need.level)::numeric / need.level) AS reached
        FROM gaps_requirement need
        JOIN gaps_requirement other ON other.skill_id = need.skill_id AND other.job_role_id <> need.job_role_id
        JOIN workforce_jobrole role ON role.id = other.job_role_id
        WHERE need.job_role_id = %(role)s GROUP BY role.id ORDER BY reached DESC LIMIT 10
    """,
}


def plain(which: str, **values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(FLOORS[which], values)
        return cursor.fetchall()


def fill() -> None:
    by = Account.objects.create_user("bench@example.com", full_name="Bench")
    facts = {"people": PEOPLE, "roles": ROLES, "skills": SKILLS, "needed": NEEDED, "steps": STEPS, "by": str(by.pk)}
    with connection.cursor() as cursor:
        cursor.execute(GROUND, facts)
        for table in TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute("SELECT count(*) FROM gaps_requirement UNION ALL SELECT count(*) FROM gaps_standing")
        [needs], [held] = cursor.fetchall()
    print(f"{PEOPLE:,} people, {ROLES:,} roles, {needs:,} requirements, {held:,} standings")


def paired(tries: list[tuple[Callable[[], object], Callable[[], object]]]) -> tuple[list[float], list[float]]:
    """Seconds of ours and of the floor, one right after the other, so that the weather is the same for both."""
    ours, floor = [], []
    for mine, theirs in tries:
        for work, times in ((theirs, floor), (mine, ours)):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
    return ours, floor


def median(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]


def p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def team(dice: random.Random) -> bool:
    """Twelve people of some team; the gaps must be the same."""
    teams = list(Person.objects.values_list("team", flat=True).distinct()[:200])
    dice.shuffle(teams)
    twelve = [[str(pk) for pk in Person.objects.filter(team=one).values_list("pk", flat=True)] for one in teams[:40]]
    for people in twelve:
        if len(gaps(Wanted(Whose(people=people)))) != len(plain("gaps", people=people)):
            raise SystemExit("the manager's gaps are not those of the plain statement")
    tries = [(lambda p=p: gaps(Wanted(Whose(people=p))), lambda p=p: plain("gaps", people=p)) for p in twelve * 3]
    ours, floor = paired(tries)
    covered, _ = ground.best_of(3, lambda: cover(Steps(Whose(people=twelve[0]))))
    print(f"cover of the steps of twelve people: {covered * 1000:.1f} ms")
    return ground.compare("a manager's gaps, 12 people", ours=median(ours), floor=median(floor), limit=3)


def everybody() -> bool:
    met = sum(int(row[3]) for row in plain("all"))
    if sum(each.met for each in sums(by="team")) != met:
        raise SystemExit("the sums are not those of the plain statement")
    floor, _ = ground.best_of(3, lambda: plain("all"))
    ours, _ = ground.best_of(3, lambda: sums(by="team"))
    page, _ = ground.best_of(3, lambda: page_of(Wanted(), size=100))
    print(f"a page of 100 of everybody's gaps: {page * 1000:.1f} ms")
    return ground.compare("the whole workforce's gaps, by team", ours=ours, floor=floor, limit=2)


def nearest(dice: random.Random) -> bool:
    chosen = dice.sample(list(JobRole.objects.values_list("pk", flat=True)), min(100, ROLES))
    ours, floor = paired([(lambda pk=pk: roles_near(pk), lambda pk=pk: plain("near", role=str(pk))) for pk in chosen])
    return ground.compare("nearest roles for one role, p95", ours=p95(ours), floor=p95(floor), limit=3)


def main() -> bool:
    """True when every ratio keeps within its limit."""
    dice = random.Random(4)
    with ground.database("reckoning"):
        fill()
        return all([team(dice), everybody(), nearest(dice)])
