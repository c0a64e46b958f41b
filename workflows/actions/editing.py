"""How every edit inside a workflow begins and ends."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import F

from base.errors import RuleBroken
from workflows import rules
from workflows.models import Workflow
from workflows.queries import line_of_sight
from workflows.signals import work_changed


@contextmanager
def editing(workflow: Workflow, *, structure: bool = True) -> Iterator[Workflow]:
    """Lock the workflow, let the edit happen, and leave everything derived from it true.

    One editor at a time per workflow: locking the parent is what makes the checks inside true. `structure=False` spares
    the rebuild for an edit that cannot move a line of sight, such as a new wording.
    """
    with transaction.atomic():
        workflow = Workflow.objects.select_for_update(of=("self",)).get(pk=workflow.pk)
        if workflow.is_retired:
            raise RuleBroken(f"“{workflow}” is retired. Restore it before you change it.", code="workflow_retired")
        yield workflow
        Workflow.objects.filter(pk=workflow.pk).update(revision=F("revision") + 1)
        settle(workflow, structure=structure)


def settle(workflow: Workflow, *, structure: bool = True) -> None:
    """Rebuild the line of sight where it can have moved, recheck the rules, and tell the rooms above."""
    touched = line_of_sight.rebuild([workflow.pk]) if structure else [workflow.pk]
    rules.recheck(touched)
    work_changed.send(sender=Workflow, workflows=touched)
