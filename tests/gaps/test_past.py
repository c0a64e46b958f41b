"""Figures of a past day, against a look at every piece of evidence one by one."""

import datetime as dt
import random

import pytest
from django.utils import timezone

from gaps.arithmetic import Held, Label, Needed, is_met, readiness, way_between
from gaps.models import Evidence, Goal, Need, Overrule, Requirement, RequirementPeriod, Trust, Withdrawal
from gaps.queries import overtime
from gaps.queries.cover import Wanted as Steps
from gaps.queries.cover import cover
from gaps.queries.gaps import Wanted, count, gaps
from gaps.queries.heat import SKILLS, cells
from gaps.queries.heat import Wanted as Across
from gaps.queries.listing import Listed, listed
from gaps.queries.reckoning import Whose
from gaps.queries.roles import compare, roles_in_reach, to_learn
from gaps.queries.summing import sum_of_all
from tests.gaps.worlds import World, make_world
from tests.make import make_person
from workforce.models import JobRole, Person, Position

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def ago(count: int) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=count)


def day(count: int) -> dt.date:
    return TODAY - dt.timedelta(days=count)


def make_history(seed: int) -> tuple[World, list[Evidence]]:
    """People in their roles for long, and evidence said at any time in the last hundred days."""
    chance = random.Random(seed)
    world = make_world(seed, people=0)
    role = world.roles[0]
    RequirementPeriod.objects.update(since=ago(900))
    world.people = [make_person(role=role, position_since=day(900)) for _ in range(3)]
    said = []
    for person in world.people:
        for skill in world.skills:
            for _ in range(chance.randint(0, 3)):
                when = ago(chance.randint(1, 100))
                kind = chance.choice(["exercise", "manager", "peer", "own", "inferred"])
                said.append(
                    Evidence.objects.create(
                        person=person, skill=skill, level=chance.randint(0, 4), type=kind, observed_at=when,
                        recorded_at=when, valid_until=when.date() + dt.timedelta(days=chance.choice([20, 200])),
                        source=f"source {chance.random()}", recorded_by=world.by,
                    )
                )  # fmt: skip
    for evidence in chance.sample(said, 3):
        withdrawn = max(evidence.recorded_at + dt.timedelta(days=1), ago(chance.randint(0, 60)))
        Withdrawal.objects.create(evidence=evidence, reason="No", withdrawn_by=world.by, withdrawn_at=withdrawn)
    return world, said


def held_on(said: list[Evidence], person: Person, when: dt.date) -> dict:
    percent = dict(Trust.objects.values_list("type", "percent"))
    gone = {
        pk for pk, at in Withdrawal.objects.values_list("evidence", "withdrawn_at") if timezone.localdate(at) <= when
    }
    best: dict = {}
    for one in said:
        known = timezone.localdate(one.recorded_at) <= when <= one.valid_until
        if one.person_id == person.pk and known and one.pk not in gone:
            rank = (percent[one.type], one.observed_at)
            if one.skill_id not in best or rank > best[one.skill_id][0]:
                best[one.skill_id] = (rank, Held(one.level, percent[one.type]))
    return {skill: held for skill, (_, held) in best.items()}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("days", [1, 15, 40, 80])
def test_a_past_day_is_what_had_been_said_by_then(seed, days):
    world, said = make_history(seed)
    needs = world.needed_by(world.roles[0].pk)

    found = {(gap.person, gap.skill): gap for gap in gaps(Wanted(), as_of=day(days))}
    summed = sum_of_all(as_of=day(days))

    held = {person.pk: held_on(said, person, day(days)) for person in world.people}
    unmet = {
        (who, skill): has.get(skill)
        for who, has in held.items()
        for skill, need in needs.items()
        if not is_met(need, has.get(skill))
    }
    assert {key: gap.level and Held(gap.level, gap.trust) for key, gap in found.items()} == {
        key: has and (has if has.level else 0) for key, has in unmet.items()
    }
    assert summed.met == sum(readiness(needs, has).met for has in held.values())


@pytest.mark.parametrize("seed", range(3))
def test_several_days_of_an_outcome_in_one_statement_are_each_of_them_alone(seed, django_assert_num_queries):
    world, _ = make_history(seed)
    days = [day(count) for count in (80, 40, 15, 1, 0)]
    whose = Whose(people=[person.pk for person in world.people])
    counted = set()
    for outcome in world.outcomes:
        steps = overtime.upstream(outcome)
        with django_assert_num_queries(1):
            together = overtime.on_days(days, outcome, steps, whose)
        for each in days:
            past = each if each < TODAY else None
            covers = cover(Steps(whose, steps=steps), as_of=past)
            lacking = len(gaps(Wanted(whose, outcome=outcome.pk), as_of=past))
            assert together[each] == overtime.told(covers, lacking)
            counted.add(together[each])
    assert len(counted) >= 3


def test_what_a_role_did_not_need_then_was_no_gap():
    world, _ = make_history(1)
    requirement = Requirement.objects.filter(job_role=world.roles[0]).first()
    RequirementPeriod.objects.filter(skill=requirement.skill).update(since=ago(10))

    assert requirement.skill_id not in {gap.skill for gap in gaps(Wanted(), as_of=day(20))}
    assert requirement.skill_id in {gap.skill for gap in gaps(Wanted(), as_of=day(5))}


def test_what_a_role_no_longer_needs_was_a_gap():
    world, _ = make_history(1)
    requirement = Requirement.objects.filter(job_role=world.roles[0]).first()
    skill = requirement.skill_id
    requirement.delete()

    assert skill not in {gap.skill for gap in gaps(Wanted())}
    assert skill in {gap.skill for gap in gaps(Wanted(), as_of=day(5))}


def needed(role: JobRole) -> dict:
    asked = Requirement.objects.filter(job_role=role).values_list("skill", "level", "criticality")
    return {skill: Needed(*need) for skill, *need in asked}


def change_needs(world: World, when: dt.datetime) -> tuple[dict, dict]:
    """Another level of one skill of a role, and another skill no longer; what it needed before, and what it does."""
    role = world.roles[0]
    before = needed(role)
    harder, gone, *_ = Requirement.objects.filter(job_role=role).order_by("level", "pk")
    gone.delete()
    Need.objects.filter(job_role=role, skill=gone.skill).delete()
    harder.level = harder.level % 4 + 1
    harder.save()
    RequirementPeriod.objects.filter(until__gt=ago(1)).update(until=when)
    RequirementPeriod.objects.filter(since__gt=ago(1)).update(since=when)
    return before, needed(role)


@pytest.mark.parametrize("seed", range(3))
def test_roles_stand_beside_each_other_as_the_work_was(seed):
    world, _ = make_history(seed)
    here, there = world.roles[0], world.roles[1]
    before, after = change_needs(world, ago(10))
    other = needed(there)

    ways = {count: compare(there, here, as_of=day(count)).way for count in (20, 5)}

    assert ways == {20: way_between(other, before), 5: way_between(other, after)}
    assert compare(there, here).way == ways[5]
    then = compare(here, there, as_of=day(20))
    assert {each.skill: (each.here.level, each.here.criticality) for each in then.skills if each.here} == {
        skill: (need.level, need.criticality) for skill, need in before.items()
    }


@pytest.mark.parametrize("seed", range(3))
def test_roles_in_reach_of_a_person_are_those_of_the_day(seed):
    world, said = make_history(seed)
    [person, *_] = world.people
    person.job_title.job_role = None
    person.job_title.save()
    before, after = change_needs(world, ago(10))

    for days, needs in ((20, before), (5, after)):
        held = held_on(said, person, day(days))
        [found] = [
            each for each in roles_in_reach(person, limit=99, as_of=day(days)) if each.job_role == world.roles[0].pk
        ]
        lacks = to_learn([person.pk], found.job_role, as_of=day(days))[person.pk]
        assert (found.reach.met, found.reach.of) == (readiness(needs, held).met, len(needs))
        assert {each.skill for each in lacks} == {
            skill for skill, need in needs.items() if not is_met(need, held.get(skill))
        }


def test_a_person_had_another_role_then():
    world, _ = make_history(2)
    person, former = world.people[0], make_person(role=world.roles[1])
    Position.objects.create(person=person, job_title=former.job_title, started_on=day(400), ended_on=day(30))
    mine = Wanted(Whose(people=[person.pk]))

    assert {gap.job_role for gap in gaps(mine, as_of=day(40))} == {world.roles[1].pk}
    assert {gap.job_role for gap in gaps(mine, as_of=day(20))} == {world.roles[0].pk}


def test_whoever_has_left_was_there():
    make_history(2)
    Person.objects.update(status="inactive", left_at=ago(10))

    assert gaps(Wanted(), as_of=day(5)) == []
    assert len({gap.person for gap in gaps(Wanted(), as_of=day(20))}) == 3


def test_a_goal_counts_from_the_day_it_was_agreed_by_both():
    world, _ = make_history(3)
    Goal.objects.create(
        person=world.people[0], job_role=world.roles[1], state="dropped", proposed_by=world.by,
        person_agreed_at=ago(60), manager_agreed_at=ago(50), manager_agreed_by=world.by, ended_at=ago(10),
        ended_by=world.by,
    )  # fmt: skip

    reskill = {days: gaps(Wanted(kind="reskill"), as_of=day(days)) for days in (5, 30, 55)}

    assert {days: bool(found) for days, found in reskill.items()} == {5: False, 30: True, 55: False}


def test_an_overrule_counts_while_it_stood():
    world, _ = make_history(3)
    gap = gaps(Wanted(), as_of=day(1))[0]
    Overrule.objects.create(
        person_id=gap.person, skill_id=gap.skill, label="none", reason="I know", overruled_by=world.by,
        overruled_at=ago(20), taken_back_at=ago(10), taken_back_by=world.by,
    )  # fmt: skip

    def label_on(days: int) -> Label | None:
        found = gaps(Wanted(skill=gap.skill, overruled=True), as_of=day(days))
        return next((each.label for each in found if each.person == gap.person), None)

    assert label_on(15) is Label.NONE
    assert label_on(5) is not Label.NONE


def test_cover_of_a_past_day_counts_who_could_then():
    world, _ = make_history(0)
    step = next(step for step in world.steps if step.performed_by_id == world.roles[0].pk)
    Need.objects.filter(step=step).delete()
    [skill, *_] = world.skills
    Need.objects.create(
        step=step, skill=skill, job_role=step.performed_by, level=2, criticality=3, is_rated=True, contexts=1,
        asked_since=ago(900),
    )  # fmt: skip
    fresh = make_person(role=world.roles[0])
    Evidence.objects.create(
        person=fresh, skill=skill, level=3, type="exercise", observed_at=ago(30), recorded_at=ago(30), source="Exam",
        valid_until=day(10), recorded_by=world.by,
    )  # fmt: skip
    mine = Steps(Whose(people=[fresh.pk]), steps=[step.pk])

    assert [cover(mine, as_of=day(days))[0].people for days in (5, 20, 40)] == [0, 1, 0]


def test_a_step_asked_then_for_what_its_role_was_asked_for():
    """What came to the step since had been asked of nobody: it is not why a step was uncovered."""
    world, _ = make_history(1)
    step = next(step for step in world.steps if step.performed_by_id == world.roles[0].pk and step.needs.count() > 1)
    late, everyone = step.needs.first().skill_id, Whose(people=[person.pk for person in world.people])
    RequirementPeriod.objects.filter(skill=late).update(since=ago(10))

    asked = {days: cover(Steps(everyone, steps=[step.pk]), as_of=day(days))[0].skills for days in (5, 20)}

    assert asked[5] - asked[20] == 1
    assert late not in {cell.column for cell in cells(Across(everyone, across=SKILLS), as_of=day(20))}
    assert late in {cell.column for cell in cells(Across(everyone, across=SKILLS), as_of=day(5))}


@pytest.mark.parametrize("seed", range(3))
def test_a_past_list_and_its_sum_are_what_gaps_and_sums_say_of_that_day(seed):
    world, _ = make_history(seed)
    whose = Whose(people=[person.pk for person in world.people])
    for back in (0, 15, 45):
        wanted, then = Wanted(whose), day(back)
        found = listed(whose, limit=100, as_of=then)

        assert found == Listed(gaps(wanted, as_of=then), sum_of_all(whose, as_of=then), count(wanted, as_of=then))
