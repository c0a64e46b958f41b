"""How long a resource may go unreviewed, and who said that it is still correct."""

from django.conf import settings
from django.db import models

from base.models import Noun, is_between
from performance_support.models.resource import Resource
from workflows.models import Step

# Days between reviews, by the highest criticality of the steps a resource serves (design section 7).
REVIEWED_EVERY = {1: 180, 2: 180, 3: 90, 4: 90, 5: 60, 6: 30, 7: 30}


class ReviewInterval(Noun):
    """Where this organisation looks sooner or later than `REVIEWED_EVERY`."""

    criticality = models.PositiveSmallIntegerField(unique=True)
    days = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["criticality"]
        constraints = [is_between("criticality", 1, 7), is_between("days", 1, 1000)]

    def __str__(self) -> str:
        return f"criticality {self.criticality}: {self.days} days"


def intervals() -> dict[int, int]:
    """{criticality: days} as they hold now."""
    return REVIEWED_EVERY | dict(ReviewInterval.objects.values_list("criticality", "days"))


class Verification(models.Model):
    """Somebody said that a resource is still correct. Append-only; editing is not verifying."""

    class Way(models.TextChoices):
        PAGE = "page", "On its page"
        TOGETHER = "together", "Several at once"
        MAIL = "mail", "From a mail"
        PROGRAM = "program", "By a program"

    id = models.BigAutoField(primary_key=True)
    resource = models.ForeignKey(Resource, models.CASCADE, related_name="verifications")
    content_version = models.PositiveIntegerField()
    # The revision of each step it was verified against: {step id: revision}
    revisions = models.JSONField(default=dict)
    way = models.CharField(max_length=10, choices=Way)
    note = models.CharField(max_length=400, blank=True, default="")
    verified_at = models.DateTimeField(db_default=models.functions.Now())
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["resource", "-id"], name="verification_of_a_resource")]

    def __str__(self) -> str:
        return f"{self.resource_id} still correct"


class VerifiedStep(models.Model):
    """The revision of a step that a resource was last verified against; where it serves a step since, the first met."""

    id = models.BigAutoField(primary_key=True)
    resource = models.ForeignKey(Resource, models.CASCADE, related_name="verified_steps")
    step = models.ForeignKey(Step, models.CASCADE, related_name="+")
    revision = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resource", "step"], name="verifiedstep_is_once_per_resource_and_step")
        ]

    def __str__(self) -> str:
        return f"revision {self.revision} of {self.step_id}"


class FreshnessDayQuerySet(models.QuerySet["FreshnessDay"]):
    def newest(self, days: int) -> list["FreshnessDay"]:
        """The last so many, oldest first."""
        return list(self.order_by("-day")[:days])[::-1]


class FreshnessDay(models.Model):
    """How fresh what people read was on one day, over the 90 days before it. Kept, so that the trend can be drawn."""

    day = models.DateField(primary_key=True)
    views = models.PositiveBigIntegerField()
    fresh_views = models.PositiveBigIntegerField()
    resources = models.PositiveIntegerField()
    fresh = models.PositiveIntegerField()

    objects = FreshnessDayQuerySet.as_manager()

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return str(self.day)

    @property
    def percent(self) -> int | None:
        return round(100 * self.fresh_views / self.views) if self.views else None


class Reminder(models.Model):
    """One person's weekly mail about what they keep. The row is the claim: whoever finds it there does nothing."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # The Monday it begins on.
    week = models.DateField()
    # Set before the mail leaves: a lost one is forgivable, a repeated one is not.
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "week"], name="reminder_is_one_a_week_for_each_account")
        ]

    def __str__(self) -> str:
        return f"week of {self.week}"
