"""One skill: what it says, where it is needed, how far one can see from there, and what happened to it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from base.errors import RuleBroken
from base.models import Change
from base.pages import page
from base.rules import Rule
from base.trail import Fact
from skills import actions, rules, words
from skills.access import Ability, change_for, context_for, skill_for
from skills.models import Context, Skill
from skills.queries.alike import look_alikes
from skills.queries.history import history_of
from skills.wording import marked
from workflows.queries.line_of_sight import Sight, sights
from workforce.models import Account
from workforce.requests import SignedIn

# As long as one still remembers having done it by mistake.
UNDO = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Happened:
    """One entry of the history, in words."""

    change: Change
    deed: str
    facts: list[Fact]

    @property
    def can_be_undone(self) -> bool:
        return (self.change.noun, self.change.verb) in actions.UNDOABLE


class SkillPage:
    """One skill for one account; each part is read when the template asks for it, once."""

    def __init__(self, skill: Skill, *, account: Account) -> None:
        self.skill, self.account = skill, account
        self.may_edit = account.can_design

    @cached_property
    def contexts(self) -> list[tuple[Context, Sight]]:
        contexts = list(self.skill.contexts.with_places().order_by("placed_at", "pk"))
        return list(zip(contexts, sights([(c.step_id, c.outcome_id) for c in contexts]), strict=True))

    @cached_property
    def broken(self) -> list[Rule]:
        if not self.account.can_see_drafts:
            return []
        return rules.broken_by(self.skill)

    @property
    def blocking(self) -> list[Rule]:
        return [rule for rule in self.broken if rule.blocks]

    @property
    def why_not(self) -> str:
        return actions.CannotPublish(self.blocking).message if self.blocking and self.skill.is_draft else ""

    @cached_property
    def alike(self) -> list[tuple[Skill, list[tuple[str, bool]]]]:
        if not self.account.can_see_drafts or self.skill.is_retired:
            return []
        statement = self.skill.statement
        found = look_alikes(statement, behaviour=self.skill.behaviour, seen_by=self.account, but_not=self.skill.pk)
        return [(other, marked(other.statement, statement)) for other in found]

    @cached_property
    def history(self) -> list[Happened]:
        return [
            Happened(change, words.deed(change), words.facts(change))
            for change in history_of(self.skill, seen_by=self.account)
        ]

    @property
    def undoable(self) -> Happened | None:
        """The newest change, if it can be taken back by whoever looks."""
        newest = self.history[0] if self.history else None
        return newest if newest and self.may_edit and newest.can_be_undone else None

    @property
    def just_did(self) -> Happened | None:
        newest = self.undoable
        mine = newest and newest.change.by == self.account.pk and newest.change.at > timezone.now() - UNDO
        return newest if mine else None

    @property
    def former_names(self) -> list[str]:
        return [name for name in self.skill.also_called if name not in (self.skill.name, self.skill.statement)]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Columns of the list that have no place of their own, as text."""
        return [(name, as_text(value)) for name, value in self.skill.details.items() if value]


def as_text(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


@require_safe
def skill_show(request: SignedIn, pk: UUID) -> HttpResponseBase:
    """A skill and its line of sight."""
    skill = skill_for(request.user, pk)
    return page(request, "skills/skill_show.html", {"skill": skill, "at": SkillPage(skill, account=request.user)})


def acting(act: Callable[..., Any], said: str) -> Callable[..., HttpResponse]:
    """The view of a verb that takes a skill and nothing else."""

    @require_POST
    def view(request: SignedIn, pk: UUID) -> HttpResponse:
        skill = skill_for(request.user, pk, Ability.EDIT)
        try:
            act(skill, by=request.user)
        except RuleBroken as broken:
            messages.error(request, broken.message)
        else:
            messages.success(request, said)
        return redirect(skill)

    return view


skill_publish = acting(actions.publish, "Published: everybody who works here can see it now.")
skill_withdraw = acting(actions.withdraw, "Withdrawn: it is a draft again.")
skill_retire = acting(actions.retire_skill, "Retired. Its contexts stay for the record.")
skill_restore = acting(actions.restore_skill, "Restored as a draft.")


@require_POST
def skill_undo(request: SignedIn, pk: UUID, change: int) -> HttpResponse:
    """Take the newest change back."""
    skill = skill_for(request.user, pk, Ability.EDIT)
    try:
        actions.undo(skill, change_for(skill, change), by=request.user)
    except RuleBroken as broken:
        messages.error(request, broken.message)
    else:
        messages.success(request, "Taken back.")
    return redirect(skill)


@require_POST
def context_remove(request: SignedIn, pk: UUID) -> HttpResponse:
    """Take the skill away from a step."""
    context = context_for(request.user, pk, Ability.EDIT)
    try:
        actions.remove_context(context, by=request.user)
    except RuleBroken as broken:
        messages.error(request, broken.message)
    else:
        messages.success(request, f"No longer placed at “{context.step}”.")
    return redirect(context.skill)
