"""Write the trail, and read it back for people."""

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol

from django.db import models
from django.db.models.fields.files import FieldFile

from base.models import Change

# Keyed by the thing itself.
Facts = Mapping[Any, Mapping[str, tuple[Any, Any]]]


class Actor(Protocol):
    """Whoever acts: a person's account, a key, or the system itself."""

    @property
    def pk(self) -> uuid.UUID: ...
    @property
    def name(self) -> str: ...


def record(
    verb: str,
    subject: models.Model,
    *,
    by: Actor,
    scope: models.Model | None = None,
    facts: Mapping[str, tuple[Any, Any]] | None = None,
) -> Change:
    """Note that `by` did `verb` to `subject`; `facts` maps a field to its value before and after."""
    change = entry(verb, subject, by=by, scope=(scope or subject).pk, facts=facts or {})
    change.save(force_insert=True)
    return change


def record_all(verb: str, subjects: Facts, *, by: Actor, scope: uuid.UUID) -> None:
    """The same deed to many things at once: {subject: its facts}. `scope` holds them together."""
    Change.objects.bulk_create(
        [entry(verb, subject, by=by, scope=scope, facts=facts) for subject, facts in subjects.items()]
    )


def entry(
    verb: str, subject: models.Model, *, by: Actor, scope: uuid.UUID, facts: Mapping[str, tuple[Any, Any]]
) -> Change:
    return Change(
        by=by.pk,
        by_name=by.name,
        verb=verb,
        noun=subject._meta.model_name or "",
        subject=subject.pk,
        name=str(subject)[:400],
        scope=scope,
        facts={field: [plain(before), plain(after)] for field, (before, after) in facts.items()},
    )


def assign(subject: models.Model, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set the given fields and return what really changed: {field: (before, after)}."""
    changed = {f: (getattr(subject, f), value) for f, value in values.items() if getattr(subject, f) != value}
    for field, (_, after) in changed.items():
        setattr(subject, field, after)
    return changed


def plain(value: Any) -> Any:
    """As JSON keeps it; a thing is kept by its id and its name."""
    if isinstance(value, models.Model):
        return {"id": str(value.pk), "name": str(value)}
    if isinstance(value, Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, FieldFile):
        return value.name
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return value


def last_change_of(subject: models.Model) -> Change | None:
    """The newest entry about one thing."""
    return Change.objects.filter(subject=subject.pk).order_by("-id").first()
