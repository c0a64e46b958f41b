"""What people do with a flag, whichever room it is from: whose it is, and until when it may wait."""

import datetime as dt
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from base import changes
from base.errors import RuleBroken
from base.models import Flag

F = TypeVar("F", bound=Flag)

LONGEST_SNOOZE = dt.timedelta(days=366)


@transaction.atomic
def assign(flag: F, *, to: Any | None, by: Any) -> F:
    """Say whose it is now; None gives it back to whoever owns the thing itself. `to` and `by` are accounts."""
    return _change(flag, {"assigned_to": to}, verb="assign" if to else "unassign", by=by)


@transaction.atomic
def snooze(flag: F, *, until: dt.date, reason: str, by: Any) -> F:
    """Set aside until a day, with a reason that others can read. It stays open and comes back by itself."""
    today = timezone.localdate()
    if not reason.strip():
        raise RuleBroken("Say why it can wait. Others will see this reason.", code="snooze_needs_a_reason")
    if until <= today:
        raise RuleBroken("Choose a day after today.", code="snooze_ends_before_it_begins")
    if until > today + LONGEST_SNOOZE:
        raise RuleBroken(
            "Choose a day within the next year; what can wait longer may be retired.", code="snooze_too_long"
        )
    values = {"snoozed_until": until, "snooze_reason": reason.strip(), "snoozed_by": by}
    return _change(flag, values, verb="snooze", by=by)


@transaction.atomic
def wake(flag: F, *, by: Any) -> F:
    """End a snooze before its day."""
    return _change(flag, {"snoozed_until": None, "snooze_reason": None, "snoozed_by": None}, verb="wake", by=by)


def _change(flag: F, values: dict[str, Any], *, verb: str, by: Any) -> F:
    fresh: F = type(flag)._default_manager.select_for_update(of=("self",)).get(pk=flag.pk)
    if fresh.cleared_at:
        raise RuleBroken(f"“{fresh}” is mended already. There is nothing left to do.", code="flag_cleared")
    if facts := changes.assign(fresh, values):
        fresh.save(update_fields=[*facts])
        changes.record(verb, fresh, by=by, scope=fresh.about, facts=facts)  # type: ignore[attr-defined]
    return fresh
