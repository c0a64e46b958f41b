import datetime as dt

import pytest
from django.utils import timezone

from tests.api.client import Program
from tests.make import make_designer, make_job_role, make_key, make_step, make_workflow
from workforce.actions import revoke_key
from workforce.models import ApiKey

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return Program(make_key("design"))


def test_a_workflow_is_modelled_from_nothing(program):
    role = program.ask("POST", "job-roles/", {"name": "Sales rep"}).body
    workflow = program.ask("POST", "workflows/", {"name": "Customer onboarding"}).body
    first, second = (
        program.ask(
            "POST",
            "steps/",
            {"workflow": workflow["id"], "name": name, "performed_by": role["id"], "criticality": 4},
        ).body
        for name in ("Prepare the account", "Agree the terms")
    )
    outcome = program.ask("POST", "outcomes/", {"produced_by": first["id"], "statement": "The rep can go on"}).body
    handoff = program.ask("POST", "handoffs/", {"outcome": outcome["id"], "to_step": second["id"]})

    assert handoff.status_code == 201
    steps = program.ask("GET", f"steps/?workflow={workflow['id']}").body["results"]
    assert sorted((step["position"], step["name"]) for step in steps) == [
        (1, "Prepare the account"),
        (2, "Agree the terms"),
    ]


def test_the_first_of_two_editors_is_not_overwritten_by_the_second(program):
    step = make_step(name="Check credit")
    program.ask("PATCH", f"steps/{step.pk}/", {"name": "Check the credit limit", "version": 1})

    answer = program.ask("PATCH", f"steps/{step.pk}/", {"name": "Check it", "version": 1})

    assert answer.status_code == 409
    assert answer.body["errors"][0]["code"] == "outdated"
    step.refresh_from_db()
    assert step.name == "Check the credit limit"


def test_a_handoff_to_its_own_step_is_refused_with_a_sentence(program):
    step = make_workflow(steps=1).steps.get()

    answer = program.ask("POST", "handoffs/", {"outcome": str(step.outcomes.get().pk), "to_step": str(step.pk)})

    assert answer.status_code == 409
    assert answer.body == {
        "type": "client_error",
        "errors": [
            {
                "code": "handoff_to_itself",
                "detail": "A step cannot hand its outcome to itself. Choose the step that waits for it.",
                "attr": None,
            }
        ],
    }


def test_figures_without_a_measure_are_refused(program):
    step = make_step()

    answer = program.ask("POST", "outcomes/", {"produced_by": str(step.pk), "statement": "Done", "target": "5"})

    assert answer.status_code == 400
    assert [error["detail"] for error in answer.body["errors"]] == ["Say what is measured before giving its figures."]


def test_moving_a_step_makes_room(program):
    workflow = make_workflow(steps=3)
    last = workflow.steps.get(position=3)

    program.ask("PATCH", f"steps/{last.pk}/", {"position": 1})

    assert list(workflow.steps.order_by("position").values_list("name", flat=True)) == [
        "Do step 3",
        "Do step 1",
        "Do step 2",
    ]


@pytest.mark.parametrize("path", ["workflows", "steps", "outcomes", "handoffs", "skills", "job-roles"])
def test_nothing_is_open_without_a_key(client, path):
    answer = Program().ask("GET", f"{path}/")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_key_that_only_reads_cannot_write():
    answer = Program(make_key("read")).ask("POST", "workflows/", {"name": "Mine"})

    assert answer.status_code == 403
    assert "needs the scope design" in answer.body["errors"][0]["detail"]


def test_a_key_of_the_hr_system_does_not_see_skills():
    assert Program(make_key("hris")).ask("GET", "skills/").status_code == 403


def test_a_revoked_key_and_an_expired_key_look_like_an_unknown_one():
    revoked, expired = make_key("read"), make_key("read")
    revoke_key(ApiKey.objects.get(prefix=revoked[:8], name__gte="K"), by=make_designer())
    ApiKey.objects.filter(prefix=expired[:8]).update(expires_at=timezone.now() - dt.timedelta(seconds=1))

    answers = [Program(secret).ask("GET", "workflows/") for secret in (revoked, expired, "sl_unknown")]

    assert {(answer.status_code, answer.content) for answer in answers} == {(401, answers[0].content)}


def test_pages_follow_each_other_without_gap_or_repetition(program):
    for _ in range(5):
        make_workflow()

    page, seen = program.ask("GET", "workflows/?page_size=2").body, []
    while True:
        seen += [workflow["id"] for workflow in page["results"]]
        if not page["next"]:
            break
        page = program.ask("GET", page["next"].split("/api/v1/")[1]).body

    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("path", ["workflows", "steps", "outcomes", "handoffs"])
def test_a_list_costs_the_same_for_one_and_for_three(program, path, count, django_assert_num_queries):
    make_job_role()
    for _ in range(count):
        make_workflow(steps=2)
    program.ask("GET", f"{path}/")

    with django_assert_num_queries(2):  # the key with its account, the page
        assert len(program.ask("GET", f"{path}/").body["results"]) >= count


def test_an_address_that_does_not_exist_is_answered_in_the_one_shape(program):
    answer = program.ask("GET", "skils/")

    assert answer.status_code == 404
    assert answer.body["errors"][0]["code"] == "not_found"
