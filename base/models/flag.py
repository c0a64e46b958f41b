"""Something a rule found wrong: code, since when, whose, until cleared."""

import datetime as dt
from typing import Self, TypeVar

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils import timezone

from base.models.constraints import both_or_neither

F = TypeVar("F", bound="Flag")


class FlagQuerySet(models.QuerySet[F]):
    def open(self) -> Self:
        return self.filter(cleared_at=None)

    def cleared(self) -> Self:
        return self.exclude(cleared_at=None)

    def awake(self, today: dt.date | None = None) -> Self:
        """Open and not snoozed. See also: asleep."""
        return self.open().filter(Q(snoozed_until=None) | Q(snoozed_until__lte=today or timezone.localdate()))

    def asleep(self, today: dt.date | None = None) -> Self:
        return self.open().filter(snoozed_until__gt=today or timezone.localdate())

    def coded(self, code: str) -> Self:
        return self.filter(code=code)


class Flag(models.Model):
    """One episode: opened when a rule first fails for a subject, cleared when it passes.

    Each room has its own table with a real foreign key, `about`. Assignee, snooze and age stay while it is open.
    """

    id = models.UUIDField(primary_key=True, db_default=RandomUUID(), editable=False)
    code = models.CharField(max_length=40)
    opened_at = models.DateTimeField(db_default=models.functions.Now())
    cleared_at = models.DateTimeField(null=True)
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    snoozed_until = models.DateField(null=True)
    snooze_reason = models.CharField(max_length=400, null=True)
    snoozed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["about", "code"],
                condition=Q(cleared_at=None),
                name="%(class)s_is_open_once_per_subject_and_code",
            ),
            both_or_neither("snoozed_until", "snooze_reason"),
            both_or_neither("snoozed_until", "snoozed_by"),
        ]
        indexes = [
            # The queue: one reason at a time, oldest first, in pages.
            models.Index(fields=["code", "opened_at", "id"], condition=Q(cleared_at=None), name="%(class)s_queue"),
            models.Index(fields=["assigned_to"], condition=Q(cleared_at=None), name="%(class)s_mine"),
        ]

    def __str__(self) -> str:
        """“No context: Complete and submit the customer information”."""
        return f"{self.code.replace('_', ' ').capitalize()}: {self.about}"  # type: ignore[attr-defined]

    @property
    def is_open(self) -> bool:
        return self.cleared_at is None

    @property
    def is_asleep(self) -> bool:
        return self.snoozed_until is not None and self.snoozed_until > timezone.localdate()
