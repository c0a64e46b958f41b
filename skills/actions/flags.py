"""What a designer does with many flags at once."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction

from base import edits
from base import flags as one
from base.errors import RuleBroken
from skills.actions.placing import place, remove_context, settle
from skills.actions.publishing import restore_skill, retire_skill
from skills.actions.wording import merge
from skills.models import Context, Skill
from skills.queue import not_too_many
from workflows.models import Outcome, Step
from workforce.models import Account


@transaction.atomic
def assign_flags(flags: Sequence[Any], *, to: Account | None, by: Account) -> None:
    """Say whose these flags are now; None gives them back to whoever owns the things themselves."""
    if to and not (to.is_active and to.can_design):
        raise RuleBroken(
            f"{to} cannot mend a flag. Choose somebody who designs, or give {to} the role.",
            code="assignee_cannot_design",
        )
    for flag in not_too_many(flags):
        one.assign(flag, to=to, by=by)


@transaction.atomic
def snooze_flags(flags: Sequence[Any], *, until: dt.date, reason: str, by: Account) -> None:
    """Set these aside until a day; the reason stands beside each of them."""
    for flag in not_too_many(flags):
        one.snooze(flag, until=until, reason=reason, by=by)


@transaction.atomic
def wake_flags(flags: Sequence[Any], *, by: Account) -> None:
    """Take these up again before their day."""
    for flag in not_too_many(flags):
        one.wake(flag, by=by)


@transaction.atomic
def place_all(
    skills: Sequence[Skill], *, step: Step, outcome: Outcome, required_level: int = 3, by: Account
) -> list[Context]:
    """Place many skills at one step for one outcome, all or none; one that is there already stays as it is."""
    there = set(Context.objects.filter(step=step, outcome=outcome, skill__in=skills).values_list("skill", flat=True))
    return [
        place(skill, step=step, outcome=outcome, required_level=required_level, by=by)
        for skill in not_too_many(skills)
        if skill.pk not in there
    ]


@transaction.atomic
def place_as_one(
    skills: Sequence[Skill], *, kept: Skill, step: Step, outcome: Outcome, required_level: int = 3, by: Account
) -> list[Context]:
    """Place one of several look-alikes and let the others go on as it: their wording becomes its former names."""
    contexts = place_all([kept], step=step, outcome=outcome, required_level=required_level, by=by)
    for skill in not_too_many(skills):
        if skill.pk != kept.pk:
            merge(skill, into=kept, by=by)
    return contexts


@transaction.atomic
def retire_all(skills: Sequence[Skill], *, by: Account) -> None:
    """Take many skills out of use."""
    for skill in not_too_many(skills):
        retire_skill(skill, by=by)


@transaction.atomic
def unplace(contexts: Collection[Context], *, by: Account) -> None:
    """Undo place_all."""
    for context in contexts:
        remove_context(context, by=by)


@transaction.atomic
def take_apart(merged: Collection[Skill], *, out_of: Skill, moved: Collection[Context] = (), by: Account) -> None:
    """Undo the merging of place_as_one: each is a skill of its own again, with the contexts it had."""
    out_of = edits.locked(out_of)
    labels = {label for skill in merged for label in (skill.statement[:300], *skill.also_called)}
    edits.save(
        out_of,
        {"also_called": [label for label in out_of.also_called if label not in labels]},
        by=by,
        verb="take_apart",
    )
    for skill in merged:
        restore_skill(skill, by=by)
    for context in moved:
        Context.objects.filter(pk=context.pk, skill=out_of).update(skill=context.skill)
    settle(out_of.pk, *(skill.pk for skill in merged))


@transaction.atomic
def restore_all(skills: Collection[Skill], *, by: Account) -> None:
    """Undo retire_all; what was published comes back as a draft."""
    for skill in skills:
        restore_skill(skill, by=by)
