"""Where a resource helps."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Max

from base import changes, edits
from base.errors import RuleBroken
from performance_support.actions.writing import must_be_kept
from performance_support.models import Moment, Placement, Resource
from performance_support.settling import settle
from skills.models import Skill
from workflows.actions.editing import must_be_in_use
from workflows.models import Outcome, Step
from workforce.models import Account


@transaction.atomic
def place_resource(
    resource: Resource,
    *,
    at: Step | Skill | Outcome,
    moments: Collection[str],
    position: int | None = None,
    by: Account,
) -> Placement:
    """Have it help at a step, for a skill or toward an outcome, in one or more moments. Placing is not verifying."""
    resource = edits.locked(resource)
    must_be_kept(resource)
    if not isinstance(at, Skill):
        must_be_in_use(at, before="you place support there")
    place = {str(at._meta.model_name): at}
    placement = Placement(
        resource=resource, moments=in_order(moments), position=position or after_the_last(place), placed_by=by, **place
    )
    edits.add(placement, by=by, scope=resource, verb="place")
    settle([resource.pk])
    return placement


@transaction.atomic
def change_placement(placement: Placement, *, seen: int | None = None, by: Account, **values: Any) -> Placement:
    """Another moment, or another place in the order at the step."""
    placement = edits.locked(placement, seen=seen)
    if "moments" in values:
        values["moments"] = in_order(values["moments"])
    edits.save(placement, values, by=by, scope=placement.resource)
    return placement


@transaction.atomic
def take_away(placement: Placement, *, by: Account) -> None:
    """It helps there no longer; the resource stays."""
    resource = edits.locked(placement.resource)
    facts = {field: (getattr(placement, field), None) for field in ("step", "skill", "outcome", "moments", "position")}
    changes.record("remove", placement, by=by, scope=resource, facts=facts)
    placement.delete()
    settle([resource.pk])


@transaction.atomic
def help_also(resource: Resource, *, at: Step, moment: str, by: Account) -> Placement:
    """Have it help at the step in one moment more, whether or not it is placed there already."""
    placement = edits.locked(resource).placements.at(at.pk).first()
    if placement is None:
        return place_resource(resource, at=at, moments=[moment], by=by)
    return change_placement(placement, moments=[*placement.moments, moment], by=by)


@transaction.atomic
def help_no_longer(resource: Resource, *, at: Step, moment: str, by: Account) -> None:
    """In this moment no more; what was its last one takes it from the step."""
    placement = edits.locked(resource).placements.at(at.pk).first()
    if placement is None or moment not in placement.moments:
        raise RuleBroken(f"“{resource}” does not help there. Reload the page.", code="not_placed")
    if placement.moments == [moment]:
        return take_away(placement, by=by)
    change_placement(placement, moments=[one for one in placement.moments if one != moment], by=by)
    return None


def in_order(moments: Collection[str]) -> list[str]:
    """As work goes on, each once; an unknown one is left for the constraint to refuse."""
    known = [moment.value for moment in Moment if moment in moments]
    return known + sorted(set(moments) - set(known))


def after_the_last(place: dict[str, Any]) -> int:
    last = Placement.objects.filter(**place).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1
