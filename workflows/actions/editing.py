"""How every edit inside a workflow begins and ends."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F

from base import edits
from base.errors import RuleBroken
from base.models import Noun, Retirable
from workflows import rules
from workflows.models import Workflow
from workflows.queries import line_of_sight
from workflows.signals import work_changed
from workforce.models import Account

N = TypeVar("N", bound=Noun)


@dataclass
class Edit:
    """One edit under way: writes in the name of `by`, noted in the trail of the workflow."""

    workflow: Workflow
    by: Account
    wrote: bool = False

    def save(self, noun: Noun, values: Mapping[str, Any], *, verb: str = "change") -> None:
        self.wrote |= bool(edits.save(noun, values, by=self.by, verb=verb, scope=self.workflow))

    def add(self, noun: N) -> N:
        self.wrote = True
        return edits.add(noun, by=self.by, scope=self.workflow)

    def retire(self, noun: Retirable) -> None:
        self.wrote |= edits.retire(noun, by=self.by, scope=self.workflow)

    def restore(self, noun: Retirable) -> None:
        self.wrote |= edits.restore(noun, by=self.by, scope=self.workflow)


@contextmanager
def editing(workflow: Workflow, *, by: Account, structure: bool = True) -> Iterator[Edit]:
    """Lock the workflow, let the edit happen, and leave everything derived from it true.

    One editor at a time per workflow: locking the parent is what makes the checks inside true. `structure=False` spares
    the rebuild for an edit that cannot move a line of sight, such as a new wording.
    """
    with transaction.atomic():
        edit = Edit(edits.locked(workflow), by)
        must_be_in_use(edit.workflow)
        yield edit
        # Saving a form as it was is not an edit: no revision, no work for the rules.
        if edit.wrote:
            Workflow.objects.filter(pk=workflow.pk).update(revision=F("revision") + 1)
            settle(edit.workflow, structure=structure)


def settle(workflow: Workflow, *, structure: bool = True) -> None:
    """Rebuild the line of sight where it can have moved, recheck the rules, and tell the rooms above."""
    touched = line_of_sight.rebuild([workflow.pk]) if structure else [workflow.pk]
    rules.recheck(touched)
    work_changed.send(sender=Workflow, workflows=touched)


def must_be_in_use(noun: Retirable, *, before: str = "you change it") -> None:
    """Retired work says nothing about today, so nothing is built on it. Raises RuleBroken `<noun>_retired`."""
    if noun.is_retired:
        raise RuleBroken(f"“{noun}” is retired. Restore it before {before}.", code=f"{noun._meta.model_name}_retired")
