"""Where a person wants to go: proposed by either, agreed by both."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from base.models import Noun, both_or_neither
from workforce.models import JobRole, Person


class GoalQuerySet(models.QuerySet["Goal"]):
    def of(self, person: Person) -> Self:
        return self.filter(person=person)

    def open(self) -> Self:
        """Proposed or agreed."""
        return self.filter(state__in=Goal.State.open())

    def ended(self) -> Self:
        """Declined or dropped, the last first. See also: open."""
        return self.exclude(state__in=Goal.State.open()).order_by("-ended_at", "pk")

    def with_names(self) -> Self:
        return self.select_related("job_role", "proposed_by", "manager_agreed_by", "ended_by")

    def with_dates(self) -> Self:
        """And the days that were proposed since, the newest first. See also: Goal.date_that_waits."""
        return self.with_names().prefetch_related(models.Prefetch("dates", GoalDate.objects.newest_first()))

    def agreed(self) -> Self:
        return self.filter(state=Goal.State.AGREED)


class Goal(Noun):
    """A target role with a date. Only an agreed one makes a gap a matter of reskilling."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        AGREED = "agreed", "Agreed"
        DECLINED = "declined", "Declined"
        DROPPED = "dropped", "Dropped"

        @classmethod
        def open(cls) -> list["Goal.State"]:
            return [cls.PROPOSED, cls.AGREED]

    person = models.ForeignKey(Person, models.CASCADE, related_name="goals")
    job_role = models.ForeignKey(JobRole, models.PROTECT, related_name="goals")
    due_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=400, blank=True, default="")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField(db_default=models.functions.Now())
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # The two signatures; whoever proposes has given theirs.
    person_agreed_at = models.DateTimeField(null=True, editable=False)
    manager_agreed_at = models.DateTimeField(null=True, editable=False)
    manager_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")
    ending = models.CharField(max_length=400, blank=True, default="")

    objects = GoalQuerySet.as_manager()

    class Meta:
        constraints = [
            both_or_neither("manager_agreed_at", "manager_agreed_by"),
            both_or_neither("ended_at", "ended_by"),
            models.CheckConstraint(
                condition=~Q(state="agreed") | Q(person_agreed_at__isnull=False, manager_agreed_at__isnull=False),
                name="goal_is_agreed_by_both",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "agreed"], ended_at=None)
                | Q(state__in=["declined", "dropped"], ended_at__isnull=False),
                name="goal_that_ended_ended_at_a_moment",
            ),
            models.UniqueConstraint(
                fields=["person", "job_role"],
                condition=Q(state__in=["proposed", "agreed"]),
                name="goal_is_open_once_per_person_and_role",
                violation_error_message="This role is a goal already.",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="agreed"),
                name="goal_agreed_is_one_per_person",
                violation_error_message="Another goal is agreed already. Drop it first.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.job_role)

    @property
    def waits_for_person(self) -> bool:
        """Proposed by the manager's side, and the person has not answered."""
        return self.state == self.State.PROPOSED and self.person_agreed_at is None

    @property
    def waits_for_manager(self) -> bool:
        return self.state == self.State.PROPOSED and self.manager_agreed_at is None

    @property
    def is_open(self) -> bool:
        return self.state in self.State.open()

    @property
    def date_that_waits(self) -> "GoalDate | None":
        """The day that one side proposed and the other has not answered."""
        return next((date for date in self.dates.all() if date.is_waiting), None)

    @property
    def dates_answered(self) -> "list[GoalDate]":
        return [date for date in self.dates.all() if not date.is_waiting]


class GoalDateQuerySet(models.QuerySet["GoalDate"]):
    def waiting(self) -> Self:
        """Not answered yet: the day before stands. See also: GoalDate.is_waiting."""
        return self.filter(state=GoalDate.State.WAITING)

    def newest_first(self) -> Self:
        return self.select_related("proposed_by", "answered_by").order_by("-proposed_at", "pk")


class GoalDate(Noun):
    """Another day for an agreed goal: the goal keeps its day, and both signatures, until the other side agrees."""

    class State(models.TextChoices):
        WAITING = "waiting", "Proposed"
        AGREED = "agreed", "Agreed"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="dates", db_index=False)
    # Null, both: no date.
    due_on = models.DateField(null=True, blank=True)
    before = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=400, blank=True, default="")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    proposed_at = models.DateTimeField(db_default=models.functions.Now())
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    reason = models.CharField(max_length=400, blank=True, default="")

    objects = GoalDateQuerySet.as_manager()

    class Meta:
        constraints = [
            both_or_neither("answered_at", "answered_by"),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at=None)
                | Q(state__in=["agreed", "declined", "withdrawn"], answered_at__isnull=False),
                name="goaldate_that_is_answered_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "declined"]) | ~Q(answered_by=F("proposed_by")),
                name="goaldate_is_answered_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | Q(reason__regex=r"\S"),
                name="goaldate_is_declined_with_a_reason",
                violation_error_message="Say why. The other side reads it.",
            ),
            models.CheckConstraint(
                condition=Q(due_on=None, before__isnull=False)
                | Q(due_on__isnull=False, before=None)
                | Q(due_on__isnull=False, before__isnull=False) & ~Q(due_on=F("before")),
                name="goaldate_is_another_day",
            ),
            models.UniqueConstraint(
                fields=["goal"],
                condition=Q(state="waiting"),
                name="goaldate_waits_once_per_goal",
                violation_error_message="Another day is proposed already. Answer that first.",
            ),
        ]
        indexes = [models.Index(fields=["goal", "proposed_at"], name="goaldate_of_a_goal")]

    def __str__(self) -> str:
        return f"{self.goal} {in_words(self.due_on)}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_by_person(self) -> bool:
        """Proposed by whoever the goal is about; else by the manager's side."""
        return self.proposed_by.person_id == self.goal.person_id

    @property
    def words(self) -> str:
        return in_words(self.due_on)

    @property
    def words_before(self) -> str:
        return in_words(self.before)


def in_words(day: dt.date | None) -> str:
    return f"until {day.day} {day:%b %Y}" if day else "without a date"
