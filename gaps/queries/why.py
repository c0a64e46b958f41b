"""Why figures differ between two days: what happened in between, and what each thing that happened did to them.

The whole arithmetic runs six times: as of the first day, then with one kind of fact after the other taken from the last
day. What somebody's skill does to the figures in one round and not in the round before is the work of that kind of
fact, so the parts sum up to the difference, whatever happened.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from gaps.queries import past
from gaps.queries.gaps import JUDGED, LABELLED
from gaps.queries.reckoning import NEWS, PEOPLE, Whose, moments, reached

# In the order of cause: who is asked, what is asked, what is known, where they want to go, what people say of it.
ROUNDS = ("people", "requirements", "evidence", "goals", "overrules")
FIGURES = ("needs", "met", "reached", "weight", "upskill", "reskill")


class Event(NamedTuple):
    """One thing that happened, with what it did. `kind` is one of `KINDS`; names are for those who may see them."""

    kind: str
    # When; None where that is no one moment.
    day: dt.date | None
    person: UUID | None
    person_name: str
    job_role: UUID | None
    role_name: str
    skill: UUID | None
    skill_name: str
    step: UUID | None
    step_name: str
    level_before: int | None
    level: int | None
    # Of the evidence, where that is what happened.
    type: str
    # Whom it moved.
    people: int
    needs: int
    met: int
    reached: int
    weight: int
    upskill: int
    reskill: int

    @property
    def told(self) -> str:
        """By which those of one day and kind are put in order."""
        return f"{self.person_name} {self.role_name} {self.skill_name} {self.step_name} {self.person} {self.skill}"


KINDS = (
    "joined", "left", "moved", "asked", "no_longer_asked", "asked_otherwise", "aged", "recorded", "withdrawn",
    "expired", "outdated", "trusted", "goal", "overruled",
)  # fmt: skip


@dataclass(frozen=True)
class Between:
    """At the end of `first` against the end of `last`; of today, as it is by now."""

    first: dt.date
    last: dt.date

    def values(self) -> dict[str, Any]:
        """The days under two names, `…_a` and `…_b`."""
        told: dict[str, Any] = {}
        for side, day in (("a", self.first), ("b", self.last)):
            values = {**moments(day), "moment": past.end_of(day)}
            told |= {f"{name}_{side}": value for name, value in values.items()}
        return {**told, "beginning": moments()["beginning"]}

    def side(self, sql: str, side: str) -> str:
        """The same SQL about one of the two days; nothing where that is today, and the tables themselves are asked."""
        if side == "b" and self.last >= timezone.localdate():
            return ""
        return on(sql, side)


def on(sql: str, side: str) -> str:
    return re.sub(r"%\((moment|today|news_since)\)s", rf"%(\1_{side})s", sql)


# What each person's skill does to the figures in one round; and what it rests on, to say what has changed.
CELLS = f"""
SELECT judged.*, (told NOT IN ('none', 'reskill', 'role_drift')) IS TRUE AS is_upskill,
    (told IN ('reskill', 'role_drift')) IS TRUE AS is_reskill
FROM (
    SELECT DISTINCT ON (person_id, skill_id) person_id, skill_id, job_role_id, level AS required, criticality, held,
        trust, evidence_id, changed_step_id, is_lapsed, is_current::int AS needs, (is_current AND is_met)::int AS met,
        CASE WHEN is_current THEN {reached("need", "need.held")} ELSE 0 END AS reached,
        CASE WHEN is_current THEN criticality ELSE 0 END AS weight
    FROM (
        SELECT person_id, skill_id, job_role_id, required AS level, criticality, level AS held, trust, evidence_id,
            changed_step_id, is_lapsed, is_current, is_met FROM judged
    ) need
    ORDER BY person_id, skill_id, is_current DESC
) judged LEFT JOIN labelled USING (person_id, skill_id)
"""
HERE = """
SELECT person.id AS person_id, title.job_role_id
FROM workforce_person person LEFT JOIN workforce_jobtitle title ON title.id = person.job_title_id
WHERE {where}
"""
MOVED = """
SELECT {round} AS round, person_id, skill_id,
    coalesce(b.needs, 0) - coalesce(a.needs, 0) AS needs, coalesce(b.met, 0) - coalesce(a.met, 0) AS met,
    coalesce(b.reached, 0) - coalesce(a.reached, 0) AS reached, coalesce(b.weight, 0) - coalesce(a.weight, 0) AS weight,
    (b.is_upskill IS TRUE)::int - (a.is_upskill IS TRUE)::int AS upskill,
    (b.is_reskill IS TRUE)::int - (a.is_reskill IS TRUE)::int AS reskill,
    a.job_role_id AS role_a, b.job_role_id AS role_b, a.required AS required_a, b.required AS required_b,
    (a.required, a.criticality) IS NOT DISTINCT FROM (b.required, b.criticality) AS is_asked_as_before,
    a.held AS held_a, b.held AS held_b, a.trust AS trust_a, b.trust AS trust_b, a.evidence_id AS evidence_a,
    b.evidence_id AS evidence_b, a.changed_step_id AS step_a, b.changed_step_id AS step_b,
    a.is_lapsed IS TRUE AS was_lapsed, b.is_lapsed IS TRUE AS is_lapsed
FROM cells_{before} a FULL JOIN cells_{round} b USING (person_id, skill_id)
"""
SAID = """
moved AS (SELECT * FROM ({moved}) moved WHERE (needs, met, reached, weight, upskill, reskill) <> (0, 0, 0, 0, 0, 0)),
said AS (
    SELECT moved.*, here_a.person_id IS NOT NULL AS was_here, here_b.person_id IS NOT NULL AS is_here,
        here_a.job_role_id AS own_a, here_b.job_role_id AS own_b,
        recorded.recorded_at > %(moment_a)s AND recorded.recorded_at <= %(moment_b)s AS is_recorded,
        recorded.recorded_at, recorded.type, withdrawal.withdrawn_at, gone.valid_until AS gone_on,
        recorded.valid_until AS lapsed_on
    FROM moved LEFT JOIN here_a USING (person_id) LEFT JOIN here_b USING (person_id)
    LEFT JOIN gaps_evidence recorded ON recorded.id = moved.evidence_b
    LEFT JOIN gaps_evidence gone ON gone.id = moved.evidence_a
    LEFT JOIN gaps_withdrawal withdrawal ON withdrawal.evidence_id = moved.evidence_a
        AND withdrawal.withdrawn_at > %(moment_a)s AND withdrawal.withdrawn_at <= %(moment_b)s
),
kinds AS (
    SELECT said.*, CASE round
        WHEN 1 THEN CASE WHEN NOT was_here THEN 'joined' WHEN NOT is_here THEN 'left' ELSE 'moved' END
        WHEN 2 THEN CASE
            WHEN needs > 0 OR required_a IS NULL THEN 'asked'
            WHEN needs < 0 OR required_b IS NULL THEN 'no_longer_asked'
            WHEN is_asked_as_before AND (met, reached, weight) = (0, 0, 0) THEN 'aged'
            ELSE 'asked_otherwise'
        END
        WHEN 3 THEN CASE
            WHEN is_lapsed AND NOT was_lapsed AND withdrawn_at IS NULL THEN 'expired'
            WHEN is_recorded AND evidence_a IS DISTINCT FROM evidence_b THEN 'recorded'
            WHEN withdrawn_at IS NOT NULL THEN 'withdrawn'
            WHEN evidence_a IS DISTINCT FROM evidence_b AND gone_on < %(today_b)s THEN 'expired'
            WHEN step_a IS DISTINCT FROM step_b THEN 'outdated'
            WHEN evidence_a IS DISTINCT FROM evidence_b OR trust_a <> trust_b THEN 'trusted'
            ELSE 'recorded'
        END
        WHEN 4 THEN 'goal' ELSE 'overruled'
    END AS kind FROM said
),
"""
# Whom and what an event is about: a person who came is one event, whatever the role asks of them; a requirement that
# changed is one event, whoever it is asked of. Without names nobody and nothing that only one person has.
EVENTS = """
keyed AS (
    SELECT kinds.*,
        CASE WHEN %(names)s AND round <> 2 AND kind NOT IN ('outdated', 'trusted') THEN person_id END AS whom,
        CASE WHEN round = 1 AND %(names)s THEN coalesce(own_b, own_a) WHEN kind = 'no_longer_asked' THEN role_a
            WHEN round = 2 THEN coalesce(role_b, role_a) END AS role,
        CASE WHEN round = 2 OR %(names)s AND round IN (3, 5) AND kind <> 'trusted' THEN skill_id END AS what,
        CASE WHEN kind = 'outdated' THEN coalesce(step_b, step_a) END AS place
    FROM kinds
),
events AS (
    SELECT kind, whom, role, what, place, count(DISTINCT person_id) AS people,
        sum(needs) AS needs, sum(met) AS met, sum(reached) AS reached, sum(weight) AS weight,
        sum(upskill) AS upskill, sum(reskill) AS reskill,
        CASE WHEN min(round) = 2 THEN max(required_a) WHEN count(*) = 1 THEN max(held_a) END AS before,
        CASE WHEN min(round) = 2 THEN max(required_b) WHEN count(*) = 1 THEN max(held_b) END AS after,
        CASE WHEN kind = 'recorded' AND count(*) = 1 AND %(names)s THEN max(type) END AS type,
        CASE WHEN kind = 'recorded' THEN max(recorded_at) WHEN kind = 'withdrawn' THEN max(withdrawn_at) END AS at,
        CASE WHEN kind = 'expired' THEN max(CASE WHEN is_lapsed THEN lapsed_on ELSE gone_on END) + 1 END AS expired_on
    FROM keyed GROUP BY kind, whom, role, what, place
)
SELECT kind, CASE
        WHEN kind IN ('asked', 'asked_otherwise') THEN (
            SELECT max(since) FROM gaps_requirementperiod period WHERE period.job_role_id = role
            AND period.skill_id = what AND since > %(moment_a)s AND since <= %(moment_b)s
        )
        WHEN kind = 'no_longer_asked' THEN (
            SELECT max(until) FROM gaps_requirementperiod period WHERE period.job_role_id = role
            AND period.skill_id = what AND until > %(moment_a)s AND until <= %(moment_b)s
        )
        WHEN kind = 'outdated' THEN step.revised_at
        WHEN whom IS NULL THEN NULL
        WHEN kind = 'left' AND person.left_at > %(moment_a)s THEN person.left_at
        WHEN kind = 'goal' THEN (
            SELECT max(moment) FROM gaps_goal goal,
                unnest(ARRAY[greatest(person_agreed_at, manager_agreed_at), ended_at]) moment
            WHERE goal.person_id = whom AND moment > %(moment_a)s AND moment <= %(moment_b)s
        )
        WHEN kind = 'overruled' THEN (
            SELECT max(moment) FROM gaps_overrule overrule, unnest(ARRAY[overruled_at, taken_back_at]) moment
            WHERE overrule.person_id = whom AND overrule.skill_id = what
            AND moment > %(moment_a)s AND moment <= %(moment_b)s
        )
        ELSE at
    END,
    CASE
        WHEN whom IS NULL THEN NULL
        WHEN kind = 'expired' THEN expired_on
        WHEN kind = 'joined' AND person.start_date > %(today_a)s THEN person.start_date
        WHEN kind IN ('joined', 'left', 'moved') THEN (
            SELECT max(ended_on) FROM workforce_position WHERE person_id = whom
            AND ended_on > %(today_a)s AND ended_on <= %(today_b)s
        )
    END,
    whom, coalesce(person.display_name, ''), role, coalesce(job_role.name, ''), what, coalesce(skill.name, ''),
    place, coalesce(step.name, ''), before, after, coalesce(type, ''), people, needs, met, reached, weight, upskill,
    reskill
FROM events
LEFT JOIN workforce_person person ON person.id = whom
LEFT JOIN workforce_jobrole job_role ON job_role.id = role
LEFT JOIN skills_skill skill ON skill.id = what
LEFT JOIN workflows_step step ON step.id = place
"""


def events(whose: Whose, between: Between, *, names: bool) -> list[Event]:
    """What happened to the figures of these people, oldest first, what has no day last. One query.

    Without `names` it says of nobody in particular what happened, only how often and to how many.
    """
    values = {**whose.values(), **between.values(), "names": names}
    here = [f"here_{side} AS MATERIALIZED ({here_at(whose, between, side)})" for side in "ab"]
    cells = [f"cells_{count} AS MATERIALIZED ({cells_of(whose, between, count)})" for count in range(len(ROUNDS) + 1)]
    moved = " UNION ALL ".join(MOVED.format(round=count, before=count - 1) for count in range(1, len(ROUNDS) + 1))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join([*here, *cells])}, {SAID.format(moved=moved)} {EVENTS}", values)
        found = [read(row) for row in cursor.fetchall()]
    return sorted(
        found, key=lambda each: (each.day is None, each.day or between.last, KINDS.index(each.kind), each.told)
    )


def here_at(whose: Whose, between: Between, side: str) -> str:
    person = between.side(past.PERSON, side)
    return f"{person and f'WITH {person}'} {HERE.format(where=whose.where())}"


def cells_of(whose: Whose, between: Between, count: int) -> str:
    """The arithmetic with the first `count` kinds of facts as of the last day, and the others as of the first."""
    side = {name: "b" if place < count else "a" for place, name in enumerate(ROUNDS)}
    tables = (
        between.side(past.PERSON, side["people"]),
        between.side(past.REQUIREMENTS, side["requirements"]),
        between.side(past.standings(whose), side["evidence"]),
        between.side(past.GOALS, side["goals"]),
        between.side(past.OVERRULES, side["overrules"]),
        PEOPLE.format(where=whose.where()),
        on(NEWS, side["requirements"]),
        JUDGED,
        LABELLED,
    )
    return f"WITH {', '.join(table for table in tables if table)} {CELLS}"


def read(row: tuple[Any, ...]) -> Event:
    kind, moment, day, *rest = row
    figures = (int(figure) for figure in rest[-len(FIGURES) :])
    when = timezone.localdate(moment) if moment else day
    return Event(kind, when, *rest[: -len(FIGURES)], *figures)


# Whose figures were kept otherwise on one day than on the next: of others nothing has to be reckoned again.
MOVERS = """
SELECT DISTINCT person_id FROM gaps_figureperiod
WHERE (since > %(first)s AND since <= %(last)s) OR (until > %(first)s AND until <= %(last)s)
"""


def movers(between: Between) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(MOVERS, {"first": between.first, "last": between.last})
        return [row[0] for row in cursor.fetchall()]
