"""How fresh what people read was, day by day, as a line. No database."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from performance_support.models import FreshnessDay

WIDE, HIGH = 120, 28
# What is good (the desk says so too).
GOOD = 80


@dataclass(frozen=True)
class Trend:
    """`days`: those on which the figure changed, newest last. `good`: how high 80 % lies."""

    path: str
    words: str
    days: list[FreshnessDay]
    good: float


def trend(days: Sequence[FreshnessDay]) -> Trend | None:
    """None where there are no two days to compare. Days that nobody kept are holes: the line does not pretend."""
    known = [day for day in days if day.percent is not None]
    if len(known) < 2:
        return None
    first, last = known[0], known[-1]
    span = (last.day - first.day).days
    path: list[str] = []
    before: dt.date | None = None
    for day in known:
        x = 2 + (WIDE - 4) * (day.day - first.day).days / span
        goes_on = before is not None and (day.day - before).days == 1
        path.append(f"{'L' if goes_on else 'M'}{x:.1f} {height(day.percent or 0):.1f}")
        before = day.day
    changed = [now for then, now in zip([None, *known], known, strict=False) if not then or then.percent != now.percent]
    words = f"Fresh by use, from {first.percent} % on {first.day:%-d %B} to {last.percent} % on {last.day:%-d %B}"
    return Trend(" ".join(path), words, changed[-12:], height(GOOD))


def height(percent: int) -> float:
    return HIGH - 3 - (HIGH - 6) * percent / 100
