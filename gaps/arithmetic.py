"""Gap arithmetic (design section 6): pure functions, no database. Tests hold the SQL twins in `queries/` equal to it.

Levels are 0 to 4, criticality 1 to 7, trust is in percent. A person without evidence has no level: None, not 0.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import NamedTuple, TypeVar

K = TypeVar("K")

# (from this criticality on, trust must be at least): below the last any source counts but one that only inferred.
ENOUGH_TRUST = ((6, 80), (4, 60), (1, 21))
# From this criticality on one unmet skill closes the gate.
GATE = 6
# (from this criticality on, so many people): what a step needs unless somebody said otherwise.
PEOPLE_NEEDED = ((7, 3), (5, 2), (1, 1))
# A step nobody has rated yet counts as the next step waiting: the anchor that most work has.
UNRATED = 3
# This share of a role's weighted skills is new: the title has stayed, the work has not.
DRIFT = Fraction(1, 2)


class Needed(NamedTuple):
    """What a role needs of one skill."""

    level: int
    criticality: int


class Held(NamedTuple):
    """Where a person stands in one skill."""

    level: int
    trust: int


# --- one skill --------------------------------------------------------------------------------


def trust_needed(criticality: int) -> int:
    return next(trust for least, trust in ENOUGH_TRUST if criticality >= least)


def is_met(need: Needed, held: Held | None) -> bool:
    """The level is there, and somebody trustworthy enough says so."""
    return held is not None and held.level >= need.level and held.trust >= trust_needed(need.criticality)


def share_of(need: Needed, held: Held | None) -> Fraction:
    """How far the level goes, at most the whole way. Trust decides whether it is met, not how far it goes."""
    return Fraction(min(held.level, need.level), need.level) if held else Fraction(0)


# --- one person, one role ---------------------------------------------------------------------


class Readiness(NamedTuple):
    """How far somebody is towards a role. `share` is None for a role that needs nothing yet."""

    met: int
    of: int
    share: Fraction | None
    # The unmet skills that close the gate, in the order of the requirements.
    gate: tuple[object, ...]

    @property
    def is_ready(self) -> bool:
        """Whether the gate is open, whatever the percentage."""
        return not self.gate


def readiness(needs: Mapping[K, Needed], held: Mapping[K, Held]) -> Readiness:
    """Met n of m, weighted readiness, and the gate."""
    met = [key for key, need in needs.items() if is_met(need, held.get(key))]
    unmet = set(needs).difference(met)
    gate = tuple(key for key, need in needs.items() if key in unmet and need.criticality >= GATE)
    return Readiness(len(met), len(needs), weighted_share(needs, held), gate)


def weighted_share(needs: Mapping[K, Needed], held: Mapping[K, Held]) -> Fraction | None:
    """Σ criticality · min(1, level ÷ required) ÷ Σ criticality; exact, so no order of adding up can change it."""
    weight = sum(need.criticality for need in needs.values())
    reached = sum((need.criticality * share_of(need, held.get(key)) for key, need in needs.items()), Fraction(0))
    return reached / weight if weight else None


# --- labels -----------------------------------------------------------------------------------


class Label(StrEnum):
    """What a gap is a matter of. See also: kind_of."""

    UPSKILL = "upskill"
    CHANGE = "upskill_change"
    CARRIES_OVER = "carries_over"
    RESKILL = "reskill"
    DRIFT = "role_drift"
    NONE = "none"

    @property
    def words(self) -> str:
        return WORDS[self]

    @property
    def is_reskill(self) -> bool:
        return self in {Label.RESKILL, Label.DRIFT}


WORDS = {
    Label.UPSKILL: "Upskill",
    Label.CHANGE: "Upskill · change",
    Label.CARRIES_OVER: "Upskill · carries over",
    Label.RESKILL: "Reskill",
    Label.DRIFT: "Reskill · role drift",
    Label.NONE: "Not a gap",
}
LABELS = tuple(label.value for label in Label)
KINDS = ("upskill", "reskill")


def kind_of(label: Label) -> str:
    """upskill, reskill, or nothing."""
    if label is Label.NONE:
        return ""
    return "reskill" if label.is_reskill else "upskill"


def label_for(*, current: bool, target: bool, changed: bool = False, drifted: bool = False) -> Label:
    """`current`, `target`: which role asks for it; `changed`: because its step is new or was changed; `drifted`: that
    change came with one that replaced half of the role. The most telling reason wins."""
    if not current:
        return Label.RESKILL if target else Label.NONE
    if changed:
        return Label.DRIFT if drifted else Label.CHANGE
    return Label.CARRIES_OVER if target else Label.UPSKILL


class Reason(NamedTuple):
    """What a sentence about a gap has to name; empty where there is nothing to name."""

    role: str = ""
    target: str = ""
    step: str = ""
    outcome: str = ""
    changed_on: str = ""


def sentence_for(label: Label, reason: Reason) -> str:
    """Why the gap has its label: “Needed at “Check credit”, which leads to “The order is live”, …”."""
    place = f"at “{reason.step}”" if reason.step else "by work that is not named yet"
    if reason.outcome:
        place += f", on the way to “{reason.outcome}”"
    since = f" on {reason.changed_on}" if reason.changed_on else ""
    match label:
        case Label.UPSKILL:
            return f"Needed {place}, by the current role, {reason.role}."
        case Label.CHANGE:
            return f"Needed {place}, by the current role, {reason.role}; because the step is new or changed{since}."
        case Label.CARRIES_OVER:
            both = f"by the current role, {reason.role}, and by the agreed target role, {reason.target}"
            return f"Needed {place}, {both}: it carries over."
        case Label.RESKILL:
            current = f"the current role, {reason.role}, does" if reason.role else "no current role does"
            return f"Needed {place}, only by the agreed target role, {reason.target}; {current} not ask for it."
        case Label.DRIFT:
            half = f"Half or more of what {reason.role} needs is new{since}"
            return f"Needed {place}. {half}: a reskill under the old title."
        case Label.NONE:
            return "No step of the current role and none of an agreed target role asks for it."


def has_drifted(*, new: Iterable[int], all_of: Iterable[int]) -> bool:
    """Whether the criticality of a role's new skills is half or more of that of all its skills."""
    whole = sum(all_of)
    return bool(whole) and Fraction(sum(new), whole) >= DRIFT


# --- cover ------------------------------------------------------------------------------------


class Cover(StrEnum):
    """How many people can do a step, against how many it needs."""

    NONE = "none"
    SINGLE = "single_point_of_failure"
    THIN = "thin"
    COVERED = "covered"
    # No skill is placed at the step, so nobody can be said to have what it takes.
    UNMAPPED = "unmapped"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ").capitalize()


def people_needed(criticality: int | None) -> int:
    """The target where nobody has set another."""
    return next(people for least, people in PEOPLE_NEEDED if (criticality or 1) >= least)


def cover_of(people: int, target: int) -> Cover:
    if people >= target:
        return Cover.COVERED
    return {0: Cover.NONE, 1: Cover.SINGLE}.get(people, Cover.THIN)


@lru_cache(1000)
def share_covered(people: int, target: int) -> Fraction:
    """c = min(1, n ÷ T)."""
    return Fraction(min(people, target), target)


def can_do(needs: Mapping[K, Needed], people: Mapping[str, Mapping[K, Held]]) -> set[str]:
    """Who meets every skill of a step: one who has them all, not several who have them between them."""
    return {
        name for name, held in people.items() if needs and all(is_met(need, held.get(k)) for k, need in needs.items())
    }


class Link(NamedTuple):
    """One step upstream of an outcome."""

    step: object
    criticality: int
    covered: Fraction

    @property
    def risk(self) -> Fraction:
        return risk_of(self.criticality, *self.covered.as_integer_ratio())


@lru_cache(1000)
def risk_of(criticality: int, covered: int, of: int) -> Fraction:
    """criticality ÷ 7 · (1 − c). Links are few of a kind, and fractions dear."""
    return Fraction(criticality * (of - covered), 7 * of)


def chain_cover(links: Collection[Link]) -> Fraction:
    """Π c: as strong as all its links together."""
    return product(link.covered for link in links)


def product(shares: Iterable[Fraction]) -> Fraction:
    """Reduced once, not at every step."""
    ratios = [share.as_integer_ratio() for share in shares]
    return Fraction(prod(above for above, _ in ratios), prod(below for _, below in ratios))


def weakest_link(links: Collection[Link]) -> Link | None:
    """The step where failure weighs most; None where every step is covered. The first of equals."""
    worst = max(links, key=lambda link: link.risk, default=None)
    return worst if worst and worst.risk else None


# --- two roles --------------------------------------------------------------------------------


class Effort(StrEnum):
    """What lies between somebody and a role, in levels to climb. Bands, because hours would pretend to know."""

    READY = "ready"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    VERY_LARGE = "very_large"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ").capitalize()


# At most so many levels. Our own starting values: practice publishes none.
BANDS = ((0, Effort.READY), (3, Effort.SMALL), (12, Effort.MEDIUM), (40, Effort.LARGE))


def effort_for(levels: int, *, unmet: int = 0) -> Effort:
    """The band for so many levels to climb; what only lacks trusted evidence is small, not nothing."""
    return next((band for most, band in BANDS if max(levels, min(unmet, 1)) <= most), Effort.VERY_LARGE)


def levels_to_climb(needs: Mapping[K, Needed], held: Mapping[K, Held]) -> int:
    return sum(max(0, need.level - (held[key].level if key in held else 0)) for key, need in needs.items())


class Way(NamedTuple):
    """From one role to another. Counts are of skills; `transfer` weighs them by criticality and level reached."""

    needs: int
    shares: int
    lacks: int
    # None where the other role needs nothing yet.
    transfer: Fraction | None
    levels: int

    @property
    def distance(self) -> Fraction | None:
        return None if self.transfer is None else 1 - self.transfer

    @property
    def effort(self) -> Effort:
        return effort_for(self.levels)


def way_between(one: Mapping[K, Needed], other: Mapping[K, Needed]) -> Way:
    """What somebody who meets the one role to the full would bring to the other, and what would be missing.

    A skill is shared when both roles need it; one that the other needs at a higher level still has levels to climb.
    """
    shared = len(other.keys() & one.keys())
    full = {key: Held(need.level, 100) for key, need in one.items()}
    return Way(len(other), shared, len(other) - shared, weighted_share(other, full), levels_to_climb(other, full))
