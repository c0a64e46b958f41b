"""What must never be false about the work, each broken on purpose by writing past the actions."""

from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from base.models import Change
from tests.make import (
    make_designer,
    make_job_role,
    make_workflow,
)
from workflows.models import Handoff, LineOfSight, Measurement, Outcome, OutcomeFlag, Step, StepFlag, Workflow
from workforce.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def work():
    """Two steps, the first one's outcome handed to the second."""
    workflow = make_workflow(steps=2)
    first, second = workflow.steps.all()
    return workflow, first, second


@contextmanager
def refuses(name: str):
    """The database says no, and says which sentence it keeps."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yield
    assert refusal.value.__cause__.diag.constraint_name == name


def at_commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# --- workflow -----------------------------------------------------------------------------------


def test_workflow_name_says_something(work):
    with refuses("workflow_name_says_something"):
        Workflow.objects.update(name=" \t")


def test_workflow_retired_at_goes_with_retired_by(work):
    with refuses("workflow_retired_at_goes_with_retired_by"):
        Workflow.objects.update(retired_at=timezone.now())


# --- step ---------------------------------------------------------------------------------------


def test_step_has_its_own_position(work):
    _, first, second = work
    with refuses("step_has_its_own_position"):
        Step.objects.filter(pk=second.pk).update(position=first.position)
        at_commit()


def test_steps_may_swap_places_in_one_transaction(work):
    _, first, second = work
    Step.objects.filter(pk=first.pk).update(position=2)
    Step.objects.filter(pk=second.pk).update(position=1)

    at_commit()


def test_a_retired_step_takes_nobody_s_place(work):
    _, first, second = work
    Step.objects.filter(pk=second.pk).update(position=1, retired_at=timezone.now(), retired_by=make_designer())

    at_commit()
    assert first.position == 1


def test_step_name_says_something(work):
    with refuses("step_name_says_something"):
        Step.objects.update(name="")


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("criticality", 0, "step_criticality_is_1_to_7"),
        ("criticality", 8, "step_criticality_is_1_to_7"),
        ("difficulty", 0, "step_difficulty_is_1_to_3"),
        ("difficulty", 4, "step_difficulty_is_1_to_3"),
        ("frequency", 0, "step_frequency_is_1_to_7"),
        ("frequency", 8, "step_frequency_is_1_to_7"),
    ],
)
def test_a_rating_stays_on_its_scale(work, field, value, name):
    with refuses(name):
        Step.objects.update(
            **{field: value, "rated_revision": 1, **({"criticality": 4} if field != "criticality" else {})}
        )


def test_step_criticality_goes_with_rated_revision(work):
    with refuses("step_criticality_goes_with_rated_revision"):
        Step.objects.update(rated_revision=None)


def test_step_retired_at_goes_with_retired_by(work):
    with refuses("step_retired_at_goes_with_retired_by"):
        Step.objects.update(retired_by=make_designer())


def test_step_stays_in_its_workflow(work):
    with refuses("step_stays_in_its_workflow"):
        Step.objects.update(workflow=make_workflow())


# --- outcome ------------------------------------------------------------------------------------


def test_outcome_statement_says_something(work):
    with refuses("outcome_statement_says_something"):
        Outcome.objects.update(statement="  ")


def test_outcome_retired_at_goes_with_retired_by(work):
    with refuses("outcome_retired_at_goes_with_retired_by"):
        Outcome.objects.update(retired_at=timezone.now())


def test_outcome_has_one_kind_of_beneficiary(work):
    with refuses("outcome_has_one_kind_of_beneficiary"):
        Outcome.objects.update(beneficiary="the customer", beneficiary_role=make_job_role())


def test_outcome_figures_need_a_measure(work):
    with refuses("outcome_figures_need_a_measure"):
        Outcome.objects.update(measure="", target=5)


def test_an_outcome_is_produced_by_exactly_one_step(work):
    with pytest.raises(IntegrityError, match="produced_by_id"):
        Outcome.objects.create(statement="Nobody makes it")


def test_outcome_stays_at_its_step(work):
    _, _, second = work
    with refuses("outcome_stays_at_its_step"):
        Outcome.objects.update(produced_by=second)


# --- handoff ------------------------------------------------------------------------------------


def test_handoff_is_once_per_outcome_and_step(work):
    _, first, second = work
    with refuses("handoff_is_once_per_outcome_and_step"):
        Handoff.objects.create(outcome=first.outcomes.get(), to_step=second)


@pytest.mark.parametrize("share", [-1, 101])
def test_handoff_share_complete_and_accurate_is_0_to_100(work, share):
    with refuses("handoff_share_complete_and_accurate_is_0_to_100"):
        Handoff.objects.update(share_complete_and_accurate=share)


def test_handoff_retired_at_goes_with_retired_by(work):
    with refuses("handoff_retired_at_goes_with_retired_by"):
        Handoff.objects.update(retired_at=timezone.now())


def test_handoff_leads_onward_when_it_is_made(work):
    _, first, _ = work
    with refuses("handoff_leads_onward"):
        Handoff.objects.create(outcome=first.outcomes.get(), to_step=first)


def test_handoff_leads_onward_when_it_is_turned(work):
    _, first, _ = work
    with refuses("handoff_leads_onward"):
        Handoff.objects.update(to_step=first)


# --- line of sight, flags -----------------------------------------------------------------------


def test_lineofsight_is_once_per_step_and_outcome(work):
    _, first, _ = work
    with refuses("lineofsight_is_once_per_step_and_outcome"):
        LineOfSight.objects.create(step=first, outcome=first.outcomes.get(), distance=3)


def test_stepflag_is_open_once_per_subject_and_code(work):
    _, first, _ = work
    StepFlag.objects.create(about=first, code="no_role")
    with refuses("stepflag_is_open_once_per_subject_and_code"):
        StepFlag.objects.create(about=first, code="no_role")


def test_outcomeflag_is_open_once_per_subject_and_code(work):
    _, first, _ = work
    OutcomeFlag.objects.create(about=first.outcomes.get(), code="nobody_receives")
    with refuses("outcomeflag_is_open_once_per_subject_and_code"):
        OutcomeFlag.objects.create(about=first.outcomes.get(), code="nobody_receives")


@pytest.mark.parametrize("flags", [StepFlag, OutcomeFlag])
def test_a_snooze_has_a_reason_and_a_person(work, flags):
    _, first, _ = work
    about = first if flags is StepFlag else first.outcomes.get()
    half = [
        ("snoozed_until_goes_with_snooze_reason", {"snooze_reason": "waits for the audit"}),
        ("snoozed_until_goes_with_snoozed_by", {"snoozed_by": make_designer()}),
    ]
    for name, facts in half:
        with refuses(f"{flags._meta.model_name}_{name}"):
            flags.objects.create(about=about, code="x", **facts)


def test_measurement_is_once_per_outcome_and_day(work):
    outcome = Outcome.objects.earliest("pk")
    said = {"outcome": outcome, "measured_on": "2026-03-01", "value": 3, "recorded_by": Account.objects.system()}
    Measurement.objects.create(**said)
    with refuses("measurement_is_once_per_outcome_and_day"):
        Measurement.objects.create(**said)


# --- the trail ----------------------------------------------------------------------------------


def test_change_is_never_rewritten(work):
    with refuses("change_is_never_rewritten"):
        Change.objects.update(by_name="Nobody")


def test_change_is_never_removed(work):
    with refuses("change_is_never_removed"):
        Change.objects.filter(verb="add").delete()


# --- nothing forgotten --------------------------------------------------------------------------


def test_every_named_constraint_and_trigger_of_this_room_is_broken_here():
    with open(__file__, encoding="utf-8") as source:
        written = source.read()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT conname FROM pg_constraint
            WHERE conrelid::regclass::text ~ '^(workflows_|base_change)' AND contype IN ('c', 'u', 'x')
            UNION
            SELECT tgname FROM pg_trigger
            WHERE tgrelid::regclass::text ~ '^(workflows_|base_change)' AND NOT tgisinternal
            """
        )
        names = {name for (name,) in cursor.fetchall()}
    of_django = {name for name in names if name.endswith("_check")}
    # The two kinds of flags share their sentences.
    assert {n for n in names - of_django if n not in written and n.partition("_")[2] not in written} == set()
