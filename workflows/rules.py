"""What can be wrong with steps and outcomes. Adding a rule is adding one function."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from base.rules import Reconciled, Rules, Severity
from workflows.models import Handoff, Outcome, OutcomeFlag, Step, StepFlag
from workflows.models.outcome import OutcomeQuerySet
from workflows.models.step import StepQuerySet

STEP_RULES = Rules("step", StepFlag)
OUTCOME_RULES = Rules("outcome", OutcomeFlag)


@STEP_RULES.rule(
    "no_outcome",
    Severity.WARNS,
    title="No outcome",
    sentence="It produces nothing that anybody waits for.",
    remedy="Add the outcome it hands on, or retire the step.",
)
def no_outcome(steps: StepQuerySet) -> StepQuerySet:
    return steps.live().filter(~Exists(Outcome.objects.active().filter(produced_by=OuterRef("pk"))))


@STEP_RULES.rule(
    "no_role",
    Severity.WARNS,
    title="No role",
    sentence="No job role performs it.",
    remedy="Choose the job role that performs it.",
)
def no_role(steps: StepQuerySet) -> StepQuerySet:
    return steps.live().filter(Q(performed_by=None) | Q(performed_by__retired_at__isnull=False))


@OUTCOME_RULES.rule(
    "nobody_receives",
    Severity.WARNS,
    title="Nobody receives it",
    sentence="It is handed to no step and names nobody who benefits.",
    remedy="Hand it to the step that waits for it, or name who benefits.",
)
def nobody_receives(outcomes: OutcomeQuerySet) -> OutcomeQuerySet:
    received = Handoff.objects.live().filter(outcome=OuterRef("pk"))
    return outcomes.live().filter(~Exists(received), beneficiary="", beneficiary_role=None)


def recheck(workflows: Collection[UUID]) -> dict[str, Reconciled | None]:
    """Bring the flags of these workflows' steps and outcomes up to date, inside the edit."""
    steps = Step.objects.filter(workflow__in=workflows).values_list("pk", flat=True)
    outcomes = Outcome.objects.filter(produced_by__workflow__in=workflows).values_list("pk", flat=True)
    return STEP_RULES.check_all(among=steps) | OUTCOME_RULES.check_all(among=outcomes)
