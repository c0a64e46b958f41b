"""Goals, labels that people overrule, causes, and how many people a step needs."""

import datetime as dt

import pytest
from django.utils import timezone

from base.errors import Outdated, RuleBroken
from base.models import Change
from base.trail import in_words
from gaps import actions
from gaps.arithmetic import Label
from gaps.models import Cause, CoverTarget, Goal, Overrule
from tests.make import make_account, make_job_role, make_person, make_skill, make_step

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return make_person(display_name="Anna")


@pytest.fixture
def own(anna):
    return make_account(person=anna)


def test_a_goal_is_agreed_when_both_have_signed(anna, own):
    goal = actions.propose_goal(anna, job_role=make_job_role("Analyst"), by=own)
    assert goal.state == Goal.State.PROPOSED

    goal = actions.agree_goal(goal, by=make_account())
    assert goal.state == Goal.State.AGREED
    assert [in_words(change) for change in Change.objects.filter(noun="goal").order_by("id")] == [
        "proposed the goal “Analyst”",
        "agreed to the goal “Analyst”",
    ]


def test_a_goal_is_proposed_by_either(anna, own):
    goal = actions.propose_goal(anna, job_role=make_job_role(), by=make_account())

    assert actions.agree_goal(goal, by=own).state == Goal.State.AGREED


@pytest.mark.parametrize("proposer", ["person", "manager"])
def test_nobody_signs_for_both(anna, own, proposer):
    by = own if proposer == "person" else make_account()
    goal = actions.propose_goal(anna, job_role=make_job_role(), by=by)

    with pytest.raises(RuleBroken, match="other side"):
        actions.agree_goal(goal, by=by)


def test_a_role_is_a_goal_once_and_one_goal_is_agreed(anna, own):
    first, manager = actions.propose_goal(anna, job_role=make_job_role("Analyst"), by=own), make_account()
    with pytest.raises(RuleBroken, match="Analyst is a goal already"):
        actions.propose_goal(anna, job_role=first.job_role, by=manager)
    actions.agree_goal(first, by=manager)
    second = actions.propose_goal(anna, job_role=make_job_role(), by=own)

    with pytest.raises(RuleBroken, match="Drop it before"):
        actions.agree_goal(second, by=manager)


def test_a_goal_lies_ahead(anna, own):
    with pytest.raises(RuleBroken, match="day after today"):
        actions.propose_goal(anna, job_role=make_job_role(), due_on=timezone.localdate(), by=own)


def test_what_was_proposed_is_declined_and_what_was_agreed_is_dropped(anna, own):
    manager = make_account()
    declined = actions.propose_goal(anna, job_role=make_job_role(), by=own)
    declined = actions.decline_goal(declined, reason="Not this year", by=manager)
    agreed = actions.agree_goal(actions.propose_goal(anna, job_role=make_job_role(), by=own), by=manager)

    with pytest.raises(RuleBroken, match="Drop it instead"):
        actions.decline_goal(agreed, reason="No", by=manager)
    dropped = actions.drop_goal(agreed, by=own)
    assert (declined.state, declined.ending, dropped.state) == ("declined", "Not this year", "dropped")
    with pytest.raises(RuleBroken, match="Propose it anew"):
        actions.agree_goal(dropped, by=own)


def test_who_answers_an_older_proposal_is_told(anna, own):
    goal = actions.propose_goal(anna, job_role=make_job_role(), by=own)
    actions.drop_goal(goal, seen=1, by=own)

    with pytest.raises(Outdated):
        actions.agree_goal(goal, seen=1, by=make_account())


def test_the_last_word_on_a_gap_counts_until_it_is_taken_back(anna):
    skill, by = make_skill(), make_account()
    actions.overrule_gap(anna, skill, label=Label.RESKILL, reason="New to her", by=by)
    second = actions.overrule_gap(anna, skill, label=Label.NONE, reason="She teaches it", by=by)

    assert list(Overrule.objects.valid()) == [second]
    actions.take_back(second, by=by)
    assert not Overrule.objects.valid().exists()
    with pytest.raises(RuleBroken, match="taken back already"):
        actions.take_back(second, by=by)


def test_a_label_is_not_overruled_without_a_reason(anna):
    with pytest.raises(RuleBroken, match="Say why"):
        actions.overrule_gap(anna, make_skill(), label=Label.NONE, reason="", by=make_account())


def test_another_cause_takes_the_place_of_the_first(anna):
    skill, by = make_skill(), make_account()
    actions.name_cause(anna, skill, kind=Cause.Kind.SKILL, by=by)
    actions.name_cause(anna, skill, kind=Cause.Kind.TOOLS, note="Two screens", by=by)

    assert [(cause.kind, cause.asks_for_training) for cause in Cause.objects.valid()] == [("tools", False)]


def test_a_cover_target_is_set_changed_and_left_to_the_criticality_again():
    step, by = make_step(), make_account()
    actions.set_cover_target(step, people=4, by=by)
    assert actions.set_cover_target(step, people=5, reason="Two shifts", by=by).people == 5
    actions.set_cover_target(step, people=None, by=by)

    assert not CoverTarget.objects.exists()
    assert [change.verb for change in Change.objects.filter(noun="covertarget").order_by("id")] == [
        "set",
        "change",
        "remove",
    ]


def test_a_goal_may_have_a_day(anna, own):
    day = timezone.localdate() + dt.timedelta(days=90)
    assert actions.propose_goal(anna, job_role=make_job_role(), due_on=day, by=own).due_on == day
