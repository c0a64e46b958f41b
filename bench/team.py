"""A manager's page about twelve people, among everybody's four million pieces of evidence; and the night's snapshot.

The data behind the page stands beside what one would write by hand for it, the whole page beside an empty one of the
same server. Whether the cost per person stays what it is in a larger company, `flat` tells.
"""

import datetime as dt
import random
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from django.utils import timezone

from bench import company, ground
from bench.gaps import first_standings, kept_up, median
from bench.ground import seconds
from gaps.looking import Look
from gaps.models import FigurePeriod, SnapshotDay
from gaps.queries import requirements, snapshot
from gaps.queries.reckoning import Whose
from gaps.queries.summing import sums
from gaps.team import Team
from gaps.views import drawing
from workforce.models import Account, Person

TEAMS, TRIES = 20, 3
MET = """coalesce(held.level >= need.level AND held.trust >=
    CASE WHEN need.criticality >= 6 THEN 80 WHEN need.criticality >= 4 THEN 60 ELSE 21 END, false)"""
ROLES = """(SELECT title.job_role_id FROM workforce_person person
    JOIN workforce_jobtitle title ON title.id = person.job_title_id WHERE person.id = ANY (%(people)s::uuid[]))"""
OF = """FROM workforce_person person JOIN workforce_jobtitle title ON title.id = person.job_title_id
JOIN {asks} need ON need.job_role_id = title.job_role_id
LEFT JOIN gaps_standing held ON held.person_id = person.id AND held.skill_id = need.skill_id"""
AT_STEPS, IN_ALL = OF.format(asks="gaps_need"), OF.format(asks="gaps_requirement")
# What somebody would write who needs these answers and no others: nothing about goals, changes, overrules, past days.
BY_HAND = {
    "gaps": f"""
        SELECT person.id, person.display_name, skill.statement, need.level, need.criticality, held.level, held.trust,
            step.id, step.name
        {IN_ALL} JOIN skills_skill skill ON skill.id = need.skill_id
        CROSS JOIN LATERAL (
            SELECT step.id, step.name FROM gaps_need at JOIN workflows_step step ON step.id = at.step_id
            WHERE at.job_role_id = need.job_role_id AND at.skill_id = need.skill_id
            ORDER BY at.criticality DESC, at.step_id LIMIT 1
        ) step
        WHERE person.id = ANY (%(people)s::uuid[]) AND NOT {MET}
        ORDER BY need.criticality DESC, person.display_name LIMIT 200
    """,
    "sum": f"""
        SELECT count(*), count(*) FILTER (WHERE {MET}), sum(need.criticality),
            sum(need.criticality * least(coalesce(held.level, 0), need.level)::numeric / need.level)
        {IN_ALL} WHERE person.id = ANY (%(people)s::uuid[])
    """,
    "cells": f"""
        SELECT person.id, need.step_id, count(*), count(*) FILTER (WHERE {MET}), min(held.level), max(need.level),
            max(need.criticality), sum(greatest(0, need.level - coalesce(held.level, 0)))
        {AT_STEPS} WHERE person.id = ANY (%(people)s::uuid[]) GROUP BY person.id, need.step_id
    """,
    "cover": f"""
        SELECT step.id, step.name, step.position, workflow.name, step.criticality, count(able.person_id),
            array_agg(able.display_name)
        FROM workflows_step step JOIN workflows_workflow workflow ON workflow.id = step.workflow_id
        LEFT JOIN (
            SELECT need.step_id, person.id AS person_id, person.display_name
            {AT_STEPS} WHERE person.id = ANY (%(people)s::uuid[])
            GROUP BY need.step_id, person.id HAVING bool_and({MET})
        ) able ON able.step_id = step.id
        WHERE step.performed_by_id IN {ROLES} GROUP BY step.id, workflow.name ORDER BY workflow.name, step.position
    """,
    "outcomes": f"""
        SELECT outcome.id, outcome.statement, array_agg(sight.step_id)
        FROM workflows_lineofsight sight JOIN workflows_outcome outcome ON outcome.id = sight.outcome_id
        WHERE sight.step_id IN (SELECT id FROM workflows_step WHERE performed_by_id IN {ROLES}) GROUP BY outcome.id
    """,
    "people": """
        SELECT person.id, person.display_name, role.name, team.name FROM workforce_person person
        LEFT JOIN workforce_jobtitle title ON title.id = person.job_title_id
        LEFT JOIN workforce_jobrole role ON role.id = title.job_role_id
        LEFT JOIN workforce_team team ON team.id = person.team_id WHERE person.id = ANY (%(people)s::uuid[])
    """,
    "due": """
        SELECT held.person_id, count(*), min(held.valid_until)
        FROM gaps_standing held JOIN workforce_person person ON person.id = held.person_id
        JOIN workforce_jobtitle title ON title.id = person.job_title_id
        JOIN gaps_requirement need ON need.job_role_id = title.job_role_id AND need.skill_id = held.skill_id
        WHERE held.person_id = ANY (%(people)s::uuid[]) AND held.valid_until <= %(soon)s GROUP BY held.person_id
    """,
    "trend": """
        SELECT day, sum(met), sum(needs), sum(reached), sum(weight)
        FROM generate_series(%(first)s::date, %(today)s::date, interval '1 day') day
        LEFT JOIN gaps_figureperiod kept ON person_id = ANY (%(people)s::uuid[])
            AND since <= day AND (until IS NULL OR until > day)
        GROUP BY day ORDER BY day
    """,
}


def empty(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


urlpatterns = [path("empty/", empty), path("", include("config.urls"))]


def look_at(people: frozenset[UUID]) -> Team:
    """Everything that the page reckons, as its template asks for it."""
    look = Look(people=people)
    team = Team(look)
    for fact in ("people", "sum", "trend", "outcomes", "gaps", "cells", "advice", "closest", "moves", "due"):
        getattr(team, fact)
    return team


def by_hand(people: frozenset[UUID]) -> dict[str, list[tuple[object, ...]]]:
    today = timezone.localdate()
    values = {
        "people": [str(pk) for pk in people],
        "today": today,
        "first": today - dt.timedelta(days=89),
        "soon": today + dt.timedelta(days=30),
    }
    found = {}
    with connection.cursor() as cursor:
        for name, statement in BY_HAND.items():
            cursor.execute(statement, values)
            found[name] = cursor.fetchall()
    return found


def managers(dice: random.Random, count: int = TEAMS, people: int = company.PEOPLE) -> list[Person]:
    """Some who lead twelve people, who lead nobody."""
    last = (people - 2) // 12  # whoever is numbered higher leads fewer than twelve, or nobody
    numbers = dice.sample(range(last // 12 + 2, last), count)
    return list(Person.objects.filter(source_id__in=[f"E{number}" for number in numbers]))


def tree(manager: Person) -> frozenset[UUID]:
    return frozenset({manager.pk, *Person.objects.filter(manager=manager).values_list("pk", flat=True)})


def data(leads: list[Person]) -> bool:
    """The same gaps, cells and steps by either way; then how long each takes, in turn."""
    ours, floor = [], []
    for manager in leads:
        people = tree(manager)
        if len(people) != 13:
            raise SystemExit(f"{manager} does not lead twelve people")
        mine, plain = look_at(people), by_hand(people)
        if (len(mine.gaps), len(mine.cells), len(mine.covers), len(mine.outcomes)) != tuple(
            len(plain[name]) for name in ("gaps", "cells", "cover", "outcomes")
        ) or (mine.sum.of, mine.sum.met) != plain["sum"][0][:2]:
            raise SystemExit("the manager's figures are not those of the plain statements")
        for _ in range(TRIES):
            floor.append(seconds(lambda people=people: by_hand(people)))
            ours.append(seconds(lambda people=people: look_at(people)))
    return ground.compare("data of a manager's page, 12 people", ours=median(ours), floor=median(floor), limit=3)


def pages(leads: list[Person]) -> bool:
    ours, floor, queries = [], [], set()
    for number, manager in enumerate(leads):
        client = Client()
        account = Account.objects.create_user(f"m{number}@example.com", full_name="Manager", person=manager)
        client.force_login(account)
        client.get("/gaps/")  # notes whoever looked, once a day
        with CaptureQueriesContext(connection) as asked:
            html = client.get("/gaps/")
            if html.status_code != 200 or b'id="heat"' not in html.content:
                raise SystemExit("that is not the manager's page")
        queries.add(len(asked))
        for _ in range(TRIES):
            floor.append(seconds(lambda client=client: client.get("/empty/")))
            ours.append(seconds(lambda client=client: client.get("/gaps/")))
    drawn = look_at(tree(leads[0]))
    size = f"{len(drawn.cells)} cells, {len(drawn.gaps)} gaps, {len(html.content) // 1024} kB"
    drawing_it = seconds(lambda: drawing.heat(drawn.look, drawn.cells, drawn.people, covers=drawn.covers))
    print(f"the page: {size}, heatmap drawn in {drawing_it * 1000:.1f} ms, queries {sorted(queries)}")
    kept = ground.compare("the manager's page / an empty page", ours=median(ours), floor=median(floor), limit=12)
    return kept and len(queries) == 1


def night() -> None:
    """The first snapshot writes everybody; the next one, where nothing changed, should write nobody."""
    first = seconds(snapshot.take)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE gaps_figureperiod SET since = since - 1; UPDATE gaps_snapshotday SET day = day - 1")
        cursor.execute("VACUUM ANALYZE gaps_figureperiod")
    second = seconds(snapshot.take)
    moved = SnapshotDay.objects.get(day=timezone.localdate()).moved
    written = FigurePeriod.objects.filter(since=timezone.localdate()).count()
    print(
        f"snapshot: the first {first:.1f} s; a night on which nothing changed {second:.1f} s, "
        f"{second / company.PEOPLE * 1e6:.1f} µs per person, {moved} moved, {written} rows written"
    )
    if moved or written:
        raise SystemExit("a snapshot of the same figures wrote rows")


def workforce() -> None:
    took, _ = ground.best_of(3, lambda: sums(Whose(), by="team"))
    print(f"the whole workforce summed: {took:.2f} s, {took / company.PEOPLE * 1e6:.2f} µs per person")


def main() -> bool:
    """True when every ratio keeps within its limit."""
    dice = random.Random(12)
    with ground.database("team"), override_settings(DEBUG=False, ROOT_URLCONF="bench.team"):
        by = company.fill()
        requirements.rebuild()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE gaps_requirement")
            cursor.execute("VACUUM ANALYZE gaps_need")
        first_standings()
        night()
        leads = managers(dice)
        kept = [data(leads), pages(leads)]
        workforce()
        return all([*kept, kept_up(by)])
