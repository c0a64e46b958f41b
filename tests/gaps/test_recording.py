"""Who says what about whom: one verdict per statement, and never without a source."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from base.errors import RuleBroken
from base.models import Change
from base.trail import in_words
from gaps import actions
from gaps.actions import Statement
from gaps.models import Evidence, Standing, Type
from skills import actions as skill_actions
from tests.make import make_account, make_designer, make_job_role, make_person, make_skill, make_workflow
from workflows import actions as work

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return make_person(display_name="Anna")


@pytest.fixture
def skill():
    return make_skill("Check the register entry")


def refused(code: str, person, skill, **facts: Any) -> None:
    with pytest.raises(RuleBroken) as refusal:
        actions.record_evidence(person, skill, **{"level": 3, "by": make_account(), **facts})
    assert refusal.value.code == code
    assert not Evidence.objects.about(person).exists()


def told(person, skill, **facts: Any) -> Statement:
    usual = {"level": 3, "type": Type.EXERCISE, "observed_at": timezone.now(), "source": "Academy"}
    return Statement(person_id=person.pk, skill_id=skill.pk, **{**usual, **facts})


def test_whoever_acts_is_the_source_and_the_observer(anna, skill):
    ines = make_person()
    said = actions.record_evidence(
        anna, skill, level=2, type=Type.MANAGER, by=make_account(name="Ines Vogt", person=ines)
    )

    assert (said.source, said.observer, said.step) == ("Ines Vogt", ines, None)
    assert in_words(Change.objects.get(noun="evidence")) == (
        "recorded the evidence “level 2 in “Check the register entry”, manager's view”"
    )


def test_it_counts_for_the_months_of_its_type(anna, skill):
    moment = timezone.now().replace(day=15) - dt.timedelta(days=70)
    said = actions.record_evidence(
        anna, skill, level=2, type=Type.OWN, observed_at=moment, by=make_account(person=anna)
    )

    months = (said.valid_until.year - moment.year) * 12 + said.valid_until.month - moment.month
    assert (months, said.valid_until.day) == (6, moment.day)


def test_a_source_may_say_that_it_counts_for_less_but_not_for_more(anna, skill):
    by = make_account(person=anna)
    soon, late = (timezone.localdate() + dt.timedelta(days=days) for days in (20, 2000))
    less = actions.record_evidence(anna, skill, level=2, type=Type.OWN, valid_until=soon, by=by)
    more = actions.record_evidence(anna, skill, level=2, type=Type.OWN, valid_until=late, by=by)

    assert less.valid_until == soon
    assert more.valid_until < timezone.localdate() + dt.timedelta(days=200)


def test_who_vouches_for_work_stands_at_level_three(anna, skill):
    step, expert = make_workflow(steps=1).steps.get(), make_person()
    seen = {"type": Type.OBSERVED, "step": step, "observer": expert}

    refused("observer_level", anna, skill, **seen)
    actions.record_evidence(expert, skill, level=3, type=Type.EXERCISE, by=make_account())
    said = actions.record_evidence(anna, skill, level=3, **seen, by=make_account())
    assert (said.step, said.step_revision) == (step, 1)


def test_only_whoever_receives_it_says_that_work_was_accepted(anna, skill):
    first, last = make_workflow(steps=2).steps.all()
    receiving, other = make_job_role(), make_job_role()
    work.change_step(last, performed_by=receiving, by=make_designer())

    refused("not_a_receiver", anna, skill, type=Type.ACCEPTED, step=first, observer=make_person(role=other))
    said = actions.record_evidence(
        anna, skill, level=3, type=Type.ACCEPTED, step=first, observer=make_person(role=receiving), by=make_account()
    )
    assert Standing.objects.get(person=anna).trust == 90
    assert said.type == Type.ACCEPTED


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("step_missing", {"type": Type.OBSERVED}),
        ("not_yet", {"type": Type.MANAGER, "observed_at": timezone.now() + dt.timedelta(days=9)}),
    ],
)
def test_what_lacks_something_is_refused_with_a_reason(anna, skill, code, facts):
    refused(code, anna, skill, **facts)


def test_work_that_was_seen_was_seen_by_somebody(anna, skill):
    refused("observer_missing", anna, skill, type=Type.OBSERVED, step=make_workflow(steps=1).steps.get())


def test_nobody_is_a_peer_of_themselves(anna, skill):
    refused("own_view", anna, skill, type=Type.PEER, observer=anna)
    refused("own_view", anna, skill, type=Type.MANAGER, by=make_account(person=anna))


def test_a_retired_skill_takes_no_evidence(anna, skill):
    skill_actions.retire_skill(skill, by=make_designer())
    refused("skill_retired", anna, skill, type=Type.OWN)


def test_many_are_recorded_and_what_is_wrong_holds_up_nobody(anna, skill):
    other = make_person()
    verdicts = actions.record_many(
        [told(anna, skill), told(other, skill, type=Type.PEER, observer_id=other.pk), told(other, skill, level=1)],
        by=make_account(),
    )

    assert [verdict.code for verdict in verdicts] == ["", "own_view", ""]
    assert {(one.person, one.level) for one in Standing.objects.all()} == {(anna, 3), (other, 1)}
    assert Change.objects.get(noun="evidence").name == "2 statements about 2 people"


def test_the_same_reference_again_is_the_same_statement(anna, skill):
    statement = told(anna, skill, reference="A-17")
    first = actions.record_many([statement], by=make_account())
    again = actions.record_many([statement], by=make_account())

    assert (first[0].code, again[0].code) == ("", "known")
    assert first[0].evidence == again[0].evidence
    assert Evidence.objects.count() == 1


def test_a_reference_never_means_two_things(anna, skill):
    statement = told(anna, skill, reference="A-17")
    twice = actions.record_many([statement, told(anna, skill, level=1, reference="A-17")], by=make_account())
    later = actions.record_many([told(anna, skill, level=1, reference="A-17")], by=make_account())

    assert [verdict.code for verdict in (*twice, *later)] == ["", "reference_twice", "reference_used"]
    assert Standing.objects.get().level == 3


def test_a_thousand_are_taken_at_a_time_and_no_more(anna, skill):
    with pytest.raises(RuleBroken) as refusal:
        actions.record_many([told(anna, skill)] * 1001, by=make_account())
    assert refusal.value.code == "too_many"


@pytest.mark.parametrize("count", [1, 3])
def test_many_cost_as_many_queries_as_one(skill, count, django_assert_num_queries):
    by, statements = make_account(), [told(make_person(), skill) for _ in range(count)]

    with django_assert_num_queries(6):  # a savepoint and its end, the statements, the lock, the standings, the trail
        actions.record_many(statements, by=by)


def test_still_doing_it_renews_what_runs_out(anna, skill):
    manager = make_account(person=make_person())
    actions.record_evidence(
        anna, skill, level=3, type=Type.MANAGER, observed_at=timezone.now() - dt.timedelta(days=175), by=manager
    )
    before = Standing.objects.get().valid_until

    actions.still_doing_it([Standing.objects.get()], by=manager)

    found = Standing.objects.get()
    assert (found.level, found.trust, found.valid_until > before) == (3, 60, True)
    assert Evidence.objects.count() == 2


def test_still_doing_it_is_the_managers_view_and_lowers_no_trust(anna, skill):
    actions.record_evidence(anna, skill, level=3, type=Type.EXERCISE, by=make_account())
    actions.still_doing_it(Standing.objects.all(), by=make_account(person=make_person()))

    assert Standing.objects.get().trust == 80


def test_what_is_withdrawn_says_why_and_only_once(anna, skill):
    said = actions.record_evidence(anna, skill, level=3, type=Type.EXERCISE, by=make_account())
    with pytest.raises(RuleBroken, match="Say why"):
        actions.withdraw_evidence(said, reason=" ", by=make_account())

    actions.withdraw_evidence(said, reason="Another Anna", by=make_account())
    with pytest.raises(RuleBroken, match="withdrawn already"):
        actions.withdraw_evidence(said, reason="Once more", by=make_account())
    with pytest.raises(RuleBroken, match="no longer counts"):
        actions.contest(said, reason="I did it", by=make_account(person=anna))
