"""All that the page of one step shows, in a fixed number of queries, however much is placed there."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from performance_support.models import Placement, Resource, Vote
from performance_support.queries.support import Help, help_at
from workflows.models import Handoff, Outcome, Step
from workflows.models.step import StepQuerySet
from workflows.queries.line_of_sight import Leg, sights
from workforce.models import Account, JobRole, Person

# What is done line by line at the step.
DONE_BY_LINES = {Resource.Kind.QUICK_STEPS, Resource.Kind.CHECKLIST}
# So many are named; the rest is counted.
NAMED = 3
# Observed, accepted by the receiver, certified, or the word of a manager or a peer; nobody's own view.
TRUSTED = 50
FULL_STANDARD = 3


class Waiting(NamedTuple):
    """Who performs the next step: the first few names, and how many there are."""

    names: list[str]
    people: int

    @property
    def more(self) -> int:
        return self.people - len(self.names)


class Peer(NamedTuple):
    """Somebody who meets every skill of the step to the full standard."""

    person: UUID
    name: str
    email: str
    level: int


@dataclass
class Next:
    """A step that may begin once this one has handed on, what makes that acceptable, and who waits there."""

    handoff: Handoff
    waiting: Waiting

    @property
    def wanted(self) -> list[str]:
        """What must be there, one by one."""
        words = self.handoff.accepted_when.replace(" and ", ", ")
        return [part.strip() for part in words.split(",") if part.strip()]


@dataclass
class Ahead:
    outcome: Outcome
    onward: list[Next] = field(default_factory=list)


@dataclass(frozen=True)
class Voices:
    """What people said of the version in force. `mine`: what this person said, None where nothing."""

    worked: int
    failed: int
    mine: Vote | None


@dataclass
class Coached:
    """`steps`: the workflow in process order. `quick`: what is done line by line; `others`: everything else."""

    step: Step
    steps: list[Step]
    quick: Help | None
    others: list[Help]
    ahead: list[Ahead]
    legs: list[Leg]
    voices: Voices | None
    peers: list[Peer]

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
    ahead = what_comes_next(step)
    return Coached(
        step,
        list(step.workflow.steps.active().in_process_order().select_related("performed_by")),
        quick,
        [help for help in helps if help is not quick],
        ahead,
        way_on(step, ahead),
        voices_on(quick.resource, by) if quick else None,
        peers_at(step, without=by.person_id),
    )


def what_comes_next(step: Step) -> list[Ahead]:
    """Its outcomes, whom each lets begin, and who waits there; three queries."""
    onward = Handoff.objects.live().select_related("to_step__performed_by", "to_step__workflow")
    outcomes = step.outcomes.active().select_related("beneficiary_role").order_by("pk")
    found = list(
        outcomes.prefetch_related(Prefetch("handoffs", onward.order_by("to_step__position"), to_attr="onward"))
    )
    roles = {handoff.to_step.performed_by_id for outcome in found for handoff in onward_of(outcome)}
    waiting = people_in({role for role in roles if role})
    return [
        Ahead(
            outcome,
            [
                Next(handoff, waiting.get(handoff.to_step.performed_by_id, Waiting([], 0)))  # type: ignore[arg-type]
                for handoff in onward_of(outcome)
            ],
        )
        for outcome in found
    ]


def onward_of(outcome: Outcome) -> list[Handoff]:
    return outcome.onward  # type: ignore[attr-defined, no-any-return] # prefetched


PERFORMERS = """
SELECT title.job_role_id, count(*),
    (array_agg(person.display_name ORDER BY person.display_name, person.id))[1:%(named)s]
FROM workforce_person person JOIN workforce_jobtitle title ON title.id = person.job_title_id
WHERE title.job_role_id = ANY (%(roles)s::uuid[]) AND person.status = ANY (%(here)s)
GROUP BY title.job_role_id
"""


def people_in(roles: Collection[UUID]) -> dict[UUID, Waiting]:
    facts: dict[str, Any] = {"roles": [str(role) for role in roles], "named": NAMED, "here": [*Person.Status.at_work()]}
    with connection.cursor() as cursor:
        cursor.execute(PERFORMERS, facts)
        return {role: Waiting(names, count) for role, count, names in cursor.fetchall()}


def way_on(step: Step, ahead: list[Ahead]) -> list[Leg]:
    """From the step to the final outcome: the shortest way that ends in its own workflow, else the shortest."""
    found = [sight.legs for sight in sights([(step.pk, each.outcome.pk) for each in ahead]) if sight.legs]
    return min(found, key=lambda legs: (legs[-1].step.workflow_id != step.workflow_id, len(legs)), default=[])


def voices_on(resource: Resource, by: Account) -> Voices:
    votes = resource.votes.on_current_version()
    counted = votes.aggregate(good=Count("pk", filter=Q(worked=True)), bad=Count("pk", filter=Q(worked=False)))
    return Voices(counted["good"], counted["bad"], votes.of(by).first())


PEERS = """
SELECT person.id, person.display_name, coalesce(person.work_email, ''), min(held.level)
FROM gaps_need need
JOIN gaps_standing standing ON standing.skill_id = need.skill_id
JOIN workforce_person person ON person.id = standing.person_id AND person.status = ANY (%(here)s)
CROSS JOIN LATERAL (
    SELECT CASE WHEN changed_step_id = need.step_id THEN level_there ELSE standing.level END AS level,
        CASE WHEN changed_step_id = need.step_id THEN trust_there ELSE trust END AS trust
) held
WHERE need.step_id = %(step)s AND held.level >= %(standard)s AND held.trust >= %(trusted)s
AND person.id IS DISTINCT FROM %(without)s::uuid
-- Champions are named before them.
AND NOT EXISTS (
    SELECT FROM performance_support_champion champion JOIN workforce_account account ON account.id = champion.account_id
    WHERE account.person_id = person.id AND champion.state = 'accepted' AND (champion.step_id = %(step)s
        OR champion.skill_id IN (SELECT skill_id FROM gaps_need WHERE step_id = %(step)s))
)
GROUP BY person.id
HAVING count(*) = (SELECT count(*) FROM gaps_need WHERE step_id = %(step)s)
ORDER BY min(held.level) DESC, person.display_name, person.id LIMIT %(named)s
"""


def peers_at(step: Step, *, without: UUID | None) -> list[Peer]:
    """Whom one can ask, the ablest first; never how anybody else stands."""
    facts: dict[str, Any] = {
        "step": str(step.pk),
        "standard": FULL_STANDARD,
        "trusted": TRUSTED,
        "without": without and str(without),
        "here": [*Person.Status.at_work()],
        "named": NAMED,
    }
    with connection.cursor() as cursor:
        cursor.execute(PEERS, facts)
        return [Peer(*row) for row in cursor.fetchall()]


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
