"""A brake on programs that let people leave one request after another: what would hold a run stops them too."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from base import edits
from base.errors import RuleBroken
from workforce import guards
from workforce.actions.announcing import announce_brake
from workforce.models import Account, Source
from workforce.queries import departures, locks

WINDOW = dt.timedelta(hours=24)


class Braked(RuleBroken):
    """More people would leave than the source may let go without asking. Nothing of the request was done."""

    def __init__(self, source: Source, count: int, limit: int, by: Account) -> None:
        hours = int(WINDOW.total_seconds() // 3600)
        super().__init__(
            f"{count:,} people of {source} would have left within {hours} hours, one by one; up to {limit:,} may "
            "without asking. People admins must decide: they can allow it under Settings, HR sources. Then send again.",
            code="too_many_leavers",
        )
        self.source, self.by = source, by


@contextmanager
def watched(source: Source, source_id: str, *, by: Account) -> Iterator[None]:
    """Whoever is told to leave in here, by a program, is counted. Raises Braked, which takes everything back.

    Inside the caller's transaction. People who let somebody leave on a page have decided already.
    """
    if by.kind != Account.Kind.KEY:
        yield
        return
    locks.alone_with(source)
    was = departures.stay_of(source, source_id)
    yield
    now = departures.stay_of(source, source_id)
    if was and now and departures.is_shorter(was, now):
        departures.note(source, now.id)
        brake(Source.objects.get(pk=source.pk), by=by)


def brake(source: Source, *, by: Account) -> None:
    if source.are_leavers_allowed:
        return
    since = timezone.now() - WINDOW
    # What people admins have allowed is not held against the source afterwards.
    count = departures.count_since(source, max(since, source.leavers_allowed_until or since))
    if count <= source.leavers_number:
        return
    # A share of those who were active when it began.
    before = departures.active_people(source) + count
    limit = max(source.leavers_number, guards.share(source.leavers_percent, before))
    if count > limit:
        raise Braked(source, count, limit, by)


@transaction.atomic
def note_brake(source: Source, *, by: Account) -> None:
    """Tell people admins once a day that a program was stopped. After the request that was refused is taken back."""
    source = edits.locked(source)
    now = timezone.now()
    if source.leavers_braked_at and now - source.leavers_braked_at < WINDOW:
        return
    edits.save(source, {"leavers_braked_at": now}, by=by, verb="brake")
    announce_brake(source)


@transaction.atomic
def allow_leavers(source: Source, *, seen: int | None = None, by: Account) -> Source:
    """Let programs of this source go on for 24 hours, however many leave."""
    source = edits.locked(source, seen=seen)
    values = {"leavers_allowed_until": timezone.now() + WINDOW, "leavers_braked_at": None}
    edits.save(source, values, by=by, verb="allow")
    return source
