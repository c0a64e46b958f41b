"""Outcomes narrowed, sorted and grouped as an address asks. Pure: it sifts what was found."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.http import QueryDict

from base.pages import as_id, typed
from gaps.arithmetic import Cover
from gaps.looking import one_of
from gaps.queries.cover import StepCover
from gaps.queries.risk import OutcomeRisk

# What is in danger; the state is that of the weakest step.
IN_DANGER, ALL = "", "all"
DANGERS = {
    IN_DANGER: "At risk",
    Cover.NONE.value: "At risk: nobody can do a step",
    Cover.SINGLE.value: "At risk: one person can",
    Cover.THIN.value: "At risk: too few can",
    Cover.COVERED.value: "Every step covered",
    ALL: "All outcomes",
}
CRITICAL = {"": "Any", "5": "5 and above", "6": "6 and 7, the gate"}
SORTS = {"": "Weakest link", "chain": "Chain cover", "name": "Name"}
BY = {
    "": "Nothing",
    "area": "Area",
    "workflow": "Workflow",
    "step": "Weakest step",
    "role": "Who does the weakest step",
}
KEYS: dict[str, Callable[[OutcomeRisk], tuple[object, ...]]] = {
    "chain": lambda each: (each.chain, -each.risk, each.statement),
    "name": lambda each: (each.statement.casefold(),),
}
GROUPS: dict[str, Callable[[OutcomeRisk], str]] = {
    "area": lambda each: each.area or "No area",
    "workflow": lambda each: each.workflow_name,
    "step": lambda each: each.weakest.name if each.weakest else "Every step covered",
    "role": lambda each: role_of(each.weakest) if each.weakest else "Every step covered",
}


def role_of(step: StepCover) -> str:
    return step.role_name or "Nobody performs it"


class Band(NamedTuple):
    """Outcomes under one heading; without one where nothing is grouped."""

    name: str
    outcomes: list[OutcomeRisk]


@dataclass(frozen=True)
class Sieve:
    """What an address asks of the list of outcomes; what it does not know counts as not asked."""

    area: str = ""
    workflow: UUID | None = None
    danger: str = IN_DANGER
    critical: str = ""
    words: str = ""
    sort: str = ""
    by: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.area or self.workflow or self.danger or self.critical or self.words)

    def lets_through(self, each: OutcomeRisk) -> bool:
        return (
            self.area in {"", each.area}
            and self.workflow in {None, each.workflow}
            and self.is_in(each)
            and (not self.critical or bool(each.weakest and each.weakest.criticality >= int(self.critical)))
            and all(word in all_words(each) for word in self.words.casefold().split())
        )

    def is_in(self, each: OutcomeRisk) -> bool:
        if self.danger == IN_DANGER:
            return each.is_at_risk
        state = each.weakest.state if each.weakest else Cover.COVERED
        return self.danger in {ALL, state.value}

    def sift(self, found: Iterable[OutcomeRisk]) -> list[OutcomeRisk]:
        """They come worst first, and stay so unless something else is asked for; groups by their worst outcome."""
        kept = [each for each in found if self.lets_through(each)]
        return sorted(kept, key=KEYS[self.sort]) if self.sort else kept

    def bands(self, kept: Sequence[OutcomeRisk]) -> list[Band]:
        if not self.by:
            return [Band("", list(kept))] if kept else []
        found: dict[str, list[OutcomeRisk]] = {}
        for each in kept:
            found.setdefault(GROUPS[self.by](each), []).append(each)
        return [Band(*each) for each in found.items()]


def all_words(each: OutcomeRisk) -> str:
    """Where a typed word is looked for: the outcome, whom it is for, its workflow, and the steps on the way to it."""
    said = (each.statement, each.measure, each.beneficiary, each.workflow_name, each.area)
    steps = (words for link in each.links for words in (link.name, link.role_name))
    return " ".join((*said, *steps)).casefold()


def sieve_of(query: QueryDict) -> Sieve:
    return Sieve(
        area=typed(query, "area"),
        workflow=as_id(query.get("workflow", "")),
        danger=one_of(DANGERS, query, "risk"),
        critical=one_of(CRITICAL, query, "critical"),
        words=typed(query, "q"),
        sort=one_of(SORTS, query, "sort"),
        by=one_of(BY, query, "by"),
    )


class Choice(NamedTuple):
    """A field to narrow, sort or group by: its name in the address, what it is called, {value: words}, the chosen."""

    name: str
    words: str
    options: dict[str, str]
    chosen: str

    @property
    def said(self) -> str:
        """What is chosen, in words, for paper: there the fields are gone."""
        return f"{self.words}: {self.options.get(self.chosen, 'none that there is')}"


def choices(sieve: Sieve, found: Iterable[OutcomeRisk]) -> list[Choice]:
    """Areas and workflows are those of the outcomes there are; a choice of one is none, and left out."""
    # Of everything that may be told, so that a choice can be taken back.
    places = sorted({(each.area, each.workflow_name, str(each.workflow)) for each in found})
    areas = {area: area for area, *_ in places if area}
    workflows = {pk: name for _, name, pk in places}
    offered = [
        Choice("area", "Area", {"": "Any area", **areas}, sieve.area),
        Choice("workflow", "Workflow", {"": "All work", **workflows}, str(sieve.workflow or "")),
        Choice("risk", "Which outcomes", DANGERS, sieve.danger),
        Choice("critical", "Criticality", CRITICAL, sieve.critical),
        Choice("by", "Grouped by", BY, sieve.by),
        Choice("sort", "Sorted by", SORTS, sieve.sort),
    ]
    return [one for one in offered if len(one.options) > 2 or one.chosen]
