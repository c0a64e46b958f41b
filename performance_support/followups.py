"""What follows in this room when the work below it changes."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from performance_support.queries import freshness
from performance_support.settling import settle
from workflows.signals import work_changed


@receiver(work_changed)
def turn_stale_with_the_work(workflows: Collection[UUID], **_: Any) -> None:
    """A revised step turns what serves it stale in the same transaction, and a new rating moves its review."""
    if touched := freshness.serving_work_of(workflows):
        settle(touched)
