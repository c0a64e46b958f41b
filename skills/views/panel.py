"""The panel beside the map: what is chosen, what can be done with it, and its way to the final outcome."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from skills.queries.placed import Placed
from skills.views.addresses import address_of
from skills.views.figures import figures_of, in_words, measured, plain
from workflows.models import Outcome, Step
from workflows.queries.line_of_sight import Leg
from workflows.queries.whole import Handed, Performed, Produced, Whole


class Act(NamedTuple):
    words: str
    icon: str
    address: str


@dataclass(frozen=True)
class Gauge:
    """Target and current value on one line, 232 wide; values outside their range widen it."""

    target: str
    now: str
    target_x: int
    now_x: int
    is_met: bool


@dataclass(frozen=True)
class Stop:
    """One line of the way. `kind`: step, out, end or gone."""

    kind: str
    words: str
    lead: str = ""
    address: str = ""
    fine: str = ""
    criticality: int | None = None
    measure: str = ""
    unit: str = ""
    gauge: Gauge | None = None


@dataclass(frozen=True)
class Onward:
    """A handoff of the chosen outcome."""

    name: str
    address: str
    accepted_when: str
    share: int | None
    acts: list[Act]


def gauge_of(outcome: Outcome) -> Gauge | None:
    if outcome.target is None or outcome.current is None:
        return None
    known = [value for value in (outcome.target, outcome.current, outcome.baseline) if value is not None]
    low, high = min(Decimal(0), *known), max(*known, Decimal("0.001"))
    room = (high - low) * Decimal("1.12")

    def x(value: Decimal) -> int:
        return int(6 + 220 * (value - low) / room)

    is_met = outcome.current >= outcome.target if outcome.direction == "up" else outcome.current <= outcome.target
    return Gauge(plain(outcome.target), plain(outcome.current), x(outcome.target), x(outcome.current), is_met)


def acts(*wanted: tuple[str, str, str, UUID]) -> list[Act]:
    """(words, icon, name of the page, whose) for every page that exists."""
    found = [Act(words, icon, address_of(name, pk)) for words, icon, name, pk in wanted]
    return [act for act in found if act.address]


def acts_on_step(step: Step) -> list[Act]:
    return acts(
        ("Change…", "pen", "step_change", step.pk),
        ("Move…", "move", "step_move", step.pk),
        ("Retire…", "retire", "step_retire", step.pk),
        ("Add an outcome…", "plus", "outcome_add", step.pk),
    )


def acts_on_outcome(outcome: Outcome) -> list[Act]:
    return acts(
        ("Change…", "pen", "outcome_change", outcome.pk),
        ("Hand it on…", "right", "handoff_add", outcome.pk),
        ("Retire…", "retire", "outcome_retire", outcome.pk),
    )


def acts_on_handoff(handoff: Handed) -> list[Act]:
    return acts(("Change…", "pen", "handoff_change", handoff.pk), ("Retire…", "retire", "handoff_retire", handoff.pk))


class Way:
    """The legs from the chosen thing to the final outcome, in words."""

    def __init__(self, whole: Whole, legs: list[Leg], *, back: set[tuple[int, int]], kept: str) -> None:
        self.whole, self.legs, self.back, self.kept = whole, legs, back, kept

    def stops(self, *, skip_step: bool = False) -> Iterator[Stop]:
        for number, leg in enumerate(self.legs):
            if not (skip_step and number == 0):
                yield self.step(leg, self.legs[number - 1] if number else None)
            yield self.outcome(leg, is_last=number == len(self.legs) - 1)

    def step(self, leg: Leg, before: Leg | None) -> Stop:
        here = self.whole.by_step.get(leg.step.pk)
        others = self.beside(leg, before) if before and here else []
        role = f", {leg.step.performed_by}" if leg.step.performed_by and not others else ""
        if here is None:
            name = f"“{leg.step.workflow}”"
            lead = f"which lets a step of {name} begin{role}" if before else f"at a step of {name}{role}"
        elif before is None:
            lead = f"at step {here.number}{role}"
        else:
            numbers = sorted([here.number, *(other.number for other in others)])
            lead = f"which lets step{'s' * (len(numbers) > 1)} {in_words(numbers)} begin{role}"
        rated = [p.step.criticality for p in others if p.step.criticality] + [leg.step.criticality or 0]
        return Stop(
            kind="step",
            lead=lead,
            words=", ".join([leg.step.name, *(other.step.name for other in others)]),
            address=self.address(leg.step, f"step={leg.step.pk}"),
            criticality=max(rated) or None,
        )

    def beside(self, leg: Leg, before: Leg) -> list[Performed]:
        """Other steps of this workflow that the same outcome lets begin."""
        giver, produced = self.whole.by_step.get(before.step.pk), self.whole.outcomes.get(before.outcome.pk)
        handoffs = produced.handoffs if giver and produced else []
        receivers = [self.whole.by_step.get(handoff.to_step_id) for handoff in handoffs]
        return [
            receiver
            for receiver in receivers
            if receiver and giver and receiver.step != leg.step and (giver.number, receiver.number) not in self.back
        ]

    def outcome(self, leg: Leg, *, is_last: bool) -> Stop:
        outcome, address = leg.outcome, self.address(leg.step, f"outcome={leg.outcome.pk}")
        if not is_last:
            known = self.whole.outcomes.get(outcome.pk)
            fine = figures_of(known) if known else measured(outcome)
            return Stop(kind="out", words=outcome.statement, address=address, fine=fine)
        return Stop(
            kind="end",
            lead=f"final outcome, for {outcome.beneficiary_name}" if outcome.beneficiary_name else "final outcome",
            words=outcome.statement,
            address=address,
            measure=outcome.measure,
            unit=outcome.unit,
            gauge=gauge_of(outcome),
        )

    def address(self, step: Step, query: str) -> str:
        return f"{address_of('workflow_show', step.workflow_id)}?{self.kept}{query}"


def broken(placed: Placed, whole: Whole) -> list[Stop]:
    """A context whose outcome is no longer downstream of its step."""
    here = whole.by_step[placed.step]
    was = whole.outcomes.get(UUID(placed.outcome))
    words = was.outcome.statement if was else "its outcome was retired"
    return [
        Stop(kind="step", lead=f"at step {here.number}", words=here.step.name, criticality=here.step.criticality),
        Stop(kind="gone", lead="the path to its outcome is broken", words=words),
    ]


def onward_of(produced: Produced, names: Iterable[tuple[str, str]], *, may_edit: bool) -> list[Onward]:
    return [
        Onward(
            name=name,
            address=address,
            accepted_when=handoff.accepted_when,
            share=handoff.share,
            acts=acts_on_handoff(handoff) if may_edit else [],
        )
        for handoff, (name, address) in zip(produced.handoffs, names, strict=True)
    ]
