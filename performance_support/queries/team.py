"""Stale support at the steps that certain people perform."""

import datetime as dt
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from gaps.queries.reckoning import Whose
from performance_support.models import STALE_BECAUSE
from performance_support.queries.serving import SERVES

# So many are named; the desk has all.
NAMED = 50
STALE = f"""
SELECT resource.id, resource.title, resource.stale_since, resource.stale_because, step.id, step.name,
    workflow.name, step.criticality
FROM (SELECT DISTINCT resource_id, step_id FROM ({SERVES}) served) served
JOIN performance_support_resource resource ON resource.id = served.resource_id AND resource.state = 'stale'
JOIN workflows_step step ON step.id = served.step_id
JOIN workflows_workflow workflow ON workflow.id = step.workflow_id
WHERE step.performed_by_id IN (
    SELECT title.job_role_id FROM workforce_person person
    JOIN workforce_jobtitle title ON title.id = person.job_title_id
    WHERE {{whose}}
)
AND (%(workflow)s::uuid IS NULL OR step.workflow_id = %(workflow)s::uuid)
ORDER BY coalesce(step.criticality, 0) DESC, resource.stale_since, resource.id, step.id LIMIT %(limit)s
"""


class StaleThere(NamedTuple):
    """A resource that is no longer known to be right, at a step that it serves."""

    resource: UUID
    title: str
    since: dt.datetime
    because: list[str]
    step: UUID
    step_name: str
    workflow_name: str
    # None where nobody rated the step.
    criticality: int | None

    @property
    def reasons(self) -> list[str]:
        return [words for code, words in STALE_BECAUSE.items() if code in self.because]


def stale_at_steps_of(whose: Whose, *, workflow: UUID | None = None) -> list[StaleThere]:
    """At the most critical steps first. One query."""
    values = {**whose.values(), "workflow": workflow and str(workflow), "limit": NAMED}
    with connection.cursor() as cursor:
        cursor.execute(STALE.format(whose=whose.where()), values)
        return [StaleThere(*row) for row in cursor.fetchall()]
