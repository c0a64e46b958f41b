"""Which outcome lets which step begin."""

from typing import Any

from base import edits
from base.errors import RuleBroken
from workflows.actions.editing import editing, must_be_in_use
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
    with editing(outcome.produced_by.workflow, by=by) as edit:
        if outcome.produced_by_id == to_step.pk:
            raise RuleBroken(
                "A step cannot hand its outcome to itself. Choose the step that waits for it.", code="handoff_to_itself"
            )
        must_join_work_in_use(edits.locked(outcome), Step.objects.select_related("workflow").get(pk=to_step.pk))
        earlier = Handoff.objects.filter(outcome=outcome, to_step=to_step).first()
        if earlier is None:
            return edit.add(Handoff(outcome=outcome, to_step=to_step, **terms))
        handoff = edits.locked(earlier)
        if not handoff.is_retired:
            raise RuleBroken(
                f"“{outcome}” is handed to “{to_step}” already. Change that handoff instead.", code="handoff_exists"
            )
        edit.restore(handoff)
        edit.save(handoff, terms)
        return handoff


def change_handoff(handoff: Handoff, *, seen: int | None = None, by: Account, **values: Any) -> Handoff:
    """Say when a handoff is accepted, and which share of it arrives complete and accurate."""
    with editing(handoff.outcome.produced_by.workflow, by=by, structure=False) as edit:
        handoff = edits.locked(handoff, seen=seen)
        must_be_in_use(handoff)
        edit.save(handoff, values)
        return handoff


def retire_handoff(handoff: Handoff, *, by: Account) -> Handoff:
    """Take a handoff out of use; what lay beyond it is no longer downstream this way."""
    with editing(handoff.outcome.produced_by.workflow, by=by) as edit:
        handoff = edits.locked(handoff)
        edit.retire(handoff)
        return handoff


def restore_handoff(handoff: Handoff, *, by: Account) -> Handoff:
    """Take a retired handoff back into use."""
    with editing(handoff.outcome.produced_by.workflow, by=by) as edit:
        handoff = edits.locked(handoff)
        must_join_work_in_use(handoff.outcome, handoff.to_step)
        edit.restore(handoff)
        return handoff


def must_join_work_in_use(outcome: Outcome, to_step: Step) -> None:
    """The giver's workflow is locked. The receiver's is not: locking both ways round could wait forever, and a step
    that is retired at the same moment leaves a handoff that is not live, as it does at any other time."""
    for work in (outcome, outcome.produced_by, to_step, to_step.workflow):
        must_be_in_use(work, before="you hand work over there")
