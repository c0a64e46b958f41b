from workflows.models.flags import OutcomeFlag, StepFlag
from workflows.models.line_of_sight import LineOfSight
from workflows.models.measurement import Measurement
from workflows.models.outcome import Handoff, Outcome
from workflows.models.step import CRITICALITY, DIFFICULTY, FREQUENCY, Step
from workflows.models.workflow import Workflow

__all__ = [
    "CRITICALITY",
    "DIFFICULTY",
    "FREQUENCY",
    "Handoff",
    "LineOfSight",
    "Measurement",
    "Outcome",
    "OutcomeFlag",
    "Step",
    "StepFlag",
    "Workflow",
]
