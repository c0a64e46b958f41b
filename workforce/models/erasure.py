"""That somebody was erased: when, by whom and why, and nothing about who it was."""

from typing import Self

from django.conf import settings
from django.db import models

from base.models import says_something


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def newest(self, most: int) -> Self:
        return self.select_related("erased_by").order_by("-id")[:most]


class Erasure(models.Model):
    """One per erasure. `reason` is somebody's own words, `counts` what was touched: {table: rows}."""

    id = models.BigAutoField(primary_key=True)
    # What the empty row of the person is called now.
    pseudonym = models.CharField(max_length=60)
    reason = models.CharField(max_length=400)
    counts = models.JSONField(default=dict)
    erased_at = models.DateTimeField(db_default=models.functions.Now())
    erased_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ErasureQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [says_something("reason")]

    def __str__(self) -> str:
        return self.pseudonym
