"""What a job role needed, from when until when. Derived; triggers on `Requirement` write it, whoever rebuilds that."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q

from base.models import is_between
from skills.models import Skill
from workforce.models import JobRole


class RequirementPeriodQuerySet(models.QuerySet["RequirementPeriod"]):
    def at(self, moment: dt.datetime) -> Self:
        """What was needed then."""
        return self.filter(Q(until=None) | Q(until__gt=moment), since__lte=moment)


class RequirementPeriod(models.Model):
    """A requirement at one level and criticality; a new level or criticality begins another period."""

    id = models.BigAutoField(primary_key=True)
    job_role = models.ForeignKey(JobRole, models.CASCADE, related_name="+", db_index=False)
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField()
    criticality = models.PositiveSmallIntegerField()
    steps = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    # Null: today as well.
    until = models.DateTimeField(null=True)

    objects = RequirementPeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            is_between("level", 1, 4),
            is_between("criticality", 1, 7),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="requirementperiod_begins_before_it_ends"),
            models.UniqueConstraint(
                fields=["job_role", "skill"],
                condition=Q(until=None),
                name="requirementperiod_that_lasts_is_one_per_role_and_skill",
            ),
        ]
        indexes = [
            models.Index(fields=["job_role", "skill"], include=["since"], name="requirementperiod_of_a_role"),
        ]

    def __str__(self) -> str:
        return f"{self.job_role_id} needs {self.skill_id} at {self.level} since {self.since:%Y-%m-%d}"
