"""What the rules found wrong with steps and outcomes."""

from django.db import models

from base.models import Flag, FlagQuerySet
from workflows.models.outcome import Outcome
from workflows.models.step import Step


class StepFlagQuerySet(FlagQuerySet["StepFlag"]):
    pass


class StepFlag(Flag):
    about = models.ForeignKey(Step, models.CASCADE, related_name="flags")

    objects = StepFlagQuerySet.as_manager()


class OutcomeFlagQuerySet(FlagQuerySet["OutcomeFlag"]):
    pass


class OutcomeFlag(Flag):
    about = models.ForeignKey(Outcome, models.CASCADE, related_name="flags")

    objects = OutcomeFlagQuerySet.as_manager()
