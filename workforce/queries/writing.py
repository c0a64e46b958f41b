"""What differs, written: every statement that changes a person writes the trail with the same breath."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from base.changes import Actor
from workforce.models import Run, RunChange, Source
from workforce.queries import revisions
from workforce.queries.differences import LEAVES, LOSES_MANAGER, STILL_DIFFERS, VERB, facts

NAMES = """
INSERT INTO workforce_jobtitle (name)
SELECT DISTINCT ON (lower(job_title)) job_title FROM difference
WHERE job_title <> '' AND NOT EXISTS (SELECT FROM workforce_jobtitle known WHERE lower(known.name) = lower(job_title))
ORDER BY lower(job_title), job_title
ON CONFLICT DO NOTHING;
INSERT INTO workforce_team (name)
SELECT DISTINCT ON (lower(department)) department FROM difference
WHERE department <> '' AND NOT EXISTS (SELECT FROM workforce_team known WHERE lower(known.name) = lower(department))
ORDER BY lower(department), department
ON CONFLICT DO NOTHING
"""
TRAIL = "INSERT INTO base_change (by, by_name, verb, noun, subject, name, scope, facts)"
JOIN = f"""
WITH joined AS (
    INSERT INTO workforce_person (
        id, version, source, source_id, employee_number, work_email, given_name, family_name, display_name, location,
        employment_type, status, start_date, end_date, updated_at, manager_source_id, manager_id, job_title_id, team_id,
        position_since, left_at
    )
    SELECT difference.id, 1, %(source)s, source_id, employee_number, work_email, given_name, family_name, display_name,
        location, employment_type, status, start_date, end_date, updated_at, manager_source_id, edge.manager_id,
        title.id, team.id, coalesce(start_date, %(today)s), CASE WHEN status = 'inactive' THEN now() END
    FROM difference
    LEFT JOIN edge ON edge.id = difference.id
    LEFT JOIN workforce_jobtitle title ON lower(title.name) = lower(difference.job_title)
    LEFT JOIN workforce_team team ON lower(team.name) = lower(difference.department)
    WHERE is_new
    RETURNING id, display_name
)
{TRAIL} SELECT %(by)s, %(by_name)s, 'add', 'person', id, display_name, coalesce(%(run)s, id), '{{}}' FROM joined
"""
# A position that somebody leaves becomes history; the new one begins today.
CHANGE = f"""
WITH changed AS (
    UPDATE workforce_person person SET
        employee_number = difference.employee_number, work_email = difference.work_email,
        given_name = difference.given_name, family_name = difference.family_name,
        display_name = difference.display_name, location = difference.location,
        employment_type = difference.employment_type, status = difference.status,
        start_date = difference.start_date, end_date = difference.end_date,
        updated_at = greatest(person.updated_at, difference.updated_at),
        manager_source_id = difference.manager_source_id,
        manager_id = CASE
            WHEN difference.manager_source_id = difference.old_manager_source_id
                THEN coalesce(person.manager_id, edge.manager_id)
            ELSE edge.manager_id END,
        job_title_id = title.id, team_id = team.id,
        position_since = CASE
            WHEN (title.id, team.id) IS DISTINCT FROM (person.job_title_id, person.team_id) THEN %(today)s
            ELSE person.position_since END,
        left_at = CASE WHEN difference.status = 'inactive' THEN coalesce(person.left_at, now()) END,
        changed_at = now(), version = person.version + 1
    FROM difference
    LEFT JOIN edge ON edge.id = difference.id
    LEFT JOIN workforce_jobtitle title ON lower(title.name) = lower(difference.job_title)
    LEFT JOIN workforce_team team ON lower(team.name) = lower(difference.department)
    WHERE person.id = difference.id AND NOT is_new AND {STILL_DIFFERS}
    RETURNING person.id, person.job_title_id, person.team_id
), moved AS (
    INSERT INTO workforce_position (person_id, job_title_id, team_id, started_on, ended_on)
    SELECT id, old_job_title_id, old_team_id, least(old_position_since, %(today)s), %(today)s
    FROM changed JOIN difference USING (id)
    WHERE (job_title_id, team_id) IS DISTINCT FROM (old_job_title_id, old_team_id)
    AND (old_job_title_id IS NOT NULL OR old_team_id IS NOT NULL)
)
{TRAIL}
SELECT %(by)s, %(by_name)s, {VERB}, 'person', id, left(display_name, 400), coalesce(%(run)s, id), {facts()}
FROM changed JOIN difference USING (id)
"""
# The source has stamped the row anew and changed nothing: remembered, so that older news stays out, and no more.
STAMP = f"""
UPDATE workforce_person person SET updated_at = difference.updated_at FROM difference
WHERE person.id = difference.id AND NOT is_new AND NOT ({STILL_DIFFERS})
AND difference.updated_at IS NOT NULL AND difference.updated_at IS DISTINCT FROM person.updated_at
"""
LATE = f"""
WITH settled AS (
    UPDATE workforce_person person SET manager_id = edge.manager_id, changed_at = now(), version = person.version + 1
    FROM edge WHERE edge.is_late AND edge.manager_id IS NOT NULL AND person.id = edge.id
    RETURNING person.id, person.display_name, person.manager_source_id
)
{TRAIL}
SELECT %(by)s, %(by_name)s, 'change', 'person', id, display_name, coalesce(%(run)s, id),
    jsonb_build_object('manager', jsonb_build_array(NULL, manager_source_id))
FROM settled
"""
# Who has left cannot sign in, from the next request on; who comes back can, unless an administrator closed the account.
ACCOUNTS = """
UPDATE workforce_account account SET is_active = difference.status <> 'inactive' AND account.closed_at IS NULL
FROM difference
WHERE account.person_id = difference.id AND NOT is_new
AND (difference.status = 'inactive') <> (difference.old_status = 'inactive')
RETURNING account.id, account.is_active
"""


class Written(NamedTuple):
    """How many found a manager they had waited for; whose accounts ended, because they left."""

    late: int = 0
    ended: Sequence[UUID] = ()


def write(source: Source, *, run: UUID | None, today: dt.date, by: Actor) -> Written:
    """Make the people as `difference` and `edge` say."""
    facts_of_run = {"source": source.name, "run": run, "today": today, "by": by.pk, "by_name": by.name}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM difference WHERE is_new), EXISTS (SELECT FROM difference WHERE NOT is_new)"
        )
        has_new, has_known = cursor.fetchone()
        if not has_new and not has_known:
            return Written()
        cursor.execute(NAMES)
        if has_new:
            cursor.execute(JOIN, facts_of_run)
        ended = []
        if has_known:
            cursor.execute(CHANGE, facts_of_run)
            cursor.execute(STAMP)
            cursor.execute(ACCOUNTS)
            ended = [pk for pk, is_active in cursor.fetchall() if not is_active]
        cursor.execute(LATE, facts_of_run)
        late = int(cursor.rowcount)
    revisions.count_up(source.name)
    return Written(late, ended)


IS_HELD = f"""
(%(leavers)s AND {LEAVES} AND (
    fact.name = 'end_date'
    OR fact.name IN ('status', 'start_date') AND difference.status IN ('inactive', 'pending')
))
OR (%(managers)s AND fact.name = 'manager_source_id' AND {LOSES_MANAGER})
OR (%(titles)s AND fact.name = 'job_title' AND difference.old_job_title <> '')
OR (%(blanks)s AND fact.name = ANY (%(key_fields)s) AND fact.after = '""')
"""
# Worst first: whoever leaves, and of those whoever leads most people.
GOES = "facts ?| ARRAY['status', 'end_date', 'start_date']"
HOLD = f"""
INSERT INTO workforce_runchange (run_id, person, source_id, name, verb, facts, state)
SELECT %(run)s, id, source_id, old_display_name, CASE WHEN {GOES} THEN 'leave' ELSE 'change' END, facts, 'held'
FROM (SELECT difference.*, {facts(IS_HELD)} AS facts FROM difference WHERE NOT is_new) difference
WHERE facts <> '{{}}'
ORDER BY {GOES} DESC, facts ? 'manager_source_id' DESC,
    (SELECT count(*) FROM workforce_person report WHERE report.manager_id = difference.id) DESC,
    old_display_name, source_id
"""
TAKE_BACK = """
UPDATE difference SET {columns} FROM workforce_runchange held
WHERE held.run_id = %(run)s AND held.state = 'held' AND held.person = difference.id
"""
HOLDABLE = [
    "status",
    "start_date",
    "end_date",
    "manager_source_id",
    "job_title",
    "department",
    "display_name",
    "given_name",
    "family_name",
    "work_email",
    "employee_number",
    "location",
    "employment_type",
]


def hold(run: Run, *, which: dict[str, bool], key_fields: list[str]) -> int:
    """Move what the guards hold from `difference` to the run, where it waits; returns how many people."""
    columns = ", ".join(
        f"{name} = CASE WHEN held.facts ? '{name}' THEN difference.old_{name} ELSE difference.{name} END"
        for name in HOLDABLE
    )
    with connection.cursor() as cursor:
        cursor.execute(HOLD, {**which, "run": run.pk, "source": run.source.name, "key_fields": key_fields})
        held = cursor.rowcount
        cursor.execute(TAKE_BACK.format(columns=columns), {"run": run.pk})
    return int(held)


def note_versions(run: Run) -> None:
    """What else this run did to the people it holds is no reason to refuse the decision later."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE workforce_runchange held SET seen_version = person.version FROM workforce_person person "
            "WHERE held.run_id = %s AND held.state = 'held' AND person.id = held.person",
            [run.pk],
        )


PLAN = f"""
INSERT INTO workforce_runchange (run_id, person, source_id, name, verb, facts, state)
SELECT %s, CASE WHEN is_new THEN NULL ELSE id END, source_id, display_name, {VERB},
    CASE WHEN is_new THEN '{{}}' ELSE {facts()} END, 'planned'
FROM difference WHERE is_new OR {STILL_DIFFERS}
ORDER BY status = 'inactive' DESC, is_new, display_name, source_id
"""


def write_down(run: Run) -> None:
    """What a dry run would have done."""
    with connection.cursor() as cursor:
        cursor.execute(PLAN, [run.pk])


SUPERSEDE = f"""
UPDATE workforce_runchange held SET state = '{RunChange.State.DROPPED}'
FROM workforce_run earlier
WHERE held.run_id = earlier.id AND earlier.source_id = %(source)s AND earlier.id <> %(run)s AND held.state = 'held'
AND (%(is_snapshot)s OR EXISTS (SELECT FROM incoming WHERE incoming.source_id = held.source_id))
"""
NOTHING_LEFT = """
UPDATE workforce_run SET state = 'expired', expires_at = NULL, version = version + 1
WHERE source_id = %(source)s AND state = 'held' AND id <> %(run)s
AND NOT EXISTS (SELECT FROM workforce_runchange held WHERE held.run_id = workforce_run.id AND held.state = 'held')
AND EXISTS (SELECT FROM workforce_runchange gone WHERE gone.run_id = workforce_run.id AND gone.state = 'dropped')
RETURNING id
"""


def supersede(run: Run) -> list[UUID]:
    """Newer news from the same source: what earlier runs hold about these people is no longer asked."""
    facts_of_run: dict[str, Any] = {"source": run.source_id, "run": run.pk, "is_snapshot": run.is_snapshot}
    with connection.cursor() as cursor:
        cursor.execute(SUPERSEDE, facts_of_run)
        cursor.execute(NOTHING_LEFT, facts_of_run)
        return [pk for (pk,) in cursor.fetchall()]


DECIDED = """
UPDATE workforce_runchange held SET state = CASE
    WHEN EXISTS (SELECT FROM incoming WHERE incoming.source_id = held.source_id) THEN 'applied' ELSE 'dropped' END
WHERE held.run_id = %s AND held.state = 'held'
"""


def note_decided(run: Run) -> None:
    """What was approved is done, but for the people who changed meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(DECIDED, [run.pk])
