"""Who did what to the work. See also: base.retention."""

from base.retention import actors, impersonal


def declare() -> None:
    actors("workflows.Workflow", "owner created_by retired_by")
    for model in ("workflows.Step", "workflows.Outcome", "workflows.Handoff"):
        actors(model, "retired_by")
    for model in ("workflows.StepFlag", "workflows.OutcomeFlag"):
        actors(model, "assigned_to snoozed_by")
        impersonal(model, "code snooze_reason")
    impersonal("workflows.Workflow", "name area purpose")
    impersonal("workflows.Step", "name")
    impersonal("workflows.Outcome", "statement beneficiary measure unit direction")
    impersonal("workflows.Handoff", "accepted_when")
    actors("workflows.Measurement", "recorded_by")
    impersonal("workflows.Measurement", "note")
