"""The gaps of people one by one, and what all of them come to: every requirement is judged once for both."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from base.rows import answers
from gaps.arithmetic import Label, kind_of
from gaps.models import Cause
from gaps.queries.gaps import BY_WORST, JUDGED, LABELLED, NAMED, Counts, Gap, Wanted, read
from gaps.queries.past import at
from gaps.queries.reckoning import CLOSES_THE_GATE, PEOPLE, Whose, asked_in, news_for, reached
from gaps.queries.summing import Sum, share_of


class Listed(NamedTuple):
    gaps: list[Gap]
    sum: Sum
    # However many are listed; what another cause was named for stands in the sum under its label, and here apart.
    counts: Counts


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
label AS (
    SELECT told, count(*) AS count, count(*) FILTER (WHERE carries_over) AS carried,
        count(*) FILTER (WHERE cause.kind <> ALL (%(for_training)s)) AS not_built
    FROM wanted
    LEFT JOIN gaps_cause cause ON cause.person_id = wanted.person_id AND cause.skill_id = wanted.skill_id
        AND cause.taken_back_at IS NULL
    GROUP BY told
),
found AS (SELECT * FROM wanted ORDER BY {order} LIMIT %(limit)s)
SELECT whole.*, labels.*, gap.*
FROM whole
CROSS JOIN (SELECT coalesce(array_agg(told), '{{}}'), coalesce(array_agg(count), '{{}}'), coalesce(sum(carried), 0),
    coalesce(array_agg(not_built), '{{}}') FROM label) labels
LEFT JOIN ({named}) gap ON TRUE
ORDER BY {order_of_gaps}
"""
FIGURES = 12
BY_TRAINING = Cause.Kind.for_training()


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
    values = {**wanted.values(), **moments, "limit": limit, "for_training": [str(kind) for kind in BY_TRAINING]}
    rows = answers(query, values, keep=whose.are_few and not as_of)
    *figures, not_built = rows[0][:FIGURES]
    found = sum_of(tuple(figures))
    counts = counts_of(found.labels, dict(zip(found.labels, not_built, strict=True)))
    return Listed([read(row[FIGURES:]) for row in rows if row[FIGURES]], found, counts)


def counts_of(labels: Mapping[Label, int], not_built: Mapping[Label, int]) -> Counts:
    kinds = {"upskill": 0, "reskill": 0}
    for label, number in labels.items():
        kinds[kind_of(label)] += number - not_built[label]
    return Counts(kinds["upskill"], kinds["reskill"], sum(not_built.values()))


def sum_of(row: tuple[Any, ...]) -> Sum:
    people, counted, met, needs, twelfths, weight, ready, known, told, counts, carried = row
    labels = {Label(label): count for label, count in zip(told, counts, strict=True)}
    return Sum(
        None, "", people, counted, int(met), int(needs), share_of(twelfths, weight), ready, labels, int(carried),
        int(known), int(twelfths), int(weight),
    )  # fmt: skip
