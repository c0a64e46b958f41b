"""What people say against or beside the rules: another label, the cause, how many people a step needs."""

from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from base import changes, edits
from base.errors import RuleBroken
from gaps.arithmetic import Label
from gaps.models import Cause, CoverTarget, Overrule
from skills.models import Skill
from workflows.models import Step
from workforce.models import Account, Person

J = TypeVar("J", Overrule, Cause)


@transaction.atomic
def overrule_gap(person: Person, skill: Skill, *, label: Label, reason: str, by: Account) -> Overrule:
    """Give a gap another label than the rules do, and say why. An earlier word on the same gap is taken back."""
    if not reason.strip():
        raise RuleBroken("Say why you know better than the rule. Others will see this reason.", code="reason_missing")
    take_back_former(Overrule.objects.valid().filter(person=person, skill=skill), by=by)
    overrule = Overrule(person=person, skill=skill, label=label.value, reason=reason.strip(), overruled_by=by)
    return edits.add(overrule, by=by, scope=person, verb="relabel")


@transaction.atomic
def name_cause(person: Person, skill: Skill, *, kind: str, note: str = "", by: Account) -> Cause:
    """Answer first why there is a gap at all. What neither knowledge nor practice causes, no training closes."""
    take_back_former(Cause.objects.valid().filter(person=person, skill=skill), by=by)
    cause = Cause(person=person, skill=skill, kind=kind, note=note.strip(), named_by=by)
    return edits.add(cause, by=by, scope=person, verb="name")


@transaction.atomic
def take_back(judgement: J, *, seen: int | None = None, by: Account) -> J:
    """Let the rules speak again."""
    judgement = edits.locked(judgement, seen=seen)
    if judgement.taken_back_at:
        raise RuleBroken("It is taken back already. There is nothing left to do.", code="taken_back")
    values = {"taken_back_at": timezone.now(), "taken_back_by": by}
    edits.save(judgement, values, by=by, verb="take_back", scope=judgement.person)
    return judgement


@transaction.atomic
def set_cover_target(step: Step, *, people: int | None, reason: str = "", by: Account) -> CoverTarget | None:
    """Say how many people a step needs; None leaves it to its criticality again."""
    target = CoverTarget.objects.filter(step=step).first()
    if people is None:
        if target:
            changes.record("remove", target, by=by, scope=step, facts={"people": (target.people, None)})
            target.delete()
        return None
    if target is None:
        return edits.add(CoverTarget(step=step, people=people, reason=reason), by=by, scope=step, verb="set")
    target = edits.locked(target)
    edits.save(target, {"people": people, "reason": reason}, by=by, scope=step)
    return target


def take_back_former(former: Any, *, by: Account) -> None:
    for judgement in former:
        take_back(judgement, by=by)
