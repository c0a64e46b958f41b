"""Which steps a resource serves: those it is placed at, those that need its skill, those that produce its outcome."""

# (resource_id, step_id, placement_id), active work only; a pair may come more than once.
SERVES = """
SELECT placed.resource_id, placed.step_id, placed.placement_id FROM (
    SELECT placement.resource_id, placement.step_id, placement.id AS placement_id
    FROM performance_support_placement placement WHERE placement.step_id IS NOT NULL
    UNION ALL
    SELECT placement.resource_id, context.step_id, placement.id
    FROM performance_support_placement placement JOIN skills_context context ON context.skill_id = placement.skill_id
    UNION ALL
    SELECT placement.resource_id, outcome.produced_by_id, placement.id
    FROM performance_support_placement placement JOIN workflows_outcome outcome ON outcome.id = placement.outcome_id
    WHERE outcome.retired_at IS NULL
) placed
JOIN workflows_step step ON step.id = placed.step_id AND step.retired_at IS NULL
JOIN workflows_workflow workflow ON workflow.id = step.workflow_id AND workflow.retired_at IS NULL
"""
