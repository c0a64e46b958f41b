"""One task: a verb and an object, a definite beginning and end, performed by one job role, with a result."""

from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Deferrable, F, Q
from django.urls import reverse

from base.models import Retirable, RetirableQuerySet, both_or_neither, is_between, says_something
from workflows.models.workflow import Workflow
from workforce.models import Account, JobRole

CRITICALITY: dict[str, Any] = {"min_value": 1, "max_value": 7}
DIFFICULTY: dict[str, Any] = {"min_value": 1, "max_value": 3}
FREQUENCY: dict[str, Any] = {"min_value": 1, "max_value": 7}


class StepQuerySet(RetirableQuerySet["Step"]):
    def live(self) -> Self:
        """Active steps of active workflows."""
        return self.filter(retired_at=None, workflow__retired_at=None)

    def performed_by(self, job_role: JobRole) -> Self:
        return self.filter(performed_by=job_role)

    def revised_since_rating(self) -> Self:
        """See also: Step.was_revised_since_rating."""
        return self.filter(rated_revision__lt=F("revision"))

    def owned_by(self, account: Account) -> Self:
        """In a workflow that this person answers for."""
        return self.filter(workflow__owner=account)

    def in_process_order(self) -> Self:
        return self.order_by("position")


class Step(Retirable):
    workflow = models.ForeignKey(Workflow, models.CASCADE, related_name="steps")
    name = models.CharField(max_length=160)
    performed_by = models.ForeignKey(JobRole, models.PROTECT, null=True, blank=True, related_name="steps")
    position = models.PositiveIntegerField()
    # Impact of failure, 1 to 7; see base.marks.CRITICALITY for the anchors.
    criticality = models.PositiveSmallIntegerField(null=True, blank=True)
    difficulty = models.PositiveSmallIntegerField(null=True, blank=True)
    frequency = models.PositiveSmallIntegerField(null=True, blank=True)
    # Counts changes to what the step is (its name or role): evidence, ratings and support refer to it.
    revision = models.PositiveIntegerField(default=1, editable=False)
    revised_at = models.DateTimeField(auto_now_add=True)
    # The revision that people had before them when they rated the criticality.
    rated_revision = models.PositiveIntegerField(null=True, editable=False)

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["workflow", "position"]
        constraints = [
            # Checked at commit, so that two steps may swap places in one transaction. A unique constraint cannot both
            # be deferred and leave out the retired, which keep the position they had.
            ExclusionConstraint(
                name="step_has_its_own_position",
                expressions=[("workflow", RangeOperators.EQUAL), ("position", RangeOperators.EQUAL)],
                condition=Q(retired_at=None),
                deferrable=Deferrable.DEFERRED,
                violation_error_message="Another step already has this position.",
            ),
            says_something("name"),
            is_between("criticality", 1, 7),
            is_between("difficulty", 1, 3),
            is_between("frequency", 1, 7),
            both_or_neither("criticality", "rated_revision"),
            both_or_neither("retired_at", "retired_by"),
        ]
        indexes = [GinIndex(SearchVector("name", config="simple"), name="step_words")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('workflow_show', args=[self.workflow_id])}?step={self.pk}#step-{self.pk}"

    @property
    def verb(self) -> str:
        """“Prepare” of “Prepare the account”."""
        return self.name.partition(" ")[0]

    @property
    def object(self) -> str:
        """“the account” of “Prepare the account”."""
        return self.name.partition(" ")[2]

    @property
    def was_revised_since_rating(self) -> bool:
        return self.rated_revision is not None and self.rated_revision < self.revision
