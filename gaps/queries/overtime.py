"""An outcome over time: what was measured, and how much of its chain was covered on those days."""

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Min
from django.utils import timezone

from gaps.arithmetic import Cover, chain_cover
from gaps.models import RequirementPeriod
from gaps.queries import cover, gaps
from gaps.queries.reckoning import Whose
from workflows.models import LineOfSight, Measurement, Outcome, Step

# So many days are looked back on: each is reckoned anew.
DAYS = 6
NOT_COUNTED = (None, None)
# A row for each step of that day; a row without a step where there is none.
EACH_DAY = """
SELECT DATE '{day}', lacking.count, covered.*
FROM (SELECT count(*) FROM ({gaps}) gap) lacking LEFT JOIN ({cover}) covered ON TRUE
"""


class Point(NamedTuple):
    measurement: Measurement
    # None where nobody counted: too long ago to show, or nobody's own people.
    chain: Fraction | None
    gaps: int | None


def upstream(outcome: Outcome) -> list[UUID]:
    """The steps from which it is downstream."""
    return list(LineOfSight.objects.filter(outcome=outcome).values_list("step", flat=True))


def points(outcome: Outcome, steps: Collection[UUID], whose: Whose, *, until: dt.date | None = None) -> list[Point]:
    """Oldest first, up to a past day. Cover and gaps only beside the newest, and only of certain people: everybody's
    past is too much."""
    found = Measurement.objects.of(outcome)
    measured = list(found.known_on(until) if until else found)
    recent = [each.measured_on for each in measured[-DAYS:]] if whose.people is not None else []
    began = asked_from(steps) if recent else None
    counted = on_days([day for day in recent if began and began <= day], outcome, steps, whose)
    return [Point(each, *counted.get(each.measured_on, NOT_COUNTED)) for each in measured]


def asked_from(steps: Collection[UUID]) -> dt.date | None:
    """The first day on which the roles of these steps were asked for anything; before it there is nothing to count."""
    roles = Step.objects.filter(pk__in=list(steps)).values("performed_by")
    first = RequirementPeriod.objects.filter(job_role__in=roles).aggregate(first=Min("since"))["first"]
    return timezone.localdate(first) if first else None


def on_days(
    days: Collection[dt.date], outcome: Outcome, steps: Collection[UUID], whose: Whose
) -> dict[dt.date, tuple[Fraction | None, int | None]]:
    """{day: chain cover and open gaps at its end}, in one statement however many the days."""
    if not days:
        return {}
    with connection.cursor() as cursor:
        parts = [day_as_text(cursor, day, outcome, steps, whose) for day in days]
        cursor.execute(" UNION ALL ".join(parts))
        rows = cursor.fetchall()
    lacking = {day: count for day, count, *_ in rows}
    covers: dict[dt.date, list[cover.StepCover]] = {day: [] for day in days}
    for day, _, *step in rows:
        if step[0]:
            covers[day].append(cover.read(tuple(step)))
    return {day: told(covers[day], lacking[day]) for day in days}


def day_as_text(cursor: Any, day: dt.date, outcome: Outcome, steps: Collection[UUID], whose: Whose) -> str:
    past = day if day < timezone.localdate() else None
    lacking = gaps.asked(gaps.Wanted(whose, outcome=outcome.pk), as_of=past)
    covered = cover.asked(cover.Wanted(whose, steps=steps), as_of=past)
    return EACH_DAY.format(day=day.isoformat(), gaps=as_text(cursor, *lacking), cover=as_text(cursor, *covered))


def as_text(cursor: Any, query: str, values: dict[str, Any]) -> str:
    """With its values in their places: the same names mean other values on another day."""
    written: bytes = cursor.mogrify(query, values)
    return written.decode()


def told(covers: Collection[cover.StepCover], lacking: int) -> tuple[Fraction | None, int | None]:
    links = [each.link for each in covers if each.performers and each.state is not Cover.UNMAPPED]
    return chain_cover(links) if links else None, lacking


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


# --- beside it: cover and gaps of the same days -----------------------------------------------

# Of a strip: how high its bars may grow below its name, how wide they are.
BELOW, BESIDE, WIDE = 16, 44, 10
# So far apart must two figures stand to be read.
APART = 46


class Bar(NamedTuple):
    """One counted day, under the dot of its value."""

    left: float
    y: float
    height: float
    said: str
    # There is room to write the figure; towards the middle, so that none leaves the drawing.
    is_told: bool
    text_x: float
    anchor: str


class Beside(NamedTuple):
    """Two strips that share the days of the chart; the words say the same."""

    covers: list[Bar]
    gaps: list[Bar]
    cover_words: str
    gap_words: str


def beside(dots: Sequence[Dot], points: Sequence[Point]) -> Beside | None:
    """Chain cover from nothing to whole, gaps up to the most there were; None where no day was counted."""
    counted = [(dot, point) for dot, point in zip(dots, points, strict=True) if point.chain is not None]
    if not counted:
        return None
    most = max(point.gaps or 0 for _, point in counted) or 1
    covers = [(dot.x, float(point.chain or 0), f"{float(100 * (point.chain or 0)):.0f} %") for dot, point in counted]
    lacking = [(dot.x, (point.gaps or 0) / most, str(point.gaps)) for dot, point in counted]
    return Beside(bars(covers), bars(lacking), in_words(counted, covers), in_words(counted, lacking))


def bars(found: Sequence[tuple[float, float, str]]) -> list[Bar]:
    """From the newest back, so that the newest is always written."""
    drawn: list[Bar] = []
    last = float("inf")
    for x, share, said in reversed(found):
        is_told = last - x >= APART
        last = x if is_told else last
        height = round(max(share * BESIDE, 1), 1)
        left = round(x - WIDE / 2, 1)
        place = (left - 3, "end") if x > WIDTH / 2 else (left + WIDE + 3, "start")
        drawn.append(Bar(left, round(BELOW + BESIDE - height, 1), height, said, is_told, *place))
    return drawn[::-1]


def in_words(counted: Sequence[tuple[Dot, Point]], found: Sequence[tuple[float, float, str]]) -> str:
    days = (point.measurement.measured_on for _, point in counted)
    return ", ".join(f"{said} on {day:%-d %B %Y}" for day, (_, _, said) in zip(days, found, strict=True))
