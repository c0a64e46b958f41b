"""The steps of a workflow. Those in use are numbered from 1 without a gap; a retired one keeps the place it had."""

from typing import Any

from django.db.models import F, Max
from django.utils import timezone

from base import changes, edits
from base.errors import RuleBroken
from workflows.actions.editing import Edit, editing, must_be_in_use
from workflows.models import Step, Workflow
from workforce.actions import job_role_named
from workforce.models import Account, JobRole

# What a step *is*. A change here makes ratings, evidence and support refer to an earlier revision.
SUBSTANCE = {"name", "performed_by"}


def add_step(
    workflow: Workflow,
    *,
    name: str,
    performed_by: JobRole | str | None = None,
    position: int | None = None,
    criticality: int | None = None,
    difficulty: int | None = None,
    frequency: int | None = None,
    by: Account,
) -> Step:
    """Add a step at a position, counted from 1; without one it goes to the end. A role in words is found or added."""
    with editing(workflow, by=by) as edit:
        step = Step(
            workflow=workflow,
            name=name,
            performed_by=_role(performed_by, by=by),
            position=_make_room(workflow, position),
            criticality=criticality,
            rated_revision=1 if criticality else None,
            difficulty=difficulty,
            frequency=frequency,
        )
        return edit.add(step)


def change_step(step: Step, *, seen: int | None = None, by: Account, **values: Any) -> Step:
    """Reword a step, give it to another role, or rate it. `seen` is the version the editor had before them.

    A new name or role is a new revision of the step. Giving a criticality rates the revision that results, even when
    the number stays the same; leaving it out leaves the rating where it was.
    """
    with editing(step.workflow, by=by, structure=False) as edit:
        step = edits.locked(step, seen=seen)
        must_be_in_use(step)
        if "performed_by" in values:
            values["performed_by"] = _role(values["performed_by"], by=by)
        revised = any(getattr(step, field) != values[field] for field in SUBSTANCE & values.keys())
        if revised:
            values |= {"revision": step.revision + 1, "revised_at": timezone.now()}
        if "criticality" in values:
            values["rated_revision"] = values.get("revision", step.revision) if values["criticality"] else None
        edit.save(step, values, verb="revise" if revised else "change")
        return step


def move_step(step: Step, *, position: int, seen: int | None = None, by: Account) -> Step:
    """Put a step at another place in the process order, counted from 1; the others make room."""
    with editing(step.workflow, by=by, structure=False) as edit:
        step = edits.locked(step, seen=seen)
        must_be_in_use(step, before="you move it")
        last = edit.workflow.steps.active().count()
        if not 1 <= position <= last:
            raise RuleBroken(f"Choose a position from 1 to {last}.", code="no_such_position")
        if position != step.position:
            _move(step, position, edit)
        return step


def retire_step(step: Step, *, by: Account) -> Step:
    """Take a step out of use; what led through it no longer does. Those behind it move up."""
    with editing(step.workflow, by=by) as edit:
        step = edits.locked(step)
        if not step.is_retired:
            edit.retire(step)
            edit.workflow.steps.active().filter(position__gt=step.position).update(position=F("position") - 1)
        return step


def restore_step(step: Step, *, by: Account) -> Step:
    """Take a retired step back into use where it was; the others make room."""
    with editing(step.workflow, by=by) as edit:
        step = edits.locked(step)
        if step.is_retired:
            step.position = _make_room(edit.workflow, step.position)
            step.save(update_fields=["position"])
            edit.restore(step)
        return step


def _role(role: JobRole | str | None, *, by: Account) -> JobRole | None:
    return job_role_named(role, by=by) if isinstance(role, str) else role


def _make_room(workflow: Workflow, position: int | None) -> int:
    """The place that is free now; at most one behind the last."""
    last = workflow.steps.active().aggregate(last=Max("position"))["last"] or 0
    place = max(1, min(position or last + 1, last + 1))
    workflow.steps.active().filter(position__gte=place).update(position=F("position") + 1)
    return place


def _move(step: Step, position: int, edit: Edit) -> None:
    before, others = step.position, edit.workflow.steps.active().exclude(pk=step.pk)
    if position < before:
        others.filter(position__range=(position, before - 1)).update(position=F("position") + 1)
    else:
        others.filter(position__range=(before + 1, position)).update(position=F("position") - 1)
    # The others make room without a version of their own: whoever rewords one of them has missed nothing.
    Step.objects.filter(pk=step.pk).update(position=position, version=F("version") + 1)
    changes.record("move", step, by=edit.by, scope=edit.workflow, facts={"position": (before, position)})
    step.refresh_from_db()
    edit.wrote = True
