"""Where a resource helps: at a step, for a skill or toward an outcome, and in which moments."""

from typing import Self
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from base.models import Noun
from performance_support.models.resource import Resource
from skills.models import Skill
from workflows.models import Outcome, Step


class Moment(models.TextChoices):
    """When somebody needs help."""

    FIRST = "first", "First time"
    DEEPER = "deeper", "Going deeper"
    APPLYING = "applying", "Applying"
    SOLVING = "solving", "Solving"
    CHANGING = "changing", "Changing"


class PlacementQuerySet(models.QuerySet["Placement"]):
    def at(self, step: UUID) -> Self:
        return self.filter(step=step)

    def usable(self) -> Self:
        return self.filter(resource__state__in=[Resource.State.VERIFIED, Resource.State.STALE])

    def with_places(self) -> Self:
        return self.select_related("step__workflow", "skill", "outcome__produced_by__workflow")


class Placement(Noun):
    resource = models.ForeignKey(Resource, models.CASCADE, related_name="placements")
    step = models.ForeignKey(Step, models.CASCADE, null=True, blank=True, related_name="placements")
    skill = models.ForeignKey(Skill, models.CASCADE, null=True, blank=True, related_name="placements")
    outcome = models.ForeignKey(Outcome, models.CASCADE, null=True, blank=True, related_name="placements")
    moments = ArrayField(models.CharField(max_length=10, choices=Moment))
    # The order at the step; what is first is read first.
    position = models.PositiveSmallIntegerField(default=1, db_default=1)
    placed_at = models.DateTimeField(db_default=models.functions.Now())
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")

    objects = PlacementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(step__isnull=False, skill=None, outcome=None)
                | Q(step=None, skill__isnull=False, outcome=None)
                | Q(step=None, skill=None, outcome__isnull=False),
                name="placement_is_at_one_step_skill_or_outcome",
                violation_error_message="Choose one step, one skill or one outcome.",
            ),
            models.CheckConstraint(
                condition=Q(moments__len__gt=0, moments__contained_by=Moment.values),
                name="placement_is_for_some_moment",
                violation_error_message="Choose at least one moment in which it helps.",
            ),
            *(
                models.UniqueConstraint(
                    fields=["resource", place],
                    condition=Q(**{f"{place}__isnull": False}),
                    name=f"placement_is_once_per_resource_and_{place}",
                    violation_error_message=f"It is placed at this {place} already.",
                )
                for place in ("step", "skill", "outcome")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource} at {self.place}"

    @property
    def place(self) -> Step | Skill | Outcome:
        """What it is placed at."""
        return self.step or self.skill or self.outcome  # type: ignore[return-value] # one of them is there

    def moments_in_words(self) -> list[str]:
        return [moment.label for moment in Moment if moment in self.moments]
