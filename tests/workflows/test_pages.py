"""The pages and dialogs of this room, as a browser without and with htmx asks for them."""

import json

import pytest
from django.urls import reverse

from base.models import Change
from tests.make import make_account, make_designer, make_job_role, make_outcome, make_step, make_workflow
from workflows import actions
from workflows.models import Handoff, Outcome, Step, Workflow
from workforce.models import JobRole

pytestmark = pytest.mark.django_db
DIALOG = {"HX-Request": "true", "HX-Target": "dialog"}


@pytest.fixture
def designer(client):
    account = make_designer("Maren Holt")
    client.force_login(account)
    return account


def ask(client, page, pk, **facts: str):
    """What a dialog on the page asks and sends."""
    address = reverse(page, args=[pk] if pk else [])
    return client.post(address, facts, headers=DIALOG) if facts else client.get(address, headers=DIALOG)


def told(response) -> str:
    """The sentence that a closed dialog leaves behind."""
    assert response.status_code == 204, response.content.decode()
    trigger = json.loads(response.headers["HX-Trigger"])
    assert {"work-changed", "dialog-done"} <= trigger.keys()
    return trigger["messages"]["value"][0]["text"]


STEP = {"verb": "Prepare", "object": "the account", "criticality": "4", "position": "1"}


# --- the list -----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(client, designer, django_assert_num_queries, count):
    for _ in range(count):
        make_workflow(steps=2)

    with django_assert_num_queries(7):  # session, account, areas, count, workflows, their ends, retired
        html = client.get(reverse("workflow_list")).content.decode()

    assert html.count('<tr role="row">') == count + 1


def test_the_list_says_where_a_workflow_ends_and_how_that_stands(client, designer):
    workflow = make_workflow(steps=2)
    actions.change_outcome(
        workflow.steps.get(position=2).outcomes.get(),
        target=5,
        current=9,
        unit="days",
        measure="days to order",
        by=designer,
    )

    html = client.get(reverse("workflow_list")).content.decode()

    assert "2 steps" in html
    assert "days to order: 9 days now, target 5" in html


def test_the_list_is_searched_by_the_names_of_steps_too(client, designer):
    make_step(make_workflow("Customer onboarding"), name="Check credit")
    make_workflow("Returns")

    html = client.get(reverse("workflow_list"), {"q": "credit"}).content.decode()

    assert "Customer onboarding" in html
    assert "Returns" not in html


def test_an_empty_list_teaches_what_a_workflow_is(client, designer):
    html = client.get(reverse("workflow_list")).content.decode()

    assert "A workflow is a chain of steps" in html
    assert "Add the first workflow" in html


def test_retired_workflows_are_shown_on_demand(client, designer):
    gone = actions.retire_workflow(make_workflow("Paper forms"), by=designer)

    assert gone.name not in client.get(reverse("workflow_list")).content.decode()
    assert gone.name in client.get(reverse("workflow_list"), {"retired": "yes"}).content.decode()


def test_a_region_request_gets_the_region_only(client, designer):
    html = client.get(reverse("workflow_list"), headers={"HX-Request": "true", "HX-Target": "workflows"}).content

    assert b"<html" not in html


# --- steps --------------------------------------------------------------------------------------


def test_a_step_is_added_with_a_role_that_is_new(client, designer):
    workflow = make_workflow()

    words = told(ask(client, "step_add", workflow.pk, **STEP, new_role="Sales rep"))

    step = workflow.steps.get()
    assert words == "“Prepare the account” is step 1."
    assert (step.name, step.performed_by.name, step.criticality) == ("Prepare the account", "Sales rep", 4)


def test_a_role_that_is_typed_in_again_is_the_same_role(client, designer):
    role, workflow = make_job_role("Sales rep"), make_workflow()

    told(ask(client, "step_add", workflow.pk, **STEP, new_role="sales REP"))

    assert JobRole.objects.get() == role == workflow.steps.get().performed_by


def test_a_step_without_a_verb_is_refused_at_its_field(client, designer):
    response = ask(client, "step_add", make_workflow().pk, object="the account", position="1")

    assert response.status_code == 422
    assert b"autofocus" in response.content.split(b'name="verb"')[1].split(b">")[0]
    assert not Step.objects.exists()


def test_a_step_goes_where_somebody_pointed(client, designer):
    workflow = make_workflow(steps=2)

    html = client.get(reverse("step_add", args=[workflow.pk]), {"position": "2"}, headers=DIALOG).content.decode()

    assert '<option value="2" selected>' in html


def test_renaming_a_step_leaves_its_rating_behind_unless_somebody_looked_again(client, designer):
    step = make_workflow(steps=1).steps.get()
    facts = {"verb": "Prepare", "object": "the account", "criticality": "4", "seen": step.version}

    told(ask(client, "step_change", step.pk, **facts))
    step.refresh_from_db()
    assert step.was_revised_since_rating

    told(ask(client, "step_change", step.pk, **{**facts, "seen": step.version, "still_right": "on"}))
    step.refresh_from_db()
    assert not step.was_revised_since_rating


def test_a_step_is_moved_and_the_move_can_be_undone(client, designer):
    workflow = make_workflow(steps=3)
    step = workflow.steps.get(position=3)

    response = ask(client, "step_move", step.pk, position="1", seen=step.version)
    assert told(response) == "“Do step 3” is step 1 now."

    undo = json.loads(response.headers["HX-Trigger"])["messages"]["value"][0]["undo"]
    told(client.post(undo, headers={"HX-Request": "true"}))
    step.refresh_from_db()
    assert step.position == 3


def test_without_a_script_the_dialog_is_a_page(client, designer):
    html = client.get(reverse("step_add", args=[make_workflow().pk])).content.decode()

    assert "<html" in html
    assert '<h1 id="dialog-h">Add a step</h1>' in html


# --- outcomes and handoffs ----------------------------------------------------------------------


def test_an_outcome_is_added_with_its_figures(client, designer):
    step = make_workflow(steps=1, linked=False).steps.get()

    told(
        ask(
            client,
            "outcome_add",
            step.pk,
            statement="The customer has an account",
            beneficiary="the customer",
            measure="working days",
            direction="down",
            baseline="9",
            target="5",
            due="2027-03-31",
        )
    )

    outcome = Outcome.objects.get(statement="The customer has an account")
    assert (outcome.baseline, outcome.target, str(outcome.due)) == (9, 5, "2027-03-31")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"target": "5"}, "Say what is measured before giving its figures."),
        ({"beneficiary": "the customer", "role": True}, "Name a job role or somebody outside, not both."),
    ],
)
def test_what_the_database_would_refuse_is_said_at_the_field(client, designer, facts, sentence):
    step = make_step()
    if facts.pop("role", False):
        facts["beneficiary_role"] = make_job_role().pk

    response = ask(client, "outcome_add", step.pk, statement="It is done", **facts)

    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_the_steps_of_the_own_workflow_come_first_and_others_are_found(client, designer):
    workflow, other = make_workflow("Onboarding", steps=2, linked=False), make_workflow("Delivery")
    make_step(other, name="Pick the goods")
    outcome = workflow.steps.get(position=1).outcomes.get()
    address = reverse("handoff_add", args=[outcome.pk])

    html = client.get(address, headers=DIALOG).content.decode()
    assert "2 Do step 2" in html
    assert "1 Do step 1" not in html
    assert "Pick the goods" not in html

    found = client.get(address, {"q": "pick"}, headers={**DIALOG, "HX-Target": "to-step"}).content.decode()
    assert "Pick the goods" in found
    assert "<form" not in found


def test_an_outcome_is_handed_over(client, designer):
    first, second = make_workflow(steps=2, linked=False).steps.all()

    words = told(ask(client, "handoff_add", first.outcomes.get().pk, to_step=second.pk, accepted_when="it is signed"))

    assert words.endswith("lets “Do step 2” begin.")
    assert Handoff.objects.get().accepted_when == "it is signed"


def test_a_handoff_needs_a_step(client, designer):
    response = ask(client, "handoff_add", make_outcome().pk, accepted_when="it is signed")

    assert response.status_code == 422
    assert "Choose the step that waits for it." in response.content.decode()


def test_what_a_rule_refuses_stands_in_the_dialog(client, designer):
    first = make_workflow(steps=1).steps.get()

    response = ask(client, "handoff_add", first.outcomes.get().pk, to_step=first.pk)

    assert response.status_code == 409
    assert "A step cannot hand its outcome to itself." in response.content.decode()


# --- two editors --------------------------------------------------------------------------------


def test_the_second_editor_sees_what_the_first_changed_and_keeps_what_they_typed(client, designer):
    rafael = make_designer("Rafael Ortiz")
    step = make_workflow(steps=1).steps.get()
    mine = {"verb": "Prepare", "object": "the account", "criticality": "4", "seen": step.version}
    actions.change_step(step, name="Open the account", criticality=6, by=rafael)

    response = ask(client, "step_change", step.pk, **mine)
    html = response.content.decode()

    assert response.status_code == 409
    assert "Rafael Ortiz changed “Open the account” while you had it open." in html
    assert 'value="Prepare"' in html
    assert "Save mine over it" in html
    assert "Keep theirs" in html
    # What this editor had not touched is now as the other one left it, and is shown as such.
    assert "6, regulatory breach" in html
    step.refresh_from_db()
    assert step.name == "Open the account"


def test_saving_over_it_keeps_what_was_not_touched(client, designer):
    step = make_workflow(steps=1).steps.get()
    mine = {"verb": "Prepare", "object": "the account", "criticality": "4", "difficulty": ""}
    seen = step.version
    changed = actions.change_step(step, difficulty=3, by=make_designer())

    html = ask(client, "step_change", step.pk, **mine, seen=seen).content.decode()
    assert '<option value="3" selected>' in html

    told(ask(client, "step_change", step.pk, **{**mine, "difficulty": "3"}, seen=changed.version))
    step.refresh_from_db()
    assert (step.name, step.difficulty) == ("Prepare the account", 3)


def test_keeping_theirs_writes_nothing(client, designer):
    step = make_workflow(steps=1).steps.get()
    before = Change.objects.count()

    assert told(ask(client, "step_change", step.pk, keep="theirs", verb="Prepare")) == "“Do step 1” stays as it is."
    assert Change.objects.count() == before


# --- the trail ----------------------------------------------------------------------------------


def test_the_history_says_from_what_to_what(client, designer):
    workflow = make_workflow(steps=1)
    actions.change_step(workflow.steps.get(), criticality=6, by=designer)

    html = client.get(reverse("workflow_history", args=[workflow.pk])).content.decode()

    assert "changed the step" in html
    assert "<del>4, the customer notices; a small loss</del>" in html
    assert "<ins>6, regulatory breach or serious harm to our name</ins>" in html
    assert "rated_revision" not in html


@pytest.mark.parametrize("count", [1, 3])
def test_the_history_costs_the_same_for_one_and_for_three(client, designer, django_assert_num_queries, count):
    workflow = make_workflow(steps=4, by=designer)
    for step in workflow.steps.all()[:count]:
        actions.retire_outcome(step.outcomes.get(), by=designer)

    with django_assert_num_queries(7):  # session, account, workflow, count, changes, latest verbs, outcomes
        html = client.get(reverse("workflow_history", args=[workflow.pk])).content.decode()

    assert html.count("Undo") == count


def test_what_came_later_takes_the_undo_away(client, designer):
    workflow = make_workflow(steps=2, by=designer)
    outcome = workflow.steps.get(position=1).outcomes.get()
    actions.restore_outcome(actions.retire_outcome(outcome, by=designer), by=designer)
    actions.retire_outcome(outcome, by=designer)

    html = client.get(reverse("workflow_history", args=[workflow.pk])).content.decode()

    assert html.count("Undo") == 1


def test_a_restore_is_refused_while_what_it_stands_on_is_retired(client, designer):
    step = make_workflow(steps=1).steps.get()
    outcome = actions.retire_outcome(step.outcomes.get(), by=designer)
    actions.retire_step(step, by=designer)

    response = ask(client, "outcome_restore", outcome.pk, seen=outcome.version)

    assert response.status_code == 409
    assert "“Do step 1” is retired. Restore it before you restore what it produces." in response.content.decode()


# --- workflows ----------------------------------------------------------------------------------


def test_only_designers_see_the_way_to_add(client):
    client.force_login(make_account())
    make_workflow()

    html = client.get(reverse("workflow_list")).content.decode()

    assert "Add a workflow" not in html
    assert "Change…" not in html


def test_a_workflow_is_renamed(client, designer):
    workflow = make_workflow("Onboarding", by=designer)

    told(
        ask(
            client, "workflow_change", workflow.pk, name="Customer onboarding", owner=designer.pk, seen=workflow.version
        )
    )

    assert Workflow.objects.get().name == "Customer onboarding"
