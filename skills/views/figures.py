"""An outcome's figures in words."""

from collections.abc import Sequence
from decimal import Decimal

from workflows.models import Outcome
from workflows.queries.whole import Produced

TIMES = {"day", "days", "working days", "hour", "hours", "h", "minute", "minutes", "min", "week", "weeks"}


def in_words(things: Sequence[object]) -> str:
    """“5”, “5 and 6”, “5, 6 and 7”."""
    *first, last = [str(thing) for thing in things]
    return f"{', '.join(first)} and {last}" if first else last


def plain(value: Decimal) -> str:
    """Without the zeros that the column adds: 9, not 9.000."""
    return f"{value.normalize():f}"


def with_unit(value: Decimal, unit: str) -> str:
    return f"{plain(value)} {unit}".strip()


def measured(outcome: Outcome) -> str:
    """“within 5 days, now 9”; as much of it as is known."""
    said = []
    if outcome.target is not None:
        most = "within" if outcome.unit in TIMES else "at most"
        bound = {"down": most, "up": "at least"}.get(outcome.direction, "target")
        said.append(f"{bound} {with_unit(outcome.target, outcome.unit)}")
    if outcome.current is not None:
        unit = outcome.unit if outcome.target is None else ""
        said.append(f"now {with_unit(outcome.current, unit)}")
    return ", ".join(said) or outcome.measure


def figures_of(produced: Produced) -> str:
    """What the receivers say of what arrives; for a final outcome, its measure."""
    if produced.share is not None:
        return f"{produced.share} % complete and accurate"
    return measured(produced.outcome)
