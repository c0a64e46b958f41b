"""What a role needed, from when until when, is kept by the database whoever writes requirements."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from gaps.models import Requirement, RequirementPeriod
from tests.make import make_job_role, make_skill

pytestmark = pytest.mark.django_db


def make_requirement(**fields: Any) -> Requirement:
    facts = {"level": 3, "criticality": 5, "is_rated": True, "steps": 1, "asked_since": timezone.now()}
    return Requirement.objects.create(job_role=make_job_role(), skill=make_skill(), **facts | fields)


def begun_earlier():
    """As if what has been written so far had been written a day ago."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE gaps_requirementperiod SET since = since - interval '1 day'")


def periods() -> list:
    return [
        (level, until is None)
        for level, until in RequirementPeriod.objects.order_by("id").values_list("level", "until")
    ]


def test_a_requirement_that_comes_begins_a_period():
    make_requirement(level=2)
    assert periods() == [(2, True)]


def test_a_new_level_begins_another_period():
    requirement = make_requirement(level=2)
    begun_earlier()

    requirement.level = 4
    requirement.save()

    assert periods() == [(2, False), (4, True)]


def test_moving_twice_at_one_moment_leaves_one_period():
    requirement = make_requirement(level=2)
    for requirement.level in (3, 4):
        requirement.save()
    assert periods() == [(4, True)]


def test_a_new_date_alone_begins_nothing():
    requirement = make_requirement(level=2)
    begun_earlier()

    requirement.asked_since = timezone.now()
    requirement.save()

    assert periods() == [(2, True)]


def test_a_requirement_that_goes_ends_its_period():
    requirement = make_requirement(level=2)
    begun_earlier()
    yesterday = timezone.now() - dt.timedelta(hours=12)

    requirement.delete()

    assert periods() == [(2, False)]
    assert RequirementPeriod.objects.at(yesterday).count() == 1
    assert RequirementPeriod.objects.at(timezone.now()).count() == 0


def test_a_period_cannot_end_before_it_begins():
    make_requirement()
    with pytest.raises(IntegrityError, match="requirementperiod_begins_before_it_ends"):
        RequirementPeriod.objects.update(until=timezone.now() - dt.timedelta(days=9))


def test_only_one_period_lasts():
    one = RequirementPeriod.objects.get(skill=make_requirement().skill)
    with pytest.raises(IntegrityError, match="requirementperiod_that_lasts_is_one_per_role_and_skill"):
        RequirementPeriod.objects.create(
            job_role=one.job_role, skill=one.skill, level=1, criticality=1, steps=1, since=one.since
        )
