"""Sums in SQL against the gaps one by one, and against the arithmetic, on random worlds."""

from collections import Counter
from fractions import Fraction
from uuid import uuid4

import pytest
from django.db import connection

from gaps.arithmetic import readiness
from gaps.queries import reckoning
from gaps.queries.gaps import Counts, Wanted, count, gaps
from gaps.queries.listing import Listed, listed
from gaps.queries.reckoning import Whose
from gaps.queries.summing import sum_of_all, sums
from tests.gaps.worlds import World, make_world
from workforce.models import Person

pytestmark = pytest.mark.django_db


def working(world: World) -> list[Person]:
    return [person for person in world.people if person.status in Person.Status.at_work()]


def key_of(world: World, person: Person, by: str):
    return {"person": person.pk, "team": person.team_id, "job_role": world.role_of(person), "": None}[by]


def reckoned(world: World, by: str) -> dict:
    """{group: (people, counted, met, of, share, ready)}, one by one."""
    found: dict = {}
    for person in working(world):
        needs = world.needed_by(world.role_of(person))
        found.setdefault(key_of(world, person, by), []).append(
            (needs, readiness(needs, world.held_for(person.pk, world.role_of(person))))
        )
    return {key: added(each) for key, each in found.items()}


def added(people: list) -> tuple:
    counted = [(needs, each) for needs, each in people if needs]
    weights = [sum(need.criticality for need in needs.values()) for needs, _ in counted]
    whole = sum(weights)
    reached = sum((each.share * weight for (_, each), weight in zip(counted, weights, strict=True)), Fraction(0))
    return (
        len(people), len(counted), sum(each.met for _, each in counted), sum(each.of for _, each in counted),
        reached / whole if whole else None, sum(each.is_ready for _, each in counted),
    )  # fmt: skip


@pytest.mark.parametrize("by", ["", "person", "team", "job_role"])
@pytest.mark.parametrize("seed", range(4))
def test_sums_in_sql_are_the_arithmetics(seed, by):
    world = make_world(seed, people=12)
    people = {person.pk: key_of(world, person, by) for person in working(world)}

    found = sums(by=by)

    told = {each.key: (each.people, each.counted, each.met, each.of, each.share, each.ready) for each in found}
    assert told == reckoned(world, by)
    every = gaps(Wanted())
    for each in found:
        mine = [gap for gap in every if people[gap.person] == each.key]
        assert each.labels == Counter(gap.label for gap in mine)
        assert each.carries_over == sum(gap.carries_over for gap in mine)
        assert (each.upskill, each.reskill) == tuple(
            sum(gap.kind == kind for gap in mine) for kind in ("upskill", "reskill")
        )


def test_sums_are_of_whom_one_asks_for():
    world = make_world(2, people=12)
    some = [person.pk for person in working(world)[:3]]

    assert sum_of_all(Whose(people=some)).people == 3
    assert sum_of_all(Whose(people=[])).people == 0
    assert sum_of_all(Whose(people=some)).gaps == len(gaps(Wanted(Whose(people=some))))


@pytest.mark.parametrize("seed", range(4))
def test_few_people_have_the_figures_that_they_have_among_many(seed, monkeypatch):
    """The statement about few looks their roles up one by one; that may change nothing but its cost."""
    whose = Whose(people=[person.pk for person in working(make_world(seed, people=12))])
    few = gaps(Wanted(whose)), sums(whose, by="person")

    monkeypatch.setattr(reckoning, "FEW", 0)

    assert (gaps(Wanted(whose)), sums(whose, by="person")) == few
    assert few[0]


@pytest.mark.parametrize("seed", range(4))
def test_a_team_and_a_role_have_the_sum_that_they_have_among_all(seed):
    make_world(seed, people=12)

    for by in ("team", "job_role"):
        for each in sums(by=by):
            if each.key:
                assert sums(Whose(**{by: each.key}), by=by) == [each]


def test_all_that_a_sum_reads_of_a_standing_lies_in_its_key():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef('gaps_standing_pkey'::regclass)")
        [(key,)] = cursor.fetchall()

    assert "(person_id, skill_id) INCLUDE" in key
    assert all(column in key for column in reckoning.READ.split(", "))


@pytest.mark.parametrize("count", [1, 12])
def test_sums_take_three_queries(count, django_assert_num_queries):
    make_world(3, people=count)
    with django_assert_num_queries(3):
        sums(by="team")


@pytest.mark.parametrize("limit", [2, 200])
@pytest.mark.parametrize("seed", range(4))
def test_a_list_and_its_sum_are_what_gaps_and_sums_say_alone(seed, limit, django_assert_num_queries):
    world = make_world(seed, people=12)
    whose = Whose(people=[person.pk for person in world.people])
    for workflow in (None, world.steps[0].workflow_id, uuid4()):
        with django_assert_num_queries(1):
            found = listed(whose, limit=limit, workflow=workflow)

        alone = gaps(Wanted(whose, workflow=workflow), limit=limit)
        assert found == Listed(alone, sum_of_all(whose, workflow=workflow), count(Wanted(whose, workflow=workflow)))


def test_a_list_of_nobody_is_empty():
    assert listed(Whose(people=[]), limit=5) == Listed([], sum_of_all(Whose(people=[])), Counts(0, 0, 0))
