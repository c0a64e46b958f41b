"""Who works here, under which title, in which job role."""

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Lower

from base.models import Noun, Retirable, RetirableQuerySet, both_or_neither, says_something


class JobRoleQuerySet(RetirableQuerySet["JobRole"]):
    pass


class JobRole(Retirable):
    """What workflows are performed by."""

    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, default="")

    objects = JobRoleQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="jobrole_has_its_own_name",
                violation_error_message="A job role has this name already.",
            ),
            says_something("name"),
            both_or_neither("retired_at", "retired_by"),
        ]

    def __str__(self) -> str:
        return self.name


class JobTitleQuerySet(models.QuerySet["JobTitle"]):
    def unmapped(self) -> Self:
        """No one has said yet which job role they stand for."""
        return self.filter(job_role=None)

    def mapped(self) -> Self:
        return self.exclude(job_role=None)

    def held(self) -> Self:
        """Somebody active has it; most people first. Adds `people_count`."""
        active = Q(people__status__in=Person.Status.at_work())
        counted = self.annotate(people_count=Count("people", filter=active))
        return counted.filter(people_count__gt=0).order_by("-people_count", "name")


class JobTitle(Noun):
    """What the HR system says; people map it to a job role."""

    name = models.CharField(max_length=200)
    job_role = models.ForeignKey(JobRole, models.PROTECT, null=True, blank=True, related_name="titles")

    objects = JobTitleQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="jobtitle_has_its_own_name"),
            says_something("name"),
        ]

    def __str__(self) -> str:
        return self.name


class Team(Noun):
    """A department, as the HR system names it."""

    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="team_has_its_own_name"), says_something("name")]

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(models.QuerySet["Person"]):
    def active(self) -> Self:
        return self.filter(status__in=Person.Status.at_work())

    def reporting_to(self, manager: "Person") -> Self:
        return self.filter(manager=manager)

    def holding(self, job_role: JobRole) -> Self:
        return self.filter(job_title__job_role=job_role)


class Person(Noun):
    """Someone HR knows. Only the accepted fields (design section 8); pay, birth date, gender, address never enter."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        LEAVE = "leave", "On leave"
        PENDING = "pending", "Starts later"
        INACTIVE = "inactive", "Left"

        @classmethod
        def at_work(cls) -> list["Person.Status"]:
            """Who counts: on leave is not gone."""
            return [cls.ACTIVE, cls.LEAVE]

    source = models.CharField(max_length=60, default="local")
    source_id = models.CharField(max_length=200)
    employee_number = models.CharField(max_length=60, blank=True, default="")
    work_email = models.EmailField(blank=True, default="")
    given_name = models.CharField(max_length=120, blank=True, default="")
    family_name = models.CharField(max_length=120, blank=True, default="")
    display_name = models.CharField(max_length=200)
    job_title = models.ForeignKey(JobTitle, models.PROTECT, null=True, blank=True, related_name="people")
    manager = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="reports")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="people")
    location = models.CharField(max_length=120, blank=True, default="")
    employment_type = models.CharField(max_length=60, blank=True, default="")
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    start_date = models.DateField(null=True, blank=True)
    end_date = models.DateField(null=True, blank=True)
    # When the source says it last changed.
    updated_at = models.DateTimeField(null=True, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["display_name"]
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id"], name="person_is_once_in_a_source"),
            models.CheckConstraint(condition=~Q(manager=models.F("id")), name="person_is_not_their_own_manager"),
            says_something("display_name"),
            says_something("source_id"),
        ]
        indexes = [
            models.Index(fields=["job_title", "status"], name="person_by_title"),
            GinIndex(SearchVector("display_name", config="simple"), name="person_words"),
        ]

    def __str__(self) -> str:
        return self.display_name
