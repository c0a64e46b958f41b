"""Gaps in SQL against the arithmetic, on random worlds; and what each label means."""

import datetime as dt

import pytest
from django.utils import timezone

from gaps.actions import name_cause
from gaps.arithmetic import Label, has_drifted, is_met, label_for
from gaps.queries.gaps import Wanted, count, gap_of, gaps, page_of
from gaps.queries.listing import listed
from gaps.queries.reckoning import BEGINNING, NEWS_FOR, Whose
from skills.models import Skill
from tests.gaps.worlds import World, make_world
from tests.make import make_designer
from workforce.models import Person

pytestmark = pytest.mark.django_db

SEEDS = range(12)


def reckoned(world: World) -> dict:
    """{(person, skill): (required, criticality, level, trust, the rules' label, carries over)}, one by one."""
    found = {}
    for person in world.people:
        if person.status not in Person.Status.at_work():
            continue
        role, target = world.role_of(person), world.goals.get(person.pk)
        mine, theirs = world.needed_by(role), world.needed_by(target) if target != role else {}
        for skill in mine.keys() | theirs.keys():
            for needs, at in ((mine, role), (theirs, target)):
                need = needs.get(skill)
                held = world.held_for(person.pk, at).get(skill)
                if need is None or is_met(need, held):
                    continue
                facts = facts_of(world, person, skill, at, is_current=at == role)
                both = skill in mine and skill in theirs
                label = label_for(current=skill in mine, target=skill in theirs, **facts)
                found[person.pk, skill] = (need.level, need.criticality, *(held or (None, None)), label, both)
                break
    return found


def facts_of(world: World, person: Person, skill, role, *, is_current: bool) -> dict:
    if not is_current:
        return {}
    began = min(when for (job_role, _), when in world.brought.items() if job_role == role) + BEGINNING
    since = world.requirements[role, skill].asked_since
    recent = timezone.now() - NEWS_FOR
    is_new = {
        other: when > began and when >= recent for (job_role, other), when in world.brought.items() if job_role == role
    }
    needs = world.needed_by(role)
    drifted = has_drifted(
        new=[needs[other].criticality for other in needs if is_new[other]],
        all_of=[need.criticality for need in needs.values()],
    )
    was_here = person.position_since is None or person.position_since <= since.date()
    fresh = since > began and since >= recent and was_here
    return {
        "changed": fresh or world.is_outdated(person.pk, skill, role),
        "drifted": drifted and is_new[skill] and fresh,
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_gaps_in_sql_are_the_arithmetics(seed):
    world = make_world(seed)

    found = {
        (gap.person, gap.skill): (gap.required, gap.criticality, gap.level, gap.trust, gap.ruled, gap.carries_over)
        for gap in gaps(Wanted(overruled=True))
    }

    assert found == reckoned(world)


def test_the_worlds_hold_every_label():
    """Otherwise the comparison above proves less than it seems."""
    labels = {gap.ruled for seed in SEEDS for gap in gaps_of_a_new_world(seed)}
    assert labels == set(Label) - {Label.NONE}


def gaps_of_a_new_world(seed):
    world = make_world(seed)
    return gaps(Wanted(Whose(people=[person.pk for person in world.people]), overruled=True))


@pytest.mark.parametrize("seed", [1, 2])
def test_an_overrule_tells_another_label_and_keeps_the_rules(seed):
    world = make_world(seed, people=12)
    ruled = {(gap.person, gap.skill): gap.ruled for gap in gaps(Wanted(overruled=True))}

    told = {(gap.person, gap.skill): gap.label for gap in gaps(Wanted())}

    expected = {key: Label(world.overrules.get(key, ruled[key])) for key in ruled}
    assert any(key in ruled for key in world.overrules)
    assert told == {key: label for key, label in expected.items() if label is not Label.NONE}


def test_pages_by_id_are_the_whole_list_in_pieces():
    make_world(3, people=14)
    whole = sorted((gap.person, gap.skill) for gap in gaps(Wanted()))

    found: list = []
    while page := page_of(Wanted(), size=4, after=found[-1] if found else None):
        found += [(gap.person, gap.skill) for gap in page]

    assert len(whole) > 8
    assert found == whole


def test_a_page_goes_on_with_the_next_people_where_the_first_have_no_gap(monkeypatch):
    make_world(3, people=14)
    monkeypatch.setattr("gaps.queries.gaps.AT_ONCE", 1)
    assert len(page_of(Wanted(kind="reskill"), size=100)) == len(gaps(Wanted(kind="reskill")))


@pytest.mark.parametrize("seed", [4, 5])
def test_filters_keep_what_they_name(seed):
    world = make_world(seed, people=10)
    every = gaps(Wanted())
    step, outcome, person = world.steps[0].pk, world.outcomes[0].pk, every[0].person

    def asked_at(gap) -> set:
        return {at.pk for at in world.steps if at.performed_by_id == gap.job_role and (at.pk, gap.skill) in world.needs}

    for wanted, keeps in (
        (Wanted(kind="upskill"), lambda gap: gap.kind == "upskill"),
        (Wanted(label="reskill"), lambda gap: gap.label == "reskill"),
        (Wanted(skill=every[0].skill), lambda gap: gap.skill == every[0].skill),
        (Wanted(step=step), lambda gap: step in asked_at(gap)),
        (Wanted(outcome=outcome), lambda gap: any((at, outcome) in world.sight for at in asked_at(gap))),
        (Wanted(Whose(people=[person])), lambda gap: gap.person == person),
        (Wanted(Whose(team=world.people[0].team_id)), lambda gap: team_of(gap) == world.people[0].team_id),
        (Wanted(Whose(job_role=world.roles[0].pk)), lambda gap: role_of(gap) == world.roles[0].pk),
    ):
        assert gaps(wanted) == [gap for gap in every if keeps(gap)]


def team_of(gap):
    return Person.objects.get(pk=gap.person).team_id


def role_of(gap):
    person = Person.objects.select_related("job_title").get(pk=gap.person)
    return person.job_title and person.job_title.job_role_id


@pytest.mark.parametrize("seed", SEEDS)
def test_a_gap_names_the_step_that_was_changed_before_the_most_critical_one(seed):
    world = make_world(seed)
    for gap in gaps(Wanted(overruled=True)):
        if gap.is_outdated:
            assert gap.step == world.standings[gap.person, gap.skill].changed_step_id
        else:
            asking = [step.pk for step in world.steps if step.performed_by_id == gap.job_role]
            worst = max(
                need.criticality for (at, skill), need in world.needs.items() if at in asking and skill == gap.skill
            )
            assert world.needs[gap.step, gap.skill].criticality == worst


def test_one_gap_by_itself_is_the_one_of_the_list():
    make_world(6, people=12)
    every = gaps(Wanted(overruled=True))
    assert gap_of(every[0].person, every[0].skill) == every[0]


@pytest.mark.parametrize("count", [1, 3])
def test_gaps_take_one_query(count, django_assert_num_queries):
    make_world(7, people=count)
    with django_assert_num_queries(1):
        found = gaps(Wanted(overruled=True))
        assert all(gap.reason and gap.lacks and gap.effort for gap in found)


def test_no_gap_is_news_for_ever():
    world = make_world(8, people=10)
    later = timezone.localdate() + dt.timedelta(days=2000)
    outdated = {(gap.person, gap.skill) for gap in gaps(Wanted()) if gap.is_outdated}

    changed = {(gap.person, gap.skill) for gap in gaps(Wanted(), as_of=later) if gap.ruled is Label.CHANGE}

    assert world.people
    assert changed <= outdated


@pytest.mark.parametrize("seed", range(3))
def test_gaps_are_counted_without_naming_them(seed):
    world = make_world(seed, people=8)
    first = gaps(Wanted())[0]
    person, skill = (model.objects.get(pk=pk) for model, pk in ((Person, first.person), (Skill, first.skill)))
    name_cause(person, skill, kind="tools", by=make_designer())
    found = gaps(Wanted())

    assert (first.person, first.skill) in {(gap.person, gap.skill) for gap in found if gap.cause}
    for kind in ("upskill", "reskill"):
        assert getattr(count(Wanted()), kind) == sum(gap.kind == kind and not gap.cause for gap in found)
    assert count(Wanted()).not_built == 1
    assert count(Wanted()).all == len(found)
    one = Wanted(Whose(people=[world.people[0].pk]), kind="upskill")
    assert count(one).all == len(gaps(one))
    theirs = Whose(people=[first.person])
    assert listed(theirs, limit=1).counts == count(Wanted(theirs))
