"""The heatmap as a table, drawn by the dense engine: 300 people × 40 steps are 12,000 cells."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from django.utils.safestring import SafeString

from base.dense import addressed, dense, opening
from gaps.looking import Look
from gaps.queries import heat as queries
from gaps.queries.cover import StepCover
from gaps.queries.heat import Cell, Column, Someone
from gaps.queries.trend import Point, Trend

GROUPS: dict[str, Callable[[Someone], str]] = {
    "role": lambda someone: someone.role_name,
    "team": lambda someone: someone.team_name,
    "": lambda someone: "",
}
NOWHERE = {"role": "No job role", "team": "No team", "": ""}


@dataclass(frozen=True)
class Spark:
    """A line of readiness from left to right; `dots` are the days to read in the table beneath."""

    path: str
    words: str
    dots: list[Point]
    # The day known before each of them, to ask what happened in between.
    before: dict[dt.date, dt.date]


WIDE, HIGH = 120, 28
LEAST_SPREAD = 0.1


def spark(trend: Trend) -> Spark:
    """Holes are days that nobody kept: the line does not pretend to know them."""
    last = max(len(trend.points) - 1, 1)
    shares = [float(point.share) for point in trend.points if point.share is not None] or [0.0]
    # A change of one point in a hundred is no cliff: the line fills its height from ten points on.
    low, spread = min(shares), max(max(shares) - min(shares), LEAST_SPREAD)
    path, drawing = [], False
    for place, point in enumerate(trend.points):
        if point.share is not None:
            x, y = 2 + (WIDE - 4) * place / last, HIGH - 3 - (HIGH - 6) * (float(point.share) - low) / spread
            path.append(f"{'L' if drawing else 'M'}{x:.1f} {y:.1f}")
        drawing = point.share is not None
    known = [point for point in trend.points if point.share is not None]
    changed = [
        now
        for before, now in zip(known[:1] + known, known, strict=False)
        if before.share != now.share or now is known[0]
    ]
    said = " to ".join(
        f"{round((point.share or 0) * 100)} % on {point.day:%-d %B}" for point in (known[:1] + known[-1:])
    )
    before = {now.day: then.day for then, now in pairwise(known)}
    return Spark(" ".join(path), f"Readiness over 90 days: from {said}", changed[-12:], before)


@dataclass(frozen=True)
class Band:
    """Rows under one heading; without a heading where nothing is grouped."""

    name: str
    people: list[Someone]


def bands(people: Iterable[Someone], by: str) -> list[Band]:
    found: dict[str, list[Someone]] = {}
    for someone in people:
        found.setdefault(GROUPS[by](someone) or NOWHERE[by], []).append(someone)
    return [Band(name, found[name]) for name in sorted(found, key=str.casefold)]


def sorted_by(people: Sequence[Someone], found: Iterable[Cell], sort: str) -> list[Someone]:
    """By name as they come; or whoever has most to go first."""
    if sort != "gaps":
        return list(people)
    open_gaps: dict[UUID, int] = {}
    for cell in found:
        open_gaps[cell.person] = open_gaps.get(cell.person, 0) + cell.needs - cell.met
    return sorted(people, key=lambda someone: -open_gaps.get(someone.person, 0))


def heat(
    look: Look,
    found: Sequence[Cell],
    people: Sequence[Someone],
    *,
    across: str = queries.STEPS,
    by: str = "role",
    sort: str = "",
    covers: Iterable[StepCover] = (),
) -> SafeString | str:
    """Nothing where nothing is asked of anybody: the page says so instead."""
    columns: list[Column] = queries.columns(found, across)
    if not columns:
        return ""
    cells = {(cell.person, cell.column): cell for cell in found}
    places = [column.pk for column in columns]
    context = {
        "look": look,
        "columns": columns,
        "bands": bands(sorted_by(people, found, sort), by),
        "cells_of": {one.person: [cells.get((one.person, place)) for place in places] for one in people},
        "covers": {each.step: each for each in covers},
        "across": across,
        "step_link": opening("cover_show", 1, look.question),
        "cell_link": opening("cell_show" if across == queries.STEPS else "skill_cell_show", 2, look.question),
        "record": addressed("person_gaps", 1),
        "several": len({column.workflow for column in columns}) > 1,
    }
    return dense("gaps/heat.html", context)
