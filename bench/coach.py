"""The page of support at one step, against an empty page of the same server, for a person of a large company.

`BENCH_GAPS` is the number of people (`company`), `BENCH_RESOURCES` that of resources, placed at every step and skill.
Measured is a workflow of twelve steps that has everything: lines to follow, a dozen references, people to ask, tips,
votes, who waits. One of its steps has one of each and another three, which asks as many queries.
"""

import datetime as dt
import json
import os

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import include, path, reverse
from django.utils import timezone

from base import outbox
from bench import company, ground
from bench.gaps import median
from bench.ground import seconds
from bench.map import empty
from gaps.queries import requirements
from performance_support import actions
from performance_support.models import Moment, TimeGrant
from skills import actions as skill_actions
from skills.models import Skill
from workflows import actions as work
from workflows.models import Outcome, Step
from workforce.models import Account, JobRole, Person, Role

RESOURCES = int(os.environ.get("BENCH_RESOURCES", "100000"))
STEPS, TRIES, LIMIT = 12, 15, 8
# How much people put at the first steps, and at all others.
FEW, FULL = [1, 3], 4
LINES = [
    {"text": f"Check part {n} and see that it holds", "detail": f"In screen {n}, field by field.", "rule": f"Rule {n}."}
    for n in range(6)
]
# The first at a step are followed line by line; as many stand at skills; the rest is guidance at the steps.
HELP = """
SET LOCAL session_replication_role = replica;
CREATE TEMPORARY TABLE at_step AS SELECT id, row_number() OVER (ORDER BY id) AS n FROM workflows_step;
CREATE TEMPORARY TABLE at_skill AS SELECT id, row_number() OVER (ORDER BY id) AS n FROM skills_skill;
CREATE TEMPORARY TABLE help AS
    SELECT gen_random_uuid() AS id, n, (SELECT count(*) FROM at_step) AS steps
    FROM generate_series(1, %(resources)s) n;
INSERT INTO performance_support_resource (id, kind, title, summary, text, steps, owner_id, created_by_id, state,
    verified_at, verified_by_id, due_on)
SELECT id, CASE WHEN n <= steps THEN 'quick_steps' ELSE 'guidance' END, 'The register, part ' || n, 'What stands where',
    repeat('What stands where, and how to find it. ', 20), CASE WHEN n <= steps THEN %(lines)s::jsonb ELSE '[]' END,
    %(by)s, %(by)s, 'verified', now(), %(by)s, current_date + 200
FROM help;
INSERT INTO performance_support_placement (resource_id, step_id, skill_id, moments, position, placed_by_id)
SELECT help.id, at_step.id, at_skill.id, CASE WHEN help.n %% 3 = 0 THEN '{first,solving}' ELSE '{applying}' END::text[],
    1 + help.n / steps, %(by)s
FROM help LEFT JOIN at_skill ON at_skill.n = help.n - steps
LEFT JOIN at_step ON at_step.n = help.n %% steps + 1 AND at_skill.id IS NULL;
INSERT INTO performance_support_tip (id, version, step_id, text, written_by_id, written_at)
SELECT gen_random_uuid(), 1, id, 'Ask for the number first, way ' || way, %(by)s, now()
FROM at_step CROSS JOIN generate_series(1, 4) way;
"""
# Three in ten do all that their role needs to the full standard; the others as it comes.
STANDINGS = """
SET LOCAL session_replication_role = replica;
INSERT INTO gaps_standing (person_id, skill_id, level, trust, type, evidence_id, observed_at, lowest, highest, sources,
    is_contested)
SELECT person.id, needed.skill_id, has.level, 60, 'manager', gen_random_uuid(), now(), has.level, has.level, 1, false
FROM (SELECT *, substr(source_id, 2)::int AS n FROM workforce_person) person
JOIN workforce_jobtitle title ON title.id = person.job_title_id
JOIN gaps_requirement needed ON needed.job_role_id = title.job_role_id
CROSS JOIN LATERAL (SELECT CASE WHEN n %% 10 < 3 THEN 3 ELSE floor(random() * 5 + n * 0)::int END AS level) has;
"""
TABLES = [
    "performance_support_resource",
    "performance_support_placement",
    "performance_support_tip",
    "gaps_need",
    "gaps_requirement",
    "gaps_standing",
]

urlpatterns = [path("empty/", empty), path("", include("config.urls"))]


def furnish(by: Account) -> list[Step]:
    """Twelve steps, each handing on to the next and every fourth one back; what helps at them comes with `equip`."""
    workflow = work.add_workflow("Customer onboarding", by=by)
    before: list[tuple[Step, Outcome]] = []
    for number, role in enumerate(JobRole.objects.order_by("pk")[:STEPS]):
        step = work.add_step(workflow, name=f"Prepare part {number}", performed_by=role, criticality=4, by=by)
        statement = f"The next one has part {number} complete"
        outcome = work.add_outcome(step, statement=statement, measure="days", by=by)
        if before:
            work.add_handoff(before[-1][1], to_step=step, accepted_when="name, number and certificate", by=by)
        for skill in Skill.objects.filter(contexts__step__performed_by=role).distinct().order_by("pk")[:8]:
            skill_actions.place(skill, step=step, outcome=outcome, by=by)
        before.append((step, outcome))
    return [step for step, _ in before]


def equip(step: Step, by: Account, knowers: list[Account]) -> None:
    """One of everything from each who knows it; what stands at the step's skills comes on top."""
    today = timezone.localdate()
    quick = actions.add_resource(kind="quick_steps", title=f"How to {step}", steps=LINES, by=by)
    actions.place_resource(quick, at=step, moments=[Moment.APPLYING], by=by)
    actions.verify(quick, by=by)
    for n, knower in enumerate(knowers):
        aid = actions.add_resource(kind="job_aid", title=f"Register {n} of {step}", text="What stands where.", by=by)
        actions.place_resource(aid, at=step, moments=[Moment.FIRST, Moment.SOLVING], by=by)
        actions.verify(aid, by=by)
        champion = actions.ask_champion(step, account=knower, by=by)
        actions.answer_champion(champion, accepts=True, available_when="mornings", by=knower)
        actions.add_community(name=f"Circle {n} of {step}", meets="Thursdays", steps=[step], by=by)
        days = {"starts_on": today, "ends_on": today + dt.timedelta(days=60)}
        actions.add_cohort(name=f"Group {n}", goal="Alone", meets="Fridays", steps=[step], by=knower, **days)
        tip = actions.leave_tip(step, text=f"Ask for the number first, way {n}.", by=knower)
        for other in knowers[n + 1 :]:
            actions.vote_tip(tip, by=other)
        actions.vote(quick, worked=True, step=step, by=knower)


def reader_at(step: Step) -> Client:
    """Somebody who performs it, signed in, whose manager has granted time to learn."""
    person = Person.objects.filter(job_title__job_role=step.performed_by, manager__isnull=False).order_by("pk")[0]
    account = Account.objects.create_user(f"reader-{step.pk}@example.com", full_name="Reader", person=person)
    if not TimeGrant.objects.filter(manager=person.manager).exists():
        actions.grant_time(person.manager, minutes=60, since=timezone.localdate(), by=account)
    client = Client()
    client.force_login(account)
    return client


def compared(steps: list[Step]) -> bool:
    """In turn, so that weather meets both alike."""
    ours, floor, queries = [], [], {}
    for number, step in enumerate(steps):
        client, address = reader_at(step), reverse("step_support", args=[step.pk])
        count = FEW[number] if number < len(FEW) else FULL
        must_be_the_page(client.get(address).content.decode(), count)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        queries.setdefault(count, set()).add(len(asked))
        client.get("/empty/")
        for _ in range(TRIES):
            floor.append(seconds(lambda client=client: client.get("/empty/")))
            ours.append(seconds(lambda client=client, address=address: client.get(address)))
    size = len(client.get(address).content) // 1024
    print(f"queries by how much stands there: {queries}; the last page has {size} kB")
    kept = ground.compare("the page of a step / an empty page", ours=median(ours), floor=median(floor), limit=LIMIT)
    return kept and len(set().union(*queries.values())) == 1


def must_be_the_page(html: str, count: int) -> None:
    """With everything that was put there, and what stands at its skills."""
    wanted = {
        "data-line=": len(LINES),
        "</svg>champion": count,
        "Circle": count,
        "Learning this now": count,
        "works to the full standard here": 3,
        "Ask for the number first": count,
        "waiting: ": 1,
        "You may use 60 minutes": 1,
        "Did this work?": 1,
    }
    found = {words: html.count(words) for words in wanted}
    if found != wanted or html.count("data-moments=") < count + 8:
        raise SystemExit(f"that is not the page of support: {found}, {html.count('data-moments=')} references")


def main() -> bool:
    """True when the ratio keeps within its limit, and any amount of everything asks as many queries."""
    outbox.enqueue = lambda task, payload: None
    with ground.database("coach"), override_settings(DEBUG=False, ROOT_URLCONF="bench.coach"):
        by = company.fill(evidence=False)
        Account.objects.filter(pk=by.pk).update(roles=[Role.DESIGNER])
        by.refresh_from_db()
        with connection.cursor() as cursor:
            facts = {"resources": RESOURCES, "lines": json.dumps(LINES), "by": str(by.pk)}
            cursor.execute(f"BEGIN; {HELP}; COMMIT", facts)
        people = Person.objects.order_by("pk")[:FULL]
        knowers = [
            Account.objects.create_user(f"k{n}@example.com", full_name=f"Knower {n}", person=person)
            for n, person in enumerate(people)
        ]
        steps = furnish(by)
        for number, step in enumerate(steps):
            equip(step, by, knowers[: FEW[number] if number < len(FEW) else FULL])
        requirements.rebuild()
        with connection.cursor() as cursor:
            cursor.execute(f"BEGIN; {STANDINGS}; COMMIT", {})
            cursor.execute("ANALYZE")
            for table in TABLES:
                cursor.execute(f"VACUUM ANALYZE {table}")
        # The last one hands on to nobody.
        return compared(steps[:-1])
