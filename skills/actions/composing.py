"""A skill worded and placed in one go, as the composer does it."""

from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from base.errors import RuleBroken
from base.rules import Rule
from skills import rules
from skills.actions.placing import change_context, place
from skills.actions.publishing import publish
from skills.actions.wording import add_skill, change_skill, merge
from skills.models import Context, Skill
from workflows.models import Outcome, Step
from workflows.queries import line_of_sight
from workforce.models import Account


@dataclass(frozen=True)
class Draft:
    """What the composer holds. Without a skill it is a new one; without an outcome it has no context yet."""

    statement: str
    behaviour: str = ""
    skill: Skill | None = None
    context: Context | None = None
    step: Step | None = None
    outcome: Outcome | None = None
    required_level: int = 3
    contribution: str = ""
    condition: str = ""
    degree: str = ""

    @property
    def is_placed(self) -> bool:
        return self.step is not None and self.outcome is not None

    @property
    def has_another_context(self) -> bool:
        others = self.skill.contexts.all() if self.skill else Context.objects.none()
        return (others.exclude(pk=self.context.pk) if self.context else others).exists()

    @property
    def unknown(self) -> set[str]:
        """Codes of the rules whose answer waits for a step or an outcome."""
        if self.is_placed or self.has_another_context:
            return set()
        waits = {"no_context", "path_broken", "outcome_unmeasured"}
        return waits if self.step else waits | {"work_retired", "nobody_performs", "step_unrated"}

    @property
    def terms(self) -> dict[str, Any]:
        """What the context says, beside where it is."""
        return {
            "required_level": self.required_level,
            "contribution": self.contribution,
            "condition": self.condition,
            "degree": self.degree,
        }


@transaction.atomic
def compose(draft: Draft, *, seen: int | None = None, context_seen: int | None = None, by: Account) -> Skill:
    """Save the wording and, once an outcome is chosen, the context. `seen` are the versions the editor had."""
    if draft.is_placed:
        line_of_sight.hold_still()
    skill = worded(draft, seen=seen, by=by)
    if draft.step is None or draft.outcome is None:
        return skill
    if draft.context is None:
        place(skill, step=draft.step, outcome=draft.outcome, **draft.terms, by=by)
    else:
        where = {"step": draft.step, "outcome": draft.outcome}
        change_context(draft.context, seen=context_seen, **where, **draft.terms, by=by)
    return skill


@transaction.atomic
def compose_and_publish(
    draft: Draft, *, seen: int | None = None, context_seen: int | None = None, by: Account
) -> Skill:
    """Save and publish, or neither. Raises CannotPublish with each rule that blocks it."""
    return publish(compose(draft, seen=seen, context_seen=context_seen, by=by), by=by)


@transaction.atomic
def use_instead(existing: Skill, draft: Draft, *, by: Account) -> Skill:
    """Give an existing skill the context that was meant for a draft, which goes on as a former name of it."""
    if draft.step is None or draft.outcome is None:
        raise RuleBroken(
            "Choose a step and an outcome first: they are what the existing skill gets.", code="no_context"
        )
    line_of_sight.hold_still()
    if not existing.contexts.filter(step=draft.step, outcome=draft.outcome).exists():
        place(existing, step=draft.step, outcome=draft.outcome, **draft.terms, by=by)
    if draft.skill and draft.skill.is_draft:
        merge(draft.skill, into=existing, by=by)
    return existing


def worded(draft: Draft, *, seen: int | None, by: Account) -> Skill:
    if draft.skill is None:
        return add_skill(statement=draft.statement, behaviour=draft.behaviour, by=by)
    return change_skill(draft.skill, seen=seen, by=by, **new_words(draft.skill, draft))


def new_words(skill: Skill, draft: Draft) -> dict[str, Any]:
    """A name that was only the statement follows it, and what it was called before stays findable."""
    words: dict[str, Any] = {"statement": draft.statement, "behaviour": draft.behaviour}
    before = skill.statement[:300]
    if skill.name == before and draft.statement != skill.statement:
        words["name"] = draft.statement[:300]
        words["also_called"] = [*skill.also_called, *({before} - {*skill.also_called})]
    return words


def rehearse(draft: Draft, *, by: Account) -> list[Rule]:
    """The rules that would fail if this were saved now, in the order people should meet them.

    The draft is written, the very rules that publishing asks are asked, and everything is rolled back: so what the
    composer says and what publishing says cannot differ. While no outcome is chosen, any outcome of the step stands in
    for it, so that what is known about the step is said already.
    """
    if draft.is_placed:
        return rules_broken_by(draft, by=by)
    stand_in = Outcome.objects.downstream_of(draft.step).first() if draft.step else None
    if stand_in is None or draft.has_another_context:
        return rules_broken_by(draft, by=by)
    broken = rules_broken_by(replace(draft, outcome=stand_in), by=by)
    return [rules.SKILL_RULES["no_context"], *(rule for rule in broken if rule.code not in draft.unknown)]


def rules_broken_by(draft: Draft, *, by: Account) -> list[Rule]:
    with transaction.atomic():
        skill = written(draft, by=by)
        broken = rules.broken_by(skill)
        transaction.set_rollback(True)
    return broken


def written(draft: Draft, *, by: Account) -> Skill:
    """The bare rows, without the trail and without flags: nobody will see them."""
    words = {"statement": draft.statement or "…", "behaviour": draft.behaviour}
    if draft.skill is None:
        skill = Skill.objects.create(name="…", created_by=by, **words)
    else:
        skill = draft.skill
        Skill.objects.filter(pk=skill.pk).update(**words)
    if draft.is_placed:
        where = {"step": draft.step, "outcome": draft.outcome}
        if draft.context is None:
            Context.objects.get_or_create(skill=skill, **where, defaults={**draft.terms, "placed_by": by})
        else:
            Context.objects.filter(pk=draft.context.pk).update(**where, **draft.terms)
    return skill
