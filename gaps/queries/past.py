"""A past day for every query of this room: common table expressions that stand in for the tables, under their names.

At the end of that day: what had been written down and not taken back, who worked here in which role, what roles needed,
how far evidence was trusted, at which revision steps were. Which steps there are, and how many people each needs, is as
it is today; of what they ask, what their role was asked for then.
"""

import datetime as dt
from typing import Any

from django.utils import timezone

from gaps.queries.reckoning import EVERYBODY, Whose, moments
from gaps.queries.standing import AS_OF

# A name in WITH goes before a table of the same name, and inside its own definition still means the table.
PERSON = """
workforce_person AS (
    SELECT person.id, person.display_name, person.end_date, person.start_date,
        coalesce(before.team_id, person.team_id) AS team_id,
        CASE WHEN before.person_id IS NULL THEN person.job_title_id ELSE before.job_title_id END AS job_title_id,
        CASE WHEN before.person_id IS NULL THEN person.position_since ELSE before.started_on END AS position_since,
        CASE
            WHEN person.left_at <= %(moment)s OR person.start_date > %(today)s THEN 'inactive'
            WHEN person.status = ANY (%(at_work)s) THEN person.status ELSE 'active'
        END AS status
    FROM workforce_person person
    LEFT JOIN LATERAL (
        SELECT position.* FROM workforce_position position
        WHERE position.person_id = person.id AND position.ended_on > %(today)s
        AND (position.started_on IS NULL OR position.started_on <= %(today)s)
        ORDER BY position.ended_on, position.id LIMIT 1
    ) before ON TRUE
)
"""
STANDINGS = "gaps_standing AS MATERIALIZED ({standing})"
REQUIREMENTS = """
gaps_requirement AS (
    SELECT job_role_id, skill_id, level, criticality, steps, TRUE AS is_rated, since AS asked_since
    FROM gaps_requirementperiod WHERE since <= %(moment)s AND (until IS NULL OR until > %(moment)s)
)
"""
NEEDS = """
gaps_need AS (
    SELECT need.* FROM gaps_need need WHERE EXISTS (
        SELECT FROM gaps_requirementperiod period
        WHERE period.job_role_id = need.job_role_id AND period.skill_id = need.skill_id
        AND period.since <= %(moment)s AND (period.until IS NULL OR period.until > %(moment)s)
    )
)
"""
# Everything that is known of one person lies together: read at once, not looked up skill by skill.
THEIRS = """
gaps_standing AS MATERIALIZED (SELECT * FROM gaps_standing WHERE person_id = ANY (%(people)s::uuid[]))
"""
GOALS = """
gaps_goal AS (
    SELECT id, person_id, job_role_id, 'agreed' AS state FROM gaps_goal
    WHERE person_agreed_at <= %(moment)s AND manager_agreed_at <= %(moment)s
    AND (ended_at IS NULL OR ended_at > %(moment)s)
)
"""
OVERRULES = """
gaps_overrule AS (
    SELECT id, person_id, skill_id, label, reason, NULL::timestamptz AS taken_back_at FROM gaps_overrule
    WHERE overruled_at <= %(moment)s AND (taken_back_at IS NULL OR taken_back_at > %(moment)s)
)
"""
CAUSES = """
gaps_cause AS (
    SELECT id, person_id, skill_id, kind, NULL::timestamptz AS taken_back_at FROM gaps_cause
    WHERE named_at <= %(moment)s AND (taken_back_at IS NULL OR taken_back_at > %(moment)s)
)
"""
AMONG = """AND person_id IN (
    SELECT person.id FROM workforce_person person LEFT JOIN workforce_jobtitle title ON title.id = person.job_title_id
    WHERE {where}
)"""


def at(as_of: dt.date | None, whose: Whose) -> tuple[str, dict[str, Any]]:
    """What goes behind WITH, and the values for it: a past day, or, of few people, all that is known of each."""
    values = moments(as_of)
    if as_of is None or as_of >= timezone.localdate():
        return f"{THEIRS}," if whose.are_few else "", values
    tables = (PERSON, standings(whose), REQUIREMENTS, NEEDS, GOALS, OVERRULES, CAUSES)
    return "".join(f"{table}," for table in tables), {**values, "moment": end_of(as_of)}


def standings(whose: Whose) -> str:
    """Where these people stood."""
    return STANDINGS.format(standing=AS_OF.replace("{among}", AMONG.format(where=whose.where())))


def people_at(as_of: dt.date | None) -> tuple[str, dict[str, Any]]:
    """The same for a query that asks only who was there."""
    _, values = past = at(as_of, EVERYBODY)
    return (PERSON, values) if past[0] else past


def work_at(as_of: dt.date | None) -> tuple[str, dict[str, Any]]:
    """The same, WITH included, for a query that asks only what roles needed."""
    if as_of is None or as_of >= timezone.localdate():
        return "", {}
    return f"WITH {REQUIREMENTS}, {NEEDS}", {"moment": end_of(as_of)}


def end_of(day: dt.date) -> dt.datetime:
    """The last moment of a day, here."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.max))
