"""Freshness, set-based: when the next review is due, and what turns stale now. Each is one statement."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from base.changes import Actor
from base.models import Change
from performance_support.models.freshness import REVIEWED_EVERY
from performance_support.models.resource import DUE_SOON
from performance_support.queries.serving import SERVES


def among_these(column: str) -> str:
    """Limits a statement to the resources asked about; to none, when all are meant."""
    return f"(%(among)s::uuid[] IS NULL OR {column} = ANY(%(among)s::uuid[]))"


# Nobody rated any of the steps, or it serves none: as if nobody downstream noticed.
DUE_ON = f"""
WITH looked_at AS (
    SELECT resource.id, resource.state, resource.verified_at, resource.due_on FROM performance_support_resource resource
    WHERE resource.state IN ('verified', 'stale') AND {among_these("resource.id")}
), graded AS (
    SELECT served.resource_id AS id, max(step.criticality) AS criticality
    FROM ({SERVES}) served JOIN workflows_step step ON step.id = served.step_id
    WHERE {among_these("served.resource_id")}
    GROUP BY served.resource_id
), due AS (
    SELECT looked_at.id, looked_at.state, looked_at.due_on AS was_due_on,
        (looked_at.verified_at AT TIME ZONE %(zone)s)::date + coalesce(own.days, usual.days) AS due_on
    FROM looked_at LEFT JOIN graded USING (id)
    JOIN unnest(%(criticalities)s, %(days)s) usual (criticality, days)
        ON usual.criticality = coalesce(graded.criticality, 1)
    LEFT JOIN performance_support_reviewinterval own ON own.criticality = usual.criticality AND %(as_set)s
)
"""
# Few move. Seeing which before going to the rows saves going to every one of them.
DUE = f"""
{DUE_ON}, moved AS MATERIALIZED (
    SELECT id, due_on FROM due WHERE due_on IS DISTINCT FROM was_due_on
)
UPDATE performance_support_resource resource SET due_on = moved.due_on FROM moved
WHERE resource.id = moved.id AND resource.due_on IS DISTINCT FROM moved.due_on
"""
# What is stale already stays so until somebody verifies it, whatever the numbers.
WOULD_BE_DUE = f"""
{DUE_ON}
SELECT count(*) FILTER (WHERE due_on <= %(today)s AND was_due_on > %(today)s),
    count(*) FILTER (WHERE due_on > %(today)s AND due_on <= %(soon)s AND was_due_on > %(soon)s),
    count(*) FILTER (WHERE due_on < was_due_on), count(*) FILTER (WHERE due_on > was_due_on)
FROM due WHERE state = 'verified'
"""
# Served no longer: its revisions say nothing about the resource.
FORGET = f"""
DELETE FROM performance_support_verifiedstep verified
WHERE {among_these("verified.resource_id")}
AND NOT EXISTS (
    SELECT FROM ({SERVES}) served
    WHERE served.resource_id = verified.resource_id AND served.step_id = verified.step_id
)
"""
MEET = f"""
INSERT INTO performance_support_verifiedstep (resource_id, step_id, revision)
SELECT DISTINCT served.resource_id, served.step_id, step.revision
FROM ({SERVES}) served JOIN workflows_step step ON step.id = served.step_id
WHERE {among_these("served.resource_id")} {{}}
"""
# Almost all were met before: finding out what was not is cheaper than running into each.
MEET_NEW = MEET.format("""
AND NOT EXISTS (
    SELECT FROM performance_support_verifiedstep verified
    WHERE verified.resource_id = served.resource_id AND verified.step_id = served.step_id
)
ON CONFLICT DO NOTHING
""")
MEET_AGAIN = MEET.format("""
ON CONFLICT (resource_id, step_id) DO UPDATE SET revision = excluded.revision
RETURNING resource_id, step_id, revision
""")
# Every reason is looked for again, so that a second one joins the first.
STALE = f"""
WITH reasons AS (
    SELECT resource.id, 'review_due' AS code FROM performance_support_resource resource
    WHERE resource.state IN ('verified', 'stale') AND resource.due_on <= %(today)s
    AND {among_these("resource.id")}
    UNION ALL
    SELECT verified.resource_id, 'step_changed' FROM performance_support_verifiedstep verified
    JOIN workflows_step step ON step.id = verified.step_id
    WHERE step.revision > verified.revision
    AND {among_these("verified.resource_id")}
    UNION ALL
    SELECT leads.resource_id, 'link_broken' FROM performance_support_resource_links leads
    JOIN performance_support_link link ON link.id = leads.link_id
    WHERE link.state = 'broken' AND {among_these("leads.resource_id")}
    UNION ALL
    SELECT resource.id, 'owner_left' FROM performance_support_resource resource
    JOIN workforce_account owner ON owner.id = resource.owner_id
    LEFT JOIN workforce_person person ON person.id = owner.person_id
    WHERE (NOT owner.is_active OR person.status = 'inactive')
    AND {among_these("resource.id")}
    UNION ALL
    SELECT vote.resource_id, 'voted_down' FROM performance_support_vote vote
    JOIN performance_support_resource resource ON resource.id = vote.resource_id
    WHERE NOT vote.worked AND vote.content_version = resource.content_version
    AND vote.voted_at > coalesce(resource.verified_at, '-infinity')
    AND {among_these("resource.id")}
    GROUP BY vote.resource_id HAVING count(*) >= %(votes)s
), found AS (
    SELECT id, array_agg(DISTINCT code::varchar) AS codes FROM reasons GROUP BY id
), turned AS (
    UPDATE performance_support_resource resource SET
        state = 'stale', stale_since = coalesce(resource.stale_since, %(now)s), version = resource.version + 1,
        stale_because = (
            SELECT array_agg(DISTINCT code ORDER BY code) FROM unnest(resource.stale_because || found.codes) code
        )
    FROM found
    WHERE resource.id = found.id AND resource.state IN ('verified', 'stale')
    AND NOT found.codes <@ resource.stale_because
    RETURNING resource.id, resource.title, resource.stale_because
)
INSERT INTO base_change (by, by_name, verb, noun, subject, name, scope, facts)
SELECT %(by)s, %(by_name)s, 'turn_stale', 'resource', id, title, id,
    jsonb_build_object('stale_because', jsonb_build_array(NULL, to_jsonb(stale_because)))
FROM turned RETURNING subject
"""
# Two on the current version since it was last verified (design section 7).
VOTES = 2


def set_due(among: Collection[UUID] | None = None) -> int:
    """Bring the review dates up to date with the criticality of the steps served; how many moved.

    `among` limits it to these resources; without it every resource is looked at.
    """
    params = {
        "among": listed(among),
        "zone": timezone.get_current_timezone_name(),
        "criticalities": list(REVIEWED_EVERY),
        "days": list(REVIEWED_EVERY.values()),
        "as_set": True,
    }
    with connection.cursor() as cursor:
        cursor.execute(DUE, params)
        return int(cursor.rowcount)


def interval_changes() -> QuerySet[Change]:
    """Who set which interval, newest first."""
    return Change.objects.filter(noun="reviewinterval").order_by("-id")


class Consequence(NamedTuple):
    """What other intervals would do to what is verified: how many turn due now, how many soon, sooner and later."""

    due: int
    due_soon: int
    sooner: int
    later: int


def would_be_due(days: Mapping[int, int], *, today: dt.date | None = None) -> Consequence:
    """What these intervals would do, {criticality: days} for each of the seven."""
    day = today or timezone.localdate()
    params = {
        "among": None,
        "zone": timezone.get_current_timezone_name(),
        "criticalities": list(days),
        "days": list(days.values()),
        "as_set": False,
        "today": day,
        "soon": day + DUE_SOON,
    }
    with connection.cursor() as cursor:
        cursor.execute(WOULD_BE_DUE, params)
        return Consequence(*cursor.fetchone())


def turn_stale(among: Collection[UUID] | None = None, *, by: Actor, today: dt.date | None = None) -> list[UUID]:
    """Turn stale whatever has a reason to be, and note it in the trail; which ones turned or got another reason."""
    params = {
        "among": listed(among),
        "today": today or timezone.localdate(),
        "now": timezone.now(),
        "votes": VOTES,
        "by": by.pk,
        "by_name": by.name,
    }
    with connection.cursor() as cursor:
        cursor.execute(STALE, params)
        return [subject for (subject,) in cursor.fetchall()]


def meet_steps(among: Collection[UUID] | None = None) -> None:
    """Note the revision of each step that is served and was not before; forget the steps that are served no longer."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"among": listed(among)})
        cursor.execute(MEET_NEW, {"among": listed(among)})


def verified_against(resources: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """Note that these resources agree with their steps as they are now: {resource: {step: revision}}."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"among": listed(resources)})
        cursor.execute(MEET_AGAIN, {"among": listed(resources)})
        against: dict[UUID, dict[str, int]] = {}
        for resource, step, revision in cursor.fetchall():
            against.setdefault(resource, {})[str(step)] = revision
        return against


def listed(among: Collection[UUID] | None) -> list[str] | None:
    return None if among is None else [str(pk) for pk in among]


def serving_work_of(workflows: Collection[UUID]) -> list[UUID]:
    """The resources in use that serve a step of these workflows, through whatever placement."""
    sql = f"""
        SELECT DISTINCT served.resource_id FROM ({SERVES}) served
        JOIN workflows_step step ON step.id = served.step_id
        JOIN performance_support_resource resource ON resource.id = served.resource_id
        WHERE step.workflow_id = ANY(%s::uuid[]) AND resource.state IN ('verified', 'stale')
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [listed(workflows)])
        return [pk for (pk,) in cursor.fetchall()]
