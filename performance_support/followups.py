"""What follows in this room when the work below it changes, or whoever kept something leaves."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from performance_support.models import Resource
from performance_support.queries import freshness
from performance_support.settling import settle
from workflows.signals import work_changed
from workforce.signals import accounts_ended


@receiver(work_changed)
def turn_stale_with_the_work(workflows: Collection[UUID], **_: Any) -> None:
    """A revised step turns what serves it stale in the same transaction, and a new rating moves its review."""
    if touched := freshness.serving_work_of(workflows):
        settle(touched)


@receiver(accounts_ended)
def turn_stale_with_its_owner(accounts: Collection[UUID], **_: Any) -> None:
    """What a leaver owned is stale from the moment they leave; the clock finds who goes on with it."""
    if touched := Resource.objects.in_use().filter(owner__in=accounts).values_list("pk", flat=True):
        settle(list(touched))
