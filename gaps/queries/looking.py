"""Who looked at whose record."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from base.changes import Actor
from gaps.models import AccessNote
from workforce.models import Person

NOTE = """
INSERT INTO gaps_accessnote (person_id, seen_by_id, page, seen_on)
SELECT person, %(by)s, %(page)s, %(today)s FROM unnest(%(people)s::uuid[]) person
ON CONFLICT (person_id, seen_on, seen_by_id, page) DO NOTHING
"""


def note(account: Actor, people: Collection[UUID], *, page: str) -> None:
    """One row per reader, page and day, however often they look."""
    if not people:
        return
    facts: dict[str, Any] = {"by": account.pk, "page": page, "today": timezone.localdate()}
    with connection.cursor() as cursor:
        cursor.execute(NOTE, {**facts, "people": [str(pk) for pk in people]})


def who_looked(person: Person, most: int | None = None) -> QuerySet[AccessNote]:
    """Who looked at a person's record, last first."""
    found = AccessNote.objects.filter(person=person).select_related("seen_by").order_by("-seen_on", "-first_at", "-pk")
    return found[:most]
