"""Who works here, under which title, in which job role."""

import datetime as dt
from collections.abc import Collection
from typing import Self, TypeVar
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Count, F, Func, Q, Value
from django.db.models.functions import Coalesce, Collate, Lower, NullIf
from django.urls import reverse

from base.models import Noun, Retirable, RetirableQuerySet, both_or_neither, says_something

N = TypeVar("N", bound=models.Model)
USER_NAME = Coalesce("user_name", NullIf("work_email", models.Value("")), "source_id")
RESTORABLE = dt.timedelta(days=30)


class JobRoleQuerySet(RetirableQuerySet["JobRole"]):
    def called(self, name: str) -> Self:
        """Of this name, whatever its case."""
        return self.filter(name__iexact=name.strip())


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


class NamedQuerySet(models.QuerySet[N]):
    def with_people(self) -> Self:
        """Adds `people_count`: how many active people go by it."""
        active = Q(people__status__in=Person.Status.at_work())
        return self.annotate(people_count=Count("people", filter=active))

    def held(self) -> Self:
        """Somebody active has it; most people first."""
        return self.with_people().filter(people_count__gt=0).order_by("-people_count", "name")


class JobTitleQuerySet(NamedQuerySet["JobTitle"]):
    def unmapped(self) -> Self:
        """No one has said yet which job role they stand for."""
        return self.filter(job_role=None)

    def mapped(self) -> Self:
        return self.exclude(job_role=None)


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
        indexes = [GinIndex(OpClass(F("name"), name="gin_trgm_ops"), name="jobtitle_trigrams")]

    def __str__(self) -> str:
        return self.name


class Team(Noun):
    """A department, as the HR system names it."""

    name = models.CharField(max_length=200)

    objects = NamedQuerySet["Team"].as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="team_has_its_own_name"), says_something("name")]

    def __str__(self) -> str:
        return self.name


# OFFSET 0 has PostgreSQL look up who reports to whom; left to itself it expects so many that it reads everybody, once
# for every level.
BELOW = (
    "WITH RECURSIVE below (id) AS (SELECT id FROM workforce_person WHERE manager_id = {manager} UNION "
    "SELECT report.id FROM below CROSS JOIN LATERAL "
    "(SELECT id FROM workforce_person WHERE manager_id = below.id OFFSET 0) report) SELECT id FROM below"
)


class Below(Func):
    """The ids of everybody from whom the chain of managers leads to one person. See also: workforce.queries.lines."""

    template = BELOW.format(manager="%(expressions)s")
    output_field = models.UUIDField()


class PersonQuerySet(models.QuerySet["Person"]):
    def active(self) -> Self:
        return self.filter(status__in=Person.Status.at_work())

    def reporting_to(self, manager: "Person") -> Self:
        return self.filter(manager=manager)

    def in_tree_of(self, manager: "Person") -> Self:
        """Reporting to them, or to somebody who does, however far down. See also: reporting_to."""
        return self.filter(pk__in=Below(Value(manager.pk, models.UUIDField())))

    def with_names(self) -> Self:
        return self.select_related("job_title__job_role", "team", "manager")

    def of_source(self, name: str) -> Self:
        return self.filter(source=name)

    def with_source_ids(self, source_ids: Collection[str]) -> Self:
        """By the ids of their source. See also: known_as."""
        return self.filter(source_id__in=source_ids)

    def reports_of(self, managers: Collection[UUID]) -> dict[UUID, int]:
        """{manager: active people who report to them} of those who lead anybody."""
        found = self.active().filter(manager__in=managers).order_by().values_list("manager")
        return dict(found.annotate(count=Count("*")))

    def at_address(self, email: str) -> Self:
        """Of this work e-mail, in small letters or capitals."""
        return self.alias(address=Lower("work_email")).filter(address=email.lower())

    def changed_since(self, moment: dt.datetime) -> Self:
        return self.filter(changed_at__gte=moment)

    def known_as(self, source_id: str) -> Self:
        return self.filter(source_id=source_id)

    def called(self, words: str) -> Self:
        """With these letters in the name, in its order; everybody where there are none. See also: named."""
        found = self.filter(display_name__icontains=words) if words else self
        return found.order_by("display_name", "pk")

    def named(self, query: str) -> Self:
        """Whose name a text search query finds, such as “mar:* & hol:*”."""
        words = SearchVector("display_name", config="simple")
        return self.alias(words=words).filter(words=SearchQuery(query, search_type="raw", config="simple"))

    def reached_at(self, address: str) -> Self:
        """By the whole e-mail address, whatever its case."""
        return self.alias(address=Lower("work_email")).filter(address=address.strip().lower())

    def meant_by(self, typed: str, *, source: str) -> Self:
        """Of one source, by the whole id, name or e-mail address."""
        by_name = Q(display_name__iexact=typed) | Q(work_email__iexact=typed)
        return self.filter(by_name | Q(source_id=typed), source=source).order_by("pk")

    def lacking(self, what: str) -> Self:
        """Without a `title`, a `role` (of a title that nobody has mapped), or a `manager`."""
        lacks = {
            "title": Q(job_title=None),
            "role": Q(job_title__isnull=False, job_title__job_role=None),
            "manager": Q(manager=None),
        }
        return self.filter(lacks[what])

    def restorable(self, since: dt.datetime) -> Self:
        """Who left after that moment."""
        return self.filter(status=Person.Status.INACTIVE, left_at__gte=since)

    def left_before(self, moment: dt.datetime) -> Self:
        return self.filter(status=Person.Status.INACTIVE, left_at__lt=moment)

    def by_name(self) -> Self:
        """In the order of `person_by_name`; adds `key`. See also: beyond."""
        return self.annotate(key=Lower("display_name")).order_by("key", "pk")

    def beyond(self, key: str, pk: str) -> Self:
        """After that one, in the order by name. Both bounds, so that the index is entered at the right place."""
        return self.filter(key__gte=key).exclude(key=key, pk__lte=pk)

    def awaiting_a_manager(self) -> Self:
        """The source names a manager whom it has not sent."""
        return self.filter(manager=None).exclude(manager_source_id="")

    def whose_day_has_come(self, today: dt.date) -> Self:
        starting = Q(status=Person.Status.PENDING, start_date__lte=today)
        ending = ~Q(status=Person.Status.INACTIVE) & Q(end_date__lte=today)
        return self.filter(starting | ending)

    def sent_by(self, source: str) -> Self:
        """Whom a source still knows: leavers, and nobody whom it deleted. See also: queries/scim/users.py."""
        return self.filter(source=source).exclude(left_at__lte=models.F("withdrawn_at"))

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
    # Found by `person_by_title`.
    job_title = models.ForeignKey(
        JobTitle, models.PROTECT, null=True, blank=True, related_name="people", db_index=False
    )
    manager = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="reports")
    # As the source names the manager, who may arrive after the person.
    manager_source_id = models.CharField(max_length=200, blank=True, default="", db_default="")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="people")
    location = models.CharField(max_length=120, blank=True, default="")
    employment_type = models.CharField(max_length=60, blank=True, default="")
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    start_date = models.DateField(null=True, blank=True)
    end_date = models.DateField(null=True, blank=True)
    # When the source says it last changed. See also: changed_at.
    updated_at = models.DateTimeField(null=True, blank=True)
    # When anything changed here.
    changed_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)
    created_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)
    # What an identity provider knows them by; who came otherwise goes by the address, else by the source's id.
    user_name = models.CharField(max_length=200, null=True, editable=False)
    # When an identity provider deleted them: from its side they are gone, here they are a leaver like any other.
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    # Since when title and team are what they are; earlier ones are in `positions`.
    position_since = models.DateField(null=True, blank=True)
    # Leavers are kept, and can come back whole for RESTORABLE.
    left_at = models.DateTimeField(null=True, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["display_name"]
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id"], name="person_is_once_in_a_source"),
            models.UniqueConstraint(
                models.F("source"),
                Lower("user_name"),
                name="person_has_its_own_user_name",
                condition=Q(user_name__isnull=False),
            ),
            models.CheckConstraint(condition=~Q(manager=models.F("id")), name="person_is_not_their_own_manager"),
            says_something("display_name"),
            says_something("source_id"),
            models.CheckConstraint(
                condition=Q(end_date__gte=models.F("start_date")), name="person_starts_before_they_end"
            ),
            models.CheckConstraint(
                condition=Q(status="inactive", left_at__isnull=False) | ~Q(status="inactive") & Q(left_at=None),
                name="person_left_at_goes_with_inactive",
            ),
        ]
        indexes = [
            models.Index(fields=["job_title", "status"], name="person_by_title"),
            GinIndex(SearchVector("display_name", config="simple"), name="person_words"),
            models.Index(fields=["changed_at"], name="person_by_change"),
            models.Index(Lower("display_name"), "id", name="person_by_name"),
            models.Index(Lower("work_email"), name="person_by_address"),
            # What identity providers ask before every change, and the order in which they read everybody.
            models.Index(models.F("source"), Collate(Lower(USER_NAME), "C"), name="person_by_user_name"),
            models.Index(fields=["source", "id"], name="person_in_a_source"),
            models.Index(fields=["source", "left_at"], condition=Q(status="inactive"), name="person_who_left"),
            # Whose day comes, and whose manager: few rows each, so these cost a load nothing.
            models.Index(fields=["start_date"], condition=Q(status="pending"), name="person_starting"),
            models.Index(
                fields=["end_date"], condition=~Q(status="inactive") & Q(end_date__isnull=False), name="person_ending"
            ),
            models.Index(
                fields=["source", "manager_source_id"],
                condition=Q(manager=None) & ~Q(manager_source_id=""),
                name="person_awaiting_a_manager",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        return reverse("person_show", args=[self.pk])

    @property
    def is_at_work(self) -> bool:
        return self.status in self.Status.at_work()

    def told(self, field: str) -> str:
        """A field as a feed writes it."""
        if field == "job_title":
            return self.job_title.name if self.job_title else ""
        if field == "department":
            return self.team.name if self.team else ""
        return str(getattr(self, field))

    def source_value(self, field: str) -> str:
        """What the source says, where something was put right here; what stands here otherwise."""
        correction = self.corrections.filter(field=field).first()
        return correction.source_value if correction else self.told(field)
