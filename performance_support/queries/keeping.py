"""Who keeps what: resources that pass on when their owner leaves, wait too long, or go to the archive. Set-based."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from base.changes import Actor
from performance_support.queries.serving import SERVES

TRAIL = "INSERT INTO base_change (by, by_name, verb, noun, subject, name, scope, facts)"
# An account without a person has no status, and is not gone.
GONE = "(NOT account.is_active OR person.status IS NOT DISTINCT FROM 'inactive')"
# For each step that one of `these` serves, who answers for its workflow; the most critical step first.
KEEPERS = f"""
SELECT DISTINCT ON (served.resource_id) served.resource_id, workflow.owner_id
FROM ({SERVES}) served
JOIN workflows_step step ON step.id = served.step_id
JOIN workflows_workflow workflow ON workflow.id = step.workflow_id
JOIN workforce_account account ON account.id = workflow.owner_id
LEFT JOIN workforce_person person ON person.id = account.person_id
WHERE NOT {GONE} AND served.resource_id IN (SELECT id FROM these)
ORDER BY served.resource_id, step.criticality DESC NULLS LAST, step.id
"""
# Where the same leaver owned the workflow, whoever takes that within minutes takes this too.
WAITS = f"""
SELECT served.resource_id
FROM ({SERVES}) served
JOIN workflows_step step ON step.id = served.step_id
JOIN workflows_workflow workflow ON workflow.id = step.workflow_id
JOIN workforce_account account ON account.id = workflow.owner_id
JOIN workforce_person person ON person.id = account.person_id AND person.status = 'inactive'
"""
LEFT_BEHIND = f"""
SELECT resource.id, resource.title, resource.owner_id, account.full_name AS owner, account.person_id
FROM performance_support_resource resource
JOIN workforce_account account ON account.id = resource.owner_id
LEFT JOIN workforce_person person ON person.id = account.person_id
WHERE resource.state <> 'archived' AND {GONE}
"""
# Where no workflow says who: an administrator, who knows whom to ask.
HAND_ON = f"""
WITH these AS MATERIALIZED ({LEFT_BEHIND}), heir AS (
    SELECT these.*, coalesce(keeper.owner_id, (
        SELECT account.id FROM workforce_account account
        LEFT JOIN workforce_person person ON person.id = account.person_id
        WHERE 'administrator' = ANY(account.roles) AND account.kind = 'person' AND NOT {GONE}
        ORDER BY account.created_at LIMIT 1
    )) AS heir_id
    FROM these LEFT JOIN ({KEEPERS}) keeper ON keeper.resource_id = these.id
    WHERE these.id NOT IN ({WAITS} WHERE served.resource_id IN (SELECT id FROM these))
), handed AS (
    UPDATE performance_support_resource resource
    SET owner_id = heir.heir_id, version = resource.version + 1 FROM heir
    WHERE resource.id = heir.id AND heir.heir_id IS NOT NULL
    RETURNING resource.id, resource.owner_id
), noted AS (
    {TRAIL}
    SELECT %(by)s, %(by_name)s, 'hand_over', 'resource', heir.id, heir.title, heir.id,
        jsonb_build_object('owner', jsonb_build_array(
            jsonb_build_object('id', heir.owner_id, 'name', heir.owner),
            jsonb_build_object('id', account.id, 'name', account.full_name)))
    FROM handed JOIN heir USING (id) JOIN workforce_account account ON account.id = handed.owner_id
)
SELECT handed.owner_id, handed.id, heir.title, heir.person_id FROM handed JOIN heir USING (id) ORDER BY heir.title, id
"""
# Whoever looked for the owner is gone; the owner, who answers for it, is asked from now on.
RELIEVE = f"""
WITH relieved AS (
    UPDATE performance_support_resource resource SET verifier_id = NULL, version = resource.version + 1
    FROM workforce_account account LEFT JOIN workforce_person person ON person.id = account.person_id
    WHERE resource.verifier_id = account.id AND resource.state <> 'archived' AND {GONE}
    RETURNING resource.id, resource.title, resource.owner_id, account.id AS verifier_id, account.full_name AS verifier,
        account.person_id
), noted AS (
    {TRAIL}
    SELECT %(by)s, %(by_name)s, 'hand_over', 'resource', id, title, id,
        jsonb_build_object('verifier', jsonb_build_array(
            jsonb_build_object('id', verifier_id, 'name', verifier), NULL))
    FROM relieved
)
SELECT owner_id, id, title, person_id FROM relieved ORDER BY title, id
"""
ESCALATE = f"""
WITH these AS (
    UPDATE performance_support_resource resource SET escalated_at = %(now)s
    WHERE state = 'stale' AND escalated_at IS NULL AND stale_since <= %(since)s
    RETURNING resource.id, resource.owner_id
)
SELECT coalesce(keeper.owner_id, these.owner_id), these.id
FROM these LEFT JOIN ({KEEPERS}) keeper ON keeper.resource_id = these.id
"""
SEEN_SINCE = """
EXISTS (
    SELECT FROM performance_support_use used WHERE used.resource_id = resource.id AND used.day > %(unseen_since)s
)
"""
# Whatever was opened or verified after the notice stays.
CALL_OFF = f"""
UPDATE performance_support_resource resource SET archive_on = NULL
WHERE archive_on IS NOT NULL AND (state <> 'stale' OR {SEEN_SINCE})
"""
ANNOUNCE = f"""
UPDATE performance_support_resource resource SET archive_on = %(archive_on)s
WHERE state = 'stale' AND archive_on IS NULL AND stale_since <= %(since)s AND NOT {SEEN_SINCE}
RETURNING owner_id, id
"""
ARCHIVE = f"""
WITH put_away AS (
    UPDATE performance_support_resource resource
    SET state = 'archived', archived_at = %(now)s, archived_by_id = %(by)s, archive_on = NULL,
        version = resource.version + 1
    WHERE state = 'stale' AND archive_on <= %(today)s
    RETURNING id, title
)
{TRAIL} SELECT %(by)s, %(by_name)s, 'archive', 'resource', id, title, id, '{{}}' FROM put_away RETURNING subject
"""


class Kept(NamedTuple):
    """One resource and who is to hear of it."""

    account: UUID
    resource: UUID


class Handed(NamedTuple):
    """What a leaver owned and who keeps it now; `leaver` is empty where the account belonged to no person."""

    account: UUID
    resource: UUID
    title: str
    leaver: UUID | None


def left_behind() -> list[UUID]:
    """What somebody still owns who has left."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT_BEHIND)
        return [pk for pk, *_ in cursor.fetchall()]


def hand_on(*, by: Actor) -> list[Handed]:
    """Give what leavers owned to the owner of the workflow it serves most; to whom, and what, by title."""
    return handed(HAND_ON, by)


def relieve(*, by: Actor) -> list[Handed]:
    """Let the owner look where whoever was to look has left; whose it is, and what, by title."""
    return handed(RELIEVE, by)


def handed(sql: str, by: Actor) -> list[Handed]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"by": by.pk, "by_name": by.name})
        return [Handed(*row) for row in cursor.fetchall()]


def escalate(*, since: dt.datetime) -> list[Kept]:
    """Note that nobody verified these since then; whom to tell, and of what. Each once until it is verified."""
    return kept(ESCALATE, {"since": since, "now": timezone.now()})


def announce_archiving(*, since: dt.datetime, unseen_since: dt.date, archive_on: dt.date) -> list[Kept]:
    """Set the day on which what is stale and unseen goes to the archive; its owners, and what."""
    params: dict[str, Any] = {"since": since, "unseen_since": unseen_since, "archive_on": archive_on}
    with connection.cursor() as cursor:
        cursor.execute(CALL_OFF, params)
    return kept(ANNOUNCE, params)


def archive_announced(*, today: dt.date, unseen_since: dt.date, by: Actor) -> list[UUID]:
    """Put away what nobody came back to; which."""
    params: dict[str, Any] = {
        "now": timezone.now(),
        "today": today,
        "unseen_since": unseen_since,
        "by": by.pk,
        "by_name": by.name,
    }
    with connection.cursor() as cursor:
        cursor.execute(CALL_OFF, params)
        cursor.execute(ARCHIVE, params)
        return [subject for (subject,) in cursor.fetchall()]


def kept(sql: str, params: dict[str, Any]) -> list[Kept]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [Kept(*row) for row in cursor.fetchall()]


def by_account(found: Iterable[Kept]) -> dict[UUID, list[UUID]]:
    """{account: its resources}"""
    gathered: dict[UUID, list[UUID]] = {}
    for account, resource in found:
        gathered.setdefault(account, []).append(resource)
    return gathered
