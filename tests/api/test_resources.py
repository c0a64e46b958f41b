import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from performance_support import actions
from performance_support.models import Resource, Use, Vote
from tests.api.client import Program
from tests.make import (
    make_account,
    make_key,
    make_outcome,
    make_person,
    make_resource,
    make_skill,
    make_step,
    make_workflow,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return Program(make_key("design"))


def test_a_resource_is_written_placed_verified_and_found_at_its_step(program):
    step = make_workflow(steps=1).steps.get()
    steps = [{"text": "Open the account"}, {"text": "Save", "detail": "It takes a *second*."}]
    resource = program.ask(
        "POST", "resources/", {"kind": "quick_steps", "title": "Save an account", "steps": steps}
    ).body
    placed = program.ask(
        "POST", f"resources/{resource['id']}/placements/", {"step": str(step.pk), "moments": ["first"]}
    )
    assert program.ask("GET", f"steps/{step.pk}/support/").body == []
    read = program.ask("GET", f"resources/{resource['id']}/").body
    verified = program.ask("POST", f"resources/{resource['id']}/verify/", {"version": read["version"]})

    [found] = program.ask("GET", f"steps/{step.pk}/support/").body

    assert (placed.status_code, placed.body["position"]) == (201, 1)
    assert (verified.status_code, verified.body["freshness"]) == (200, "verified")
    assert (found["title"], found["moments"], found["directly"]) == ("Save an account", ["first"], True)
    assert found["steps"][1]["detail"] == "It takes a *second*."


def test_help_is_placed_from_its_step(program):
    step, resource = make_workflow(steps=1).steps.get(), make_resource("Price list")
    placed = program.ask("POST", f"steps/{step.pk}/support/", {"resource": str(resource.pk), "moments": ["solving"]})
    assert (placed.status_code, placed.body["step"], placed.body["resource"]) == (201, str(step.pk), str(resource.pk))
    [found] = program.ask("GET", f"steps/{step.pk}/support/").body
    assert (found["title"], found["moments"], found["directly"]) == ("Price list", ["solving"], True)
    again = program.ask("POST", f"steps/{step.pk}/support/", {"resource": str(resource.pk), "moments": ["first"]})
    assert again.status_code == 400
    assert (
        program.ask("POST", f"steps/{step.pk}/support/", {"moments": ["first"]}).body["errors"][0]["attr"] == "resource"
    )
    nothing = {"resource": str(step.pk), "moments": ["first"]}
    assert program.ask("POST", f"steps/{step.pk}/support/", nothing).status_code == 404


def test_a_resource_is_for_some_job_roles_or_for_everybody(program):
    step = make_workflow(steps=1).steps.get()
    body = {"kind": "job_aid", "title": "Prices", "text": "Read.", "audience": [str(step.performed_by_id)]}
    made = program.ask("POST", "resources/", body).body
    assert made["audience"] == [str(step.performed_by_id)]
    for_all = program.ask("PATCH", f"resources/{made['id']}/", {"audience": []})
    assert (for_all.status_code, for_all.body["audience"]) == (200, [])
    assert program.ask("PATCH", f"resources/{made['id']}/", {"audience": [str(step.pk)]}).status_code == 404


def test_a_vote_says_what_went_wrong_where_something_did(program):
    address = f"resources/{make_resource().pk}/vote/"
    assert program.ask("POST", address, {"worked": False, "wrong": "incomplete"}).status_code == 200
    assert Vote.objects.get().wrong == "incomplete"
    refused = program.ask("POST", address, {"worked": True, "wrong": "incomplete"})
    assert (refused.status_code, refused.body["errors"][0]["attr"]) == (400, "wrong")
    assert program.ask("POST", address, {"worked": False, "wrong": "dull"}).status_code == 400


def test_programs_choose_a_language(program):
    make_resource("Lista de preços", language="pt-BR")
    make_resource("Price list")
    assert [one["title"] for one in program.ask("GET", "resources/?language=pt").body["results"]] == ["Lista de preços"]


def test_what_was_not_read_cannot_be_verified(program):
    resource = make_resource()
    changed = program.ask("PATCH", f"resources/{resource.pk}/", {"text": "Else.", "version": resource.version})
    answer = program.ask("POST", f"resources/{resource.pk}/verify/", {"version": resource.version})
    assert (changed.status_code, changed.body["content_version"]) == (200, 2)
    assert (answer.status_code, answer.body["errors"][0]["code"]) == (409, "outdated")


@pytest.mark.parametrize("places", [{}, {"step": True, "skill": True}])
def test_a_placement_names_one_place(program, places):
    body = {place: str(make_step().pk) for place in places} | {"moments": ["first"]}
    answer = program.ask("POST", f"resources/{make_resource().pk}/placements/", body)
    assert answer.status_code == 400
    assert "one step" in answer.body["errors"][0]["detail"]


@pytest.mark.parametrize(
    "body", [{"steps": ["Open it"]}, {"steps": [{"text": "x"}] * 41}, {"url": "javascript:alert(1)"}]
)
def test_what_cannot_be_read_is_refused_and_changes_nothing(program, body):
    resource = make_resource()
    assert program.ask("PATCH", f"resources/{resource.pk}/", body).status_code == 400
    assert Resource.objects.get().version == resource.version


def test_the_own_help_of_a_step_comes_before_that_of_its_skills_and_outcomes(program):
    step = make_workflow(steps=1).steps.get()
    make_resource("For the outcome", at=step.outcomes.get())
    make_resource("For the skill", at=make_skill(at=step))
    both = make_resource("At the step", at=step)
    make_resource("For another outcome", at=make_outcome())
    found = program.ask("GET", f"steps/{step.pk}/support/").body
    assert [one["title"] for one in found] == ["At the step", "For the outcome", "For the skill"]
    assert found[0]["resource"] == str(both.pk)


def test_two_votes_turn_it_stale_and_it_stays_usable(program):
    step = make_workflow(steps=1).steps.get()
    resource = make_resource(at=step)
    for key in (make_key("design"), make_key("design")):
        answer = Program(key).ask("POST", f"resources/{resource.pk}/vote/", {"worked": False, "step": str(step.pk)})
        assert answer.status_code == 200
    [found] = program.ask("GET", f"steps/{step.pk}/support/").body
    assert found["freshness"] == "stale"


def test_the_list_asks_as_often_for_three_as_for_one(program):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert program.ask("GET", "resources/").status_code == 200
        return len(captured)

    make_resource(at=make_step())
    queries()  # the key's first use is noted
    one = queries()
    for _ in range(2):
        make_resource(at=make_step(), owner=make_account())
    assert queries() == one


def test_votes_are_told_as_figures_of_five_people_or_more(program):
    resource = make_resource()
    for _ in range(4):
        actions.vote(resource, worked=True, by=make_account())
    address = f"resources/{resource.pk}/votes/"
    hidden = {"content_version": 1, "worked": None, "did_not_work": None, "wrong": None}
    assert program.ask("GET", address).body == hidden
    actions.vote(resource, worked=False, wrong="incomplete", by=make_account())
    told = {"content_version": 1, "worked": 4, "did_not_work": 1, "wrong": {"incomplete": 1}}
    assert program.ask("GET", address).body == told


def test_usage_is_told_by_step_where_five_people_perform_it(program):
    step, other = make_workflow(steps=1).steps.get(), make_workflow(steps=1).steps.get()
    resource = make_resource(at=step)
    for place in (step, step, other, None):
        actions.note_use(resource, step=place, by=make_account())
    for _ in range(5):
        make_person(role=step.performed_by)
    Use.objects.create(resource=resource, step=step, day=timezone.localdate() - dt.timedelta(days=90), views=100)
    told = program.ask("GET", f"resources/{resource.pk}/usage/").body
    assert (told["views"], told["last_opened_on"]) == (4, timezone.localdate().isoformat())
    assert told["steps"] == [{"step": str(step.pk), "views": 2}, {"step": str(other.pk), "views": None}]
