"""A reskilling or upskilling event: who, for which work, from when until when; and what people recorded around it."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Self
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from base.models import Change, Flag, FlagQuerySet, Noun, Retirable, RetirableQuerySet, both_or_neither, says_something
from skills.models import Skill
from workflows.models import Step, Workflow
from workforce.models import Account, Person, Team


class Fact(models.TextChoices):
    """What carries learning over to the work, true or not for a team and a workflow."""

    CHAMPION = "champion", "Somebody to ask"
    PEERS = "peers", "Peers who learn it too"
    REACH = "reach", "Help within two clicks"
    MODALITY = "modality", "More than one kind of help"
    TIME = "time", "Protected time"
    TALK = "talk", "The manager talks before and after"
    CHANCE = "chance", "A chance to do it within 30 days"
    PRACTICE = "practice", "A safe place to practise"
    FEEDBACK = "feedback", "Feedback from who receives the work"
    GOAL = "goal", "A goal they set themselves"


# What no table tells for certain, so that somebody says it: who does what, where and when.
SAID = [Fact.CHANCE, Fact.PRACTICE, Fact.FEEDBACK]


# Days before the first day, and after the last one.
WATCHED_BEFORE, WATCHED_AFTER = 28, 120


class ProgrammeQuerySet(RetirableQuerySet["Programme"]):
    def changed_since(self, moment: dt.datetime) -> Self:
        """Anything in the trail of it, or of who is in it, at or after that moment."""
        return self.filter(pk__in=Change.objects.filter(at__gte=moment).values("scope"))

    def with_people_among(self, people: Collection[UUID]) -> Self:
        """In which at least one of them takes part."""
        return self.filter(pk__in=Participant.objects.filter(person__in=people).values("programme"))

    def owned_by(self, account: Account) -> Self:
        return self.filter(owner=account)

    def flagged_with(self, code: str) -> Self:
        return self.filter(pk__in=ProgrammeFlag.objects.open().filter(code=code).values("about"))

    def begins_within(self, days: int) -> Self:
        """Not over yet, and begins by then or has begun."""
        today = timezone.localdate()
        return self.active().filter(ends_on__gte=today, starts_on__lte=today + dt.timedelta(days=days))

    def watched_now(self) -> Self:
        """From four weeks before the first day until 120 days after the last; then it is the team's own matter."""
        return self.begins_within(WATCHED_BEFORE) | self.ended_ago(1, most=WATCHED_AFTER)

    def ended_ago(self, least: int, *, most: int) -> Self:
        """So many days ago, the last one excluded."""
        today = timezone.localdate()
        last, first = today - dt.timedelta(days=least), today - dt.timedelta(days=most)
        return self.active().filter(ends_on__lte=last, ends_on__gt=first)

    def with_work(self) -> Self:
        found = self.select_related("owner").prefetch_related("steps__workflow", "skills")
        return found.order_by("-starts_on", "name", "pk")

    def with_flags(self) -> Self:
        return self.prefetch_related(Prefetch("flags", ProgrammeFlag.objects.open()))


class Programme(Retirable):
    """Training is an event; what surrounds it decides whether it lasts."""

    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=400, blank=True, default="", db_default="")
    starts_on = models.DateField()
    # Its last day.
    ends_on = models.DateField()
    steps = models.ManyToManyField(Step, blank=True, related_name="programmes")
    skills = models.ManyToManyField(Skill, blank=True, related_name="programmes")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        constraints = [
            says_something("name"),
            both_or_neither("retired_at", "retired_by"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="programme_begins_before_it_ends",
                violation_error_message="The last day cannot lie before the first.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programme_show", args=[self.pk])

    @property
    def has_begun(self) -> bool:
        return self.starts_on <= timezone.localdate()

    @property
    def is_over(self) -> bool:
        return self.ends_on < timezone.localdate()


class Participant(Noun):
    """Who takes part, and what they want from it; only they themselves write that."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="participants")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    goal = models.CharField(max_length=400, blank=True, default="", db_default="")
    goal_set_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "person"], name="participant_is_once_per_programme"),
            models.CheckConstraint(
                condition=Q(goal="", goal_set_at=None) | (~Q(goal="") & Q(goal_set_at__isnull=False)),
                name="participant_set_the_goal_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.programme}"


class Talk(models.Model):
    """That a manager talked with one of the own people, before or after."""

    class Moment(models.TextChoices):
        BEFORE = "before", "Before"
        AFTER = "after", "After"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="talks")
    moment = models.CharField(max_length=6, choices=Moment)
    noted_at = models.DateTimeField(db_default=models.functions.Now())
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "moment"], name="talk_is_once_before_and_once_after")
        ]

    def __str__(self) -> str:
        return f"{self.moment} with {self.participant}"


class Arrangement(models.Model):
    """What somebody says is arranged for a team at a workflow: who does what, where and when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="arrangements")
    # Null: for those who belong to no team.
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="+")
    workflow = models.ForeignKey(Workflow, models.CASCADE, related_name="+")
    fact = models.CharField(max_length=10, choices=Fact)
    words = models.CharField(max_length=400)
    noted_at = models.DateTimeField(db_default=models.functions.Now())
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            says_something("words"),
            models.UniqueConstraint(
                fields=["programme", "team", "workflow", "fact"],
                nulls_distinct=False,
                name="arrangement_is_once_per_team_workflow_and_fact",
            ),
            models.CheckConstraint(
                condition=Q(fact__in=["chance", "practice", "feedback"]), name="arrangement_is_about_what_must_be_said"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_fact_display()}: {self.words}"


class TalkRequest(models.Model):
    """One manager's mail about the talks of one programme. The row is the claim, as with `Reminder`."""

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    moment = models.CharField(max_length=6, choices=Talk.Moment)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "account", "moment"], name="talkrequest_is_once_before_and_once_after"
            )
        ]

    def __str__(self) -> str:
        return f"{self.moment} {self.programme}"


class ProgrammeFlagQuerySet(FlagQuerySet["ProgrammeFlag"]):
    pass


class ProgrammeFlag(Flag):
    about = models.ForeignKey(Programme, models.CASCADE, related_name="flags")

    objects = ProgrammeFlagQuerySet.as_manager()
