"""What a person's figures were, from which day until which. Derived; only `gaps.queries.snapshot` writes it."""

import datetime as dt

from django.db import models
from django.db.models import F, Q

from workforce.models import JobRole, Person, Team


class FigurePeriod(models.Model):
    """The figures of one person in one team and role for as long as none of them moved, in whole days.

    A night writes only who moved: ninety days of 100,000 people are a few rows each, and every sum by team, role or
    reporting tree on any day follows from them (`gaps.queries.trend`).
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+", db_index=False)
    job_role = models.ForeignKey(JobRole, models.CASCADE, null=True, related_name="+", db_index=False)
    since = models.DateField()
    # The first day on which it was otherwise. Null: still so.
    until = models.DateField(null=True)
    # Requirements of the role; among them those met, and those about which something that counts is known.
    needs = models.PositiveIntegerField()
    met = models.PositiveIntegerField()
    known = models.PositiveIntegerField()
    # In twelfths of criticality: readiness is reached / (12 * weight).
    reached = models.PositiveIntegerField()
    weight = models.PositiveIntegerField()
    # Null where the role needs nothing.
    is_ready = models.BooleanField(null=True)
    upskill = models.PositiveIntegerField()
    reskill = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="figureperiod_begins_before_it_ends"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(until=None), name="figureperiod_that_lasts_is_one_per_person"
            ),
            models.UniqueConstraint(fields=["person", "since"], name="figureperiod_begins_once_a_day"),
            models.CheckConstraint(
                condition=Q(met__lte=F("known"), known__lte=F("needs")), name="figureperiod_met_is_known_and_needed"
            ),
            models.CheckConstraint(
                condition=Q(reached__lte=F("weight") * 12), name="figureperiod_reaches_no_further_than_needed"
            ),
        ]
        indexes = [
            models.Index(fields=["team", "since"], name="figureperiod_of_a_team"),
            models.Index(fields=["job_role", "since"], name="figureperiod_of_a_role"),
            models.Index(fields=["since"], name="figureperiod_by_its_day"),
            models.Index(fields=["until"], condition=Q(until__isnull=False), name="figureperiod_by_its_end"),
        ]

    def __str__(self) -> str:
        return f"{self.met} of {self.needs} since {self.since}"


class SnapshotDayQuerySet(models.QuerySet["SnapshotDay"]):
    def between(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """The days kept from one day on, before another."""
        return list(self.filter(day__gte=first, day__lt=last).values_list("day", flat=True))

    def last_by(self, day: dt.date) -> dt.date | None:
        """The last day kept, up to that one."""
        return self.filter(day__lte=day).order_by("-day").values_list("day", flat=True).first()


class SnapshotDay(models.Model):
    """A day whose figures were kept."""

    day = models.DateField(primary_key=True)
    taken_at = models.DateTimeField(db_default=models.functions.Now())
    people = models.PositiveIntegerField()
    # People whose figures differ from the day before.
    moved = models.PositiveIntegerField()

    objects = SnapshotDayQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.day}: {self.people} people, {self.moved} moved"
