"""The map of 40 steps and 200 skills against an empty page of the same server: middleware, session, account, frame."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import include, path

from bench import ground
from skills import actions as skill_actions
from skills.models import Context
from workflows import actions as work
from workflows.models import Outcome, Step, Workflow
from workflows.queries import line_of_sight
from workforce.models import Account, JobRole, Role

STEPS, SKILLS, WAITING, ROLES = 40, 200, 60, 8
# The way through all forty steps comes on top of the map.
LIMITS = {"map": 10, "list": 10, "map and a way": 20}
TRIES = 100


def empty(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


urlpatterns = [path("empty/", empty), path("", include("config.urls"))]


def main() -> bool:
    with ground.database("map"), override_settings(DEBUG=False, ROOT_URLCONF="bench.map"):
        by = Account.objects.create_user("bench@example.com", full_name="Bench", roles=[Role.DESIGNER])
        workflow = furnish(by)
        client = Client()
        client.force_login(by)
        return all([compared(client, workflow), rebuilt(workflow)])


def furnish(by: Account) -> Workflow:
    """Eight lanes; every step hands on, every sixth one also sends back; five skills at each, sixty in the tray."""
    workflow = work.add_workflow("Customer onboarding", by=by)
    roles = [JobRole.objects.create(name=f"Role {number}") for number in range(ROLES)]
    before: list[tuple[Step, Outcome]] = []
    for number in range(STEPS):
        role = roles[number * 5 % ROLES]
        step = work.add_step(workflow, name=f"Prepare part {number}", performed_by=role, criticality=4, by=by)
        outcome = work.add_outcome(
            step,
            statement=f"The next one has part {number} complete",
            measure="days",
            beneficiary="the customer",
            by=by,
        )
        if before:
            work.add_handoff(before[-1][1], to_step=step, share_complete_and_accurate=90, by=by)
        if number % 6 == 5:
            back = work.add_outcome(step, statement=f"What is missing in part {number} is known", by=by)
            work.add_handoff(back, to_step=before[-3][0], by=by)
        before.append((step, outcome))
    for number in range(SKILLS + WAITING):
        skill = skill_actions.add_skill(statement=f"Spare the next one a call by checking part {number}", by=by)
        if number < SKILLS:
            step, outcome = before[number % STEPS]
            skill_actions.place(skill, step=step, outcome=outcome, by=by)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return workflow


def compared(client: Client, workflow: Workflow) -> bool:
    context = Context.objects.filter(step__workflow=workflow).order_by("placed_at")[0]
    address = workflow.get_absolute_url()
    pages = {"map": address, "list": f"{address}?view=list", "map and a way": f"{address}?skill={context.skill_id}"}
    seconds = dict.fromkeys(["/empty/", *pages.values()], float("inf"))
    # In turn, so that weather meets all of them alike.
    for _ in range(TRIES):
        for page in seconds:
            taken, _ = ground.best_of(1, lambda page=page: client.get(page))
            seconds[page] = min(seconds[page], taken)
    floor = seconds["/empty/"]
    kept = []
    for what, page in pages.items():
        name = f"{what}, {queries_of(client, page)} queries, / empty page"
        kept.append(ground.compare(name, ours=seconds[page], floor=floor, limit=LIMITS[what]))
    return all(kept)


def queries_of(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
        return len(asked)


def rebuilt(workflow: Workflow) -> bool:
    """The line of sight after one edit: at most 50 ms, whatever the machine's floor."""
    ours, _ = ground.best_of(10, lambda: line_of_sight.rebuild([workflow.pk]))
    return ground.compare("line of sight rebuilt / 50 ms", ours=ours, floor=0.05, limit=1)
