"""The doors to skills, for pages and API alike."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from base.models import Change
from base.rules import Rule
from skills import queue
from skills.models import Context, Import, Skill
from workforce.models import Account


class Ability(StrEnum):
    VIEW = "view"
    EDIT = "edit"


def skill_for(account: Account, pk: UUID, ability: Ability = Ability.VIEW) -> Skill:
    """The one door to a skill. A draft does not exist for those who do not design; 403 with whom to ask otherwise."""
    skill = get_object_or_404(Skill.objects.visible_to(account).select_related("owner"), pk=pk)
    if ability is Ability.EDIT:
        may_design(account, ask=skill.owner.name if skill.owner else "")
    return skill


def context_for(
    account: Account, pk: UUID, ability: Ability = Ability.VIEW, *, skill_pk: UUID | None = None
) -> Context:
    """The one door to a context: whoever may see its skill. With `skill_pk` it must be that skill's."""
    contexts = Context.objects.filter(skill__in=Skill.objects.visible_to(account))
    if skill_pk:
        contexts = contexts.filter(skill=skill_pk)
    context = get_object_or_404(contexts.select_related("skill__owner", "step__workflow", "outcome"), pk=pk)
    if ability is Ability.EDIT:
        may_design(account, ask=context.skill.owner.name if context.skill.owner else "")
    return context


def change_for(skill: Skill, pk: int) -> Change:
    """An entry of the trail, through the skill it happened to."""
    return get_object_or_404(Change.objects.filter(scope=skill.pk), pk=pk)


def import_for(account: Account, pk: UUID) -> Import:
    """The one door to an import: designers see each other's, nobody else sees any."""
    may_design(account)
    return get_object_or_404(Import.objects.select_related("created_by"), pk=pk)


def may_design(account: Account, *, ask: str = "") -> None:
    """Raises PermissionDenied with whom to ask."""
    if not account.can_design:
        raise PermissionDenied(
            f"Only designers change skills. Ask {ask or 'a designer'} to do it, or to give you the role."
        )


def may_keep_the_queue(account: Account) -> None:
    """Raises PermissionDenied with whom to ask."""
    if not account.can_design:
        designer = Account.objects.designers().first()
        raise PermissionDenied(
            f"Flags are worked through by designers. Ask {designer or 'an administrator'} what became of one, "
            "or to give you the role."
        )


def may_see_the_queue(account: Account) -> None:
    """Raises PermissionDenied with whom to ask. A program that only reads sees what designers see."""
    if not account.can_see_drafts:
        may_keep_the_queue(account)


def flags_for(account: Account, pks: Collection[UUID], *, to_edit: bool = True) -> list[tuple[Any, Rule]]:
    """The one door to flags of any noun, each with its rule. 404 when one of them does not exist."""
    (may_keep_the_queue if to_edit else may_see_the_queue)(account)
    found = queue.flags_by_id(pks)
    if len(found) < len(set(pks)):
        raise Http404("There is no such flag.")
    return found


def flag_for(account: Account, pk: UUID, *, to_edit: bool = True) -> tuple[Any, Rule]:
    """The one door to one flag. See also: flags_for."""
    return flags_for(account, [pk], to_edit=to_edit)[0]


def assignee_for(account: Account, pk: UUID) -> Account:
    """The one door to somebody whom a flag can be given to."""
    may_keep_the_queue(account)
    return get_object_or_404(Account.objects.designers(), pk=pk)
