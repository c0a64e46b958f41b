"""The decision table, and deciding otherwise for one step."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from base import edits
from base.errors import RuleBroken
from base.models import Change
from performance_support.deciding import SCALES, SHIPPED, Rule
from performance_support.models import PlanOverrule, PlanRule
from performance_support.models.plan import WAYS
from performance_support.queries import plan
from workflows.actions.editing import must_be_in_use
from workflows.models import Step
from workforce.models import Account


@transaction.atomic
def add_plan_rule(position: int, *, by: Account, **facts: Any) -> PlanRule:
    """A further row of the decision table; every step that it fits before others goes by it at once."""
    return edits.add(PlanRule(position=position, **facts), by=by)


@transaction.atomic
def change_plan_rule(rule: PlanRule, *, seen: int | None = None, by: Account, **facts: Any) -> PlanRule:
    """Another cut-off, another place in the order, other words."""
    rule = edits.locked(rule, seen=seen)
    edits.save(rule, facts, by=by)
    return rule


@transaction.atomic
def undo_plan_rule(rule: PlanRule, *, by: Account) -> PlanRule:
    """What it said before its last change, or back in the table where it was taken out."""
    rule = edits.locked(rule)
    if edits.restore(rule, by=by):
        return rule
    last = Change.objects.filter(subject=rule.pk, verb__in=["change", "undo"]).order_by("-id").first()
    if last is None:
        raise RuleBroken("This rule was never changed. There is nothing to take back.", code="nothing_to_undo")
    edits.save(rule, {field: before for field, (before, _) in last.facts.items()}, by=by, verb="undo")
    return rule


@transaction.atomic
def remove_plan_rule(rule: PlanRule, *, by: Account) -> PlanRule:
    """Out of the table; what was decided by it is decided by the next one that fits."""
    rule = edits.locked(rule)
    edits.retire(rule, by=by)
    return rule


@transaction.atomic
def put_table_back(*, by: Account) -> int:
    """The decision table as it was shipped; what stood there otherwise can be taken back in. How many rows moved."""
    missing = [(place, conditions, ways) for place, (conditions, ways) in enumerate(SHIPPED, 1)]
    moved = 0
    for rule in PlanRule.objects.select_for_update(no_key=True).in_order():
        if rule.row in missing:
            missing.remove(rule.row)
        else:
            edits.retire(rule, by=by)
            moved += 1
    gone = {rule.row: rule for rule in PlanRule.objects.retired()}
    for place, conditions, ways in missing:
        if former := gone.get((place, conditions, ways)):
            edits.restore(former, by=by)
        else:
            add_plan_rule(place, by=by, **bounds_of(conditions), **dict(zip(WAYS, ways, strict=True)))
    if not moved and not missing:
        raise RuleBroken("The table stands as it was shipped. There is nothing to put back.", code="as_shipped")
    return moved + len(missing)


def bounds_of(rule: Rule) -> dict[str, int]:
    ends = zip(SCALES, rule, strict=True)
    return {f"{scale}_{end}": bound for scale, span in ends for end, bound in zip(("from", "to"), span, strict=True)}


@transaction.atomic
def overrule_plan(step: Step, *, training: str, practice: str, support: str, reason: str, by: Account) -> PlanOverrule:
    """Decide otherwise than the table for one step, and say why. An earlier word on the same step is taken back."""
    must_be_in_use(step, before="you decide about it")
    if not reason.strip():
        raise RuleBroken("Say why you know better than the rule. Others will see this reason.", code="reason_missing")
    Step.objects.select_for_update(no_key=True).get(pk=step.pk)
    for former in PlanOverrule.objects.at(step):
        take_back_plan(former, by=by)
    (row,) = plan.plan(step=step.pk)
    overrule = PlanOverrule(
        step=step,
        training=training.strip(),
        practice=practice.strip(),
        support=support.strip(),
        reason=reason.strip(),
        rule_id=row.rule,
        said=list(row.says) if row.rule else [],
        overruled_by=by,
        **row.facts._asdict(),
    )
    return edits.add(overrule, by=by, scope=step, verb="set")


@transaction.atomic
def take_back_plan(overrule: PlanOverrule, *, by: Account) -> PlanOverrule:
    """Let the decision table speak again for this step."""
    overrule = edits.locked(overrule)
    if overrule.taken_back_at:
        raise RuleBroken("It is taken back already. There is nothing left to do.", code="taken_back")
    values = {"taken_back_at": timezone.now(), "taken_back_by": by}
    edits.save(overrule, values, by=by, verb="take_back", scope=overrule.step)
    return overrule
