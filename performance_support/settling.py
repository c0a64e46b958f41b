"""How every edit of a resource ends."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from performance_support import rules
from performance_support.queries import freshness
from workforce.models import Account


def settle(resources: Collection[UUID]) -> None:
    """Leave everything derived about these resources true: what they serve, review dates, staleness, flags."""
    refresh(resources)
    rules.recheck(resources)


@transaction.atomic
def settle_everything() -> list[UUID]:
    """What no edit tells: a day that has come, an owner who left, a skill placed elsewhere. The flags are the watch's.

    Which resources turned stale, or got another reason to be.
    """
    return refresh(None)


def refresh(resources: Collection[UUID] | None) -> list[UUID]:
    freshness.meet_steps(resources)
    freshness.set_due(resources)
    return freshness.turn_stale(resources, by=Account.objects.system())
