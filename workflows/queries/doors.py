"""What every page about a step asks first."""

from uuid import UUID

from base.rows import Part, Statement
from workflows.models import Step, Workflow
from workforce.models import Account, JobRole

STEP, WORKFLOW, OWNER, ROLE = (
    Part(Step, "step"),
    Part(Workflow, "workflow"),
    Part(Account, "owner"),
    Part(JobRole, "role"),
)
FOUND = Statement(f"""
SELECT {STEP.columns}, {WORKFLOW.columns}, {OWNER.columns}, {ROLE.columns}
FROM workflows_step step JOIN workflows_workflow workflow ON workflow.id = step.workflow_id
JOIN workforce_account owner ON owner.id = workflow.owner_id
LEFT JOIN workforce_jobrole role ON role.id = step.performed_by_id
WHERE step.id = %(step)s::uuid
""")


def step_with_its_work(pk: UUID) -> Step | None:
    """With its workflow, who answers for that, and who performs it."""
    for row in FOUND.rows(step=str(pk)):
        values = iter(row)
        step: Step = STEP.take(values)  # type: ignore[assignment] # always there
        step.workflow = workflow = WORKFLOW.take(values)  # type: ignore[assignment] # an inner join
        workflow.owner = OWNER.take(values)  # type: ignore[union-attr]
        step.performed_by = ROLE.take(values)
        return step
    return None
