from workflows.forms.handoffs import HandoffForm, NewHandoffForm
from workflows.forms.outcomes import OutcomeForm
from workflows.forms.steps import MoveForm, NewStepForm, StepForm
from workflows.forms.workflows import WorkflowForm

__all__ = [
    "HandoffForm",
    "MoveForm",
    "NewHandoffForm",
    "NewStepForm",
    "OutcomeForm",
    "StepForm",
    "WorkflowForm",
]
