"""The steps of a workflow."""

from typing import Any

from django.db.models import F, Max
from django.utils import timezone

from base import changes, edits
from base.errors import RuleBroken
from workflows.actions.editing import editing
from workflows.models import Step, Workflow
from workforce.models import Account, JobRole

# What a step *is*. A change here makes ratings, evidence and support refer to an earlier revision.
SUBSTANCE = {"name", "performed_by"}


def add_step(
    workflow: Workflow,
    *,
    name: str,
    performed_by: JobRole | None = None,
    position: int | None = None,
    criticality: int | None = None,
    difficulty: int | None = None,
    frequency: int | None = None,
    by: Account,
) -> Step:
    """Add a step at a position, counted from 1; without one it goes to the end."""
    with editing(workflow):
        last = workflow.steps.aggregate(last=Max("position"))["last"] or 0
        place = min(position or last + 1, last + 1)
        _make_room(workflow, place)
        step = Step(
            workflow=workflow,
            name=name,
            performed_by=performed_by,
            position=place,
            criticality=criticality,
            rated_revision=1 if criticality else None,
            difficulty=difficulty,
            frequency=frequency,
        )
        return edits.add(step, by=by, scope=workflow)


def change_step(step: Step, *, seen: int | None = None, by: Account, **values: Any) -> Step:
    """Reword a step, give it to another role, or rate it. `seen` is the version the editor had before them.

    A new name or role is a new revision of the step. Giving a criticality rates the revision that results, even when
    the number stays the same.
    """
    with editing(step.workflow, structure=False) as workflow:
        step = edits.locked(step, seen=seen)
        _must_be_active(step)
        revised = any(getattr(step, field) != values[field] for field in SUBSTANCE & values.keys())
        if revised:
            values |= {"revision": step.revision + 1, "revised_at": timezone.now()}
        if "criticality" in values:
            values["rated_revision"] = values.get("revision", step.revision) if values["criticality"] else None
        edits.save(step, values, by=by, scope=workflow, verb="revise" if revised else "change")
        return step


def move_step(step: Step, *, position: int, by: Account) -> Step:
    """Put a step at another place in the process order, counted from 1; the others make room."""
    with editing(step.workflow, structure=False) as workflow:
        step = edits.locked(step)
        last = workflow.steps.count()
        if not 1 <= position <= last:
            raise RuleBroken(f"Choose a position from 1 to {last}.", code="no_such_position")
        before = step.position
        if position < before:
            workflow.steps.filter(position__range=(position, before - 1)).update(position=F("position") + 1)
        elif position > before:
            workflow.steps.filter(position__range=(before + 1, position)).update(position=F("position") - 1)
        else:
            return step
        Step.objects.filter(pk=step.pk).update(position=position, version=F("version") + 1)
        changes.record("move", step, by=by, scope=workflow, facts={"position": (before, position)})
        step.refresh_from_db()
        return step


def retire_step(step: Step, *, by: Account) -> Step:
    """Take a step out of use; what led through it no longer does."""
    with editing(step.workflow) as workflow:
        step = edits.locked(step)
        edits.retire(step, by=by, scope=workflow)
        return step


def restore_step(step: Step, *, by: Account) -> Step:
    """Take a retired step back into use where it was."""
    with editing(step.workflow) as workflow:
        step = edits.locked(step)
        edits.restore(step, by=by, scope=workflow)
        return step


def _make_room(workflow: Workflow, place: int) -> None:
    workflow.steps.filter(position__gte=place).update(position=F("position") + 1)


def _must_be_active(step: Step) -> None:
    if step.is_retired:
        raise RuleBroken(f"“{step}” is retired. Restore it before you change it.", code="step_retired")
