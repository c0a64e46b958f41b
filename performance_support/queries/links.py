"""Which links the checker looks at next."""

from django.db import connection

# Only what somebody may still follow. Taken for an hour: a checker that was killed leaves nothing behind for long.
CLAIM = """
WITH due AS (
    SELECT link.id FROM performance_support_link link
    WHERE (link.next_check_at IS NULL OR link.next_check_at <= now()) AND EXISTS (
        SELECT FROM performance_support_resource_links leads
        JOIN performance_support_resource resource ON resource.id = leads.resource_id
        WHERE leads.link_id = link.id AND resource.state <> 'archived'
    )
    ORDER BY link.next_check_at NULLS FIRST LIMIT %s FOR UPDATE OF link SKIP LOCKED
)
UPDATE performance_support_link link SET next_check_at = now() + interval '1 hour'
FROM due WHERE link.id = due.id RETURNING link.url
"""


def claim(most: int) -> list[str]:
    """The addresses that have waited longest; for an hour nobody else is given them."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [most])
        return [url for (url,) in cursor.fetchall()]
