"""A clock walks a resource through every state; a change of the work turns it stale in the same moment."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.utils import timezone

from base.errors import Outdated, RuleBroken
from base.models import Change
from performance_support import actions
from performance_support.models import Link, Moment, Resource, ReviewInterval, Verification
from performance_support.queries import freshness
from tests.make import make_account, make_designer, make_person, make_resource, make_skill, make_workflow
from workflows import actions as work
from workflows.models import Step
from workforce.models import Account

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def rated(criticality: int | None) -> Step:
    step = make_workflow(steps=1).steps.get()
    return work.change_step(step, criticality=criticality, by=make_designer())


def fresh(resource: Resource) -> Resource:
    return Resource.objects.get(pk=resource.pk)


def night(day: dt.date | None = None) -> None:
    freshness.set_due()
    freshness.turn_stale(by=Account.objects.system(), today=day)


@pytest.mark.parametrize(
    ("criticality", "days"), [(7, 30), (6, 30), (5, 60), (4, 90), (3, 90), (2, 180), (1, 180), (None, 180)]
)
def test_the_next_review_follows_the_criticality(criticality, days):
    resource = make_resource(at=rated(criticality))
    assert resource.due_on == START.date() + dt.timedelta(days=days)


def test_an_organisation_may_look_sooner():
    ReviewInterval.objects.create(criticality=6, days=10)
    assert make_resource(at=rated(6)).due_on == START.date() + dt.timedelta(days=10)


def test_the_highest_criticality_counts_whatever_the_way_to_the_step():
    low, high = rated(2), rated(6)
    resource = make_resource(at=low)
    skill = make_skill(at=high)
    actions.place_resource(resource, at=skill, moments=[Moment.FIRST], by=make_designer())
    assert fresh(resource).due_on == START.date() + dt.timedelta(days=30)


def test_an_outcome_is_served_where_it_is_produced():
    step = rated(5)
    resource = make_resource(at=step.outcomes.get())
    assert resource.due_on == START.date() + dt.timedelta(days=60)


def test_a_new_rating_moves_the_review():
    step = rated(2)
    resource = make_resource(at=step)
    work.change_step(step, criticality=7, by=make_designer())
    assert fresh(resource).due_on == START.date() + dt.timedelta(days=30)


def test_the_clock_walks_a_resource_through_its_states(clock):
    step = rated(7)
    resource = make_resource(at=step, verified=False)
    assert resource.freshness == "draft"
    resource = actions.verify(resource, by=make_designer())
    assert resource.freshness == "verified"
    clock.move_to(START + dt.timedelta(days=16))
    assert fresh(resource).freshness == "due_soon"
    clock.move_to(START + dt.timedelta(days=30))
    night()
    assert fresh(resource).freshness == "stale"
    assert fresh(resource).stale_because == ["review_due"]
    actions.verify(fresh(resource), by=make_designer())
    assert fresh(resource).freshness == "verified"
    actions.archive_resource(fresh(resource), by=make_designer())
    assert fresh(resource).freshness == "archived"
    actions.take_back(fresh(resource), by=make_designer())
    assert fresh(resource).freshness == "draft"


def test_a_revised_step_turns_its_support_stale_in_the_same_transaction():
    step = rated(3)
    resource, other = make_resource(at=step), make_resource(at=rated(3))
    work.change_step(step, name="Do it in another way", by=make_designer())
    assert fresh(resource).stale_because == ["step_changed"]
    assert [flag.code for flag in resource.flags.open()] == ["step_changed"]
    assert fresh(other).state == "verified"


def test_so_does_a_step_that_is_served_through_a_skill():
    step = rated(3)
    resource = make_resource(at=make_skill(at=step))
    work.change_step(step, name="Do it in another way", by=make_designer())
    assert fresh(resource).stale_because == ["step_changed"]


def test_rating_a_step_is_not_revising_it():
    step = rated(3)
    resource = make_resource(at=step)
    work.change_step(step, criticality=4, by=make_designer())
    assert fresh(resource).state == "verified"


def test_still_correct_is_said_of_the_step_as_it_is_now():
    step = rated(3)
    resource = make_resource(at=step)
    work.change_step(step, name="Do it in another way", by=make_designer())
    actions.verify(fresh(resource), by=make_designer())
    assert fresh(resource).state == "verified"
    assert resource.verifications.first().revisions == {str(step.pk): 2}
    night()
    assert fresh(resource).state == "verified"


def test_who_read_it_before_the_step_changed_has_not_verified_it():
    step = rated(3)
    resource = make_resource(at=step)
    seen = resource.version
    work.change_step(step, name="Do it in another way", by=make_designer())
    with pytest.raises(Outdated):
        actions.verify(resource, seen=seen, by=make_designer())
    assert fresh(resource).state == "stale"


def test_editing_is_not_verifying():
    resource = make_resource(at=rated(3))
    work.change_step(resource.placements.get().step, name="Do it anew", by=make_designer())
    actions.change_resource(fresh(resource), text="Read this instead.", by=make_designer())
    assert fresh(resource).state == "stale"
    assert fresh(resource).content_version == 2
    assert [version.number for version in resource.versions.all()] == [2, 1]


def test_two_votes_against_the_current_version_turn_it_stale(clock):
    resource = make_resource(at=rated(3))
    clock.shift(60)
    once, again = make_account(), make_account()
    actions.vote(resource, worked=False, by=once)
    actions.vote(resource, worked=False, by=once)
    assert fresh(resource).state == "verified"
    actions.vote(resource, worked=False, comment="The screen looks different.", by=again)
    assert fresh(resource).stale_because == ["voted_down"]


def test_votes_on_an_earlier_version_say_nothing_about_this_one(clock):
    resource = make_resource(at=rated(3))
    clock.shift(60)
    actions.vote(resource, worked=False, by=make_account())
    actions.change_resource(fresh(resource), text="Better.", by=make_designer())
    actions.vote(fresh(resource), worked=False, by=make_account())
    assert fresh(resource).state == "verified"


def test_verifying_answers_the_votes_before_it(clock):
    resource = make_resource(at=rated(3))
    clock.shift(60)
    for _ in range(2):
        actions.vote(resource, worked=False, by=make_account())
    clock.shift(60)
    actions.verify(fresh(resource), by=make_designer())
    night()
    assert fresh(resource).state == "verified"


def test_an_owner_who_leaves_makes_it_stale():
    owner = make_designer()
    owner.person = make_person()
    owner.save()
    resource = make_resource(at=rated(3), owner=owner)
    owner.person.status, owner.person.left_at = "inactive", timezone.now()
    owner.person.save()
    night()
    assert fresh(resource).stale_because == ["owner_left"]


def test_a_broken_link_makes_stale_whatever_leads_there():
    one = make_resource(at=rated(3), url="https://example.com/price-list")
    other = make_resource(at=rated(3), text="See [the list](https://example.com/price-list).")
    assert Link.objects.count() == 1
    Link.objects.update(state="broken", failures=3, failing_since=START)
    night()
    assert fresh(one).stale_because == fresh(other).stale_because == ["link_broken"]
    with pytest.raises(RuleBroken, match="price-list"):
        actions.verify(fresh(one), by=make_designer())


def test_a_second_reason_joins_the_first_and_the_first_moment_stays(clock):
    resource = make_resource(at=rated(7))
    work.change_step(resource.placements.get().step, name="Do it anew", by=make_designer())
    clock.move_to(START + dt.timedelta(days=31))
    night()
    night()
    assert fresh(resource).stale_because == ["review_due", "step_changed"]
    assert fresh(resource).stale_since == START
    assert Change.objects.filter(subject=resource.pk, verb="turn_stale").count() == 2


def test_several_are_verified_together_or_none(clock):
    one, other = make_resource(at=rated(3)), make_resource(at=rated(3))
    actions.change_resource(other, text="Changed meanwhile.", by=make_designer())
    with pytest.raises(Outdated):
        actions.verify_together([(one, one.version), (other, other.version)], by=make_designer())
    assert Verification.objects.count() == 2
    too_many = [(one, one.version)] * (actions.MOST_TOGETHER + 1)
    with pytest.raises(RuleBroken, match="at most"):
        actions.verify_together(too_many, by=make_designer())


def test_a_step_that_is_served_no_longer_says_nothing_about_the_resource():
    step = rated(3)
    resource = make_resource(at=step)
    actions.take_away(resource.placements.get(), by=make_designer())
    work.change_step(step, name="Do it in another way", by=make_designer())
    night()
    assert fresh(resource).state == "verified"
    assert [flag.code for flag in resource.flags.open()] == ["unplaced"]


def test_nothing_is_turned_twice():
    resource = make_resource(at=rated(3))
    later = START.date() + dt.timedelta(days=400)
    assert freshness.turn_stale(by=Account.objects.system(), today=later) == [resource.pk]
    assert freshness.turn_stale(by=Account.objects.system(), today=later) == []
