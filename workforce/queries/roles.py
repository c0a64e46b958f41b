"""Job roles with how many titles stand for them and how many people hold them."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from workforce.models import JobRole, JobTitle, Person


def with_counts() -> QuerySet[JobRole]:
    """Every job role with `title_count`, by name; people are counted apart, once for all."""
    return JobRole.objects.select_related("retired_by").annotate(title_count=Count("titles")).order_by("name")


def people_by_role() -> dict[UUID, int]:
    """{job role: how many active people hold it}"""
    held = Person.objects.active().filter(job_title__job_role__isnull=False).order_by()
    return dict(held.values_list("job_title__job_role").annotate(count=Count("pk")))


def titles_of(role: JobRole) -> QuerySet[Any]:
    """The titles that stand for it, most people first."""
    active = Q(people__status__in=Person.Status.at_work())
    titles = JobTitle.objects.filter(job_role=role)
    return titles.annotate(people_count=Count("people", filter=active)).order_by("-people_count", "name")
