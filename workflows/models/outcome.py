"""What a step produces for somebody, and whom it lets begin."""

from collections.abc import Collection
from typing import Self
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from base.models import Retirable, RetirableQuerySet, both_or_neither, is_between, says_something
from workflows.models.step import Step
from workforce.models import JobRole


class OutcomeQuerySet(RetirableQuerySet["Outcome"]):
    def live(self) -> Self:
        """Active outcomes of active steps of active workflows."""
        return self.filter(retired_at=None, produced_by__retired_at=None, produced_by__workflow__retired_at=None)

    def measured(self) -> Self:
        """With a measure and somebody who benefits. See also: Outcome.is_measured."""
        return self.exclude(measure="").with_beneficiary()

    def with_beneficiary(self) -> Self:
        return self.exclude(beneficiary_role=None, beneficiary="")

    def downstream_of(self, step: Step) -> Self:
        """Nearest first; adds `distance`, the handoffs between."""
        return (
            self.filter(lineofsight__step=step)
            .annotate(distance=F("lineofsight__distance"))
            .order_by("distance", "statement")
        )

    def of_steps(self, steps: Collection[UUID]) -> Self:
        """What these steps produce."""
        return self.filter(produced_by__in=steps).order_by("statement", "pk")

    def with_receivers(self) -> Self:
        """Each with `received`: the live handoffs, with the steps that begin with them and who performs those."""
        handoffs = Handoff.objects.live().select_related("to_step__workflow", "to_step__performed_by")
        received = models.Prefetch("handoffs", handoffs.order_by("to_step__position", "pk"), to_attr="received")
        return self.select_related("beneficiary_role").prefetch_related(received)

    def final(self) -> Self:
        """Lets no further step begin: where a line of sight ends."""
        return self.with_leads_on().filter(leads_on=False)

    def with_leads_on(self) -> Self:
        """Adds `leads_on`: it lets a further step begin. See also: final."""
        return self.annotate(leads_on=Exists(Handoff.objects.live().filter(outcome=OuterRef("pk"))))


class Outcome(Retirable):
    """The measured state for a beneficiary that a step produces."""

    class Direction(models.TextChoices):
        DOWN = "down", "Less is better"
        UP = "up", "More is better"

    produced_by = models.ForeignKey(Step, models.CASCADE, related_name="outcomes")
    statement = models.CharField(max_length=300)
    # Either a job role inside, or a party outside in words: "the customer".
    beneficiary_role = models.ForeignKey(JobRole, models.PROTECT, null=True, blank=True, related_name="+")
    beneficiary = models.CharField(max_length=160, blank=True, default="")
    # What is counted, such as "working days from request to first order".
    measure = models.CharField(max_length=200, blank=True, default="")
    unit = models.CharField(max_length=40, blank=True, default="")
    direction = models.CharField(max_length=4, choices=Direction, blank=True, default="")
    baseline = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    target = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    current = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    due = models.DateField(null=True, blank=True)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        constraints = [
            says_something("statement"),
            both_or_neither("retired_at", "retired_by"),
            models.CheckConstraint(
                condition=Q(beneficiary="") | Q(beneficiary_role=None),
                name="outcome_has_one_kind_of_beneficiary",
                violation_error_message="Name a job role or an outside party, not both.",
            ),
            models.CheckConstraint(
                condition=~Q(measure="") | Q(baseline=None, target=None, current=None),
                name="outcome_figures_need_a_measure",
                violation_error_message="Say what is measured before giving its figures.",
            ),
        ]
        indexes = [GinIndex(SearchVector("statement", config="simple"), name="outcome_words")]

    def __str__(self) -> str:
        return self.statement

    def get_absolute_url(self) -> str:
        return f"{reverse('workflow_show', args=[self.produced_by.workflow_id])}?outcome={self.pk}#outcome-{self.pk}"

    @property
    def beneficiary_name(self) -> str:
        return self.beneficiary_role.name if self.beneficiary_role else self.beneficiary

    @property
    def is_measured(self) -> bool:
        return bool(self.measure and (self.beneficiary_role_id or self.beneficiary))


class HandoffQuerySet(RetirableQuerySet["Handoff"]):
    def live(self) -> Self:
        """Between active outcomes and active steps of active workflows."""
        return self.filter(
            retired_at=None,
            outcome__retired_at=None,
            outcome__produced_by__retired_at=None,
            outcome__produced_by__workflow__retired_at=None,
            to_step__retired_at=None,
            to_step__workflow__retired_at=None,
        )


class Handoff(Retirable):
    """An outcome that lets another step begin. It never leads back to its own step (trigger `handoff_leads_onward`)."""

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="handoffs")
    to_step = models.ForeignKey(Step, models.CASCADE, related_name="handoffs_in")
    accepted_when = models.CharField(max_length=300, blank=True, default="")
    # Percent of what is received complete and accurate, as the receiver says.
    share_complete_and_accurate = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = HandoffQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["outcome", "to_step"],
                name="handoff_is_once_per_outcome_and_step",
                violation_error_message="This outcome is handed to that step already.",
            ),
            is_between("share_complete_and_accurate", 0, 100),
            both_or_neither("retired_at", "retired_by"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} → {self.to_step}"
