"""The freshness desk: what to look at first, and how fresh what people read is. Set-based."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from performance_support.models import Resource
from performance_support.queries.serving import SERVES

# How long a view counts (design section 7).
COUNTED = dt.timedelta(days=90)
PAGE = 50

# Views in 90 days × (days overdue + 1) × highest criticality. What nobody opened still has its place, by the rest.
ROWS = f"""
WITH shown AS (
    SELECT resource.* FROM performance_support_resource resource
    WHERE (
        (%(asked)s = 'stale' AND resource.state = 'stale')
        OR (%(asked)s = 'due_soon' AND resource.state = 'verified' AND resource.due_on <= %(soon)s)
        OR (%(asked)s = 'leaving' AND resource.archive_on IS NOT NULL)
        OR (%(asked)s = 'flagged' AND EXISTS (
            SELECT FROM performance_support_resourceflag flag
            WHERE flag.about_id = resource.id AND flag.code = %(because)s AND flag.cleared_at IS NULL
        ))
    )
    AND (%(owner)s::uuid IS NULL OR coalesce(resource.verifier_id, resource.owner_id) = %(owner)s)
    AND (%(because)s = '' OR %(asked)s = 'flagged' OR resource.stale_because @> ARRAY[%(because)s]::varchar[])
), seen AS (
    SELECT used.resource_id, sum(used.views) AS views FROM performance_support_use used
    WHERE used.day > %(since)s AND used.resource_id IN (SELECT id FROM shown) GROUP BY used.resource_id
), graded AS (
    SELECT served.resource_id, max(step.criticality) AS criticality
    FROM ({SERVES}) served JOIN workflows_step step ON step.id = served.step_id
    WHERE served.resource_id IN (SELECT id FROM shown) GROUP BY served.resource_id
), ranked AS (
    SELECT shown.id, coalesce(seen.views, 0) AS views, coalesce(graded.criticality, 1) AS criticality,
        greatest(0, %(today)s - shown.due_on) AS overdue
    FROM shown LEFT JOIN seen ON seen.resource_id = shown.id LEFT JOIN graded ON graded.resource_id = shown.id
)
SELECT id, views, criticality, overdue, views * (overdue + 1) * criticality AS priority FROM ranked
ORDER BY priority DESC, (overdue + 1) * criticality DESC, id OFFSET %(after)s LIMIT %(limit)s
"""
# Weighted by use, and the plain share beside it.
SCORE = """
SELECT coalesce(sum(views), 0), coalesce(sum(views) FILTER (WHERE is_fresh), 0),
    count(*), count(*) FILTER (WHERE is_fresh)
FROM (
    SELECT resource.state = 'verified' AS is_fresh, coalesce((
        SELECT sum(used.views) FROM performance_support_use used
        WHERE used.resource_id = resource.id AND used.day > %(since)s
    ), 0) AS views
    FROM performance_support_resource resource WHERE resource.state IN ('verified', 'stale')
) counted
"""


class Row(NamedTuple):
    resource: Resource
    views: int
    criticality: int
    overdue: int
    priority: int


@dataclass(frozen=True)
class Asked:
    """What part of the desk somebody looks at: `owner` is who is asked.

    `state` is stale, due_soon or leaving, or flagged: whatever the rule `because` finds wrong, fresh or not.
    """

    state: str = "stale"
    owner: UUID | None = None
    because: str = ""


class Score(NamedTuple):
    """Of the last 90 days: how many views there were, and how many of something that is verified today."""

    views: int
    fresh_views: int
    resources: int
    fresh: int

    @property
    def percent(self) -> int | None:
        """By use; None where nothing was opened."""
        return round(100 * self.fresh_views / self.views) if self.views else None

    @property
    def plain_percent(self) -> int | None:
        return round(100 * self.fresh / self.resources) if self.resources else None


def page_of(asked: Asked, *, after: int = 0) -> tuple[list[Row], int | None]:
    """The first of those that still wait, hot but stale first; and where the next ones begin, None at the end."""
    found = rows(asked, after=after, most=PAGE + 1)
    return found[:PAGE], after + PAGE if len(found) > PAGE else None


def rows(asked: Asked, *, after: int = 0, most: int | None = None) -> list[Row]:
    day = timezone.localdate()
    params = {
        "asked": asked.state,
        "owner": asked.owner,
        "because": asked.because,
        "today": day,
        "soon": day + dt.timedelta(days=14),
        "since": day - COUNTED,
        "after": after,
        "limit": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(ROWS, params)
        found = cursor.fetchall()
    resources = (
        Resource.objects.with_people().prefetch_related("placements__step__workflow").in_bulk([f[0] for f in found])
    )
    return [Row(resources[pk], *rest) for pk, *rest in found]


def score(today: dt.date | None = None) -> Score:
    with connection.cursor() as cursor:
        cursor.execute(SCORE, {"since": (today or timezone.localdate()) - COUNTED})
        return Score(*map(int, cursor.fetchone()))
