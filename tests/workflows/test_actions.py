"""What the verbs of this room keep true."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from base.errors import Outdated, RuleBroken
from base.models import Change
from tests.make import make_designer, make_handoff, make_job_role, make_outcome, make_step, make_workflow
from workflows import actions
from workflows.models import Handoff, LineOfSight, Step, StepFlag, Workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return make_designer("Maren Holt")


def order(workflow: Workflow) -> list[tuple[int, str]]:
    return list(workflow.steps.active().order_by("position").values_list("position", "name"))


def lettered(letters: str, by) -> Workflow:
    workflow = make_workflow(by=by)
    for letter in letters:
        make_step(workflow, name=letter, by=by)
    return workflow


def said(workflow: Workflow) -> str:
    return "".join(name for _, name in order(workflow))


# --- places -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("letter", "position", "then"),
    [("A", 4, "BCDA"), ("D", 1, "DABC"), ("B", 3, "ACBD"), ("C", 2, "ACBD"), ("C", 3, "ABCD")],
)
def test_a_step_moves_and_the_others_make_room(by, letter, position, then):
    workflow = lettered("ABCD", by)

    actions.move_step(workflow.steps.get(name=letter), position=position, by=by)

    assert order(workflow) == list(enumerate(then, start=1))


def test_moving_past_a_retired_step_counts_only_those_in_use(by):
    workflow = lettered("ABCD", by)
    actions.retire_step(workflow.steps.get(name="B"), by=by)

    actions.move_step(workflow.steps.get(name="D"), position=2, by=by)

    assert order(workflow) == [(1, "A"), (2, "D"), (3, "C")]


def test_a_restored_step_comes_back_where_it_was(by):
    workflow = lettered("ABCD", by)
    step = actions.retire_step(workflow.steps.get(name="B"), by=by)
    assert order(workflow) == [(1, "A"), (2, "C"), (3, "D")]

    actions.restore_step(step, by=by)

    assert order(workflow) == [(1, "A"), (2, "B"), (3, "C"), (4, "D")]


def test_a_step_restored_into_a_shorter_workflow_goes_to_its_end(by):
    workflow = lettered("ABC", by)
    step = actions.retire_step(workflow.steps.get(name="C"), by=by)
    actions.retire_step(workflow.steps.get(name="A"), by=by)

    actions.restore_step(step, by=by)

    assert order(workflow) == [(1, "B"), (2, "C")]


@pytest.mark.parametrize(("position", "then"), [(1, "xAB"), (2, "AxB"), (3, "ABx"), (9, "ABx"), (None, "ABx")])
def test_a_step_is_added_where_somebody_says(by, position, then):
    workflow = lettered("AB", by)

    actions.add_step(workflow, name="x", position=position, by=by)

    assert said(workflow) == then


@pytest.mark.parametrize("position", [0, 3])
def test_there_is_no_place_outside(by, position):
    workflow = lettered("AB", by)

    with pytest.raises(RuleBroken, match="Choose a position from 1 to 2") as refusal:
        actions.move_step(workflow.steps.get(name="A"), position=position, by=by)

    assert refusal.value.code == "no_such_position"


# --- what is retired stays as it is --------------------------------------------------------------


def test_nothing_is_changed_in_a_retired_workflow(by):
    step = make_workflow(steps=1, by=by).steps.get()
    actions.retire_workflow(step.workflow, by=by)

    with pytest.raises(RuleBroken, match="Restore it before you change it") as refusal:
        actions.change_step(step, name="Open the account", by=by)

    assert refusal.value.code == "workflow_retired"


def test_a_step_is_not_restored_into_a_retired_workflow(by):
    step = actions.retire_step(make_workflow(steps=1, by=by).steps.get(), by=by)
    actions.retire_workflow(step.workflow, by=by)

    with pytest.raises(RuleBroken) as refusal:
        actions.restore_step(step, by=by)

    assert refusal.value.code == "workflow_retired"


@pytest.mark.parametrize(
    ("retire", "code"),
    [
        (lambda first, second, by: actions.retire_step(first, by=by), "step_retired"),
        (lambda first, second, by: actions.retire_step(second, by=by), "step_retired"),
        (lambda first, second, by: actions.retire_outcome(first.outcomes.get(), by=by), "outcome_retired"),
        (lambda first, second, by: actions.retire_workflow(second.workflow, by=by), "workflow_retired"),
    ],
    ids=["the step that gives", "the step that receives", "the outcome", "the workflow that receives"],
)
def test_work_is_not_handed_to_or_from_what_is_retired(by, retire, code):
    first = make_workflow(steps=1, by=by).steps.get()
    second = make_workflow(steps=1, by=by).steps.get()
    outcome = first.outcomes.get()
    handoff = actions.retire_handoff(make_handoff(outcome, second, by=by), by=by)
    retire(first, second, by)

    for again in (
        lambda: actions.add_handoff(outcome, to_step=second, by=by),
        lambda: actions.restore_handoff(handoff, by=by),
    ):
        with pytest.raises(RuleBroken) as refusal:
            again()
        assert refusal.value.code == code


def test_a_handoff_that_was_retired_comes_back_with_its_new_terms(by):
    first, second = make_workflow(steps=2, by=by).steps.all()
    handoff = actions.retire_handoff(Handoff.objects.get(), by=by)

    again = actions.add_handoff(first.outcomes.get(), to_step=second, accepted_when="it is signed", by=by)

    assert (again.pk, again.is_retired, again.accepted_when) == (handoff.pk, False, "it is signed")


# --- what an edit leaves behind -----------------------------------------------------------------


def test_an_edit_that_changes_nothing_leaves_no_trace(by):
    step = make_workflow(steps=1, by=by).steps.get()
    before = Change.objects.count(), Workflow.objects.get().revision

    actions.change_step(step, name=step.name, by=by)
    actions.move_step(step, position=1, by=by)

    assert (Change.objects.count(), Workflow.objects.get().revision) == before


def test_a_new_name_is_a_new_revision_and_leaves_the_rating_behind(by):
    step = make_workflow(steps=1, by=by).steps.get()

    step = actions.change_step(step, name="Open the account", by=by)

    assert (step.revision, step.rated_revision, step.was_revised_since_rating) == (2, 1, True)


def test_rating_again_rates_the_revision_at_hand(by):
    step = make_workflow(steps=1, by=by).steps.get()

    step = actions.change_step(step, name="Open the account", criticality=step.criticality, by=by)

    assert not step.was_revised_since_rating


def test_a_wording_leaves_the_line_of_sight_alone(by, monkeypatch):
    step = make_workflow(steps=2, by=by).steps.first()
    monkeypatch.setattr("workflows.queries.line_of_sight.rebuild", lambda _: pytest.fail("rebuilt"))

    actions.change_step(step, difficulty=2, by=by)


def test_flags_follow_in_the_same_transaction(by):
    step = make_step(performed_by=None, by=by)
    assert set(StepFlag.objects.open().values_list("code", flat=True)) == {"no_role", "no_outcome"}

    actions.change_step(step, performed_by="Sales rep", by=by)
    make_outcome(step, by=by)

    assert not StepFlag.objects.open().exists()


def test_a_role_in_words_is_found_whatever_its_case(by):
    role = make_job_role("Sales rep")

    assert make_step(performed_by="SALES REP", by=by).performed_by == role


def test_a_scale_is_refused_with_its_sentence(by):
    step = make_workflow(steps=1, by=by).steps.get()

    with pytest.raises(ValidationError, match="Choose a criticality from 1 to 7"):
        actions.change_step(step, criticality=8, by=by)


def test_a_constraint_over_two_fields_is_checked_when_one_of_them_changes(by):
    outcome = make_outcome(beneficiary="the customer", by=by)

    with pytest.raises(ValidationError, match="not both"):
        actions.change_outcome(outcome, beneficiary_role=make_job_role(), by=by)


# --- two editors --------------------------------------------------------------------------------


def test_whoever_saves_second_hears_what_they_have_not_seen(by):
    step = make_workflow(steps=1, by=by).steps.get()
    seen = step.version
    actions.change_step(step, criticality=6, seen=seen, by=make_designer("Rafael Ortiz"))

    with pytest.raises(Outdated, match="Rafael Ortiz changed “Do step 1” while you had it open") as refusal:
        actions.change_step(step, criticality=2, seen=seen, by=by)

    assert [change.facts["criticality"] for change in refusal.value.changes] == [[4, 6]]


@pytest.mark.parametrize("change", [partial(actions.change_step, difficulty=2), partial(actions.move_step, position=1)])
def test_a_step_that_was_moved_is_seen_as_changed(by, change):
    step = make_workflow(steps=2, by=by).steps.first()
    seen = step.version
    actions.move_step(step, position=2, by=make_designer())

    with pytest.raises(Outdated):
        change(step, seen=seen, by=by)


def at_once(*verbs: Callable[[], object]) -> list[Exception]:
    """Run these in threads that start together; returns what they raised."""
    start, raised = threading.Barrier(len(verbs)), []

    def run(verb) -> None:
        try:
            start.wait(timeout=10)
            verb()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[verb]) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return raised


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told(by):
    step = make_workflow(steps=1, by=by).steps.get()
    rafael = make_designer("Rafael Ortiz")

    raised = at_once(
        lambda: actions.change_step(step, seen=step.version, criticality=6, by=rafael),
        lambda: actions.change_step(step, seen=step.version, criticality=2, by=by),
    )

    assert [type(error) for error in raised] == [Outdated]
    step.refresh_from_db()
    assert [step.criticality] == [change.facts["criticality"][1] for change in raised[0].changes]


@pytest.mark.django_db(transaction=True)
def test_steps_added_at_once_get_a_place_each(by):
    workflow = make_workflow(by=by)

    assert at_once(*[lambda n=n: actions.add_step(workflow, name=f"Step {n}", by=by) for n in range(4)]) == []
    assert [place for place, _ in order(workflow)] == [1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_two_workflows_that_reach_for_each_other_at_once_both_get_there(by):
    one, other = make_workflow(steps=2, by=by), make_workflow(steps=2, by=by)
    ends = [w.steps.get(position=2).outcomes.get() for w in (one, other)]
    starts = [w.steps.get(position=1) for w in (one, other)]

    raised = at_once(
        lambda: actions.add_handoff(ends[0], to_step=starts[1], by=by),
        lambda: actions.add_handoff(ends[1], to_step=starts[0], by=by),
    )

    assert raised == []
    # Each of the four steps sees all four outcomes round the loop.
    assert LineOfSight.objects.count() == 16
    assert Step.objects.count() == 4
