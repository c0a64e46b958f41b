"""Where a person wants to go: proposed by either, agreed by both."""

import datetime as dt
from collections.abc import Collection
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

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

    def agreed(self) -> Self:
        return self.filter(state=Goal.State.AGREED)

    def moving_by(self, day: dt.date, *, among: Collection[UUID]) -> Self:
        """Agreed changes of role that come by that day, the first to come first."""
        moving = self.agreed().filter(due_on__lte=day, person__in=list(among))
        return moving.select_related("person", "job_role").order_by("due_on", "person__display_name")


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
