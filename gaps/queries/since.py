"""What is to be read again since a moment: the SQL behind `updated_since` of figures.

Figures are reckoned on every look, so no row says when one changed. What they rest on does: evidence and standing, who
works where, what roles need, goals, and what people decided. Rather too many are told than too few.
"""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db import connection

from base.models import Change

# `person` is a row of workforce_person. A title that was mapped anew changes the role of whoever holds it.
OF_PERSON = """(
    person.changed_at >= %(since)s
    OR EXISTS (SELECT FROM base_change change WHERE change.subject = person.job_title_id AND change.at >= %(since)s)
    OR EXISTS (
        SELECT FROM gaps_goal goal WHERE goal.person_id = person.id
        AND (greatest(goal.person_agreed_at, goal.manager_agreed_at) >= %(since)s OR goal.ended_at >= %(since)s)
    )
)"""
# What counts of one person in the skills of `among`. A standing whose last evidence was withdrawn is gone.
SAID = """(
    EXISTS (
        SELECT FROM gaps_standing moved
        WHERE moved.person_id = {person} AND moved.changed_at >= %(since)s AND moved.skill_id {among}
    ) OR EXISTS (
        SELECT FROM gaps_evidence said JOIN gaps_withdrawal ended ON ended.evidence_id = said.id
        WHERE said.person_id = {person} AND ended.withdrawn_at >= %(since)s AND said.skill_id {among}
    )
)"""
DECIDED = """(
    EXISTS (
        SELECT FROM gaps_overrule said WHERE said.person_id = {person} AND said.skill_id {among}
        AND greatest(said.overruled_at, said.taken_back_at) >= %(since)s
    ) OR EXISTS (
        SELECT FROM gaps_cause said WHERE said.person_id = {person} AND said.skill_id {among}
        AND greatest(said.named_at, said.taken_back_at) >= %(since)s
    )
)"""
ASKED = """(
    EXISTS (
        SELECT FROM gaps_requirement now_asked WHERE now_asked.job_role_id = {role} AND now_asked.skill_id {among}
        AND now_asked.changed_at >= %(since)s
    ) OR EXISTS (
        SELECT FROM gaps_requirementperiod asked_then WHERE asked_then.job_role_id = {role}
        AND asked_then.skill_id {among} AND greatest(asked_then.since, asked_then.until) >= %(since)s
    )
)"""


# On days on which nothing is written, what was new ceases to be (`reckoning.NEWS_FOR`): {at} is a moment that aged out.
# A day of grace, since a day begins at another hour elsewhere.
AGED = "{at} >= (%(since)s)::date - 1 - %(news_for)s AND {at} < %(news_since)s"
# What is new to a role is named as such, or as another role altogether, by all that is new to it.
ROLE_MOVED = f"""EXISTS (
    SELECT FROM gaps_requirementperiod of_role WHERE of_role.job_role_id = {{role}}
    AND (greatest(of_role.since, of_role.until) >= %(since)s OR {AGED.format(at="of_role.since")})
)"""
ROLE_AGED = f"""EXISTS (
    SELECT FROM gaps_requirement of_role
    WHERE of_role.job_role_id = {{role}} AND {AGED.format(at="of_role.asked_since")}
)"""


def gap(of: str) -> str:
    """Whether a gap, a row of `gaps.LABELLED`, may have come or changed."""
    among = f"= {of}.skill_id"
    moved = SAID.format(person=f"{of}.person_id", among=among), DECIDED.format(person=f"{of}.person_id", among=among)
    # What the target role asks for as well carries over.
    asked = (ASKED.format(role=f"{of}.{role}", among=among) for role in ("job_role_id", "target_id"))
    person = f"EXISTS (SELECT FROM workforce_person person WHERE person.id = {of}.person_id AND {OF_PERSON})"
    news = (AGED.format(at=f"{of}.asked_since"), f"{of}.is_fresh AND {ROLE_MOVED.format(role=f'{of}.job_role_id')}")
    return f"({' OR '.join((*moved, *asked, *news, person))})"


def anybody() -> str:
    """Whether anything at all has happened to `person` in the role of `title`: those others are passed over."""
    everything = "IS NOT NULL"
    goal = "(SELECT job_role_id FROM gaps_goal goal WHERE goal.person_id = person.id AND goal.state = 'agreed')"
    parts = (
        OF_PERSON,
        SAID.format(person="person.id", among=everything),
        DECIDED.format(person="person.id", among=everything),
        *(ASKED.format(role=role, among=everything) for role in ("title.job_role_id", goal)),
        ROLE_MOVED.format(role="title.job_role_id"),
        ROLE_AGED.format(role="title.job_role_id"),
    )
    return f"({' OR '.join(parts)})"


# Of `step`: the step itself, what is placed at it, how many it needs, who performs it and what counts of them. Whoever
# leaves soon stops being cover on a day on which nothing is written.
AT_STEP = f"""(
    EXISTS (
        SELECT FROM base_change change
        WHERE (change.subject = step.id OR change.scope = step.id) AND change.at >= %(since)s
    ) OR EXISTS (
        SELECT FROM gaps_requirement required JOIN base_change change ON change.scope = required.skill_id
        WHERE required.job_role_id = step.performed_by_id AND change.noun = 'context' AND change.at >= %(since)s
    ) OR {ASKED.format(role="step.performed_by_id", among="IS NOT NULL")}
    OR EXISTS (
        SELECT FROM workforce_position former JOIN workforce_jobtitle title ON title.id = former.job_title_id
        WHERE title.job_role_id = step.performed_by_id AND former.ended_on >= (%(since)s)::date
    ) OR EXISTS (
        SELECT FROM workforce_person person JOIN workforce_jobtitle title ON title.id = person.job_title_id
        WHERE title.job_role_id = step.performed_by_id AND (
            {OF_PERSON}
            OR person.end_date BETWEEN (%(since)s)::date + %(notice)s AND current_date + %(notice)s
            OR {SAID.format(person="person.id", among="IN (SELECT skill_id FROM gaps_need WHERE step_id = step.id)")}
        )
    )
)"""


def steps(moment: dt.datetime, *, notice: dt.timedelta) -> set[UUID]:
    """The steps whose cover may have changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT step.id FROM workflows_step step WHERE step.retired_at IS NULL AND {AT_STEP}",
            {"since": moment, "notice": notice.days},
        )
        return {row[0] for row in cursor.fetchall()}


def edited(moment: dt.datetime, subjects: Collection[UUID]) -> set[UUID]:
    """Which of these things somebody changed."""
    return set(Change.objects.filter(subject__in=list(subjects), at__gte=moment).values_list("subject", flat=True))
