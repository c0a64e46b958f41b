import datetime as dt
import uuid

import pytest
from django.utils import timezone

from tests.api.client import Program
from tests.make import make_designer, make_key, make_skill, make_step, make_workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return Program(make_key("design"))


def results(program: Program, query: str = "") -> list:
    return program.ask("GET", f"flags/?{query}").body["results"]


def test_the_queue_says_what_is_wrong_and_what_to_do(program):
    skill = make_skill("Python")

    [flag] = results(program, "about=skill&code=no_context")

    assert (flag["about"], flag["subject"], flag["severity"]) == ("skill", str(skill.pk), "blocks")
    assert flag["sentence"].startswith("It has no context")
    assert flag["remedy"].startswith("Place it at the step")


def test_steps_and_outcomes_have_their_own_part(program):
    step = make_step(make_workflow())

    assert {flag["code"] for flag in results(program, "about=step")} == {"no_outcome", "no_role"}
    assert {flag["subject"] for flag in results(program, "about=step")} == {str(step.pk)}
    assert results(program, "about=outcome") == []


def test_a_flag_is_assigned_to_a_designer(program):
    make_skill("Python")
    [flag] = results(program, "code=no_context")
    lena = make_designer("Lena Fischer")

    answer = program.ask("POST", f"flags/{flag['id']}/assign/", {"to": str(lena.pk)})

    assert (answer.status_code, answer.body["assigned_to"]) == (200, str(lena.pk))
    assert [f["id"] for f in results(program, f"assigned_to={lena.pk}")] == [flag["id"]]


def test_a_snoozed_flag_sleeps_with_its_reason_until_it_is_woken(program):
    make_skill("Python")
    [flag] = results(program, "code=no_context")
    until = (timezone.localdate() + dt.timedelta(days=10)).isoformat()

    program.ask("POST", f"flags/{flag['id']}/snooze/", {"until": until, "reason": "The project starts in May"})
    assert [f["snooze_reason"] for f in results(program, "code=no_context&state=snoozed")] == [
        "The project starts in May"
    ]
    assert results(program, "code=no_context&state=awake") == []

    program.ask("POST", f"flags/{flag['id']}/wake/")
    assert len(results(program, "code=no_context&state=awake")) == 1


def test_a_day_that_is_past_is_refused(program):
    make_skill("Python")
    [flag] = results(program, "code=no_context")

    answer = program.ask("POST", f"flags/{flag['id']}/snooze/", {"until": "2020-01-01", "reason": "Later"})

    assert (answer.status_code, answer.body["errors"][0]["detail"]) == (409, "Choose a day after today.")


def test_a_key_that_reads_sees_the_queue_and_changes_nothing():
    make_skill("Python")
    reader = Program(make_key("read"))
    [flag] = results(reader, "code=no_context")

    assert reader.ask("GET", f"flags/{flag['id']}/").status_code == 200
    assert reader.ask("POST", f"flags/{flag['id']}/wake/").status_code == 403


def test_an_unknown_flag_is_not_found(program):
    assert program.ask("GET", f"flags/{uuid.uuid4()}/").status_code == 404


def test_an_unknown_kind_is_refused(program):
    assert program.ask("GET", "flags/?about=person").status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(program, count, django_assert_num_queries):
    for _ in range(count):
        make_skill("Python")
    program.ask("GET", "flags/")

    with django_assert_num_queries(2):  # the key with its account, the page
        assert len(results(program, "code=no_context")) == count
