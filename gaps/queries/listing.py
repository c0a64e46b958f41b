"""The gaps of people one by one, and what all of them come to: every requirement is judged once for both."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
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


# A row for each gap, worst first; one without a gap where there is none. Figures stand in each of them, as one text
# that is read once.
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
SELECT figures.as_text, gap.*
FROM (
    SELECT row_to_json(row(whole.*, labels.*))::text AS as_text
    FROM whole
    CROSS JOIN (SELECT coalesce(array_agg(told), '{{}}'), coalesce(array_agg(count), '{{}}'),
        coalesce(array_agg(not_built), '{{}}'), coalesce(sum(carried), 0) FROM label) labels
) figures
LEFT JOIN ({named}) gap ON TRUE
ORDER BY {order_of_gaps}
"""
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
    found, counts = figures_of(json.loads(rows[0][0]).values())
    return Listed([read(row[1:]) for row in rows if row[1]], found, counts)


def counts_of(labels: Mapping[Label, int], not_built: Mapping[Label, int]) -> Counts:
    kinds = {"upskill": 0, "reskill": 0}
    for label, number in labels.items():
        kinds[kind_of(label)] += number - not_built[label]
    return Counts(kinds["upskill"], kinds["reskill"], sum(not_built.values()))


def figures_of(values: Iterable[Any]) -> tuple[Sum, Counts]:
    people, counted, met, needs, twelfths, weight, ready, known, told, numbers, not_built, carried = values
    labels = [Label(label) for label in told]
    by_label = dict(zip(labels, numbers, strict=True))
    found = Sum(
        None, "", people, counted, met, needs, share_of(twelfths, weight), ready, by_label, carried, known, twelfths,
        weight,
    )  # fmt: skip
    return found, counts_of(by_label, dict(zip(labels, not_built, strict=True)))
