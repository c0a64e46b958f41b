"""What a skill says, and which other skill says the same."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from base import changes, edits
from base.errors import RuleBroken
from skills import rules
from skills.models import Context, Difference, Skill
from skills.queries import vocabulary
from skills.signals import skills_changed
from workforce.models import Account


@transaction.atomic
def add_skill(*, statement: str, name: str = "", owner: Account | None = None, by: Account, **values: Any) -> Skill:
    """Draft a skill. Without a name of its own it is called by its statement."""
    skill = Skill(name=name or statement[:300], statement=statement, owner=owner or by, created_by=by, **values)
    edits.add(skill, by=by)
    recheck_with_twins(skill)
    vocabulary.learn(skill)
    return skill


@transaction.atomic
def change_skill(skill: Skill, *, seen: int | None = None, by: Account, **values: Any) -> Skill:
    """Reword a skill. `seen` is the version the editor had before them."""
    skill = edits.locked(skill, seen=seen)
    must_be_in_use(skill)
    twins = set(twins_of(skill))
    if edits.save(skill, values, by=by):
        skill.refresh_from_db(fields=["fingerprint"])
        recheck_with_twins(skill, *twins)
        vocabulary.learn(skill)
    return skill


@transaction.atomic
def tell_apart(one: Skill, other: Skill, *, reason: str, by: Account) -> Difference:
    """Say why two statements that look alike are not the same; they are not held against each other again."""
    one, other = sorted((one, other), key=lambda skill: skill.pk)
    difference, is_new = Difference.objects.get_or_create(
        one=one, other=other, defaults={"reason": reason, "said_by": by}
    )
    if is_new:
        # In the history of both: whoever opens either finds why.
        for skill, twin in ((one, other), (other, one)):
            changes.record("tell_apart", skill, by=by, facts={"from": (None, twin), "reason": (None, reason)})
        rules.recheck([one.pk, other.pk])
    return difference


@transaction.atomic
def merge(skill: Skill, *, into: Skill, by: Account) -> Skill:
    """Let one skill go on as another: its contexts move, its wording stays findable as a former name, it is retired."""
    if skill.pk == into.pk:
        raise RuleBroken("A skill cannot be merged into itself. Choose the other one.", code="merge_into_itself")
    # In the order of their ids, so that two merges that cross cannot wait for each other.
    locked = {each.pk: edits.locked(each) for each in sorted((skill, into), key=lambda each: each.pk)}
    skill, into = locked[skill.pk], locked[into.pk]
    must_be_in_use(skill)
    must_be_in_use(into)
    kept = {(c.step_id, c.outcome_id) for c in into.contexts.all()}
    for context in skill.contexts.live():
        if (context.step_id, context.outcome_id) not in kept:
            Context.objects.filter(pk=context.pk).update(skill=into)
    former = [label for label in [skill.statement[:300], *skill.also_called] if label not in into.also_called]
    edits.save(into, {"also_called": [*into.also_called, *former]}, by=by, verb="absorb")
    edits.save(skill, retired_now(by), by=by, verb="merge")
    recheck_with_twins(into, skill.pk, *twins_of(skill))
    skills_changed.send(sender=Skill, skills=[skill.pk, into.pk])
    return into


def retired_now(by: Account) -> dict[str, Any]:
    """The three values that make a skill retired."""
    return {"state": Skill.State.RETIRED, "retired_at": timezone.now(), "retired_by": by}


def must_be_in_use(skill: Skill) -> None:
    if skill.is_retired:
        raise RuleBroken(f"“{skill}” is retired. Restore it before you change it.", code="skill_retired")


def twins_of(skill: Skill) -> list[Any]:
    """Ids of the skills whose statements have the same fingerprint."""
    skill.refresh_from_db(fields=["fingerprint"])
    twins = Skill.objects.in_use().filter(fingerprint=skill.fingerprint).exclude(pk=skill.pk)
    return list(twins.values_list("pk", flat=True))


def recheck_with_twins(skill: Skill, *others: Any) -> None:
    """A new wording can make another skill look alike, or stop it from doing so."""
    rules.recheck([skill.pk, *twins_of(skill), *others])
