"""Which files nothing leads to any more."""

from collections.abc import Collection

from django.db import connection

NOWHERE = """
SELECT name FROM unnest(%(names)s::text[]) name
WHERE name IN (SELECT file FROM performance_support_erasedfile)
OR NOT EXISTS (
    SELECT FROM performance_support_resourceversion version WHERE version.content ->> 'file' = name
) AND NOT EXISTS (SELECT FROM performance_support_resource resource WHERE resource.file = name)
"""


def leading_nowhere(names: Collection[str]) -> list[str]:
    """Of these names in the storage, those that no version has, or that were erased."""
    with connection.cursor() as cursor:
        cursor.execute(NOWHERE, {"names": list(names)})
        return [name for (name,) in cursor.fetchall()]
