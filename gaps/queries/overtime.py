"""An outcome over time: what was measured, and how much of its chain was covered on those days."""

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from gaps.arithmetic import Cover, chain_cover
from gaps.queries import cover, gaps
from gaps.queries.reckoning import Whose
from workflows.models import LineOfSight, Measurement, Outcome

# So many days are looked back on: each costs two statements.
DAYS = 6


class Point(NamedTuple):
    measurement: Measurement
    # None where nobody counted: too long ago to show, or nobody's own people.
    chain: Fraction | None
    gaps: int | None


def upstream(outcome: Outcome) -> list[UUID]:
    """The steps from which it is downstream."""
    return list(LineOfSight.objects.filter(outcome=outcome).values_list("step", flat=True))


def points(outcome: Outcome, steps: Collection[UUID], whose: Whose) -> list[Point]:
    """Oldest first. Cover and gaps only beside the newest, and only of certain people: everybody's past is too much."""
    measured = list(Measurement.objects.of(outcome))
    counted = {each.pk for each in measured[-DAYS:]} if whose.people is not None else set()
    return [point(each, outcome, steps, whose) if each.pk in counted else Point(each, None, None) for each in measured]


def point(measurement: Measurement, outcome: Outcome, steps: Collection[UUID], whose: Whose) -> Point:
    today = timezone.localdate()
    day = measurement.measured_on if measurement.measured_on < today else None
    covers = cover.cover(cover.Wanted(whose, steps=steps), as_of=day)
    links = [each.link for each in covers if each.performers and each.state is not Cover.UNMAPPED]
    lacking = gaps.gaps(gaps.Wanted(whose, outcome=outcome.pk), as_of=day)
    chain = chain_cover(links) if links else None
    if chain == 0 and not lacking:
        # Nobody could, and nobody lacked anything: on that day nothing was asked for yet.
        return Point(measurement, None, None)
    return Point(measurement, chain, len(lacking))


# --- drawn ------------------------------------------------------------------------------------

WIDTH, HEIGHT, EDGE = 640, 180, 12


class Dot(NamedTuple):
    x: float
    y: float
    said: str


class Chart(NamedTuple):
    dots: list[Dot]
    # Where the target lies; None where there is none.
    target: float | None
    line: str


def chart(days: Sequence[tuple[dt.date, Decimal]], target: Decimal | None) -> Chart | None:
    """The measure over time, to be drawn; None with fewer than two days."""
    if len(days) < 2:
        return None
    values = [value for _, value in days] + ([] if target is None else [target])
    low, high = min(values), max(values)
    first, last = days[0][0], days[-1][0]
    span, height = max((last - first).days, 1), high - low

    def y_of(value: Decimal) -> float:
        share = float((value - low) / height) if height else 0.5
        return round(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE), 1)

    dots = [
        Dot(round(EDGE + (day - first).days / span * (WIDTH - 2 * EDGE), 1), y_of(value), f"{value.normalize():f}")
        for day, value in days
    ]
    line = "M" + " ".join(f"{dot.x} {dot.y}" for dot in dots)
    return Chart(dots, None if target is None else y_of(target), line)
