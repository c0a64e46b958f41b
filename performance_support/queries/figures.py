"""What is known of a resource's use, in figures: of the resource, never of who used it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from performance_support.models import Resource
from workforce.models import Person

COUNTED = dt.timedelta(days=90)
# Of fewer people a figure would say who.
SHOWN_FROM = 5


@dataclass(frozen=True)
class Voices:
    """On the version in force. None where fewer than five people said something."""

    content_version: int
    worked: int | None
    did_not_work: int | None
    wrong: dict[str, int] | None


@dataclass(frozen=True)
class AtStep:
    """`views` is None where fewer than five people perform the step."""

    step: UUID
    views: int | None


@dataclass(frozen=True)
class Usage:
    since: dt.date
    views: int
    last_opened_on: dt.date | None
    steps: list[AtStep]


VOICES = """
SELECT count(*), count(*) FILTER (WHERE worked), wrong
FROM performance_support_vote
WHERE resource_id = %(resource)s AND content_version = %(version)s
GROUP BY wrong
"""
USAGE = """
SELECT used.step_id, sum(used.views), max(used.day), (
    SELECT count(*) FROM workforce_person person JOIN workforce_jobtitle title ON title.id = person.job_title_id
    WHERE title.job_role_id = step.performed_by_id AND person.status = ANY (%(here)s)
)
FROM performance_support_use used LEFT JOIN workflows_step step ON step.id = used.step_id
WHERE used.resource_id = %(resource)s AND used.day > %(since)s
GROUP BY used.step_id, step.performed_by_id ORDER BY sum(used.views) DESC, used.step_id
"""


def voices(resource: Resource) -> Voices:
    """How many said what of the version in force."""
    with connection.cursor() as cursor:
        cursor.execute(VOICES, {"resource": str(resource.pk), "version": resource.content_version})
        found = cursor.fetchall()
    people = sum(count for count, _, _ in found)
    if people < SHOWN_FROM:
        return Voices(resource.content_version, None, None, None)
    worked = sum(good for _, good, _ in found)
    wrong = {code: count for count, _, code in found if code}
    return Voices(resource.content_version, worked, people - worked, wrong)


def usage(resource: Resource) -> Usage:
    """How often it was opened in 90 days, and at which steps."""
    since = timezone.localdate() - COUNTED
    params: dict[str, Any] = {"resource": str(resource.pk), "since": since, "here": [*Person.Status.at_work()]}
    with connection.cursor() as cursor:
        cursor.execute(USAGE, params)
        found = cursor.fetchall()
    steps = [AtStep(step, views if people >= SHOWN_FROM else None) for step, views, _, people in found if step]
    last = max((day for _, _, day, _ in found), default=None)
    return Usage(since, sum(views for _, views, _, _ in found), last, steps)
