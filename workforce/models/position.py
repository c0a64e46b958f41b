"""What people did before, and what was put right here."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from base.models import says_something
from workforce.models.person import JobTitle, Person, Team


class PositionQuerySet(models.QuerySet["Position"]):
    def newest_first(self) -> Self:
        return self.order_by("-ended_on", "-id")

    def with_names(self) -> Self:
        return self.select_related("job_title", "team")


class Position(models.Model):
    """A position that somebody has left. The current one is the person's own row: one row less per joiner."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="positions")
    job_title = models.ForeignKey(JobTitle, models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    # Null: nobody told us since when.
    started_on = models.DateField(null=True)
    ended_on = models.DateField()

    objects = PositionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ended_on__gte=F("started_on")), name="position_starts_before_it_ends"),
            # A title that starts and ends on the same day, as real systems have it, takes no time and overlaps nothing.
            ExclusionConstraint(
                name="position_overlaps_no_other",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (Func("started_on", "ended_on", Value("[)"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["person", "-ended_on"], name="position_of_a_person")]

    def __str__(self) -> str:
        return f"{self.job_title or 'No title'} until {self.ended_on}"


class Correction(models.Model):
    """A value that people put right here, and what the source says instead. `Source.corrections_stand` decides."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=40)
    value = models.TextField(blank=True)
    source_value = models.TextField(blank=True)
    corrected_at = models.DateTimeField(db_default=models.functions.Now())
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "field"], name="correction_is_once_per_field"),
            models.CheckConstraint(condition=~Q(value=F("source_value")), name="correction_differs_from_its_source"),
            says_something("field"),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.value}"
