"""Programmes and cohorts, as a program reads them."""

import datetime as dt

import pytest
from django.utils import timezone

from performance_support import actions
from performance_support.models import Cohort, Programme
from tests.api.client import Program
from tests.make import make_account, make_key, make_person, make_workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    soon = timezone.localdate() + dt.timedelta(days=7)
    days = {"starts_on": soon, "ends_on": soon}
    step = make_workflow(steps=1).steps.get()
    return actions.add_programme(name="Accounts", people=[make_person()], steps=[step], by=make_account(), **days)


def test_a_programme_is_told_with_its_people_its_work_and_its_flags(programme):
    [found] = Program(make_key("read")).ask("GET", "programmes/").body["results"]

    assert (found["name"], found["flags"]) == ("Accounts", ["environment_before"])
    assert found["steps"] == [str(programme.steps.get().pk)]
    assert found["people"] == [str(programme.participants.get().person_id)]
    one = Program(make_key("read")).ask("GET", f"programmes/{programme.pk}/").body
    assert one == found


def test_what_surrounds_it_is_told_fact_by_fact(programme):
    facts = Program(make_key("hris")).ask("GET", f"programmes/{programme.pk}/environment/").body

    assert len(facts) == 10
    assert {(fact["holds"], fact["people"]) for fact in facts} == {(False, 1)}


def test_programmes_are_narrowed_by_work_state_and_moment(programme):
    program, step = Program(make_key("read")), programme.steps.get().pk
    yesterday, tomorrow = ((timezone.now() + dt.timedelta(days=n)).strftime("%Y-%m-%dT%H:%M:%SZ") for n in (-1, 1))

    def count(query: str) -> int:
        return len(program.ask("GET", f"programmes/?{query}").body["results"])

    assert (count(f"step={step}"), count(f"skill={step}")) == (1, 0)
    assert (count(f"updated_since={yesterday}"), count(f"updated_since={tomorrow}")) == (1, 0)
    assert (count("state=active"), count("state=archived")) == (1, 0)
    actions.archive_programme(programme, by=programme.owner)
    assert (count("state=active"), count("state=archived")) == (0, 1)


def test_a_cohort_is_told_with_how_many_joined_and_nobody_by_name():
    by, today = make_account(name="Tom Becker", person=make_person()), timezone.localdate()
    step = make_workflow(steps=1).steps.get()
    actions.add_cohort(name="Spring", goal="Alone", meets="Here", steps=[step], by=by, starts_on=today, ends_on=today)

    answer = Program(make_key("read")).ask("GET", "cohorts/")

    [found] = answer.body["results"]
    assert (found["name"], found["joined"], found["id"]) == ("Spring", 1, str(Cohort.objects.get().pk))
    assert "Tom Becker" not in answer.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(programme, count, django_assert_num_queries):
    work = {"steps": list(programme.steps.all()), "starts_on": programme.starts_on, "ends_on": programme.ends_on}
    for _ in range(count - 1):
        actions.add_programme(name="More", people=[make_person()], by=programme.owner, **work)
    program = Program(make_key("read"))
    program.ask("GET", "programmes/")

    with django_assert_num_queries(8):
        assert len(program.ask("GET", "programmes/").body["results"]) == count
