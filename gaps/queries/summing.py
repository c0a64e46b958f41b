"""Gaps added up: per person, team, role or over all, without making a row of each."""

import datetime as dt
from collections import defaultdict
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from gaps.arithmetic import Label
from gaps.queries.gaps import JUDGED, LABELLED
from gaps.queries.past import at
from gaps.queries.reckoning import (
    CHANGED,
    CLOSES_THE_GATE,
    COUNTED,
    EVERYBODY,
    NEWS_OF_OWN,
    OWN,
    PEOPLE,
    READ,
    STANDING,
    Whose,
    asked_in,
    is_met,
    news_for,
    reached,
)

# What figures can be grouped by, and the column of `reckoned`. Without a group everything is one sum.
GROUPS = {"person": "person_id", "team": "team_id", "job_role": "job_role_id", "": "NULL::uuid"}


class Sum(NamedTuple):
    """The figures of one group of people. `key` is None for those who are in none, or for the sum of all."""

    key: UUID | None
    name: str
    people: int
    # People whose role needs something; the figures below are theirs.
    counted: int
    met: int
    of: int
    # Readiness over all their requirements; None where nothing is needed.
    share: Fraction | None
    # People whose gate is open, whatever their percentage.
    ready: int
    # Open gaps by label, after overrules; labels without any are left out.
    labels: dict[Label, int]
    # Of them, asked for by the target role as well, whatever their label.
    carries_over: int
    # Requirements about which something that counts is known.
    known: int = 0
    # What `share` is made of: reached / (12 * weight).
    reached: int = 0
    weight: int = 0

    @property
    def gaps(self) -> int:
        return sum(self.labels.values())

    @property
    def upskill(self) -> int:
        return self.gaps - self.reskill

    @property
    def reskill(self) -> int:
        return sum(count for label, count in self.labels.items() if label.is_reskill)

    @property
    def not_ready(self) -> int:
        return self.counted - self.ready


# Whoever has a target role or an overrule is rare and needs the whole arithmetic; everybody else's labels follow from
# their own role alone, and are counted on the way.
SPECIAL = """(whose.target_id IS NOT NULL OR whose.person_id IN (
    SELECT person_id FROM gaps_overrule WHERE taken_back_at IS NULL
))"""
# A need as it is judged: since when it is news, if it is, and whether it is part of what made another role of it.
NEED = """
SELECT job_role_id, skill_id, level, criticality, steps, CASE WHEN is_fresh THEN asked_since END AS fresh_since,
    is_brought IS TRUE AND job_role_id IN (SELECT job_role_id FROM drift) AS is_drift
FROM asked need WHERE {asked}
"""
JUDGED_AS = f"""
need.criticality, {is_met("need", "counted.level", "counted.trust")} AS is_met,
{reached("need", "counted.level")} AS reached,
counted.level IS NOT NULL AS is_known,
changed.step_id IS NOT NULL AS is_outdated,
need.fresh_since IS NOT NULL
    AND (whose.position_since IS NULL OR whose.position_since <= need.fresh_since) AS is_fresh,
need.is_drift
"""
FIGURES = f"""
nullif(count(*), 0) AS needs, count(*) FILTER (WHERE is_met) AS met, count(*) FILTER (WHERE is_known) AS known,
sum(reached) AS reached, sum(criticality) AS weight,
bool_or(NOT is_met AND criticality {CLOSES_THE_GATE}) AS is_closed,
count(*) FILTER (WHERE NOT is_met AND is_fresh AND is_drift) AS drifted,
count(*) FILTER (WHERE NOT is_met AND (is_outdated OR is_fresh) AND NOT (is_fresh AND is_drift)) AS changed
"""
OF_EACH = f"""
SELECT whose.person_id, whose.team_id, whose.job_role_id, {SPECIAL} AS is_special, needs, met, known, reached, weight,
    is_closed, drifted, changed
"""
# Of few people, or of a past day: all that they need beside all that they can.
WHOLE = f"""
WITH {{past}} {{people}}, {{news}},
judged AS (
    SELECT whose.person_id, {JUDGED_AS} FROM whose JOIN ({NEED}) need USING (job_role_id) {STANDING} {COUNTED}
),
each AS (SELECT person_id, {FIGURES} FROM judged GROUP BY person_id),
reckoned AS ({OF_EACH} FROM whose LEFT JOIN each USING (person_id))
"""
# Of many, one after the other in the order of their ids: what is known of the next lies beside what was read of the
# last, however many there are. What a role needs is put together once, and kept in memory: more than a page may have.
ONE_BY_ONE = f"""
SET LOCAL work_mem = '64MB';
WITH {{people}}, {{own}}, {NEWS_OF_OWN},
needed AS MATERIALIZED (SELECT job_role_id, array_agg(need) AS all_needs FROM ({NEED}) need GROUP BY job_role_id),
reckoned AS (
    {OF_EACH} FROM (SELECT * FROM whose ORDER BY person_id) whose LEFT JOIN needed USING (job_role_id)
    CROSS JOIN LATERAL (
        SELECT {FIGURES} FROM (
            SELECT {JUDGED_AS} FROM unnest(all_needs) need (
                job_role_id uuid, skill_id uuid, level smallint, criticality smallint, steps smallint,
                fresh_since timestamptz, is_drift boolean
            )
            -- Read at once, not looked up skill by skill: that is what the OFFSET is for.
            LEFT JOIN (SELECT {READ} FROM gaps_standing WHERE person_id = whose.person_id OFFSET 0) standing
                ON standing.skill_id = need.skill_id
            {CHANGED} {COUNTED}
        ) judged
    ) each
)
"""
SUMMED = """
SELECT {group}, count(*), count(needs), coalesce(sum(met), 0), coalesce(sum(needs), 0), sum(reached), sum(weight),
    count(*) FILTER (WHERE NOT is_closed),
    coalesce(sum(drifted) FILTER (WHERE NOT is_special), 0), coalesce(sum(changed) FILTER (WHERE NOT is_special), 0),
    coalesce(sum(needs - met - drifted - changed) FILTER (WHERE NOT is_special), 0), coalesce(sum(known), 0)
FROM reckoned GROUP BY 1
"""
LABELS = """
SELECT {group}, told, count(*), count(*) FILTER (WHERE carries_over)
FROM (SELECT person_id, told, carries_over FROM labelled WHERE told <> 'none' AND {asked}) labelled
JOIN (SELECT * FROM whose) whose USING (person_id) GROUP BY 1, 2
"""
NAMES = {
    "person": "SELECT id, display_name FROM workforce_person WHERE id = ANY (%(keys)s::uuid[])",
    "team": "SELECT id, name FROM workforce_team WHERE id = ANY (%(keys)s::uuid[])",
    "job_role": "SELECT id, name FROM workforce_jobrole WHERE id = ANY (%(keys)s::uuid[])",
}


class Beginning(NamedTuple):
    """Of a statement that has a table `reckoned`, one row per person."""

    text: str
    # What stands in for the tables on a past day.
    past: str
    values: dict[str, Any]


def reckoned(whose: Whose, *, asked: str = "TRUE", as_of: dt.date | None = None) -> Beginning:
    """What a statement begins with that reads `reckoned`."""
    past, moments = at(as_of, whose)
    people = PEOPLE.format(where=whose.where())
    if past:
        begun = WHOLE.format(past=past, people=people, news=news_for(whose), asked=asked)
    else:
        begun = ONE_BY_ONE.format(people=people, own=OWN.format(where=whose.where()), asked=asked)
    return Beginning(begun, past, {**whose.values(), **moments})


def sums(
    whose: Whose = EVERYBODY, *, by: str = "", workflow: UUID | None = None, as_of: dt.date | None = None
) -> list[Sum]:
    """One row per group, by name; of what one workflow asks, or all work. Three queries, whatever the number of people.

    Groups of fewer than five are for their own manager only: whoever shows this to others leaves them out.
    """
    asked_of_needs, asked_of_gaps = (asked_in(of) if workflow else "TRUE" for of in ("need", "labelled"))
    begun, past, values = reckoned(whose, asked=asked_of_needs, as_of=as_of)
    values["workflow"] = workflow and str(workflow)
    group, news = GROUPS[by], news_for(whose)
    special = PEOPLE.format(where=f"{whose.where()} AND {SPECIAL_PEOPLE}")
    with connection.cursor() as cursor:
        cursor.execute(f"{begun} {SUMMED.format(group=group)}", values)
        rows = cursor.fetchall()
        labelled = LABELS.format(group=group, asked=asked_of_gaps)
        cursor.execute(f"WITH {past} {special}, {news}, {JUDGED}, {LABELLED} {labelled}", values)
        labels = defaultdict(list)
        for of, *label in cursor.fetchall():
            labels[of].append(label)
        names: dict[UUID | None, str] = {}
        if by:
            cursor.execute(NAMES[by], {"keys": [str(row[0]) for row in rows if row[0]]})
            names = dict(cursor.fetchall())
    found = [sum_of(row, names.get(row[0], ""), labels.get(row[0], [])) for row in rows]
    return sorted(found, key=lambda each: (each.name.casefold(), str(each.key)))


SPECIAL_PEOPLE = """(goal.id IS NOT NULL OR person.id IN (
    SELECT person_id FROM gaps_overrule WHERE taken_back_at IS NULL
))"""


def sum_of(row: tuple[Any, ...], name: str, special: list[list[Any]]) -> Sum:
    key, people, counted, met, needs, twelfths, weight, ready, drifted, changed, plain, known = row
    labels = {Label.DRIFT: int(drifted), Label.CHANGE: int(changed), Label.UPSKILL: int(plain)}
    for label, count, _ in special:
        labels[Label(label)] = labels.get(Label(label), 0) + count
    carried = sum(count for *_, count in special)
    return Sum(
        key, name, people, counted, int(met), int(needs), share_of(twelfths, weight), ready,
        {label: count for label, count in labels.items() if count}, carried, int(known),
        int(twelfths or 0), int(weight or 0),
    )  # fmt: skip


def share_of(twelfths: Any, weight: Any) -> Fraction | None:
    return Fraction(int(twelfths), 12 * int(weight)) if weight else None


def sum_of_all(whose: Whose = EVERYBODY, *, workflow: UUID | None = None, as_of: dt.date | None = None) -> Sum:
    """One sum over everybody asked about."""
    found = sums(whose, workflow=workflow, as_of=as_of)
    return found[0] if found else Sum(None, "", 0, 0, 0, 0, None, 0, {}, 0)
