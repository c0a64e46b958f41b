"""What belongs in training, in practice and in support: the decision table, and where somebody knows better."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from base.models import Noun, Retirable, RetirableQuerySet, both_or_neither, is_between, says_something
from performance_support.deciding import SCALES, Rule
from workflows.models import Step

WAYS = ("training", "practice", "support")


def bound(default: int) -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(default=default, db_default=default)


class PlanRuleQuerySet(RetirableQuerySet["PlanRule"]):
    def in_order(self) -> Self:
        """As they are asked: the first that fits fires."""
        return self.active().order_by("position", "pk")

    def with_overrules(self) -> Self:
        """Adds `overruled`: at how many steps somebody decided otherwise than this rule."""
        valid = models.Count("overrules", filter=Q(overrules__taken_back_at=None))
        return self.annotate(overruled=valid)


class PlanRule(Retirable):
    """One row of the decision table. Ranges include both ends; an empty way says that nothing of it is needed."""

    position = models.PositiveSmallIntegerField()
    criticality_from, criticality_to = bound(1), bound(7)
    difficulty_from, difficulty_to = bound(1), bound(3)
    frequency_from, frequency_to = bound(1), bound(7)
    training = models.CharField(max_length=200, blank=True, default="", db_default="")
    practice = models.CharField(max_length=200, blank=True, default="", db_default="")
    support = models.CharField(max_length=200, blank=True, default="", db_default="")

    objects = PlanRuleQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            both_or_neither("retired_at", "retired_by"),
            is_between("position", 1, 1000),
            *(is_between(f"{scale}_{end}", *SCALES[scale]) for scale in SCALES for end in ("from", "to")),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{scale}_to__gte": F(f"{scale}_from")}),
                    name=f"planrule_{scale}_ends_after_it_begins",
                    violation_error_message="The upper end lies below the lower one.",
                )
                for scale in SCALES
            ),
        ]

    def __str__(self) -> str:
        return f"Rule {self.position}"

    @property
    def asks(self) -> list[str]:
        """Its conditions in words."""
        return self.plain().asks

    @property
    def row(self) -> tuple[int, Rule, tuple[str, ...]]:
        """All that it says: (place, conditions, what belongs where)."""
        return self.position, self.plain(), tuple(getattr(self, way) for way in WAYS)

    def plain(self) -> Rule:
        return Rule(*((getattr(self, f"{scale}_from"), getattr(self, f"{scale}_to")) for scale in SCALES))


class PlanOverruleQuerySet(models.QuerySet["PlanOverrule"]):
    def valid(self) -> Self:
        return self.filter(taken_back_at=None)

    def at(self, step: Step) -> Self:
        return self.valid().filter(step=step)


class PlanOverrule(Noun):
    """Somebody who knows the step decides otherwise, and says why. Kept, and marked, when its facts change."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="plan_overrules")
    training = models.CharField(max_length=200, blank=True, default="", db_default="")
    practice = models.CharField(max_length=200, blank=True, default="", db_default="")
    support = models.CharField(max_length=200, blank=True, default="", db_default="")
    reason = models.CharField(max_length=400)
    # What they had before them: the facts of the step, and what the rules said then.
    criticality = models.PositiveSmallIntegerField(null=True, editable=False)
    difficulty = models.PositiveSmallIntegerField(null=True, editable=False)
    frequency = models.PositiveSmallIntegerField(null=True, editable=False)
    rule = models.ForeignKey(PlanRule, models.PROTECT, null=True, editable=False, related_name="overrules")
    said = models.JSONField(default=list, editable=False)
    overruled_at = models.DateTimeField(db_default=models.functions.Now())
    overruled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    taken_back_at = models.DateTimeField(null=True, editable=False)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = PlanOverruleQuerySet.as_manager()

    class Meta:
        constraints = [
            says_something("reason"),
            both_or_neither("taken_back_at", "taken_back_by"),
            models.UniqueConstraint(
                fields=["step"],
                condition=Q(taken_back_at=None),
                name="planoverrule_is_once_per_step",
                violation_error_message="This step is decided otherwise already. Reload the page.",
            ),
        ]

    def __str__(self) -> str:
        return f"Plan for {self.step}"
