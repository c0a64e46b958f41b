"""A group that learns together, from one day to another."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from base.models import Change, Noun, Retirable, RetirableQuerySet, both_or_neither, says_something
from skills.models import Skill
from workflows.models import Step
from workforce.models import Account


class CohortQuerySet(RetirableQuerySet["Cohort"]):
    def changed_since(self, moment: dt.datetime) -> Self:
        """Anything in the trail of it, or of who is in it, at or after that moment."""
        return self.filter(pk__in=Change.objects.filter(at__gte=moment).values("scope"))

    def running(self, day: dt.date | None = None) -> Self:
        """Not over, and not called off; those that begin later too."""
        return self.active().filter(ends_on__gte=day or timezone.localdate())

    def with_places(self) -> Self:
        found = self.select_related("owner").prefetch_related("steps__workflow", "skills")
        joined = Count("members", filter=Q(members__state="joined"), distinct=True)
        return found.annotate(joined=joined).order_by("starts_on", "name", "pk")


class Cohort(Retirable):
    """Colleagues who learn the same work at the same time. Peers carry over more than any course."""

    name = models.CharField(max_length=120)
    starts_on = models.DateField()
    # Its last day.
    ends_on = models.DateField()
    # What they want to be able to do, in their own words.
    goal = models.CharField(max_length=400)
    meets = models.CharField(max_length=200, blank=True, default="", db_default="")
    url = models.URLField(max_length=2000, blank=True, default="", db_default="")
    steps = models.ManyToManyField(Step, blank=True, related_name="cohorts")
    skills = models.ManyToManyField(Skill, blank=True, related_name="cohorts")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = CohortQuerySet.as_manager()

    class Meta:
        constraints = [
            says_something("name"),
            says_something("goal"),
            both_or_neither("retired_at", "retired_by"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="cohort_begins_before_it_ends",
                violation_error_message="The last day cannot lie before the first.",
            ),
            models.CheckConstraint(
                condition=~Q(url="") | ~Q(meets=""),
                name="cohort_can_be_found",
                violation_error_message="Say where they meet, or give a link.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cohort_show", args=[self.pk])

    @property
    def has_begun(self) -> bool:
        return self.starts_on <= timezone.localdate()

    @property
    def is_over(self) -> bool:
        return self.ends_on < timezone.localdate()


class MemberQuerySet(models.QuerySet["Member"]):
    def joined(self) -> Self:
        """Who said yes and still works here."""
        return self.filter(state=Member.State.JOINED, account__is_active=True)

    def waiting(self) -> Self:
        """Invited to what still runs, and has not answered."""
        running = Cohort.objects.running()
        return self.filter(state=Member.State.INVITED, account__is_active=True, cohort__in=running)

    def of(self, account: Account) -> Self:
        return self.filter(account=account).select_related("cohort", "invited_by")

    def with_names(self) -> Self:
        return self.select_related("account", "cohort", "invited_by").order_by("account__full_name", "pk")


class Member(Noun):
    """Somebody in a cohort. Others invite; only they themselves join and leave."""

    class State(models.TextChoices):
        INVITED = "invited", "Invited"
        JOINED = "joined", "Joined"
        LEFT = "left", "Left"

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="members")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.INVITED, db_default=State.INVITED.value)
    invited_at = models.DateTimeField(db_default=models.functions.Now())
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "account"],
                name="member_is_once_per_cohort",
                violation_error_message="They are invited already.",
            ),
            models.CheckConstraint(
                condition=Q(state="invited", answered_at=None)
                | Q(state__in=["joined", "left"], answered_at__isnull=False),
                name="member_answers_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} in {self.cohort}"
