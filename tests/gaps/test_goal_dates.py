"""Another day for a goal: the old day, and both signatures, stand until the other side agrees."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from base import outbox
from base.errors import RuleBroken
from gaps import actions, tasks
from gaps.models import Goal, GoalDate
from gaps.queries.record import record_of
from tests.gaps.test_record_pages import Company, as_, read
from tests.make import make_job_role

pytestmark = pytest.mark.django_db

TASKS: dict[str, Callable[..., Any]] = {
    "gaps.tasks.tell_about_goal": tasks.tell_about_goal,
    "gaps.tasks.tell_about_date": tasks.tell_about_date,
}


def soon(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


@pytest.fixture
def company() -> Company:
    return Company()


@pytest.fixture
def goal(company: Company) -> Goal:
    proposed = actions.propose_goal(company.tom, job_role=make_job_role("Planner"), due_on=soon(30), by=company.toms)
    return actions.agree_goal(proposed, by=company.bosses)


def ask(goal: Goal, *, by: Any, days: int = 60) -> GoalDate:
    actions.propose_date(goal, due_on=soon(days), by=by)
    return goal.dates.waiting().get()


def signed(goal: Goal) -> tuple[Any, ...]:
    goal.refresh_from_db()
    return goal.state, goal.person_agreed_at, goal.manager_agreed_at, goal.manager_agreed_by_id


def test_the_old_day_and_both_signatures_stand_until_the_other_side_agrees(company: Company, goal: Goal) -> None:
    before = signed(goal)
    date = ask(goal, by=company.toms)
    assert (signed(goal), goal.due_on) == (before, soon(30))

    actions.agree_date(date, by=company.bosses)

    assert (signed(goal), goal.due_on) == (before, soon(60))
    date.refresh_from_db()
    assert (date.state, date.answered_by, date.proposed_by) == ("agreed", company.bosses, company.toms)


def test_figures_of_a_past_day_do_not_move_with_the_day(company: Company, goal: Goal) -> None:
    ago = timezone.now() - dt.timedelta(days=9)
    Goal.objects.update(person_agreed_at=ago, manager_agreed_at=ago, proposed_at=ago)
    past = timezone.localdate() - dt.timedelta(days=3)
    assert record_of(company.tom, as_of=past).position.target_name == "Planner"

    date = ask(goal, by=company.bosses)
    assert record_of(company.tom, as_of=past).position.target_name == "Planner"
    actions.agree_date(date, by=company.toms)

    assert record_of(company.tom, as_of=past).position.target_name == "Planner"


def test_nobody_answers_for_the_other_side(company: Company, goal: Goal) -> None:
    date = ask(goal, by=company.toms)

    with pytest.raises(RuleBroken, match="waits for the other"):
        actions.agree_date(date, by=company.toms)
    with pytest.raises(RuleBroken, match="waits for the other"):
        actions.decline_date(date, reason="No", by=company.toms)
    with pytest.raises(RuleBroken, match="other side proposed"):
        actions.withdraw_date(date, by=company.bosses)


def test_one_day_waits_at_a_time_and_is_another_one(company: Company, goal: Goal) -> None:
    with pytest.raises(RuleBroken, match="has already"):
        ask(goal, by=company.toms, days=30)
    with pytest.raises(RuleBroken, match="after today"):
        ask(goal, by=company.toms, days=0)
    ask(goal, by=company.toms)
    with pytest.raises(RuleBroken, match="Answer or withdraw"):
        ask(goal, by=company.bosses, days=90)


def test_a_declined_day_leaves_the_old_one_and_the_reason(company: Company, goal: Goal) -> None:
    date = actions.decline_date(ask(goal, by=company.toms), reason="The shift starts in May", by=company.bosses)

    assert (Goal.objects.get().due_on, date.state) == (soon(30), "declined")
    assert "The shift starts in May" in read(company.toms, "my_page")
    with pytest.raises(RuleBroken, match="declined meanwhile"):
        actions.agree_date(date, by=company.bosses)


def test_a_day_that_has_come_meanwhile_is_not_agreed_to(company: Company, goal: Goal) -> None:
    date = ask(goal, by=company.toms)
    GoalDate.objects.update(due_on=soon(0))

    with pytest.raises(RuleBroken, match="after today"):
        actions.agree_date(date, by=company.bosses)


def test_an_answer_is_undone_by_whoever_gave_it_and_only_at_once(company: Company, goal: Goal) -> None:
    date = actions.agree_date(ask(goal, by=company.toms), by=company.bosses)
    with pytest.raises(RuleBroken, match="too late"):
        actions.reopen_date(date, by=company.toms)

    actions.reopen_date(date, by=company.bosses)
    goal.refresh_from_db()
    assert (goal.due_on, goal.dates.waiting().get()) == (soon(30), date)

    actions.agree_date(date, by=company.bosses)
    GoalDate.objects.update(answered_at=timezone.now() - actions.goal_dates.UNDO_FOR - dt.timedelta(seconds=1))
    with pytest.raises(RuleBroken, match="too late"):
        actions.reopen_date(date, by=company.bosses)


def test_a_goal_that_is_dropped_takes_the_proposed_day_along(company: Company, goal: Goal) -> None:
    date = ask(goal, by=company.toms)
    actions.drop_goal(goal, by=company.bosses)

    date.refresh_from_db()
    assert date.state == GoalDate.State.WITHDRAWN
    with pytest.raises(RuleBroken, match="dropped meanwhile"):
        actions.reopen_date(date, by=company.bosses)


def test_another_day_for_a_goal_that_waits_is_a_proposal_of_that_side(company: Company) -> None:
    goal = actions.propose_goal(company.tom, job_role=make_job_role("Planner"), by=company.toms)

    goal = actions.propose_date(goal, due_on=soon(60), by=company.bosses)

    assert (goal.due_on, goal.proposed_by, goal.waits_for_person) == (soon(60), company.bosses, True)
    assert not goal.waits_for_manager
    assert actions.agree_goal(goal, by=company.toms).state == Goal.State.AGREED


def send(client: Client, route: str, pk: Any, **facts: Any) -> Any:
    return client.post(reverse(route, args=[pk]), facts, follow=True)


def test_both_sides_see_what_is_proposed_and_answer_it_on_their_pages(company: Company, goal: Goal) -> None:
    tom, boss = as_(company.toms), as_(company.bosses)
    send(tom, "goal_redate", goal.pk, due_on=soon(60).isoformat(), note="A child is on the way")
    date = GoalDate.objects.get()

    for html in (read(company.toms, "my_page"), read(company.bosses, "person_gaps", company.tom.pk)):
        assert "A child is on the way" in html
        assert "until then the old day stands" in html
    assert reverse("date_withdraw", args=[date.pk]) in read(company.toms, "my_page")
    assert reverse("date_agree", args=[date.pk]) in read(company.bosses, "person_gaps", company.tom.pk)
    send(boss, "date_decline", date.pk, reason="Too late")
    send(boss, "date_reopen", date.pk)
    send(boss, "date_agree", date.pk)

    goal.refresh_from_db()
    assert goal.due_on == soon(60)
    assert "agreed by Ines Vogt" in read(company.toms, "my_page")


@pytest.mark.parametrize("count", [1, 3])
def test_my_page_costs_the_same_with_one_proposed_day_and_with_three(
    company: Company, goal: Goal, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        role = make_job_role(f"Role {number}")
        other = actions.propose_goal(company.tom, job_role=role, due_on=soon(9), by=company.bosses)
        GoalDate.objects.create(goal=other, due_on=soon(30 + number), before=soon(9), proposed_by=company.bosses)
    client = as_(company.toms)

    with django_assert_num_queries(18):
        html = client.get(reverse("my_page")).content.decode()

    assert html.count("until then the old day stands") == count


def test_what_was_withdrawn_can_be_taken_up_again(company: Company, goal: Goal) -> None:
    date = ask(goal, by=company.toms)
    tom = as_(company.toms)
    assert "Undo" in send(tom, "date_withdraw", date.pk).content.decode()
    send(tom, "date_reopen", date.pk)

    assert goal.dates.waiting().get() == date


def test_a_day_that_is_no_day_is_refused_in_the_form(company: Company, goal: Goal) -> None:
    response = send(as_(company.toms), "goal_redate", goal.pk, due_on=soon(-1).isoformat())

    assert response.status_code == 409
    assert "Choose a day after today." in response.content.decode()


def test_the_other_side_hears_of_each_deed_once(
    company: Company, goal: Goal, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def twice(task: str, payload: dict[str, Any]) -> None:
        TASKS[task](**payload)
        TASKS[task](**payload)

    monkeypatch.setattr(outbox, "enqueue", twice)
    with django_capture_on_commit_callbacks(execute=True):
        date = ask(goal, by=company.toms)
    with django_capture_on_commit_callbacks(execute=True):
        actions.decline_date(date, reason="Too late", by=company.bosses)
    with django_capture_on_commit_callbacks(execute=True):
        ask(goal, by=company.toms, days=70)

    again = ([company.bosses.email], "Sightline: Tom Becker proposes another day for Planner as a target role")
    declined = ([company.toms.email], "Sightline: Ines Vogt declines the new day for Planner as a target role")
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [again, declined, again]
    assert "“Too late”" in mail.outbox[1].body
