"""Of the steps that certain people perform: where support is stale or missing; and what their programmes lack."""

import datetime as dt
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from gaps.looking import Look
from gaps.queries.reckoning import Whose
from performance_support.models import STALE_BECAUSE, Programme
from performance_support.queries.environment import facts
from performance_support.queries.serving import SERVES

# So many are named; the desk has all.
NAMED = 50
FEW = 5
# Roles are few beside the people in them.
THEIR_STEPS = """step.performed_by_id IN (
    SELECT title.job_role_id FROM workforce_person person
    JOIN workforce_jobtitle title ON title.id = person.job_title_id
    WHERE {whose}
)
AND (%(workflow)s::uuid IS NULL OR step.workflow_id = %(workflow)s::uuid)"""
STALE = f"""
SELECT resource.id, resource.title, resource.stale_since, resource.stale_because, step.id, step.name,
    workflow.name, step.criticality
FROM (SELECT DISTINCT resource_id, step_id FROM ({SERVES}) served) served
JOIN performance_support_resource resource ON resource.id = served.resource_id AND resource.state = 'stale'
JOIN workflows_step step ON step.id = served.step_id
JOIN workflows_workflow workflow ON workflow.id = step.workflow_id
WHERE {THEIR_STEPS}
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


HELPLESS = f"""
SELECT step.id, step.name, workflow.name, step.criticality, count(*) OVER ()
FROM workflows_step step
JOIN workflows_workflow workflow ON workflow.id = step.workflow_id AND workflow.retired_at IS NULL
WHERE step.retired_at IS NULL AND {THEIR_STEPS} AND step.id NOT IN (
    SELECT served.step_id FROM ({SERVES}) served
    JOIN performance_support_resource resource ON resource.id = served.resource_id
    WHERE resource.state IN ('verified', 'stale')
)
ORDER BY coalesce(step.criticality, 0) DESC, workflow.name, step.position, step.id LIMIT %(limit)s
"""


class Helpless(NamedTuple):
    """A step at which nothing helps; `of`: how many such steps there are, named or not."""

    step: UUID
    step_name: str
    workflow_name: str
    criticality: int | None
    of: int


def helpless_steps_of(whose: Whose, *, workflow: UUID | None = None) -> list[Helpless]:
    """The most critical few. One query."""
    values = {**whose.values(), "workflow": workflow and str(workflow), "limit": FEW}
    with connection.cursor() as cursor:
        cursor.execute(HELPLESS.format(whose=whose.where()), values)
        return [Helpless(*row) for row in cursor.fetchall()]


class Lacking(NamedTuple):
    """What does not surround a programme, for one team and workflow."""

    programme: UUID
    name: str
    place: str
    titles: list[str]


def lacking_around(look: Look) -> list[Lacking]:
    """Of the programmes that are watched now and in which the own people take part; nothing where nobody is named."""
    if look.people is None:
        return []
    names = dict(Programme.objects.watched_now().with_people_among(look.people).values_list("pk", "name"))
    found: dict[tuple[UUID, str], list[str]] = {}
    for each in facts(list(names), people=look.people) if names else []:
        if not each.holds and look.team in {None, each.team} and look.workflow in {None, each.workflow}:
            found.setdefault((each.programme, each.place), []).append(each.title)
    return [Lacking(pk, names[pk], place, titles) for (pk, place), titles in found.items()]


def stale_at_steps_of(whose: Whose, *, workflow: UUID | None = None) -> list[StaleThere]:
    """At the most critical steps first. One query."""
    values = {**whose.values(), "workflow": workflow and str(workflow), "limit": NAMED}
    with connection.cursor() as cursor:
        cursor.execute(STALE.format(whose=whose.where()), values)
        return [StaleThere(*row) for row in cursor.fetchall()]
