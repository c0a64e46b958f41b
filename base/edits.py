"""Lock, check, change, record: the middle of every action that edits one thing."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import BaseConstraint
from django.utils import timezone

from base import changes
from base.changes import Actor
from base.errors import Outdated, RuleBroken
from base.models import Change, Noun, Retirable

N = TypeVar("N", bound=Noun)


def locked(noun: N, *, seen: int | None = None) -> N:
    """The row as it is now, locked until commit. Raises Outdated if newer than what the editor has `seen`."""
    try:
        # No key ever changes, and whoever only refers to this row (a flag, a line of sight) need not wait for us.
        fresh = noun.__class__._default_manager.select_for_update(of=("self",), no_key=True).get(pk=noun.pk)
    except ObjectDoesNotExist:
        raise RuleBroken("Somebody removed this meanwhile. Reload the page.", code="gone") from None
    if seen is not None and fresh.version != seen:
        missed = changes_missed(fresh, seen)
        who = missed[-1].by_name if missed else "Somebody"
        raise Outdated(
            f"{who} changed “{fresh}” while you had it open. Nothing of yours is saved yet: look at the changes, "
            "then save again or keep theirs.",
            changes=missed,
        )
    return fresh


def changes_missed(noun: Noun, seen: int) -> list[Change]:
    """Every version has one record in the trail, so the newest ones are those that the editor has not seen."""
    count = min(max(noun.version - seen, 1), noun.version)
    return list(reversed(Change.objects.filter(subject=noun.pk).order_by("-id")[:count]))


def save(
    noun: Noun,
    values: Mapping[str, Any],
    *,
    by: Actor,
    verb: str = "change",
    scope: models.Model | None = None,
) -> dict[str, tuple[Any, Any]]:
    """Set the values, check them, count the version up and record who did it; returns {field: (before, after)}.

    Raises ValidationError with the constraints' own sentences. Unchanged values write nothing.
    """
    facts = changes.assign(noun, values)
    if not facts:
        return {}
    noun.full_clean(exclude=untouched(noun, facts))
    noun.version += 1
    noun.save(update_fields=[*facts, "version"])
    changes.record(verb, noun, by=by, scope=scope, facts=facts)
    return facts


def untouched(noun: Noun, changed: Collection[str]) -> set[str]:
    """The fields that cannot have become wrong: neither changed, nor in one constraint with a field that has.

    Django asks the database about every constraint on its own, so a new rating should not pay for the name as well.
    """
    together = [fields for constraint in noun._meta.constraints if (fields := fields_of(constraint)) & set(changed)]
    return {field.name for field in noun._meta.fields} - set(changed).union(*together)


def fields_of(constraint: BaseConstraint) -> set[str]:
    condition = getattr(constraint, "condition", None)
    excluding = [part[0] for part in getattr(constraint, "expressions", ()) if isinstance(part, tuple)]
    return {*getattr(constraint, "fields", ()), *excluding, *(condition.referenced_base_fields if condition else ())}


def add(noun: N, *, by: Actor, scope: models.Model | None = None, verb: str = "add") -> N:
    """Check and insert a new thing and record who added it."""
    noun.full_clean()
    noun.save(force_insert=True)
    changes.record(verb, noun, by=by, scope=scope)
    return noun


def retire(noun: Retirable, *, by: Actor, scope: models.Model | None = None) -> bool:
    """Take out of use. See also: restore."""
    if noun.is_retired:
        return False
    return bool(save(noun, {"retired_at": timezone.now(), "retired_by": by}, by=by, verb="retire", scope=scope))


def restore(noun: Retirable, *, by: Actor, scope: models.Model | None = None) -> bool:
    """Take back into use. See also: retire."""
    if not noun.is_retired:
        return False
    return bool(save(noun, {"retired_at": None, "retired_by": None}, by=by, verb="restore", scope=scope))
