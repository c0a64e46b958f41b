"""How every edit of a resource ends."""

from collections.abc import Collection
from uuid import UUID

from performance_support import rules
from performance_support.queries import freshness
from workforce.models import Account


def settle(resources: Collection[UUID]) -> None:
    """Leave everything derived about these resources true: what they serve, review dates, staleness, flags."""
    freshness.meet_steps(resources)
    freshness.set_due(resources)
    freshness.turn_stale(resources, by=Account.objects.system())
    rules.recheck(resources)
