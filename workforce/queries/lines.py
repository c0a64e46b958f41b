"""Who reports to whom, upwards and downwards from one person."""

from uuid import UUID

from django.db import connection

from workforce.models import Person
from workforce.models.person import BELOW

# UNION, not UNION ALL: a chain has no loop by constraint, and this would end on one all the same.
ABOVE = """
WITH RECURSIVE above (id, manager_id, distance) AS (
    SELECT id, manager_id, 0 FROM workforce_person WHERE id = %s
    UNION
    SELECT person.id, person.manager_id, above.distance + 1
    FROM above JOIN workforce_person person ON person.id = above.manager_id WHERE above.distance < 100
)
SELECT id FROM above WHERE distance > 0 ORDER BY distance
"""


def ids_above(person: Person) -> list[UUID]:
    """The manager, the manager's manager, and so on to the top."""
    if person.manager_id is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(ABOVE, [person.pk])
        return [pk for (pk,) in cursor.fetchall()]


def above(person: Person) -> list[Person]:
    """The same as people, the nearest first."""
    ids = ids_above(person)
    found = Person.objects.with_names().in_bulk(ids)
    return [found[pk] for pk in ids]


def ids_below(person: Person) -> set[UUID]:
    """Everybody who reports to them, however far down. See also: PersonQuerySet.in_tree_of."""
    with connection.cursor() as cursor:
        cursor.execute(BELOW.format(manager="%s"), [person.pk])
        return {pk for (pk,) in cursor.fetchall()}
