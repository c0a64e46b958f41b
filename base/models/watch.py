"""One time that all rules were checked over everything."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from base.models.constraints import both_or_neither


class WatchRunQuerySet(models.QuerySet["WatchRun"]):
    def finished(self) -> Self:
        return self.exclude(finished_at=None)

    def under_way(self) -> Self:
        """Asked for and not finished. See also: free."""
        return self.filter(finished_at=None)

    def free(self) -> Self:
        """Under way, and nobody works on it: not begun, or its worker was lost."""
        return self.under_way().filter(Q(leased_until=None) | Q(leased_until__lt=timezone.now()))


class WatchRun(models.Model):
    """Who asked, when it ran, what it found per rule, and which rules failed.

    `found` maps a rule's code to {"opened", "cleared", "standing"}; `failures` lists the codes of the rules that could
    not be checked. `asked_by` is an id without a foreign key, as in the trail; the clock asks without one.
    """

    id = models.BigAutoField(primary_key=True)
    asked_at = models.DateTimeField(db_default=models.functions.Now())
    asked_by = models.UUIDField(null=True)
    asked_by_name = models.CharField(max_length=200, null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0, db_default=0)
    total = models.PositiveIntegerField(default=0, db_default=0)
    found = models.JSONField(default=dict, db_default={})
    failures = models.JSONField(default=list, db_default=[])

    objects = WatchRunQuerySet.as_manager()

    class Meta:
        constraints = [
            both_or_neither("asked_by", "asked_by_name"),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(started_at__isnull=False), name="watchrun_starts_before_it_finishes"
            ),
            # An expression that is the same for every row: there is room for one.
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(finished_at=None),
                name="watchrun_is_under_way_once",
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.pk}"

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def opened(self) -> int:
        return sum(found["opened"] for found in self.found.values())

    @property
    def cleared(self) -> int:
        return sum(found["cleared"] for found in self.found.values())
