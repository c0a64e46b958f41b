"""What the composer shows beside the words: steps to choose from, outcomes downstream of one, who is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from skills.models import Context, Skill
from workflows.models import Handoff, Outcome, Step, Workflow
from workforce.models import JobRole, Person


def steps_by_workflow() -> list[tuple[Workflow, list[Step]]]:
    """Every step in use, in process order, workflow by workflow."""
    steps = Step.objects.live().select_related("workflow", "performed_by").order_by("workflow__name", "position")
    return [(workflow, list(group)) for workflow, group in groupby(steps, key=lambda step: step.workflow)]


@dataclass(frozen=True)
class Downstream:
    """The outcomes downstream of a step, nearest first, as the composer offers them."""

    next: list[Outcome]
    further: list[Outcome]
    final: list[Outcome]

    @property
    def all(self) -> list[Outcome]:
        return self.next + self.further + self.final

    def find(self, pk: UUID | None) -> Outcome | None:
        return next((outcome for outcome in self.all if outcome.pk == pk), None)


def downstream_of(step: Step | None) -> Downstream:
    """Two queries; nothing without a step."""
    if step is None:
        return Downstream([], [], [])
    outcomes = list(Outcome.objects.downstream_of(step).select_related("beneficiary_role", "produced_by__workflow"))
    handed = set(Handoff.objects.live().filter(outcome__in=outcomes).values_list("outcome", flat=True))
    onward = [outcome for outcome in outcomes if outcome.pk in handed]
    return Downstream(
        next=[outcome for outcome in onward if outcome.produced_by_id == step.pk],
        further=[outcome for outcome in onward if outcome.produced_by_id != step.pk],
        final=[outcome for outcome in outcomes if outcome.pk not in handed],
    )


def steps_downstream_of(step: Step) -> set[UUID]:
    """Ids of the steps that something of this step reaches, itself included."""
    handoffs = Handoff.objects.live().filter(outcome__lineofsight__step=step)
    return {step.pk, *handoffs.values_list("to_step", flat=True)}


def receiver_of(outcome: Outcome) -> JobRole | None:
    """The job role that waits for an outcome: who performs the next step, or who benefits."""
    handoff = (
        Handoff.objects.live().filter(outcome=outcome).select_related("to_step__performed_by").order_by("pk").first()
    )
    waits: JobRole | None = handoff.to_step.performed_by if handoff else None
    return waits or outcome.beneficiary_role


def people_performing(step: Step) -> int:
    return Person.objects.active().holding(step.performed_by).count() if step.performed_by else 0


def as_stored(skill: Skill) -> Skill | None:
    """The skill as it is now, whatever an editor still holds."""
    return Skill.objects.filter(pk=skill.pk).first()


def context_of(skill: Skill, pk: UUID) -> Context | None:
    return skill.contexts.filter(pk=pk).first()


def context_to_word(skill: Skill, where: Mapping[str, UUID]) -> Context | None:
    """The context at that step for that outcome, or the first. A step without one means a new context."""
    wanted = {f"{noun}_id": pk for noun, pk in where.items()}
    return skill.contexts.filter(**wanted).order_by("placed_at", "pk").first()
