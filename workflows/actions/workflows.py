"""Workflows as a whole."""

from typing import Any

from django.db import transaction

from base import edits
from workflows.actions.editing import must_be_in_use, settle
from workflows.models import Workflow
from workforce.models import Account


@transaction.atomic
def add_workflow(
    name: str, *, area: str = "", purpose: str = "", owner: Account | None = None, by: Account
) -> Workflow:
    """Begin an empty workflow; its owner answers for it."""
    workflow = Workflow(name=name, area=area, purpose=purpose, owner=owner or by, created_by=by)
    return edits.add(workflow, by=by)


@transaction.atomic
def change_workflow(workflow: Workflow, *, seen: int | None = None, by: Account, **values: Any) -> Workflow:
    """Rename a workflow or hand it to another owner. `seen` is the version the editor had before them."""
    workflow = edits.locked(workflow, seen=seen)
    must_be_in_use(workflow)
    edits.save(workflow, values, by=by)
    return workflow


@transaction.atomic
def retire_workflow(workflow: Workflow, *, by: Account) -> Workflow:
    """Take a workflow out of use with everything in it; its contexts are no longer live."""
    workflow = edits.locked(workflow)
    if edits.retire(workflow, by=by):
        settle(workflow)
    return workflow


@transaction.atomic
def restore_workflow(workflow: Workflow, *, by: Account) -> Workflow:
    """Take a retired workflow back into use."""
    workflow = edits.locked(workflow)
    if edits.restore(workflow, by=by):
        settle(workflow)
    return workflow
