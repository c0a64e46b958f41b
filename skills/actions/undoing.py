"""Take the last change back."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from base.errors import RuleBroken
from base.models import Change
from skills.actions.placing import change_context, place, remove_context
from skills.actions.publishing import publish, restore_skill, retire_skill, withdraw
from skills.actions.wording import change_skill
from skills.models import Context, Skill
from workflows.models import Outcome, Step
from workforce.models import Account

LOOKED_UP = {"step": Step, "outcome": Outcome, "owner": Account}


@transaction.atomic
def undo(skill: Skill, change: Change, *, by: Account) -> None:
    """Do the opposite of the newest change to a skill or to one of its contexts."""
    newest = Change.objects.filter(scope=skill.pk).order_by("-id").first()
    if newest is None or newest.pk != change.pk:
        raise RuleBroken("Something else changed since. Look at the history, and change it by hand.", code="not_newest")
    act = OPPOSITES.get((change.noun, change.verb))
    if act is None:
        raise RuleBroken("This cannot be taken back with one step. Change it by hand.", code="no_way_back")
    act(skill, change, by)


def before(change: Change) -> dict[str, Any]:
    """The values as they were; what the trail keeps by id is looked up again."""
    return {field: found(field, facts[0]) for field, facts in change.facts.items()}


def found(field: str, value: Any) -> Any:
    model: Any = LOOKED_UP.get(field)
    return model._default_manager.filter(pk=value["id"]).first() if model and value else value


def back_into_use(skill: Skill, change: Change, by: Account) -> None:
    restore_skill(skill, by=by)
    if before(change).get("state") == Skill.State.PUBLISHED:
        publish(skill, by=by)


def back_to_its_place(skill: Skill, change: Change, by: Account) -> None:
    place(skill, **before(change), by=by)


def off_again(_: Skill, change: Change, by: Account) -> None:
    remove_context(Context.objects.get(pk=change.subject), by=by)


def as_it_stood(_: Skill, change: Change, by: Account) -> None:
    change_context(Context.objects.get(pk=change.subject), **before(change), by=by)


OPPOSITES: dict[tuple[str, str], Callable[[Skill, Change, Account], Any]] = {
    ("skill", "change"): lambda skill, change, by: change_skill(skill, **before(change), by=by),
    ("skill", "publish"): lambda skill, change, by: withdraw(skill, by=by),
    ("skill", "withdraw"): lambda skill, change, by: publish(skill, by=by),
    ("skill", "retire"): back_into_use,
    ("skill", "restore"): lambda skill, change, by: retire_skill(skill, by=by),
    ("context", "place"): off_again,
    ("context", "remove"): back_to_its_place,
    ("context", "change"): as_it_stood,
    ("context", "move"): as_it_stood,
}

# (noun, verb) of the changes that have a way back.
UNDOABLE = frozenset(OPPOSITES)
