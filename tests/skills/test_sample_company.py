"""The company under demo/ is what a visitor meets first, so what it promises is kept here."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import transaction
from django.db.models import F

from base.errors import RuleBroken
from base.models import Change, WatchRun
from skills import actions, carrying
from skills.management import sample_company
from skills.management.sample_company import STORY_DAY, Company
from skills.models import Import, Skill, SkillFlag
from skills.rules import SKILL_RULES
from workflows.models import Handoff, Outcome, OutcomeFlag, Step, StepFlag, Workflow
from workflows.queries import line_of_sight
from workflows.rules import OUTCOME_RULES, STEP_RULES
from workforce.models import JobRole, Person, Run

pytestmark = pytest.mark.django_db

DEMO = Path(settings.BASE_DIR) / "demo"


@pytest.fixture(scope="module", autouse=True)
def company(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Company]:
    """Loaded once; every test rolls back to it, and the module rolls back to nothing."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield sample_company.load(DEMO)
        transaction.set_rollback(True)


def skill_named(name: str) -> Skill:
    return Skill.objects.get(name=name)


def test_it_is_as_large_as_a_mid_size_distributor():
    assert Workflow.objects.active().count() == 6
    assert Step.objects.live().count() == 38
    assert Outcome.objects.live().measured().count() == 43
    assert JobRole.objects.active().count() == 18
    assert Skill.objects.count() == 101
    assert Person.objects.count() == 170


def test_about_a_third_of_the_skills_is_context_free():
    assert Skill.objects.context_free().count() == 35


@pytest.mark.parametrize("code", [rule.code for rule in SKILL_RULES])
def test_every_rule_about_skills_has_an_example(code):
    assert SkillFlag.objects.open().coded(code).exists()


@pytest.mark.parametrize("code", [rule.code for rule in STEP_RULES])
def test_every_rule_about_steps_has_an_example(code):
    assert StepFlag.objects.open().coded(code).exists()


@pytest.mark.parametrize("code", [rule.code for rule in OUTCOME_RULES])
def test_every_rule_about_outcomes_has_an_example(code):
    assert OutcomeFlag.objects.open().coded(code).exists()


@pytest.mark.parametrize(("code", "count"), [("no_context", 24), ("path_broken", 6), ("work_retired", 5)])
def test_skills_are_context_free_for_different_reasons(code, count):
    assert SkillFlag.objects.open().coded(code).count() == count


def test_some_flags_are_somebodys_and_some_may_wait():
    assert SkillFlag.objects.open().exclude(assigned_to=None).count() == 3
    assert SkillFlag.objects.asleep().count() == 2


def test_the_task_on_its_own_cannot_be_published(company):
    skill = skill_named("Complete and submit the customer information")

    with pytest.raises(RuleBroken) as refusal:
        actions.publish(skill, by=company.accounts["designer@demo.example"])

    assert refusal.value.code == "no_context"


def test_the_same_task_in_support_of_the_sales_rep_is_published_in_sight_of_a_measured_final_outcome():
    skill = Skill.objects.get(statement="Support the sales rep by completing and submitting the customer information")
    step = skill.contexts.get().step
    final = Outcome.objects.final().downstream_of(step).get()

    assert skill.is_published
    assert final.statement == "First order live"
    assert final.is_measured
    assert [leg.step.name for leg in line_of_sight.way(step, final)][:2] == ["Prepare the account", "Agree the terms"]


def test_the_watch_has_been_kept_and_found_nothing_that_the_edits_had_missed():
    run = WatchRun.objects.finished().get()

    assert run.failures == []
    assert (run.opened, run.cleared) == (0, 0)


def test_loading_twice_changes_nothing(capsys):
    before = Change.objects.count()

    call_command("load_demo")

    assert "nothing has changed" in capsys.readouterr().out
    assert Change.objects.count() == before


@pytest.mark.parametrize("name", ["designer", "manager", "employee", "people-admin", "admin"])
def test_there_is_one_sign_in_for_each_kind_of_visitor(name, rf):
    account = authenticate(rf.post("/"), username=f"{name}@demo.example", password="sightline-demo")

    assert account is not None
    assert account.person.work_email == f"{name}@demo.example"


@pytest.mark.parametrize(
    ("role", "count"),
    [
        ("Customer service rep", 23),
        ("Sales rep", 31),
        ("Credit analyst", 6),
        ("Implementation specialist", 9),
        ("Dangerous goods adviser", 0),
    ],
)
def test_the_lanes_are_staffed(role, count):
    assert Person.objects.active().holding(JobRole.objects.get(name=role)).count() == count


def test_a_few_titles_wait_to_be_mapped():
    unmapped = Person.objects.active().filter(job_title__job_role=None).values_list("job_title__name", flat=True)

    assert set(unmapped) == {"Cust. Svc Rep II", "Account Set-up Clerk", "Go-live Engineer"}


def test_work_is_handed_across_workflows_and_sent_back():
    across = Handoff.objects.live().exclude(to_step__workflow=F("outcome__produced_by__workflow"))
    step = Step.objects.get(name="Agree the terms")

    assert across.count() == 4
    assert Handoff.objects.live().filter(outcome__produced_by=step, to_step__name="Prepare the account").exists()


@pytest.mark.parametrize("name", ["Account changes", "Customer onboarding", "Order to delivery", "Stock replenishment"])
@pytest.mark.parametrize("view", ["map", "list"])
def test_its_workflows_can_be_looked_at(client, company, name, view):
    client.force_login(company.accounts["employee@demo.example"])

    html = client.get(Workflow.objects.get(name=name).get_absolute_url(), {"view": view}).content.decode()

    assert name in html


def test_what_lies_ahead_in_the_story_still_lies_ahead(company):
    assert not Outcome.objects.filter(due__lte=company.today).exists()


@pytest.mark.parametrize("today", [dt.date(2026, 1, 5), STORY_DAY, dt.date(2029, 5, 1)])
def test_the_story_keeps_its_past_and_its_future_on_whatever_day_it_is_told(today):
    company = Company(DEMO, today)

    assert company.day(dt.date(2016, 11, 7)) == dt.date(2016, 11, 7)
    assert company.day(dt.date(2026, 10, 12)) < today
    assert company.day(dt.date(2026, 12, 14)) - today == dt.timedelta(days=55)


def test_the_people_came_in_a_run_that_nobody_had_to_decide_about():
    run = Run.objects.order_by("opened_at").first()

    assert (run.state, run.total, run.problems.count()) == (Run.State.APPLIED, 170, 0)


def test_a_snapshot_without_a_department_waits_for_a_people_admin():
    held = Run.objects.held().get()

    assert Run.objects.count() == 3
    assert set(held.changes.held().values_list("verb", flat=True)) == {"leave"}
    assert held.counts["held"] == 14


def test_the_list_imported_again_changes_nothing(company):
    plan = planned(company, "../skills.csv", name=sample_company.LIST_NAME)

    assert plan.rows.counts()["unchanged"] == 101


def planned(company: Company, file_name: str, *, name: str = "") -> Import:
    designer = company.accounts["designer@demo.example"]
    with (DEMO / "lists" / file_name).open("rb") as file:
        plan = actions.add_import(file, file_name=file_name, name=name, by=designer)
    if plan.state == Import.State.MAPPING:
        actions.map_columns(plan, name=plan.name, mapping=plan.mapping, by=designer)
    carrying.work_on(plan.pk)
    return plan


def test_the_lists_to_try_are_read_as_spreadsheets_export_them(company):
    plan = planned(company, "sales-academy.csv")

    assert (plan.shape["encoding"], plan.shape["delimiter"]) == ("cp1252", ";")
    assert plan.rows.counts() == {"create": 30, "update": 0, "unchanged": 0, "look_alike": 10, "rejected": 1}


def test_the_workbook_to_try_needs_no_questions(company):
    plan = planned(company, "warehouse-induction.xlsx")

    assert plan.rows.counts() == {"create": 10, "update": 0, "unchanged": 0, "look_alike": 2, "rejected": 0}
