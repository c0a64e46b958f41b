"""All that the page of one step shows, in a fixed number of queries, however much is placed there."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef

from base.rows import Part, Statement
from performance_support.models import Placement, Resource
from performance_support.queries.support import Help, help_at
from workflows.models import Handoff, Outcome, Step, Workflow
from workflows.models.step import StepQuerySet
from workflows.queries.line_of_sight import ENDS, WAYS, Leg, Pair
from workforce.models import Account, JobRole, JobTitle, Person

# What is done line by line at the step.
DONE_BY_LINES = {Resource.Kind.QUICK_STEPS, Resource.Kind.CHECKLIST}
# So many are named; the rest is counted.
NAMED = 3


class Waiting(NamedTuple):
    """Who performs the next step: the first few names, and how many there are."""

    names: list[str]
    people: int

    @property
    def more(self) -> int:
        return self.people - len(self.names)


class Stop(NamedTuple):
    """One step of the workflow. `role`: who performs it, "" where nobody does."""

    pk: UUID
    position: int
    name: str
    role: str


@dataclass
class Next:
    """A step that may begin once this one has handed on, what makes that acceptable, and who waits there."""

    handoff: Handoff
    waiting: Waiting

    @property
    def wanted(self) -> list[str]:
        """What must be there, one by one where the receiver put semicolons between."""
        return [part.strip() for part in self.handoff.accepted_when.split(";") if part.strip()]


@dataclass
class Ahead:
    outcome: Outcome
    onward: list[Next] = field(default_factory=list)


@dataclass(frozen=True)
class Voices:
    """What people said of the version in force. `mine`: whether it worked for this person; None: nothing said."""

    worked: int
    failed: int
    mine: bool | None


@dataclass
class Coached:
    """`steps`: the workflow in process order. `quick`: what is done line by line; `others`: everything else."""

    step: Step
    steps: list[Stop]
    quick: Help | None
    others: list[Help]
    ahead: list[Ahead]
    legs: list[Leg]
    voices: Voices | None

    @property
    def lit(self) -> set[UUID]:
        """The steps on the way from here to the final outcome."""
        return {self.step.pk, *(leg.step.pk for leg in self.legs)}

    @property
    def end(self) -> Outcome | None:
        return self.legs[-1].outcome if self.legs else None

    @property
    def between(self) -> list[Step]:
        """The steps that follow after the next one."""
        return [leg.step for leg in self.legs[2:]]


def coached(step: Step, *, by: Account, role: JobRole | None) -> Coached:
    """`role` leaves out what is for other job roles only."""
    helps = help_at(step, for_role=role)
    quick = next((help for help in helps if help.resource.kind in DONE_BY_LINES and help.resource.steps), None)
    return Coached(
        step,
        stops_of(step.workflow_id),
        quick,
        [help for help in helps if help is not quick],
        what_comes_next(step),
        way_on(step),
        voices_on(quick.resource, by) if quick else None,
    )


STOPS = Statement("""
SELECT step.id, step.position, step.name, coalesce(role.name, '')
FROM workflows_step step LEFT JOIN workforce_jobrole role ON role.id = step.performed_by_id
WHERE step.workflow_id = %(workflow)s::uuid AND step.retired_at IS NULL ORDER BY step.position
""")


def stops_of(workflow: UUID) -> list[Stop]:
    """Its steps in process order."""
    return [Stop(*row) for row in STOPS.rows(workflow=str(workflow))]


OUTCOME = Part(
    Outcome, "outcome", "id", "statement", "produced_by_id", "measure", "unit", "direction", "target", "current"
)
HANDOFF = Part(Handoff, "handoff", "id", "outcome_id", "to_step_id", "accepted_when", "share_complete_and_accurate")
TO_STEP = Part(Step, "to_step", "id", "workflow_id", "name", "performed_by_id", "position", "criticality")
ROLE = Part(JobRole, "role", "id", "name")
WORKFLOW = Part(Workflow, "workflow", "id", "name")
ONWARD = Statement(f"""
SELECT {OUTCOME.columns}, {HANDOFF.columns}, {TO_STEP.columns}, {ROLE.columns}, {WORKFLOW.columns},
    waiting.names, waiting.people
FROM workflows_outcome outcome
LEFT JOIN (
    workflows_handoff handoff
    JOIN workflows_step to_step ON to_step.id = handoff.to_step_id AND to_step.retired_at IS NULL
    JOIN workflows_workflow workflow ON workflow.id = to_step.workflow_id AND workflow.retired_at IS NULL
) ON handoff.outcome_id = outcome.id AND handoff.retired_at IS NULL AND %(is_live)s::boolean
LEFT JOIN workforce_jobrole role ON role.id = to_step.performed_by_id
CROSS JOIN LATERAL (
    SELECT count(*) AS people,
        (array_agg(person.display_name ORDER BY person.display_name, person.id))[1:%(named)s::int] AS names
    FROM workforce_person person JOIN workforce_jobtitle title ON title.id = person.job_title_id
    WHERE title.job_role_id = role.id AND person.status = ANY (%(here)s::text[])
) waiting
WHERE outcome.produced_by_id = %(step)s::uuid AND outcome.retired_at IS NULL
ORDER BY outcome.id, to_step.position, to_step.id
""")


def what_comes_next(step: Step) -> list[Ahead]:
    """Its outcomes, whom each lets begin, and who waits there."""
    facts: dict[str, Any] = {
        "step": str(step.pk),
        "is_live": not (step.is_retired or step.workflow.is_retired),
        "named": NAMED,
        "here": [*Person.Status.at_work()],
    }
    found: dict[UUID, Ahead] = {}
    for row in ONWARD.rows(**facts):
        values = iter(row)
        outcome: Outcome = OUTCOME.take(values)  # type: ignore[assignment] # always there
        ahead = found.setdefault(outcome.pk, Ahead(outcome))
        if handoff := HANDOFF.take(values):
            handoff.to_step = to_step = TO_STEP.take(values)  # type: ignore[assignment] # an inner join
            to_step.performed_by, to_step.workflow = ROLE.take(values), WORKFLOW.take(values)  # type: ignore[union-attr]
            ahead.onward.append(Next(handoff, Waiting(next(values) or [], next(values))))
    return list(found.values())


LEG = Part(Step, "step", "id", "workflow_id", "name", "position")
OWN = "outcome.produced_by_id = %(step)s::uuid AND outcome.retired_at IS NULL"
# From the step to each of its outcomes, and from there on to the end.
WANTED = f"""
    SELECT %(step)s::uuid, outcome.id FROM workflows_outcome outcome WHERE {OWN}
    UNION SELECT to_step_id, final_id FROM beyond
"""
LEGS = Statement(f"""
WITH RECURSIVE beyond AS ({ENDS.format(which=OWN)}), {WAYS.format(wanted=WANTED)}
SELECT from_step, to_outcome, beyond.to_step_id, beyond.final_id, {LEG.columns}, {OUTCOME.columns}
FROM way JOIN workflows_step step ON step.id = way.step_id JOIN workflows_outcome outcome ON outcome.id = way.outcome_id
LEFT JOIN beyond ON beyond.outcome_id = way.to_outcome AND way.from_step = %(step)s::uuid
ORDER BY from_step, to_outcome, distance
""")


def way_on(step: Step) -> list[Leg]:
    """From the step to the final outcome: the shortest way that ends in its own workflow, else the shortest.

    As `line_of_sight.sights` for all its outcomes, with no more of each leg than the page shows.
    """
    found: dict[Pair, list[Leg]] = {}
    beyond: dict[Pair, Pair] = {}
    for row in LEGS.rows(step=str(step.pk)):
        values = iter(row)
        here, onward = (next(values), next(values)), (next(values), next(values))
        leg = Leg(LEG.take(values), OUTCOME.take(values))  # type: ignore[arg-type] # inner joins
        leg.outcome.produced_by = leg.step
        found.setdefault(here, []).append(leg)
        beyond[here] = onward
    ways = [legs + found.get(beyond[here], []) for here, legs in found.items() if here[0] == step.pk]
    return min(ways, key=lambda legs: (legs[-1].step.workflow_id != step.workflow_id, len(legs)), default=[])


VOICES = Statement("""
SELECT count(*) FILTER (WHERE worked), count(*) FILTER (WHERE NOT worked),
    bool_or(worked) FILTER (WHERE voted_by_id = %(by)s::uuid)
FROM performance_support_vote WHERE resource_id = %(resource)s::uuid AND content_version = %(version)s::int
""")


def voices_on(resource: Resource, by: Account) -> Voices:
    facts = {"resource": str(resource.pk), "version": resource.content_version, "by": str(by.pk)}
    return Voices(*VOICES.rows(**facts)[0])


PERSON = Part(Person, "person", "id", "display_name", "status", "manager_id", "job_title_id")
TITLE = Part(JobTitle, "title", "id", "name", "job_role_id")
READER = Statement(f"""
SELECT {PERSON.columns}, {TITLE.columns}, {ROLE.columns} FROM workforce_person person
LEFT JOIN workforce_jobtitle title ON title.id = person.job_title_id
LEFT JOIN workforce_jobrole role ON role.id = title.job_role_id WHERE person.id = %(person)s::uuid
""")


def person_of(account: Account) -> Person | None:
    """Who reads, with what they work as; kept with the account."""
    if account.person_id is not None and not Account._meta.get_field("person").is_cached(account):
        values = iter(READER.rows(person=str(account.person_id))[0])
        account.person = person = PERSON.take(values)
        person.job_title = title = TITLE.take(values)  # type: ignore[union-attr] # its account leads to it
        if title:
            title.job_role = ROLE.take(values)
    return account.person


# --- the way to a step ------------------------------------------------------------------------


def with_help(steps: StepQuerySet) -> StepQuerySet:
    """Adds `has_quick`: there is something to follow line by line at the very step."""
    lines = Placement.objects.usable().filter(step=OuterRef("pk"), resource__kind__in=DONE_BY_LINES)
    return steps.select_related("workflow", "performed_by").annotate(has_quick=Exists(lines))


def steps_of_role(role: JobRole) -> list[Step]:
    """What a job role performs, workflow by workflow."""
    return list(with_help(Step.objects.live().performed_by(role)).order_by("workflow__name", "position"))


def steps_of_workflow(workflow: UUID) -> list[Step]:
    return list(with_help(Step.objects.live().filter(workflow=workflow)).order_by("position"))


def steps_called(pks: list[UUID]) -> list[Step]:
    """In the order in which they were found."""
    found = {step.pk: step for step in with_help(Step.objects.live().filter(pk__in=pks))}
    return [found[pk] for pk in pks if pk in found]
