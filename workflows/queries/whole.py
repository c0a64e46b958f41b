"""One workflow with everything in it, read at once: five queries, whatever its size."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Q

from workflows.models import Handoff, Outcome, OutcomeFlag, Step, StepFlag, Workflow
from workforce.models import JobRole, Person


@dataclass
class Produced:
    """An outcome, whom it lets begin, and the codes of its open flags."""

    outcome: Outcome
    step: Step
    handoffs: list[Handoff] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)

    @property
    def is_final(self) -> bool:
        return not self.handoffs

    @property
    def share(self) -> int | None:
        """Percent received complete and accurate, as the least content receiver says."""
        shares = [h.share_complete_and_accurate for h in self.handoffs if h.share_complete_and_accurate is not None]
        return min(shares, default=None)


@dataclass
class Performed:
    """A step, its number among the active ones, what it produces, what lets it begin, its open flags."""

    step: Step
    number: int
    outcomes: list[Produced] = field(default_factory=list)
    waits_for: list[Handoff] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)


@dataclass
class Whole:
    """`steps` in process order; `headcount` maps a job role to its active people."""

    workflow: Workflow
    steps: list[Performed]
    outcomes: dict[UUID, Produced]
    retired: list[Step | Outcome | Handoff]
    headcount: dict[UUID, int]

    def __post_init__(self) -> None:
        self.by_step = {performed.step.pk: performed for performed in self.steps}

    @property
    def roles(self) -> list[JobRole]:
        """Each once, in the order of its first step."""
        return list(dict.fromkeys(p.step.performed_by for p in self.steps if p.step.performed_by))

    @property
    def end(self) -> Produced | None:
        """The outcome the workflow is there for: the final one of its last step, measured before unmeasured."""
        finals = [produced for performed in self.steps for produced in performed.outcomes if produced.is_final]
        return max(finals, key=lambda p: (p.outcome.is_measured, self.by_step[p.step.pk].number), default=None)

    def downstream(self, outcomes: Collection[UUID]) -> Iterator[tuple[UUID, UUID]]:
        """(outcome, step it lets begin) for every handoff of this workflow that is reached from these outcomes."""
        seen, waiting = set(outcomes), list(outcomes)
        while waiting:
            outcome = waiting.pop()
            for handoff in self.outcomes[outcome].handoffs if outcome in self.outcomes else ():
                yield outcome, handoff.to_step_id
                receiver = self.by_step.get(handoff.to_step_id)
                onward = {p.outcome.pk for p in receiver.outcomes} - seen if receiver else set()
                seen |= onward
                waiting += onward


def whole(workflow: Workflow) -> Whole:
    """Everything in a workflow, active work linked up, retired work aside."""
    every_step = list(workflow.steps.select_related("performed_by").in_process_order())
    steps = [Performed(step, number) for number, step in enumerate((s for s in every_step if not s.is_retired), 1)]
    by_step = {performed.step.pk: performed for performed in steps}
    every_outcome = outcomes_of(every_step)
    outcomes = {
        o.pk: Produced(o, by_step[o.produced_by_id].step)
        for o in every_outcome
        if not o.is_retired and o.produced_by_id in by_step
    }
    for produced in outcomes.values():
        by_step[produced.step.pk].outcomes.append(produced)
    handoffs = handoffs_between(outcomes, by_step)
    for handoff in handoffs:
        if handoff.is_retired:
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
            *(step for step in every_step if step.is_retired),
            *(o for o in every_outcome if o.is_retired and o.produced_by_id in by_step),
            *(h for h in handoffs if h.is_retired and h.outcome_id in outcomes),
        ],
        headcount=headcount(by_step.values()),
    )


def outcomes_of(steps: Collection[Step]) -> list[Outcome]:
    """Also the retired ones; each knows its step without another query."""
    by_pk = {step.pk: step for step in steps}
    outcomes = list(
        Outcome.objects.filter(produced_by__in=by_pk).select_related("beneficiary_role").order_by("statement", "pk")
    )
    for outcome in outcomes:
        outcome.produced_by = by_pk[outcome.produced_by_id]
    return outcomes


def handoffs_between(outcomes: Collection[UUID], steps: Collection[UUID]) -> list[Handoff]:
    """Out of these outcomes or into these steps, between work in use; the retired ones too."""
    active = {
        "outcome__retired_at": None,
        "outcome__produced_by__retired_at": None,
        "outcome__produced_by__workflow__retired_at": None,
        "to_step__retired_at": None,
        "to_step__workflow__retired_at": None,
    }
    # By ids, not by workflow: a condition over two joins would read every handoff of the company.
    return list(
        Handoff.objects.filter(Q(outcome__in=list(outcomes)) | Q(to_step__in=list(steps)), **active)
        .select_related("outcome__produced_by__workflow", "to_step__workflow")
        .order_by("to_step__position", "pk")
    )


def headcount(steps: Collection[Performed]) -> dict[UUID, int]:
    """{job role: active people who hold it}"""
    roles = {performed.step.performed_by_id for performed in steps}
    counted = Person.objects.active().filter(job_title__job_role__in=roles).values_list("job_title__job_role")
    return dict(counted.annotate(people=Count("pk")).order_by())


def _add_flags(steps: dict[UUID, Performed], outcomes: dict[UUID, Produced]) -> None:
    about_steps = StepFlag.objects.open().filter(about__in=steps).values_list("about_id", "code")
    about_outcomes = OutcomeFlag.objects.open().filter(about__in=outcomes).values_list("about_id", "code")
    subjects: defaultdict[UUID, list[str]] = defaultdict(list)
    for about, code in about_steps.union(about_outcomes, all=True):
        subjects[about].append(code)
    for pk, performed in steps.items():
        performed.flags = sorted(subjects[pk])
    for pk, produced in outcomes.items():
        produced.flags = sorted(subjects[pk])
