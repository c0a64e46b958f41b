"""Gaps added up: per person, team, role or over all, without making a row of each."""

import datetime as dt
from collections import defaultdict
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from gaps.arithmetic import Label
from gaps.queries.gaps import JUDGED, LABELLED
from gaps.queries.past import THEIRS, at
from gaps.queries.reckoning import (
    CLOSES_THE_GATE,
    COUNTED,
    EVERYBODY,
    IN_PART,
    NEWS_OF_FEW,
    PARTS,
    PEOPLE,
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
EACH = f"""
judged AS (
    SELECT whose.person_id, need.criticality,
        {is_met("need", "counted.level", "counted.trust")} AS is_met,
        {reached("need", "counted.level")} AS reached,
        counted.level IS NOT NULL AS is_known,
        changed.step_id IS NOT NULL AS is_outdated,
        need.is_fresh IS TRUE
            AND (whose.position_since IS NULL OR whose.position_since <= need.asked_since) AS is_fresh,
        need.is_brought IS TRUE AND need.has_drifted AS is_drift
    FROM whose
    JOIN (SELECT asked.*, job_role_id IN (SELECT job_role_id FROM drift) AS has_drifted FROM asked) need
        USING (job_role_id)
    {STANDING} {COUNTED}
    WHERE {{asked}}
),
each AS (
    SELECT person_id, count(*) AS needs, count(*) FILTER (WHERE is_met) AS met,
        count(*) FILTER (WHERE is_known) AS known,
        sum(reached) AS reached, sum(criticality) AS weight,
        bool_or(NOT is_met AND criticality {CLOSES_THE_GATE}) AS is_closed,
        count(*) FILTER (WHERE NOT is_met AND is_fresh AND is_drift) AS drifted,
        count(*) FILTER (WHERE NOT is_met AND (is_outdated OR is_fresh) AND NOT (is_fresh AND is_drift)) AS changed
    FROM judged GROUP BY person_id
)
"""
OF_EACH = f"""
SELECT whose.person_id, whose.team_id, whose.job_role_id, {SPECIAL} AS is_special, needs, met, known, reached, weight,
    is_closed, drifted, changed
FROM whose LEFT JOIN each USING (person_id)
"""
WHOLE = f"WITH {{past}} {{people}}, {{news}}, {EACH}, reckoned AS ({OF_EACH})"
# One part after the other, each with tables of its own, and whoever has no role. The more roles there are, the fewer
# rows PostgreSQL expects of a part: in a large company it would sort them. As in a small one, it is to hash them.
IN_PARTS = f"""
SET LOCAL enable_sort = off; WITH {PARTS}, reckoned AS (
    SELECT found.* FROM parts part
    CROSS JOIN LATERAL (WITH {{people}}, {THEIRS}, {NEWS_OF_FEW}, {EACH} {OF_EACH}) found
    UNION ALL
    SELECT person.id, person.team_id, NULL, FALSE, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM workforce_person person LEFT JOIN workforce_jobtitle title ON title.id = person.job_title_id
    WHERE title.job_role_id IS NULL AND {{where}}
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
        people = PEOPLE.format(where=f"{whose.where()} AND {IN_PART}")
        theirs = "ARRAY(SELECT person_id FROM whose)"
        begun = IN_PARTS.format(people=people, of=theirs, where=whose.where(), asked=asked)
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
