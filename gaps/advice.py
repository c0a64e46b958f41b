"""What to do next, by rules that say why. Pure: they read figures that others have reckoned, and decide nothing.

A rule answers one question about one step or one skill; the advice that lowers the greatest risk comes first.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from uuid import UUID

from gaps.arithmetic import GATE, Cover, Link, product, share_covered, trust_needed
from gaps.queries.cover import Someone, StepCover
from gaps.queries.gaps import Gap
from gaps.queries.heat import Cell
from gaps.queries.risk import OutcomeRisk

# From this criticality on it is worth a manager's week that a step hangs on one person.
CRITICAL = 5
# Whoever watches somebody at work stands at least here (`gaps.actions.recording`).
WATCHES_FROM = 3
# What a manager's own view is trusted.
MANAGERS_VIEW = 60
SOON, LATER = dt.timedelta(days=7), dt.timedelta(days=30)


@dataclass(frozen=True)
class Advice:
    """`owner` is a name, or empty for whoever reads it. `weight`: the risk it lowers, 0 to 1."""

    what: str
    why: str
    owner: str
    by: dt.date
    weight: Fraction
    step: UUID | None = None
    person: UUID | None = None
    skill: UUID | None = None


@dataclass(frozen=True)
class Facts:
    covers: Collection[StepCover]
    risks: Collection[OutcomeRisk]
    cells: Collection[Cell]
    gaps: Collection[Gap]
    names: Mapping[UUID, str]
    today: dt.date

    @cached_property
    def cells_at(self) -> Mapping[UUID, list[Cell]]:
        found: dict[UUID, list[Cell]] = {}
        for cell in self.cells:
            if cell.is_current:
                found.setdefault(cell.column, []).append(cell)
        return found

    @cached_property
    def risks_from(self) -> Mapping[UUID, list[OutcomeRisk]]:
        """{step: the outcomes at risk that it leads to}."""
        found: dict[UUID, list[OutcomeRisk]] = {}
        for risk in self.risks:
            for link in risk.links:
                found.setdefault(link.step, []).append(risk)
        return found

    def at(self, step: StepCover) -> list[Cell]:
        return self.cells_at.get(step.step, [])


def advise(facts: Facts, *, most: int = 3) -> list[Advice]:
    """The most telling advice, one for each step."""
    # Of equal fractions the floats are equal, and are compared at once.
    found = sorted([*about_steps(facts), *about_causes(facts)], key=lambda advice: (-float(advice.weight), advice.what))
    chosen: list[Advice] = []
    for advice in found:
        if len(chosen) < most and all(advice.step != other.step for other in chosen):
            chosen.append(advice)
    return chosen


def about_steps(facts: Facts) -> Iterator[Advice]:
    """Steps that too few can do: first those that somebody is about to take along, then by what failing would cost."""
    for step in facts.covers:
        if step.state in {Cover.COVERED, Cover.UNMAPPED} or not step.performers:
            continue
        if step.leaving:
            yield handed_on(step, step.leaving[0], facts)
        elif step.criticality >= CRITICAL or step.state is Cover.NONE:
            yield widened(step, facts)


def nearest(step: StepCover, facts: Facts) -> Cell | None:
    """Who has least to go: evidence alone before levels, few levels before many."""
    ahead = [cell for cell in facts.at(step) if not cell.is_met and cell.person in facts.names]
    leaving = {who.person for who in step.leaving}
    return min(
        (cell for cell in ahead if cell.person not in leaving),
        key=lambda cell: (not cell.lacks_evidence_only, cell.climb, cell.needs - cell.met, facts.names[cell.person]),
        default=None,
    )


def handed_on(step: StepCover, leaver: Someone, facts: Facts) -> Advice:
    last = leaver.last_day or facts.today
    heir = nearest(step, facts)
    to = facts.names[heir.person] if heir else "whoever follows"
    return Advice(
        what=f"Have {leaver.name} hand “{step.name}” on to {to}",
        why=f"{leaver.name} leaves on {last:%-d %B}; then {counted(step.people)} of {step.target} can do it.",
        owner=leaver.name,
        by=last,
        # Somebody who knows it is there only until then, so it goes before what can wait.
        weight=step.link.risk + 1,
        step=step.step,
        person=heir.person if heir else None,
    )


def widened(step: StepCover, facts: Facts) -> Advice:
    """One more person for a step: watched where only proof is missing, taught where levels are."""
    ahead, teacher = nearest(step, facts), step.can[0] if step.can else None
    if ahead is None:
        return Advice(
            what=f"Give “{step.name}” to one more person",
            why=f"Everybody who performs it can, and they are {counted(step.people)} of {step.target}.",
            owner="", by=facts.today + LATER, weight=step.link.risk, step=step.step,
        )  # fmt: skip
    name = facts.names[ahead.person]
    if ahead.lacks_evidence_only:
        what, owner = proof(step, ahead, teacher, facts)
        why = f"The level is there, proof that counts is not. {then(step, facts)}"
        return Advice(what, why, owner, facts.today + SOON, step.link.risk, step.step, ahead.person)
    levels = f"{name} has {ahead.climb} level{'s' if ahead.climb != 1 else ''} to climb. "
    if teacher:
        what, owner = f"Have {teacher.name} take {name} along at “{step.name}”", teacher.name
        hangs = f"It hangs on {teacher.name} alone. " if step.people == 1 else ""
        return Advice(what, f"{hangs}{levels}{then(step, facts)}", owner, facts.today + LATER, step.link.risk,
                      step.step, ahead.person)  # fmt: skip
    what = f"Find somebody elsewhere who shows {name} “{step.name}”"
    why = f"Nobody here can do it. {levels}{then(step, facts)}"
    return Advice(what, why, "", facts.today + LATER, step.link.risk, step.step, ahead.person)


def proof(step: StepCover, ahead: Cell, teacher: Someone | None, facts: Facts) -> tuple[str, str]:
    """(what, owner): the least that proves it with trust enough for how critical it is."""
    name = facts.names[ahead.person]
    theirs = next((cell for cell in facts.at(step) if teacher and cell.person == teacher.person), None)
    if teacher and theirs and (theirs.level or 0) >= WATCHES_FROM:
        return f"Have {teacher.name} watch {name} do “{step.name}” once", teacher.name
    if trust_needed(step.criticality) <= MANAGERS_VIEW:
        return f"Say where {name} stands at “{step.name}”", ""
    return f"Let {name} show “{step.name}” in a practical exercise", ""


def then(step: StepCover, facts: Facts) -> str:
    """What one more person would change, for the outcome whose chain it lengthens most."""
    after = share_covered(step.people + 1, step.target)
    chains = [(risk, chain_with(risk, step, after)) for risk in facts.risks_from.get(step.step, [])]
    risk, chain = max(chains, key=lambda pair: pair[1] - pair[0].chain, default=(None, Fraction(0)))
    if risk is None or chain == risk.chain:
        return f"Then {counted(step.people + 1)} of {step.target} can do it."
    return f"Chain cover of “{risk.statement}” goes from {percent(risk.chain)} to {percent(chain)}."


def chain_with(risk: OutcomeRisk, step: StepCover, share: Fraction) -> Fraction:
    return product(share if link.step == step.step else link.share for link in risk.links)


def about_causes(facts: Facts) -> Iterator[Advice]:
    """What closes the gate, and nobody has asked yet why."""
    # Asking lowers no risk by itself, so it comes behind what does.
    weights = {criticality: Link(None, criticality, Fraction(0)).risk / 4 for criticality in range(GATE, 8)}
    for gap in facts.gaps:
        if gap.criticality >= GATE and not gap.cause:
            yield Advice(
                what=f"Ask why {gap.person_name} lacks “{gap.skill_name}”",
                why=f"Unmet at criticality {gap.criticality}, so the gate is closed. First the cause, then a plan.",
                owner="", by=facts.today + SOON, weight=weights[gap.criticality],
                step=gap.step, person=gap.person, skill=gap.skill,
            )  # fmt: skip


def counted(people: int) -> str:
    return {0: "nobody", 1: "one person"}.get(people, f"{people} people")


def percent(share: Fraction) -> str:
    return f"{round(share * 100)} %"


def closest_to(steps: Iterable[StepCover], facts: Facts) -> dict[UUID, str]:
    """{step: whose turn is next, and what they lack}: what stands beside a single point of failure."""
    found = {}
    for step in steps:
        if cell := nearest(step, facts):
            lack = "only proof is missing" if cell.lacks_evidence_only else f"{cell.climb} to climb"
            found[step.step] = f"{facts.names[cell.person]}, {lack}"
    return found
