"""How often resources are opened."""

from uuid import UUID

from django.db import connection
from django.utils import timezone

from base.rows import Statement

OPENED = """
INSERT INTO performance_support_use (resource_id, step_id, day, views) VALUES (%s, %s, %s, 1)
ON CONFLICT (resource_id, day, step_id) DO UPDATE SET views = performance_support_use.views + 1
"""


HEARS = Statement("SELECT EXISTS (SELECT FROM performance_support_lrs WHERE wanted_at IS NOT NULL)")


def hears() -> bool:
    """Whether a record store is switched on: asked with every page of a step. See also: LrsQuerySet.switched_on."""
    return bool(HEARS.rows()[0][0])


def count_view(resource: UUID, step: UUID | None) -> None:
    """One view more today, at that step."""
    with connection.cursor() as cursor:
        cursor.execute(OPENED, [str(resource), str(step) if step else None, timezone.localdate()])
