"""How long a resource may go unreviewed, as this organisation has it."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from django.db import transaction

from base import changes
from base.errors import RuleBroken
from base.models import Change
from performance_support.models import ReviewInterval
from performance_support.models.freshness import intervals
from performance_support.queries import freshness
from workforce.models import Account


@transaction.atomic
def set_intervals(days: Mapping[int, int], *, by: Account) -> UUID | None:
    """Look sooner or later: {criticality: days}. Reviews move at once; what is due by then turns stale within the hour.

    Returns what holds the changes together, for `undo_intervals`; None where nothing changed.
    """
    # Whoever sets them at the same moment waits, and sees what was set.
    ReviewInterval.objects.select_for_update().in_bulk()
    before = intervals()
    facts = {}
    for criticality, new in days.items():
        if new == before[criticality]:
            continue
        interval = ReviewInterval.objects.filter(criticality=criticality).first()
        interval = interval or ReviewInterval(criticality=criticality)
        interval.days = new
        interval.full_clean()
        interval.save()
        facts[interval] = {"days": (before[criticality], new)}
    if not facts:
        return None
    batch = uuid4()
    changes.record_all("set", facts, by=by, scope=batch)
    freshness.set_due()
    return batch


@transaction.atomic
def undo_intervals(batch: UUID, *, by: Account) -> None:
    """Set them as they were before, unless somebody has set one of them since."""
    done = {change.subject: change for change in Change.objects.filter(scope=batch, noun="reviewinterval", verb="set")}
    found = ReviewInterval.objects.in_bulk(list(done))
    if not done or any(found[pk].days != change.facts["days"][1] for pk, change in done.items()):
        raise RuleBroken("These intervals were set again since. Look at them, and set what you mean.", code="moved_on")
    set_intervals({found[pk].criticality: change.facts["days"][0] for pk, change in done.items()}, by=by)
