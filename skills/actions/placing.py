"""Where a skill is needed, and for which outcome."""

from typing import Any

from django.db import transaction

from base import changes, edits
from base.errors import RuleBroken
from skills import rules
from skills.actions.wording import must_be_in_use
from skills.models import Context, Skill
from workflows.models import LineOfSight, Outcome, Step
from workforce.models import Account


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
    skill = edits.locked(skill)
    must_be_in_use(skill)
    must_be_downstream(step, outcome)
    if skill.contexts.filter(step=step, outcome=outcome).exists():
        raise RuleBroken(f"“{skill}” is placed at “{step}” for “{outcome}” already.", code="context_exists")
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
    rules.recheck([skill.pk])
    return context


@transaction.atomic
def change_context(context: Context, *, seen: int | None = None, by: Account, **values: Any) -> Context:
    """Move a context or reword what it contributes. `seen` is the version the editor had before them."""
    context = edits.locked(context, seen=seen)
    step, outcome = values.get("step", context.step), values.get("outcome", context.outcome)
    if (step, outcome) != (context.step, context.outcome):
        must_be_downstream(step, outcome)
    edits.save(context, values, by=by, scope=context.skill, verb="move" if "step" in values else "change")
    rules.recheck([context.skill_id])
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
    changes.record(
        "remove", context, by=by, scope=skill, facts={"step": (context.step, None), "outcome": (context.outcome, None)}
    )
    context.delete()
    rules.recheck([skill.pk])


def must_be_downstream(step: Step, outcome: Outcome) -> None:
    """The sentence for what the trigger `context_outcome_is_downstream_of_its_step` keeps."""
    if not LineOfSight.objects.filter(step=step, outcome=outcome).exists():
        raise RuleBroken(
            f"“{outcome}” is not downstream of “{step}”. Choose an outcome that the step leads to, or add the handoff "
            "that is missing.",
            code="not_downstream",
        )
