"""What an outcome was found to be, day by day."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models

from base.models import Noun
from workflows.models.outcome import Outcome


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    def of(self, outcome: Outcome) -> Self:
        """Oldest first."""
        return self.filter(outcome=outcome).order_by("measured_on")

    def known_on(self, day: dt.date) -> Self:
        """Measured by then."""
        return self.filter(measured_on__lte=day)

    def later_than(self, other: "Measurement") -> Self:
        return self.filter(outcome=other.outcome_id, measured_on__gt=other.measured_on)


class Measurement(Noun):
    """The value of an outcome's measure on one day. A second look at the same day replaces the first."""

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="measurements", db_index=False)
    value = models.DecimalField(max_digits=14, decimal_places=3)
    measured_on = models.DateField()
    note = models.CharField(max_length=400, blank=True, default="")
    recorded_at = models.DateTimeField(db_default=models.functions.Now())
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outcome", "measured_on"], name="measurement_is_once_per_outcome_and_day"),
        ]

    def __str__(self) -> str:
        return f"{self.value.normalize():f} on {self.measured_on:%-d %B %Y}"
