"""The gaps of people one by one, and what all of them come to: every requirement is judged once for both."""

import datetime as dt
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from gaps.arithmetic import Label
from gaps.queries.gaps import BY_WORST, JUDGED, LABELLED, NAMED, Gap, Wanted, read
from gaps.queries.past import at
from gaps.queries.reckoning import CLOSES_THE_GATE, PEOPLE, Whose, asked_in, news_for, reached
from gaps.queries.summing import Sum, share_of


class Listed(NamedTuple):
    gaps: list[Gap]
    sum: Sum


# A row for each gap, worst first; one without a gap where there is none.
LISTED = """
WITH {past} {people}, {news}, {judged}, {labelled},
each AS (
    SELECT person_id, count(*) AS needs, count(*) FILTER (WHERE is_met) AS met,
        count(*) FILTER (WHERE level IS NOT NULL) AS known, sum({reached}) AS reached, sum(criticality) AS weight,
        bool_or(NOT is_met AND criticality {gate}) AS is_closed
    FROM judged need WHERE is_current AND {asked} GROUP BY person_id
),
whole AS (
    SELECT count(*), count(each.person_id), coalesce(sum(met), 0), coalesce(sum(needs), 0), coalesce(sum(reached), 0),
        coalesce(sum(weight), 0), count(*) FILTER (WHERE NOT is_closed), coalesce(sum(known), 0)
    FROM whose LEFT JOIN each USING (person_id)
),
wanted AS MATERIALIZED (SELECT * FROM labelled WHERE {wanted}),
label AS (SELECT told, count(*) AS count, count(*) FILTER (WHERE carries_over) AS carried FROM wanted GROUP BY told),
found AS (SELECT * FROM wanted ORDER BY {order} LIMIT %(limit)s)
SELECT whole.*, labels.*, gap.*
FROM whole
CROSS JOIN (SELECT coalesce(array_agg(told), '{{}}'), coalesce(array_agg(count), '{{}}'), coalesce(sum(carried), 0)
    FROM label) labels
LEFT JOIN ({named}) gap ON TRUE
ORDER BY {order_of_gaps}
"""
FIGURES = 11


def listed(whose: Whose, *, limit: int, workflow: UUID | None = None, as_of: dt.date | None = None) -> Listed:
    """What `gaps.gaps` and `summing.sum_of_all` say of the same people and work. One query."""
    wanted = Wanted(whose, workflow=workflow)
    past, moments = at(as_of, whose)
    query = LISTED.format(
        past=past,
        people=PEOPLE.format(where=whose.where()),
        news=news_for(whose),
        judged=JUDGED,
        labelled=LABELLED,
        reached=reached("need", "need.level", required="required"),
        gate=CLOSES_THE_GATE,
        asked=asked_in("need") if workflow else "TRUE",
        wanted=wanted.where(),
        order=BY_WORST,
        named=NAMED,
        order_of_gaps=", ".join(f"gap.{column}" for column in BY_WORST.split(", ")),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, {**wanted.values(), **moments, "limit": limit})
        rows = cursor.fetchall()
    return Listed([read(row[FIGURES:]) for row in rows if row[FIGURES]], sum_of(rows[0][:FIGURES]))


def sum_of(row: tuple[Any, ...]) -> Sum:
    people, counted, met, needs, twelfths, weight, ready, known, told, counts, carried = row
    labels = {Label(label): count for label, count in zip(told, counts, strict=True)}
    return Sum(
        None, "", people, counted, int(met), int(needs), share_of(twelfths, weight), ready, labels, int(carried),
        int(known), int(twelfths), int(weight),
    )  # fmt: skip
