"""Time to learn: what a manager grants, and what somebody notes for themselves. It counts for nobody's standing."""

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from base.models import Noun, is_between
from workflows.models import Step
from workforce.models import Person

LEAST_GRANTED, MOST_GRANTED = 15, 2400
MOST_LOGGED = 480


class TimeGrantQuerySet(models.QuerySet["TimeGrant"]):
    def by_manager(self, manager: Person) -> Self:
        """The newest first."""
        return self.filter(manager=manager).order_by("-since").select_related("granted_by")

    def holding_on(self, day: dt.date) -> Self:
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


class TimeGrant(Noun):
    """Minutes a week that a manager has set aside for learning: a permission for everybody who reports to them."""

    manager = models.ForeignKey(Person, models.CASCADE, related_name="+")
    minutes = models.PositiveSmallIntegerField()
    since = models.DateField()
    # Its last day. Null: until somebody ends it.
    until = models.DateField(null=True, blank=True)
    granted_at = models.DateTimeField(db_default=models.functions.Now())
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")

    objects = TimeGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            is_between("minutes", LEAST_GRANTED, MOST_GRANTED),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="timegrant_begins_before_it_ends",
                violation_error_message="The last day cannot lie before the first.",
            ),
            ExclusionConstraint(
                name="timegrant_overlaps_no_other_of_its_manager",
                expressions=[
                    ("manager", RangeOperators.EQUAL),
                    (Func("since", "until", Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Time is granted for some of these days already. End that first, "
                "or choose other days.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} minutes a week"

    @property
    def has_begun(self) -> bool:
        return self.since <= timezone.localdate()

    @property
    def has_ended(self) -> bool:
        return self.until is not None and self.until < timezone.localdate()


FORMS = ["reading", "practice", "asking", "showing", "watching", "course", "other"]


class LearningQuerySet(models.QuerySet["Learning"]):
    def of(self, person: Person) -> Self:
        """The newest first."""
        return self.filter(person=person).order_by("-learnt_on", "-logged_at", "pk").select_related("step")

    def since(self, day: dt.date) -> Self:
        return self.filter(learnt_on__gte=day)


class Learning(models.Model):
    """Some minutes of learning, in any form. Only the person themselves reads it; there is no sum by person elsewhere.

    See also: queries.time, the only place that adds them up.
    """

    class Form(models.TextChoices):
        READING = "reading", "Reading"
        PRACTICE = "practice", "Practice"
        ASKING = "asking", "Asking a colleague"
        SHOWING = "showing", "Showing a colleague"
        WATCHING = "watching", "Watching"
        COURSE = "course", "Course"
        OTHER = "other", "Something else"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    form = models.CharField(max_length=10, choices=Form)
    minutes = models.PositiveSmallIntegerField()
    learnt_on = models.DateField()
    # Where they were when they noted it.
    step = models.ForeignKey(Step, models.SET_NULL, null=True, blank=True, related_name="+")
    logged_at = models.DateTimeField(db_default=models.functions.Now())

    objects = LearningQuerySet.as_manager()

    class Meta:
        constraints = [
            is_between("minutes", 1, MOST_LOGGED),
            models.CheckConstraint(condition=Q(form__in=FORMS), name="learning_has_a_form_that_is_known"),
        ]
        indexes = [models.Index(fields=["person", "-learnt_on"], name="learning_of_a_person")]

    def __str__(self) -> str:
        return f"{self.get_form_display()}, {self.minutes} minutes"
