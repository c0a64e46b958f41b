"""Where a skill is needed, and for which outcome."""

from typing import Any
from uuid import UUID

from django.db import transaction

from base import changes, edits
from base.errors import RuleBroken
from skills import rules
from skills.actions.wording import must_be_in_use
from skills.models import Context, Skill
from skills.signals import skills_changed
from workflows.models import LineOfSight, Outcome, Step
from workflows.queries import line_of_sight
from workforce.models import Account

# What a context says; kept in the trail when it is removed, so that it can come back as it was.
TERMS = ("step", "outcome", "required_level", "contribution", "condition", "degree")


@transaction.atomic
def place(
    skill: Skill,
    *,
    step: Step,
    outcome: Outcome,
    required_level: int = 3,
    contribution: str = "",
    condition: str = "",
    degree: str = "",
    by: Account,
) -> Context:
    """Give a skill a context: the step that needs it, for an outcome downstream of that step."""
    line_of_sight.hold_still()
    skill = edits.locked(skill)
    must_be_in_use(skill)
    must_be_downstream(step, outcome)
    must_be_a_new_place(skill, step, outcome)
    context = Context(
        skill=skill,
        step=step,
        outcome=outcome,
        required_level=required_level,
        contribution=contribution,
        condition=condition,
        degree=degree,
        placed_by=by,
    )
    edits.add(context, by=by, scope=skill, verb="place")
    settle(skill.pk)
    return context


@transaction.atomic
def change_context(context: Context, *, seen: int | None = None, by: Account, **values: Any) -> Context:
    """Move a context or reword what it contributes. `seen` is the version the editor had before them."""
    line_of_sight.hold_still()
    context = edits.locked(context, seen=seen)
    must_be_in_use(context.skill)
    step, outcome = values.get("step", context.step), values.get("outcome", context.outcome)
    moved = (step, outcome) != (context.step, context.outcome)
    if moved:
        must_be_downstream(step, outcome)
        must_be_a_new_place(context.skill, step, outcome)
    edits.save(context, values, by=by, scope=context.skill, verb="move" if moved else "change")
    settle(context.skill_id)
    return context


@transaction.atomic
def remove_context(context: Context, *, by: Account) -> None:
    """Take a skill away from a step. A published skill keeps at least one context: withdraw it first."""
    skill = edits.locked(context.skill)
    if skill.is_published and skill.contexts.count() == 1:
        raise RuleBroken(
            f"This is the last context of “{skill}”, which is published. Withdraw it first, or place it elsewhere.",
            code="last_context",
        )
    facts = {field: (getattr(context, field), None) for field in TERMS}
    changes.record("remove", context, by=by, scope=skill, facts=facts)
    context.delete()
    settle(skill.pk)


def settle(*skills: UUID) -> None:
    """Leave what follows from their contexts true: their flags, and whatever the rooms above derive."""
    rules.recheck(skills)
    skills_changed.send(sender=Skill, skills=skills)


def must_be_a_new_place(skill: Skill, step: Step, outcome: Outcome) -> None:
    """The sentence for `context_is_once_per_skill_step_and_outcome`."""
    if skill.contexts.filter(step=step, outcome=outcome).exists():
        raise RuleBroken(
            f"“{skill}” is placed at “{step}” for “{outcome}” already. Change that context instead.",
            code="context_exists",
        )


def must_be_downstream(step: Step, outcome: Outcome) -> None:
    """The sentence for what the trigger `context_outcome_is_downstream_of_its_step` keeps."""
    if not LineOfSight.objects.filter(step=step, outcome=outcome).exists():
        raise RuleBroken(
            f"“{outcome}” is not downstream of “{step}”. Choose an outcome that the step leads to, or add the handoff "
            "that is missing.",
            code="not_downstream",
        )
