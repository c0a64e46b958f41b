"""Which outcomes lie downstream of which steps. Derived; only `queries.line_of_sight` writes it."""

from django.db import models

from workflows.models.outcome import Outcome
from workflows.models.step import Step


class LineOfSight(models.Model):
    """`distance` counts the handoffs between the step and the outcome; 0: the step produces it."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="line_of_sight")
    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="lineofsight")
    distance = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["step", "outcome"], name="lineofsight_is_once_per_step_and_outcome")
        ]

    def __str__(self) -> str:
        return f"{self.step_id} → {self.outcome_id} ({self.distance})"
