"""One workflow with everything in it, read at once: five queries, whatever its size."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from workflows.models import Outcome, Step, Workflow
from workforce.models import Person


@dataclass(slots=True)
class Handed:
    """A handoff between active work, with the names of both ends: either may lie in another workflow."""

    pk: UUID
    version: int
    accepted_when: str
    share: int | None
    retired_at: dt.datetime | None
    outcome_id: UUID
    outcome: str
    from_step_id: UUID
    from_workflow_id: UUID
    from_workflow: str
    to_step_id: UUID
    to_step: str
    to_workflow_id: UUID
    to_workflow: str

    def __str__(self) -> str:
        return f"{self.outcome} → {self.to_step}"


@dataclass
class Produced:
    """An outcome with a number of its own, whom it lets begin, and the codes of its open flags."""

    outcome: Outcome
    step: Step
    number: int
    handoffs: list[Handed] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)

    @property
    def is_final(self) -> bool:
        return not self.handoffs

    @property
    def share(self) -> int | None:
        """Percent received complete and accurate, as the least content receiver says."""
        shares = [h.share for h in self.handoffs if h.share is not None]
        return min(shares, default=None)


@dataclass
class Performed:
    """A step, its number among the active ones, what it produces, what lets it begin, its open flags."""

    step: Step
    number: int
    outcomes: list[Produced] = field(default_factory=list)
    waits_for: list[Handed] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)


class Role(NamedTuple):
    """A job role, and how many active people hold it."""

    name: str
    people: int


@dataclass
class Whole:
    """`steps` in process order; `retired` with their nouns; `roles` are those that perform a step or benefit."""

    workflow: Workflow
    steps: list[Performed]
    outcomes: dict[UUID, Produced]
    retired: list[tuple[str, Step | Outcome | Handed]]
    roles: dict[UUID, Role]

    def __post_init__(self) -> None:
        self.by_step = {performed.step.pk: performed for performed in self.steps}

    @property
    def end(self) -> Produced | None:
        """The outcome the workflow is there for: the final one of its last step, measured before unmeasured."""
        finals = [produced for performed in self.steps for produced in performed.outcomes if produced.is_final]
        return max(finals, key=lambda p: (p.outcome.is_measured, self.by_step[p.step.pk].number), default=None)


def whole(workflow: Workflow) -> Whole:
    """Everything in a workflow, active work linked up, retired work aside."""
    every_step = list(workflow.steps.in_process_order())
    steps = [Performed(step, number) for number, step in enumerate((s for s in every_step if not s.is_retired), 1)]
    by_step = {performed.step.pk: performed for performed in steps}
    every_outcome = outcomes_of(every_step)
    outcomes = {
        o.pk: Produced(o, by_step[o.produced_by_id].step, number)
        for number, o in enumerate(every_outcome)
        if not o.is_retired and o.produced_by_id in by_step
    }
    for produced in outcomes.values():
        by_step[produced.step.pk].outcomes.append(produced)
    handoffs = handoffs_between(outcomes, by_step)
    for handoff in handoffs:
        if handoff.retired_at:
            continue
        if handoff.outcome_id in outcomes:
            outcomes[handoff.outcome_id].handoffs.append(handoff)
        if handoff.to_step_id in by_step:
            by_step[handoff.to_step_id].waits_for.append(handoff)
    _add_flags(by_step, outcomes)
    return Whole(
        workflow=workflow,
        steps=steps,
        outcomes=outcomes,
        retired=[
            *(("step", step) for step in every_step if step.is_retired),
            *(("outcome", o) for o in every_outcome if o.is_retired and o.produced_by_id in by_step),
            *(("handoff", h) for h in handoffs if h.retired_at and h.outcome_id in outcomes),
        ],
        roles=roles_of(by_step.values(), outcomes.values()),
    )


def outcomes_of(steps: Collection[Step]) -> list[Outcome]:
    """Also the retired ones; each knows its step without another query."""
    by_pk = {step.pk: step for step in steps}
    outcomes = list(Outcome.objects.filter(produced_by__in=by_pk).order_by("statement", "pk"))
    for outcome in outcomes:
        outcome.produced_by = by_pk[outcome.produced_by_id]
    return outcomes


# By hand: as objects with their steps and workflows, the handoffs would cost more than everything else here.
HANDED = """
SELECT handoff.id, handoff.version, handoff.accepted_when, handoff.share_complete_and_accurate, handoff.retired_at,
    outcome.id, outcome.statement, giver.id, giver_in.id, giver_in.name,
    receiver.id, receiver.name, receiver_in.id, receiver_in.name
FROM workflows_handoff handoff
JOIN workflows_outcome outcome ON outcome.id = handoff.outcome_id AND outcome.retired_at IS NULL
JOIN workflows_step giver ON giver.id = outcome.produced_by_id AND giver.retired_at IS NULL
JOIN workflows_workflow giver_in ON giver_in.id = giver.workflow_id AND giver_in.retired_at IS NULL
JOIN workflows_step receiver ON receiver.id = handoff.to_step_id AND receiver.retired_at IS NULL
JOIN workflows_workflow receiver_in ON receiver_in.id = receiver.workflow_id AND receiver_in.retired_at IS NULL
WHERE handoff.outcome_id = ANY (%(outcomes)s::uuid[]) OR handoff.to_step_id = ANY (%(steps)s::uuid[])
ORDER BY receiver.position, handoff.id
"""


def handoffs_between(outcomes: Collection[UUID], steps: Collection[UUID]) -> list[Handed]:
    """Out of these outcomes or into these steps, between work in use; the retired ones too."""
    with connection.cursor() as cursor:
        cursor.execute(HANDED, {"outcomes": [str(pk) for pk in outcomes], "steps": [str(pk) for pk in steps]})
        return [Handed(*row) for row in cursor.fetchall()]


FLAGGED = """
SELECT about_id, code::text FROM workflows_stepflag WHERE cleared_at IS NULL AND about_id = ANY (%(steps)s::uuid[])
UNION ALL
SELECT about_id, code::text FROM workflows_outcomeflag
WHERE cleared_at IS NULL AND about_id = ANY (%(outcomes)s::uuid[])
ORDER BY 2
"""


def _add_flags(steps: dict[UUID, Performed], outcomes: dict[UUID, Produced]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FLAGGED, {"steps": [str(pk) for pk in steps], "outcomes": [str(pk) for pk in outcomes]})
        for about, code in cursor.fetchall():
            (steps.get(about) or outcomes[about]).flags.append(code)


ROLES = """
SELECT role.id, role.name, (
    SELECT count(*) FROM workforce_person person JOIN workforce_jobtitle title ON title.id = person.job_title_id
    WHERE title.job_role_id = role.id AND person.status = ANY (%(states)s)
)
FROM workforce_jobrole role WHERE role.id = ANY (%(roles)s::uuid[])
"""


def roles_of(steps: Collection[Performed], outcomes: Collection[Produced]) -> dict[UUID, Role]:
    """{job role: its name and its active people} of those who perform or benefit. See also: PersonQuerySet.active."""
    performing = {str(p.step.performed_by_id) for p in steps if p.step.performed_by_id}
    roles = performing | {str(p.outcome.beneficiary_role_id) for p in outcomes if p.outcome.beneficiary_role_id}
    states = [Person.Status.ACTIVE.value, Person.Status.LEAVE.value]
    with connection.cursor() as cursor:
        cursor.execute(ROLES, {"roles": list(roles), "states": states})
        return {pk: Role(name, people) for pk, name, people in cursor.fetchall()}
