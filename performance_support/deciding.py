"""Which rule of the decision table fires, without a database. See also: queries.plan, its twin in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

SCALES = {"criticality": (1, 7), "difficulty": (1, 3), "frequency": (1, 7)}
Range = tuple[int, int]


class Facts(NamedTuple):
    """How a step is rated; None where nobody has."""

    criticality: int | None
    difficulty: int | None
    frequency: int | None


class Rule(NamedTuple):
    """Ranges that include both ends."""

    criticality: Range
    difficulty: Range
    frequency: Range

    @property
    def asks(self) -> list[str]:
        """Its conditions in words; a whole scale asks nothing."""
        return [
            f"{scale} {lower}" if lower == upper else f"{scale} {lower} to {upper}"
            for (scale, whole), (lower, upper) in zip(SCALES.items(), self, strict=True)
            if (lower, upper) != whole
        ]


# What every installation begins with: a rule, and what then belongs in training, in practice and in support.
SHIPPED = [
    (Rule((5, 7), (2, 3), (1, 3)), ("Targeted training", "Recurring practice", "Quick steps and guidance at the step")),
    (Rule((5, 7), (2, 3), (4, 7)), ("Targeted training", "", "Quick steps and guidance at the step")),
    (Rule((5, 7), (1, 1), (1, 3)), ("", "A periodic check", "A mandatory checklist at the step")),
    (Rule((5, 7), (1, 1), (4, 7)), ("", "Observed once", "Quick steps at the step")),
    (Rule((3, 4), (2, 3), (4, 7)), ("", "A short practice", "Quick steps at the step")),
    (Rule((3, 4), (2, 3), (1, 3)), ("", "", "Guidance step by step, and an expert to ask")),
    (Rule((3, 4), (1, 1), (1, 7)), ("", "", "Quick steps at the step")),
    (Rule((1, 2), (1, 3), (1, 7)), ("", "", "If somebody asks for it")),
]


@dataclass(frozen=True)
class Decision:
    """The place of the rule among the others, and the facts without which it cannot be said whether it fires."""

    rule: int | None
    lacks: tuple[str, ...] = ()


def decide(rules: Sequence[Rule], facts: Facts) -> Decision:
    """The first rule that no known fact contradicts. Where it asks what nobody has rated, nothing is decided."""
    for place, rule in enumerate(rules):
        if all(fact is None or lower <= fact <= upper for fact, (lower, upper) in zip(facts, rule, strict=True)):
            return Decision(place, lacking(rule, facts))
    return Decision(None)


def lacking(rule: Rule, facts: Facts) -> tuple[str, ...]:
    asked = zip(SCALES.items(), rule, facts, strict=True)
    return tuple(scale for (scale, whole), span, fact in asked if fact is None and span != whole)
