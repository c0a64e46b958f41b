"""Who reports to whom, all the way down."""

from uuid import UUID

from django.db import connection

TREE = """
WITH RECURSIVE tree (id) AS (
    SELECT %(top)s::uuid
    UNION
    SELECT person.id FROM tree JOIN workforce_person person ON person.manager_id = tree.id
)
SELECT id FROM tree
"""


def reporting_tree(top: UUID) -> list[UUID]:
    """This person and everybody below; a person has one manager and no chain a loop."""
    with connection.cursor() as cursor:
        cursor.execute(TREE, {"top": str(top)})
        return [row[0] for row in cursor.fetchall()]
