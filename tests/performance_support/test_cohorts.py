"""Groups that learn together: begun by anybody, joined by oneself, found at the step."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from base.errors import RuleBroken
from performance_support import actions, tasks
from performance_support.models import Champion, Cohort, Member
from tests.make import make_account, make_designer, make_person, make_skill, make_workflow
from workflows.models import Step
from workforce.models import Account

pytestmark = pytest.mark.django_db
DAYS = {"starts_on": dt.date(2026, 3, 2), "ends_on": dt.date(2026, 3, 27)}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-03-04 10:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def queue(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks):
    """The tasks of this room are carried out at once."""

    def carry_out(task: str, payload: dict) -> None:
        if task.startswith("performance_support."):
            getattr(tasks, task.rpartition(".")[2])(**payload)

    monkeypatch.setattr("base.outbox.enqueue", carry_out)
    return django_capture_on_commit_callbacks


@pytest.fixture
def step() -> Step:
    return make_workflow("Customer onboarding", steps=1).steps.get()


@pytest.fixture
def lena() -> Account:
    return make_account(name="Lena Fischer", person=make_person(display_name="Lena Fischer"))


def make_cohort(by: Account, *steps: Step, **fields: object) -> Cohort:
    said = {"name": "Spring learners", "goal": "Prepare alone", "meets": "Thursdays", **DAYS}
    return actions.add_cohort(by=by, steps=steps, **{**said, **fields})


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def at_step(step: Step, by: Account) -> str:
    return signed_in(by).get(reverse("step_support", args=[step.pk])).content.decode()


def test_who_learns_together_is_found_at_the_step_while_it_runs(step, lena, clock):
    make_cohort(lena, step)
    assert "Learning this now</b>: Lena Fischer" in at_step(step, make_account())

    clock.move_to("2026-03-28 10:00+00:00")

    assert "Learning this now" not in at_step(step, make_account())


def test_a_cohort_for_a_skill_is_found_where_that_is_needed(step, lena):
    skill = make_skill("Support the customer by preparing the account", at=step, published=True)
    make_cohort(lena, skills=[skill])

    assert "Learning this now" in at_step(step, make_account())


def test_nobody_is_in_it_before_they_say_so(step, lena, queue):
    cohort, tom = make_cohort(lena, step), make_account(name="Tom Becker", email="tom@example.com")
    with queue(execute=True):
        actions.invite(cohort, account=tom, by=lena)
    assert "Tom Becker" not in at_step(step, lena)
    [letter] = mail.outbox
    assert (letter.to, "Lena Fischer invites you" in letter.body) == (["Tom Becker <tom@example.com>"], True)

    client = signed_in(tom)
    assert "Lena Fischer invites you" in client.get(reverse("support_home")).content.decode()
    client.post(reverse("cohort_join", args=[cohort.pk]))

    assert "Lena Fischer, Tom Becker" in at_step(step, lena)


def test_whoever_left_may_come_back_or_be_asked_again(step, lena):
    cohort, tom = make_cohort(lena, step), make_account()
    actions.join_cohort(cohort, by=tom)
    actions.leave_cohort(cohort, by=tom)
    assert Member.objects.get(account=tom).state == "left"

    actions.invite(cohort, account=tom, by=lena)

    assert Member.objects.get(account=tom).state == "invited"


def test_nobody_joins_what_has_ended(step, lena, clock):
    cohort = make_cohort(lena, step)
    clock.move_to("2026-03-28 10:00+00:00")

    with pytest.raises(RuleBroken, match="has ended"):
        actions.join_cohort(cohort, by=make_account())


def test_a_cohort_serves_some_work(lena):
    with pytest.raises(RuleBroken, match="at least one step or skill"):
        make_cohort(lena)


def test_it_is_begun_and_changed_on_pages(step, lena):
    client = signed_in(lena)
    sent = {"name": "A", "goal": "Do it alone", "starts_on": "2026-03-02", "ends_on": "2026-03-27", "meets": "here"}
    client.post(reverse("cohort_add"), {**sent, "steps": [step.pk]})
    cohort = Cohort.objects.get()
    assert [member.account for member in cohort.members.joined()] == [lena]

    client.post(reverse("cohort_change", args=[cohort.pk]), {**sent, "name": "B", "steps": [step.pk], "seen": 1})

    cohort.refresh_from_db()
    assert cohort.name == "B"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(step, lena, count, django_assert_num_queries):
    for n in range(count):
        make_cohort(lena, step, name=f"Learners {n}")
    client = signed_in(lena)

    with django_assert_num_queries(7):
        html = client.get(reverse("cohort_list")).content.decode()

    assert html.count("learning now") == count


@pytest.mark.parametrize(
    ("fields", "kept_by"),
    [
        ({"name": " "}, "cohort_name_says_something"),
        ({"goal": " "}, "cohort_goal_says_something"),
        ({"ends_on": dt.date(2026, 3, 1)}, "cohort_begins_before_it_ends"),
        ({"meets": ""}, "cohort_can_be_found"),
    ],
)
def test_postgresql_keeps_cohorts_whole(lena, fields, kept_by):
    usual = {"name": "A", "goal": "B", "meets": "C", "owner": lena, **DAYS}
    with pytest.raises(IntegrityError, match=kept_by), transaction.atomic():
        Cohort.objects.create(**{**usual, **fields})


@pytest.mark.parametrize(
    ("fields", "kept_by"),
    [({"account": None}, "member_is_once_per_cohort"), ({"state": "joined"}, "member_answers_at_a_moment")],
)
def test_postgresql_keeps_members_true(step, lena, fields, kept_by):
    usual = {"cohort": make_cohort(lena, step), "account": make_account(), "invited_by": lena}
    fields = {**fields, "account": lena} if "account" in fields else fields
    with pytest.raises(IntegrityError, match=kept_by), transaction.atomic():
        Member.objects.create(**{**usual, **fields})


def test_whoever_is_asked_as_a_champion_hears_of_it_for_skills_too(step, lena, queue):
    designer = make_designer("Maren Holt")
    skill = make_skill("Support the customer by preparing the account", at=step, published=True)
    address = reverse("skill_champion_ask", args=[skill.pk])

    with queue(execute=True):
        signed_in(designer).post(address, {"account": lena.pk})

    champion = Champion.objects.get(skill=skill)
    [letter] = mail.outbox
    assert letter.subject == f"Sightline: may colleagues ask you about “{skill}”?"
    actions.answer_champion(champion, accepts=True, by=lena)
    assert "Lena Fischer" in at_step(step, designer)
