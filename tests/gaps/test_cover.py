"""Cover in SQL against the arithmetic, on random worlds; who is key, who leaves, what if."""

import datetime as dt
from uuid import uuid4

import pytest
from django.utils import timezone

from gaps.arithmetic import Cover, Held, can_do, chain_cover, people_needed, weakest_link
from gaps.models import CoverTarget, Need, Standing
from gaps.queries.cover import AS_IT_IS, LEAVES_SOON, Change, StepCover, Wanted, cover, in_state, key_people, leavers
from gaps.queries.reckoning import Whose
from gaps.queries.risk import outcomes_at_risk, risks, what_if
from tests.gaps.worlds import World, make_world
from tests.make import make_person
from workforce.models import Person

pytestmark = pytest.mark.django_db

SEEDS = range(8)


def performing(world: World, step, given: Change) -> list[Person]:
    def role_of(person) -> object:
        return given.moves.get(person.pk, world.role_of(person))

    return [
        person
        for person in world.people
        if person.status in Person.Status.at_work()
        and person.pk not in given.leaves
        and role_of(person) == step.performed_by_id
    ]


def reckoned(world: World, given: Change = AS_IT_IS) -> dict:
    """{step: (people, leaving, target, performers)}, one by one."""
    found = {}
    for step in world.steps:
        needs = world.needed_at(step.pk)
        performers = performing(world, step, given)
        held = {str(person.pk): held_at(world, person, step, given) for person in performers}
        able = can_do(needs, held)
        leaving = {str(person.pk) for person in performers if is_leaving(person)}
        target = world.targets.get(step.pk, people_needed(step.criticality))
        found[step.pk] = (len(able - leaving), len(able & leaving), target, len(performers))
    return found


def held_at(world: World, person: Person, step, given: Change) -> dict:
    held = world.held_at(person.pk, step.pk)
    for (who, skill), level in given.reaches.items():
        if who == person.pk:
            standing = world.standings.get((who, skill))
            held[skill] = Held(max(level, (standing and standing.level) or 0), 100)
    return held


def is_leaving(person: Person) -> bool:
    return person.end_date is not None and person.end_date <= timezone.localdate() + LEAVES_SOON


def figures(covers: list[StepCover]) -> dict:
    return {each.step: (each.people, len(each.leaving), each.target, each.performers) for each in covers}


def make_able_world(seed: int) -> World:
    """Standings good enough that cover is not nearly always nothing."""
    world = make_world(seed, people=14, skills=4)
    for standing in world.standings.values():
        if standing.level is not None and seed % 2:
            standing.level, standing.trust = 4, 100
            Standing.objects.filter(person=standing.person_id, skill=standing.skill_id).update(level=4, trust=100)
    return world


@pytest.mark.parametrize("seed", SEEDS)
def test_cover_in_sql_is_the_arithmetics(seed):
    world = make_able_world(seed)
    assert figures(cover()) == reckoned(world)


@pytest.mark.parametrize("seed", SEEDS)
def test_risk_is_the_arithmetics(seed):
    world = make_able_world(seed)
    covers = {each.step: each for each in cover()}

    found = {each.outcome: each for each in risks(covers.values())}

    for outcome in world.outcomes:
        links = [
            covers[step.pk].link
            for step in world.steps
            if (step.pk, outcome.pk) in world.sight and world.needed_at(step.pk)
        ]
        if outcome.pk not in found:
            assert not any(at == outcome.pk for _, at in world.sight)
            continue
        worst = weakest_link(links)
        assert found[outcome.pk].chain == chain_cover(links)
        assert found[outcome.pk].risk == (worst.risk if worst else 0)
        assert (found[outcome.pk].weakest is None) == (worst is None)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", ["leaves", "moves", "reaches"])
def test_what_would_be_is_what_the_arithmetic_says_and_nothing_is_written(seed, kind):
    world = make_able_world(seed)
    given = change_of(world, kind)
    before, then = reckoned(world), reckoned(world, given)

    found = what_if(given)

    assert figures(cover(given=given)) == then
    moved = {step for step in before if before[step][:2] != then[step][:2]}
    assert {each.before.step for each in found.steps} == moved
    assert all(each.before.chain != each.after.chain or each.before.risk != each.after.risk for each in found.outcomes)
    chains = {each.outcome: (each.chain, each.risk) for each in risks(cover(given=given))}
    now = {each.outcome: (each.chain, each.risk) for each in risks(cover())}
    assert {each.before.outcome for each in found.outcomes} == {one for one in now if now[one] != chains[one]}
    assert {each.after.outcome: (each.after.chain, each.after.risk) for each in found.outcomes} == {
        one: chains[one] for one in now if now[one] != chains[one]
    }
    assert figures(cover()) == before


def change_of(world: World, kind: str) -> Change:
    able = [each.can[0].person for each in cover() if each.can]
    someone = able[0] if able else world.people[0].pk
    if kind == "leaves":
        return Change(leaves=[someone])
    if kind == "moves":
        return Change(moves={someone: world.roles[1].pk})
    return Change(reaches={(someone, skill.pk): 3 for skill in world.skills})


def test_the_worlds_hold_every_state_but_thin_which_has_a_test_of_its_own():
    """Otherwise the comparisons above prove less than they seem."""
    states = set()
    for seed in SEEDS:
        make_able_world(seed)
        states |= {each.state for each in cover()}
    assert states | {Cover.THIN} == set(Cover)


def test_a_team_is_asked_only_for_the_steps_of_its_roles():
    world = make_able_world(1)
    some = [person for person in world.people if person.status in Person.Status.at_work() and world.role_of(person)][:2]
    roles = {world.role_of(person) for person in some}

    found = cover(Wanted(Whose(people=[person.pk for person in some])))

    assert {each.job_role for each in found} <= roles
    assert {each.step for each in found} == {step.pk for step in world.steps if step.performed_by_id in roles}
    assert all(each.performers <= 2 for each in found)


def test_what_if_within_a_team_keeps_the_chain_whole_when_the_last_of_a_role_leaves():
    make_able_world(3)
    alone = next(each for each in cover() if each.people)
    one = alone.can[0].person

    found = what_if(Change(leaves=[one]), whose=Whose(people=[one]))

    assert alone.step in {each.before.step for each in found.steps}
    assert all(each.after.people == 0 for each in found.steps)
    assert all(each.after.chain <= each.before.chain for each in found.outcomes)


def make_covered_step(*, last_days=(), stay=1, criticality=5, target=None):
    """One step with one skill, and people who all can: `stay` of them, and one for each last day."""
    world = make_world(0, people=0, steps=2, skills=1, outcomes=0)
    step, skill = world.steps[0], world.skills[0]
    step.criticality, step.rated_revision = criticality, 1
    step.save()
    Need.objects.all().delete()
    Need.objects.create(
        step=step, skill=skill, job_role=step.performed_by, level=3, criticality=criticality, is_rated=True, contexts=1,
        asked_since=timezone.now(),
    )  # fmt: skip
    CoverTarget.objects.all().delete()
    if target:
        CoverTarget.objects.create(step=step, people=target)
    return step, [make_able(step, skill, last_day) for last_day in [*[None] * stay, *last_days]]


def make_able(step, skill, last_day):
    person = make_person(role=step.performed_by, end_date=last_day)
    Standing.objects.create(
        person=person, skill=skill, level=3, trust=100, type="observed", evidence_id=uuid4(), observed_at=timezone.now()
    )
    return person


def in_days(count: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=count)


def test_whoever_leaves_takes_cover_on_a_day():
    step, people = make_covered_step(stay=1, last_days=[in_days(50), in_days(20)])

    [first, second] = leavers(cover(Wanted(steps=[step.pk])))

    assert [(first.who.person, first.who.last_day), (second.who.person, second.who.last_day)] == [
        (people[2].pk, in_days(20)), (people[1].pk, in_days(50)),
    ]  # fmt: skip
    assert [(one.before, one.after, one.becomes) for one in [*first.takes, *second.takes]] == [
        (3, 2, Cover.COVERED), (2, 1, Cover.SINGLE),
    ]  # fmt: skip
    assert [one.is_worse for one in [*first.takes, *second.takes]] == [False, True]


def test_a_contract_that_ends_far_away_is_cover():
    step, _ = make_covered_step(stay=0, last_days=[in_days(200)])
    [found] = cover(Wanted(steps=[step.pk]))
    assert (found.people, found.leaving) == (1, [])


def test_a_key_person_is_the_only_one_at_several_steps():
    step, [person] = make_covered_step(stay=1)
    covers = cover(Wanted(steps=[step.pk]))

    assert key_people(covers) == []
    [key] = key_people(covers * 2)
    assert key.who.person == person.pk
    assert [each.step for each in key.steps] == [step.pk, step.pk]


def test_a_target_that_somebody_set_counts():
    step, _ = make_covered_step(stay=2, target=4)
    [found] = cover(Wanted(steps=[step.pk]))
    assert (found.people, found.target, found.state) == (2, 4, Cover.THIN)
    assert in_state([found], Cover.THIN, Cover.NONE) == [found]


def test_pages_of_steps_by_id():
    make_able_world(2)
    whole = sorted(each.step for each in cover())

    found: list = []
    while page := cover(Wanted(size=3, after=found[-1] if found else None)):
        found += [each.step for each in page]

    assert found == whole


@pytest.mark.parametrize("count", [1, 3])
def test_outcomes_at_risk_cost_the_same_for_one_and_for_three(count, django_assert_num_queries):
    make_world(5, outcomes=count)
    with django_assert_num_queries(2):
        found = outcomes_at_risk()
    assert [each.risk for each in found] == sorted((each.risk for each in found), reverse=True)
