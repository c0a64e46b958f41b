"""The doors to workflows and what is in them, for pages and API alike.

Everybody who works here may look: an employee needs to see where the own work goes. Designers change things.
"""

from enum import StrEnum
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from workflows.models import Handoff, Outcome, Step, Workflow
from workflows.queries.doors import step_with_its_work
from workforce.models import Account


class Ability(StrEnum):
    VIEW = "view"
    EDIT = "edit"


def may_design(account: Account, *, ask: str = "") -> None:
    """Raises PermissionDenied with whom to ask."""
    if not account.can_design:
        raise PermissionDenied(
            f"Only designers change workflows. Ask {ask or 'a designer'} to do it, or to give you the role."
        )


def workflow_for(account: Account, pk: UUID, ability: Ability = Ability.VIEW) -> Workflow:
    """The one door to a workflow. 403 with the owner's name for those who may look but not change."""
    workflow = get_object_or_404(Workflow.objects.select_related("owner"), pk=pk)
    if ability is Ability.EDIT:
        may_design(account, ask=workflow.owner.name)
    return workflow


def step_for(account: Account, pk: UUID, ability: Ability = Ability.VIEW) -> Step:
    """The one door to a step."""
    if (step := step_with_its_work(pk)) is None:
        raise Http404("There is no such step.")
    if ability is Ability.EDIT:
        may_design(account, ask=step.workflow.owner.name)
    return step


def outcome_for(account: Account, pk: UUID, ability: Ability = Ability.VIEW) -> Outcome:
    """The one door to an outcome."""
    outcome = get_object_or_404(
        Outcome.objects.select_related("produced_by__workflow__owner", "beneficiary_role"), pk=pk
    )
    if ability is Ability.EDIT:
        may_design(account, ask=outcome.produced_by.workflow.owner.name)
    return outcome


def handoff_for(account: Account, pk: UUID, ability: Ability = Ability.VIEW) -> Handoff:
    """The one door to a handoff."""
    handoff = get_object_or_404(
        Handoff.objects.select_related("outcome__produced_by__workflow__owner", "to_step"), pk=pk
    )
    if ability is Ability.EDIT:
        may_design(account, ask=handoff.outcome.produced_by.workflow.owner.name)
    return handoff
