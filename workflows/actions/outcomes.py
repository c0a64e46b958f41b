"""What steps produce."""

from typing import Any

from base import edits
from base.errors import RuleBroken
from workflows.actions.editing import editing
from workflows.models import Outcome, Step
from workforce.models import Account


def add_outcome(step: Step, *, statement: str, by: Account, **values: Any) -> Outcome:
    """Say what a step produces, for whom, and how that is measured."""
    with editing(step.workflow) as workflow:
        if edits.locked(step).is_retired:
            raise RuleBroken(f"“{step}” is retired. Restore it before you give it an outcome.", code="step_retired")
        return edits.add(Outcome(produced_by=step, statement=statement, **values), by=by, scope=workflow)


def change_outcome(outcome: Outcome, *, seen: int | None = None, by: Account, **values: Any) -> Outcome:
    """Reword an outcome or bring its figures up to date. `seen` is the version the editor had before them."""
    with editing(outcome.produced_by.workflow, structure=False) as workflow:
        outcome = edits.locked(outcome, seen=seen)
        if outcome.is_retired:
            raise RuleBroken(f"“{outcome}” is retired. Restore it before you change it.", code="outcome_retired")
        edits.save(outcome, values, by=by, scope=workflow)
        return outcome


def retire_outcome(outcome: Outcome, *, by: Account) -> Outcome:
    """Take an outcome out of use; contexts that point to it lose their line of sight and are flagged."""
    with editing(outcome.produced_by.workflow) as workflow:
        outcome = edits.locked(outcome)
        edits.retire(outcome, by=by, scope=workflow)
        return outcome


def restore_outcome(outcome: Outcome, *, by: Account) -> Outcome:
    """Take a retired outcome back into use."""
    with editing(outcome.produced_by.workflow) as workflow:
        outcome = edits.locked(outcome)
        edits.restore(outcome, by=by, scope=workflow)
        return outcome
