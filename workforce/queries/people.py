"""The list of people: what may be asked of it, and its pages by position."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from base import cursors
from base.spelling import query_for
from workforce.models import RESTORABLE, Erasure, JobTitle, Person, Source, Team
from workforce.models.person import PersonQuerySet
from workforce.queries.names import NAMES

PER_PAGE = 50
# Counting further would cost more than it tells.
COUNTED = 1000
STATUSES = {
    "": "Works here",
    "leave": "On leave",
    "pending": "Starts later",
    "leaving": "Leaves on a known day",
    "restorable": "Left, can come back",
    "inactive": "Left",
    "all": "Everybody",
}
LACKING = {"title": "No job title", "role": "A title without a job role", "manager": "No manager"}


@dataclass(frozen=True)
class Wanted:
    """What the address asks of the list. The last four are for those who keep people."""

    q: str = ""
    team: UUID | None = None
    role: UUID | None = None
    title: UUID | None = None
    manager: UUID | None = None
    after: str = ""
    source: str = ""
    status: str = ""
    lacking: str = ""
    keeps: bool = False

    @property
    def is_narrowed(self) -> bool:
        chosen = (self.q, self.team, self.role, self.title, self.manager, self.source, self.status, self.lacking)
        return any(chosen)


@dataclass(frozen=True)
class People:
    rows: list[Person]
    count: int
    after: str

    @property
    def count_in_words(self) -> str:
        return f"more than {COUNTED:,}" if self.count > COUNTED else f"{self.count:,}"


def wanted_people(wanted: Wanted) -> PersonQuerySet:
    """The people whom the list shows, in no order yet."""
    people = in_status(wanted.status)
    for field, value in (("team", wanted.team), ("job_title", wanted.title), ("manager", wanted.manager)):
        people = people.filter(**{field: value}) if value else people
    if wanted.role:
        people = people.filter(job_title__job_role=wanted.role)
    if wanted.source:
        people = people.filter(source=wanted.source)
    if wanted.lacking:
        people = people.lacking(wanted.lacking)
    return called(people, wanted.q, by_id=wanted.keeps) if wanted.q else people


def in_status(status: str) -> PersonQuerySet:
    people = Person.objects.all()
    if status == "all":
        return people
    if status == "restorable":
        return people.restorable(timezone.now() - RESTORABLE)
    if status == "leaving":
        return people.active().filter(end_date__isnull=False)
    return people.filter(status=status) if status else people.active()


def called(people: PersonQuerySet, typed: str, *, by_id: bool) -> PersonQuerySet:
    """By name, misspelt or not; by a whole e-mail address; by a whole id of a source, for whoever may know those."""
    if "@" in typed:
        return people.reached_at(typed)
    # With the source's name the id is found in an index.
    known = Person.objects.filter(source__in=Source.objects.values("name"), source_id=typed) if by_id else None
    if known is not None and (pks := list(known.values_list("pk", flat=True))):
        return people.filter(pk__in=pks)
    query = query_for(typed, NAMES)
    return people.named(query) if query else people.none()


def people(wanted: Wanted) -> People:
    """One page by position, never by offset: the thousandth costs what the first does."""
    found = wanted_people(wanted)
    page = found.by_name()
    if place := cursors.unpacked(wanted.after, cursors.words, cursors.identity):
        page = page.beyond(*place)
    rows: list[Any] = list(page.with_names()[: PER_PAGE + 1])
    after = cursors.packed(rows[PER_PAGE - 1].key, rows[PER_PAGE - 1].pk) if len(rows) > PER_PAGE else ""
    return People(rows[:PER_PAGE], found[: COUNTED + 1].count(), after)


def to_export(wanted: Wanted) -> Iterator[Person]:
    """Everybody whom the list would show, page after page."""
    return wanted_people(wanted).by_name().with_names().iterator(chunk_size=2000)


def named_things(wanted: Wanted) -> dict[str, Any]:
    """What the address names by its id, for the page to name by its name."""
    return {
        "team": Team.objects.filter(pk=wanted.team).first() if wanted.team else None,
        "title": JobTitle.objects.filter(pk=wanted.title).first() if wanted.title else None,
        "manager": Person.objects.filter(pk=wanted.manager).first() if wanted.manager else None,
    }


def last_day_to_restore(person: Person) -> dt.date | None:
    """Until when a leaver can come back whole; None for whoever works here, or left too long ago."""
    if person.left_at is None or timezone.now() - person.left_at > RESTORABLE:
        return None
    return timezone.localdate(person.left_at + RESTORABLE)


def leavers_called(typed: str, most: int = 10) -> list[Person]:
    """Who has left, by a part of the name, the address, or the id of their source; longest gone first."""
    by_name = Q(display_name__icontains=typed) | Q(work_email__iexact=typed) | Q(source_id=typed)
    left = Person.objects.filter(by_name, status=Person.Status.INACTIVE)
    return list(left.exclude(source_id__in=Erasure.objects.values("pseudonym")).order_by("left_at")[:most])
