from workflows.actions.handoffs import add_handoff, change_handoff, restore_handoff, retire_handoff
from workflows.actions.outcomes import add_outcome, change_outcome, record_measurement, restore_outcome, retire_outcome
from workflows.actions.passing import pass_on_workflows
from workflows.actions.steps import add_step, change_step, move_step, restore_step, retire_step
from workflows.actions.workflows import add_workflow, change_workflow, restore_workflow, retire_workflow

__all__ = [
    "add_handoff",
    "add_outcome",
    "add_step",
    "add_workflow",
    "change_handoff",
    "change_outcome",
    "change_step",
    "change_workflow",
    "move_step",
    "pass_on_workflows",
    "record_measurement",
    "restore_handoff",
    "restore_outcome",
    "restore_step",
    "restore_workflow",
    "retire_handoff",
    "retire_outcome",
    "retire_step",
    "retire_workflow",
]
