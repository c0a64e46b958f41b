"""What people do with a resource: open it, and say whether it worked."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from performance_support.models.resource import Resource
from workflows.models import Step
from workforce.models import Account


class Use(models.Model):
    """How often a resource was opened on one day at one step. Nobody is named: use is about the resource."""

    id = models.BigAutoField(primary_key=True)
    resource = models.ForeignKey(Resource, models.CASCADE, related_name="uses")
    step = models.ForeignKey(Step, models.CASCADE, null=True, related_name="+")
    day = models.DateField()
    views = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "day", "step"], nulls_distinct=False, name="use_is_once_per_resource_day_and_step"
            )
        ]

    def __str__(self) -> str:
        return f"{self.views} on {self.day}"


class VoteQuerySet(models.QuerySet["Vote"]):
    def down(self) -> Self:
        return self.filter(worked=False)

    def on_current_version(self) -> Self:
        return self.filter(content_version=models.F("resource__content_version"))

    def with_all(self) -> Self:
        return self.select_related("resource__owner", "resource__verifier", "step__workflow", "voted_by")

    def of(self, account: Account) -> Self:
        return self.filter(voted_by=account)


class Vote(models.Model):
    """*Did this work?* One voice per person and version; the last word counts."""

    class Wrong(models.TextChoices):
        OUT_OF_DATE = "out_of_date", "It is out of date"
        INCOMPLETE = "incomplete", "A step is missing"
        NOT_MY_CASE = "not_my_case", "I could not find my case"

    id = models.BigAutoField(primary_key=True)
    resource = models.ForeignKey(Resource, models.CASCADE, related_name="votes")
    content_version = models.PositiveIntegerField()
    step = models.ForeignKey(Step, models.SET_NULL, null=True, blank=True, related_name="+")
    worked = models.BooleanField()
    # What went wrong, where it did not work and they said so.
    wrong = models.CharField(max_length=12, choices=Wrong, blank=True, default="", db_default="")
    comment = models.CharField(max_length=400, blank=True, default="", db_default="")
    voted_at = models.DateTimeField(db_default=models.functions.Now())
    voted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    objects = VoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "content_version", "voted_by"], name="vote_is_once_per_person_and_version"
            ),
            models.CheckConstraint(condition=Q(wrong="") | Q(worked=False), name="vote_says_what_went_wrong_if_it_did"),
        ]
        indexes = [models.Index(fields=["resource"], condition=Q(worked=False), name="vote_down")]

    def __str__(self) -> str:
        return "worked" if self.worked else "did not work"
