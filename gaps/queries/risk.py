"""Which outcomes are in danger, at which step; and what a change would make of it before anybody makes it."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from base.rows import answers
from gaps.arithmetic import Cover, Link, chain_cover, weakest_link
from gaps.queries.cover import AS_IT_IS, Change, Someone, StepCover, Wanted, cover
from gaps.queries.reckoning import EVERYBODY, FEW, Whose


class OutcomeRisk(NamedTuple):
    """An outcome and the steps upstream of it: the steps from which it is downstream (`LineOfSight`)."""

    outcome: UUID
    statement: str
    beneficiary: str
    measure: str
    unit: str
    baseline: Any
    current: Any
    target: Any
    produced_by: UUID
    workflow: UUID
    workflow_name: str
    area: str
    # Where somebody knows what the step takes; in the order of the process.
    links: list[StepCover]
    # Upstream as well, but without a skill placed there: not in the chain, because nobody can tell.
    unmapped: int
    chain: Fraction
    # None where every link is covered.
    weakest: StepCover | None

    @property
    def risk(self) -> Fraction:
        """Of the weakest link: criticality ÷ 7 · (1 − c)."""
        return self.weakest.link.risk if self.weakest else Fraction(0)

    @property
    def is_at_risk(self) -> bool:
        return self.weakest is not None


def outcomes_at_risk(
    whose: Whose = EVERYBODY, *, workflow: UUID | None = None, given: Change = AS_IT_IS, as_of: dt.date | None = None
) -> list[OutcomeRisk]:
    """Those with a hole in their chain, worst first."""
    covers = cover(Wanted(whose), given=given, as_of=as_of)
    return [each for each in risks(covers, workflow=workflow, as_of=as_of) if each.is_at_risk]


def risks(
    covers: Iterable[StepCover],
    *,
    workflow: UUID | None = None,
    outcomes: Collection[UUID] | None = None,
    as_of: dt.date | None = None,
) -> list[OutcomeRisk]:
    """Every outcome that these steps lead to, worst first. One query, whatever their number."""
    by_step = {each.step: each for each in covers}
    # Reckoned once for each step, not for each outcome that it leads to.
    links = {step: each.link for step, each in by_step.items() if each.state is not Cover.UNMAPPED}
    asked = ["sight.step_id = ANY (%(steps)s::uuid[])"]
    if outcomes is not None:
        asked.append("outcome.id = ANY (%(outcomes)s::uuid[])")
    if workflow:
        asked.append("workflow.id = %(workflow)s")
    values = {
        "steps": [str(step) for step in by_step],
        "outcomes": [str(pk) for pk in outcomes or ()],
        "workflow": workflow and str(workflow),
        "as_of": as_of,
    }
    query = DOWNSTREAM.format(asked=" AND ".join(asked), current=MEASURED_THEN if as_of else "outcome.current")
    rows = answers(query, values, keep=len(by_step) <= FEW and not as_of)
    found = [risk_of(row, by_step, links) for row in rows]
    return sorted(found, key=lambda one: (-one.risk, one.chain, one.statement, str(one.outcome)))


# The outcomes, each with those of the steps from which it is downstream, in the order of the process.
DOWNSTREAM = """
SELECT outcome.id, outcome.statement, coalesce(role.name, outcome.beneficiary), outcome.measure, outcome.unit,
    outcome.baseline, {current}, outcome.target, producer.id, workflow.id, workflow.name,
    workflow.area, array_agg(sight.step_id ORDER BY sight.distance DESC, step.position, step.id)
FROM workflows_lineofsight sight
JOIN workflows_step step ON step.id = sight.step_id
JOIN workflows_outcome outcome ON outcome.id = sight.outcome_id
JOIN workflows_step producer ON producer.id = outcome.produced_by_id
JOIN workflows_workflow workflow ON workflow.id = producer.workflow_id
LEFT JOIN workforce_jobrole role ON role.id = outcome.beneficiary_role_id
WHERE {asked}
GROUP BY outcome.id, producer.id, workflow.id, role.id
"""
MEASURED_THEN = """(
    SELECT value FROM workflows_measurement measured
    WHERE measured.outcome_id = outcome.id AND measured.measured_on <= %(as_of)s ORDER BY measured_on DESC LIMIT 1
)"""


def risk_of(row: tuple[Any, ...], by_step: Mapping[UUID, StepCover], links: Mapping[UUID, Link]) -> OutcomeRisk:
    *facts, upstream = row
    chain = [by_step[step] for step in upstream if step in links]
    known = [links[each.step] for each in chain]
    worst = weakest_link(known)
    weakest = next((each for each in chain if worst and each.step == worst.step), None)
    return OutcomeRisk._make([*facts, chain, len(upstream) - len(chain), chain_cover(known), weakest])


# --- what if ----------------------------------------------------------------------------------


class StepMoved(NamedTuple):
    before: StepCover
    after: StepCover


class OutcomeMoved(NamedTuple):
    before: OutcomeRisk
    after: OutcomeRisk


class WhatIf(NamedTuple):
    """What a change would move; most critical steps and worst outcomes first."""

    steps: list[StepMoved]
    outcomes: list[OutcomeMoved]


def what_if(given: Change, *, whose: Whose = EVERYBODY, as_of: dt.date | None = None) -> WhatIf:
    """The same figures before and after, with the change laid over what is: nothing is written."""
    wanted = Wanted(whose, steps=steps_concerned(given, whose))
    before = cover(wanted, as_of=as_of)
    after = cover(wanted, given=given, as_of=as_of)
    return WhatIf(steps_moved(before, after), outcomes_moved(before, after))


# The steps of the roles that the people concerned have or would have, and whatever is in one chain with them.
CONCERNED = """
WITH role AS (
    SELECT title.job_role_id AS id FROM workforce_person person
    JOIN workforce_jobtitle title ON title.id = person.job_title_id WHERE person.id = ANY (%(concerned)s::uuid[])
    UNION SELECT unnest(%(moved_to)s::uuid[])
),
held AS (
    SELECT title.job_role_id AS id FROM workforce_person person
    JOIN workforce_jobtitle title ON title.id = person.job_title_id WHERE {where}
    UNION SELECT id FROM role
),
touched AS (
    SELECT step.id FROM workflows_step step JOIN role ON role.id = step.performed_by_id WHERE step.retired_at IS NULL
)
SELECT id FROM touched
UNION
SELECT other.step_id FROM touched
JOIN workflows_lineofsight sight ON sight.step_id = touched.id
JOIN workflows_lineofsight other ON other.outcome_id = sight.outcome_id
JOIN workflows_step step ON step.id = other.step_id
WHERE {everybody} OR step.performed_by_id IN (SELECT id FROM held)
"""


def steps_concerned(given: Change, whose: Whose) -> list[UUID]:
    query = CONCERNED.format(where=whose.where(), everybody="TRUE" if whose == EVERYBODY else "FALSE")
    people = {"concerned": [str(pk) for pk in given.people]}
    with connection.cursor() as cursor:
        cursor.execute(query, {**whose.values(), **given.values(), **people})
        return [row[0] for row in cursor.fetchall()]


def steps_moved(before: list[StepCover], after: list[StepCover]) -> list[StepMoved]:
    pairs = (StepMoved(*pair) for pair in zip(before, after, strict=True))
    moved = [each for each in pairs if who_can(each.before) != who_can(each.after)]
    return sorted(moved, key=lambda each: -each.before.criticality)


def who_can(step: StepCover) -> tuple[int, list[Someone]]:
    return step.people, step.leaving


def outcomes_moved(before: list[StepCover], after: list[StepCover]) -> list[OutcomeMoved]:
    then = {each.outcome: each for each in risks(after)}
    moved = [OutcomeMoved(each, then[each.outcome]) for each in risks(before) if each.outcome in then]
    return [each for each in moved if (each.before.chain, each.before.risk) != (each.after.chain, each.after.risk)]
