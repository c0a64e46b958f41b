"""Figures over time: of a team or a role as they were made up then, or of these people wherever they worked.

A reporting tree is who is in it today, leavers included: nobody keeps who led whom before. Its past figures are theirs.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from base.rows import answers
from gaps.models import SnapshotDay
from gaps.queries.reckoning import EVERYBODY, Whose
from gaps.queries.summing import Sum, sum_of_all

DAYS = 90


class Point(NamedTuple):
    """The figures at the end of one day; of today, as they are by now.

    Without `is_kept` nobody kept that day, and without `is_shown` too few people were behind it: the figures are zero.
    """

    day: dt.date
    is_kept: bool
    is_shown: bool
    people: int
    # People whose role needs something; the figures below are theirs.
    counted: int
    met: int
    of: int
    # Requirements about which something that counts is known.
    known: int
    # In twelfths of criticality.
    reached: int
    weight: int
    # People whose gate is open.
    ready: int
    upskill: int
    reskill: int

    @property
    def is_known(self) -> bool:
        return self.is_kept and self.is_shown

    @property
    def share(self) -> Fraction | None:
        """Readiness, as `Sum.share`; None where nothing is needed or the day is not known."""
        return Fraction(self.reached, 12 * self.weight) if self.weight and self.is_known else None

    @property
    def gaps(self) -> int:
        return self.upskill + self.reskill


@dataclass(frozen=True)
class Trend:
    """One point per day, oldest first, without holes."""

    points: list[Point]

    @property
    def known(self) -> list[Point]:
        return [point for point in self.points if point.is_known]

    @property
    def first(self) -> Point | None:
        return self.known[0] if self.known else None

    @property
    def last(self) -> Point | None:
        return self.known[-1] if self.known else None

    @property
    def is_empty(self) -> bool:
        """Fewer than two days: nothing to draw a line through."""
        return len(self.known) < 2


# A period counts from its first day on and no longer from its end on: running sums of both, so that the cost follows
# the rows and not the days.
SERIES = """
WITH mine AS (
    SELECT * FROM gaps_figureperiod
    WHERE {where} AND since <= %(last)s AND (until IS NULL OR until > %(first)s)
),
moves AS (
    SELECT greatest(since, %(first)s) AS day, 1 AS sign, mine.* FROM mine
    UNION ALL
    SELECT until, -1, mine.* FROM mine WHERE until <= %(last)s
),
daily AS (
    SELECT day, sum(sign) AS people, sum(sign) FILTER (WHERE needs > 0) AS counted, sum(sign * met) AS met,
        sum(sign * needs) AS of, sum(sign * known) AS known, sum(sign * reached) AS reached,
        sum(sign * weight) AS weight, sum(sign) FILTER (WHERE is_ready) AS ready, sum(sign * upskill) AS upskill,
        sum(sign * reskill) AS reskill
    FROM moves GROUP BY day
)
SELECT day::date, kept.day IS NOT NULL, {columns}
FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') day
LEFT JOIN daily USING (day)
LEFT JOIN gaps_snapshotday kept USING (day)
ORDER BY day
"""
SUMMED = ("people", "counted", "met", "of", "known", "reached", "weight", "ready", "upskill", "reskill")
COLUMNS = ", ".join(f"coalesce(sum(daily.{column}) OVER (ORDER BY day), 0)::bigint" for column in SUMMED)


def where(whose: Whose) -> str:
    said = ["TRUE"]
    if whose.people is not None:
        said.append("person_id = ANY (%(people)s::uuid[])")
    if whose.team:
        said.append("team_id = %(team)s")
    if whose.job_role:
        said.append("job_role_id = %(job_role)s")
    return " AND ".join(said)


def trend(
    whose: Whose = EVERYBODY,
    *,
    days: int = DAYS,
    until: dt.date | None = None,
    now: Sum | None = None,
    told: Collection[dt.date] | None = None,
) -> Trend:
    """The last `days` days, the last of them `until` (today). One query; three where today is to be reckoned.

    `now`: today's sum, where it is known already. `told`: the days that are shown, for whoever may see the group and
    not the people in it.
    """
    today = timezone.localdate()
    last = until or today
    values = {**whose.values(), "first": last - dt.timedelta(days=days - 1), "last": last}
    rows = answers(SERIES.format(where=where(whose), columns=COLUMNS), values, keep=whose.are_few)
    points = [point(*row) for row in rows]
    if last == today:
        points[-1] = point_of(today, now or sum_of_all(whose))
    return Trend([each if told is None or each.day in told else hidden(each) for each in points])


def point(day: dt.date, is_kept: bool, *figures: int) -> Point:
    return Point(day, is_kept, True, *figures) if is_kept else Point(day, False, True, *[0] * len(SUMMED))


def point_of(day: dt.date, now: Sum) -> Point:
    """Today as it is by now, in the words of the other days."""
    return Point(
        day, True, True, now.people, now.counted, now.met, now.of, now.known, now.reached, now.weight, now.ready,
        now.upskill, now.reskill,
    )  # fmt: skip


def hidden(each: Point) -> Point:
    return Point(each.day, each.is_kept, False, *[0] * len(SUMMED))


def point_on(whose: Whose, day: dt.date) -> Point:
    """One day alone."""
    return trend(whose, days=1, until=day).points[0]


# Whoever was in the group on some of the days and not on all of them, with those on which they were; today is a day of
# its own, as it is by now.
CAME_OR_WENT = """
WITH kept AS (
    SELECT person_id, range_agg(daterange(greatest(since, %(first)s), least(until, %(today)s))) AS days
    FROM gaps_figureperiod
    WHERE {where} AND since < %(today)s AND (until IS NULL OR until > %(first)s) GROUP BY person_id
),
now AS (
    SELECT person.id AS person_id FROM workforce_person person
    LEFT JOIN workforce_jobtitle title ON title.id = person.job_title_id WHERE {now}
)
SELECT array(SELECT lower(part) FROM unnest(kept.days) part ORDER BY part),
    array(SELECT upper(part) FROM unnest(kept.days) part ORDER BY part), now.person_id IS NOT NULL
FROM kept FULL JOIN now USING (person_id)
WHERE kept.days IS DISTINCT FROM datemultirange(daterange(%(first)s, %(today)s)) OR now.person_id IS NULL
"""
# Sums tell of no day before that, whatever is asked: what may be told depends on all the days that are.
HORIZON = 366


def present(whose: Whose) -> dict[dt.date, int]:
    """{day: a bit for each who came or went and was there}, of all days kept within the horizon, and today."""
    today = timezone.localdate()
    first = today - dt.timedelta(days=HORIZON)
    days = dict.fromkeys(SnapshotDay.objects.between(first, today), 0) | {today: 0}
    with connection.cursor() as cursor:
        query = CAME_OR_WENT.format(where=where(whose), now=whose.where())
        cursor.execute(query, {**whose.values(), "first": first, "today": today})
        for bit, (began, ended, is_here) in enumerate(cursor.fetchall()):
            days[today] |= is_here << bit
            for day in days:
                if day < today and any(start <= day < end for start, end in zip(began or (), ended or (), strict=True)):
                    days[day] |= 1 << bit
    return days
