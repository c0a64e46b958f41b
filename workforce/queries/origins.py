"""Where each value of a person came from: which delivery or who here, and what the source says beside a correction."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from base.models import Change
from workforce.models import CORRECTABLE, Correction, Person, Run, Source

# More of them would be a page nobody reads.
READ = 500
LABELS = {
    "display_name": "Name",
    "given_name": "Given name",
    "family_name": "Family name",
    "work_email": "Work e-mail",
    "employee_number": "Employee number",
    "job_title": "Job title",
    "department": "Team",
    "manager_source_id": "Manager",
    "location": "Location",
    "employment_type": "Employment",
    "status": "Status",
    "start_date": "First day",
    "end_date": "Last day",
}
# What these say of a field is no value that came to stand here.
NO_VALUE = {"keep", "overrule"}


@dataclass(frozen=True)
class Origin:
    by: str
    at: dt.datetime
    run: Run | None


@dataclass(frozen=True)
class Value:
    """One field as it stands here."""

    field: str
    label: str
    value: str
    origin: Origin | None
    correction: Correction | None
    # Whether a correction here stands when the source says otherwise.
    stands: bool

    @property
    def can_be_corrected(self) -> bool:
        return self.field in CORRECTABLE


def history(person: Person) -> list[Change]:
    """What happened to somebody, newest first."""
    return list(Change.objects.filter(subject=person.pk, noun="person").exclude(verb="tell").order_by("-id")[:READ])


def values(person: Person, changes: Iterable[Change]) -> list[Value]:
    """Every accepted field with where it came from. `changes` are `history`."""
    changes = list(changes)
    runs = runs_of(changes)
    corrections = {one.field: one for one in person.corrections.select_related("corrected_by")}
    stands = Source.objects.stands_in(person.source)
    return [
        Value(name, label, shown(person, name), origin(name, changes, runs), corrections.get(name), name in stands)
        for name, label in LABELS.items()
    ]


def shown(person: Person, field: str) -> str:
    if field == "manager_source_id" and person.manager:
        return person.manager.display_name
    if field == "status":
        return person.get_status_display()
    value: Any = getattr(person, field, "")
    if isinstance(value, dt.date):
        return f"{value:%-d %B %Y}"
    return "" if value is None else person.told(field)


def origin(field: str, changes: list[Change], runs: dict[UUID, Run]) -> Origin | None:
    """The newest change of that field; else the one with which the person came."""
    told = next((c for c in changes if field in c.facts and c.verb not in NO_VALUE), None)
    change = told or next((c for c in changes if c.verb == "add"), None)
    return Origin(change.by_name, change.at, runs.get(change.scope)) if change else None


def runs_of(changes: Iterable[Change]) -> dict[UUID, Run]:
    """The deliveries in which they happened."""
    scopes = {change.scope for change in changes if change.scope != change.subject}
    return Run.objects.select_related("source").in_bulk(scopes)
