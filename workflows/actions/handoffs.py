"""Which outcome lets which step begin."""

from typing import Any

from base import edits
from base.errors import RuleBroken
from workflows.actions.editing import editing
from workflows.models import Handoff, Outcome, Step
from workforce.models import Account


def add_handoff(
    outcome: Outcome,
    *,
    to_step: Step,
    accepted_when: str = "",
    share_complete_and_accurate: int | None = None,
    by: Account,
) -> Handoff:
    """Hand an outcome to the step that waits for it. A handoff that was retired comes back with its new terms."""
    terms = {"accepted_when": accepted_when, "share_complete_and_accurate": share_complete_and_accurate}
    with editing(outcome.produced_by.workflow) as workflow:
        if outcome.produced_by_id == to_step.pk:
            raise RuleBroken(
                "A step cannot hand its outcome to itself. Choose the step that waits for it.", code="handoff_to_itself"
            )
        earlier = Handoff.objects.filter(outcome=outcome, to_step=to_step).first()
        if earlier is None:
            return edits.add(Handoff(outcome=outcome, to_step=to_step, **terms), by=by, scope=workflow)
        handoff = edits.locked(earlier)
        if not handoff.is_retired:
            raise RuleBroken(f"“{outcome}” is handed to “{to_step}” already.", code="handoff_exists")
        edits.restore(handoff, by=by, scope=workflow)
        edits.save(handoff, terms, by=by, scope=workflow)
        return handoff


def change_handoff(handoff: Handoff, *, seen: int | None = None, by: Account, **values: Any) -> Handoff:
    """Say when a handoff is accepted, and which share of it arrives complete and accurate."""
    with editing(handoff.outcome.produced_by.workflow, structure=False) as workflow:
        handoff = edits.locked(handoff, seen=seen)
        edits.save(handoff, values, by=by, scope=workflow)
        return handoff


def retire_handoff(handoff: Handoff, *, by: Account) -> Handoff:
    """Take a handoff out of use; what lay beyond it is no longer downstream this way."""
    with editing(handoff.outcome.produced_by.workflow) as workflow:
        handoff = edits.locked(handoff)
        edits.retire(handoff, by=by, scope=workflow)
        return handoff


def restore_handoff(handoff: Handoff, *, by: Account) -> Handoff:
    """Take a retired handoff back into use."""
    with editing(handoff.outcome.produced_by.workflow) as workflow:
        handoff = edits.locked(handoff)
        edits.restore(handoff, by=by, scope=workflow)
        return handoff
