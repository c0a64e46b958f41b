"""What steps and job roles need. Derived; only `gaps.queries.requirements` writes it, and nobody edits it."""

import datetime as dt
from typing import Self

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q

from base.models import is_between
from skills.models import Context, Skill
from skills.models.skill import ContextQuerySet
from workflows.models import Step
from workforce.models import JobRole, Person


class NeedQuerySet(models.QuerySet["Need"]):
    def at(self, step: Step) -> Self:
        return self.filter(step=step)

    def of_role(self, job_role: JobRole) -> Self:
        """What its steps need; most critical first."""
        found = self.filter(job_role=job_role).select_related("step__workflow")
        return found.order_by("-criticality", "-level", "step__name")

    def behind(self, requirement: "Requirement") -> Self:
        """The steps that make a role require a skill; most critical first."""
        return self.of_role(requirement.job_role).filter(skill=requirement.skill_id)


class Need(models.Model):
    """A step needs a published skill: the highest level of its live contexts there."""

    pk = models.CompositePrimaryKey("step_id", "skill_id")
    step = models.ForeignKey(Step, models.CASCADE, related_name="needs", db_index=False)
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="needs", db_index=False)
    # Who performs the step; null where nobody does.
    job_role = models.ForeignKey(JobRole, models.CASCADE, null=True, related_name="needs", db_index=False)
    level = models.PositiveSmallIntegerField()
    # Of the step; `gaps.arithmetic.UNRATED` until somebody rates it.
    criticality = models.PositiveSmallIntegerField()
    is_rated = models.BooleanField()
    contexts = models.PositiveSmallIntegerField()
    # Since when the step, as it is now, asks for the skill.
    asked_since = models.DateTimeField()

    objects = NeedQuerySet.as_manager()

    class Meta:
        constraints = [is_between("level", 1, 4), is_between("criticality", 1, 7)]
        indexes = [
            models.Index(fields=["job_role", "skill"], name="need_of_a_role"),
            models.Index(fields=["skill"], name="need_of_a_skill"),
        ]

    def __str__(self) -> str:
        return f"“{self.step}” needs “{self.skill}” at {self.level}"


class RequirementQuerySet(models.QuerySet["Requirement"]):
    def of(self, job_role: JobRole) -> Self:
        return self.filter(job_role=job_role)

    def held_by(self, person: Person) -> Self:
        """Of the person's current role."""
        return self.filter(job_role=person.job_title.job_role_id if person.job_title else None)

    def critical_first(self) -> Self:
        return self.order_by("-criticality", "-level", "skill__name", "pk")

    def with_names(self) -> Self:
        return self.select_related("job_role", "skill")

    def changed_since(self, moment: dt.datetime) -> Self:
        return self.filter(changed_at__gte=moment)


class Requirement(models.Model):
    """A job role needs a skill because it performs these steps: the highest level, the highest criticality."""

    id = models.UUIDField(primary_key=True, db_default=RandomUUID(), editable=False)
    job_role = models.ForeignKey(JobRole, models.CASCADE, related_name="requirements", db_index=False)
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="requirements")
    level = models.PositiveSmallIntegerField()
    criticality = models.PositiveSmallIntegerField()
    # Somebody rated every step that asks.
    is_rated = models.BooleanField()
    steps = models.PositiveSmallIntegerField()
    # The longest that any of those steps, as it is now, has asked for it.
    asked_since = models.DateTimeField()
    changed_at = models.DateTimeField(db_default=models.functions.Now())

    objects = RequirementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job_role", "skill"],
                include=["level", "criticality"],
                name="requirement_is_once_per_role_and_skill",
            ),
            is_between("level", 1, 4),
            is_between("criticality", 1, 7),
            models.CheckConstraint(condition=Q(steps__gte=1), name="requirement_has_a_step_that_asks"),
        ]
        indexes = [models.Index(fields=["changed_at"], name="requirement_by_change")]

    def __str__(self) -> str:
        return f"{self.job_role} needs “{self.skill}” at {self.level}"

    def contexts(self) -> ContextQuerySet:
        """What it rests on: the live contexts at the steps of the role."""
        found = Context.objects.live().filter(skill=self.skill_id, step__performed_by=self.job_role_id)
        return found.with_places()
