"""One person at a time: told by a program or put right by people. The rules are those of a run (syncing.py)."""

import datetime as dt
import logging
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from base import changes
from base.errors import RuleBroken
from workforce.actions.braking import watched
from workforce.actions.runs import source_named
from workforce.actions.syncing import Tally, sync_rows, sync_staged
from workforce.models import CORRECTABLE, RESTORABLE, Account, Correction, Person, Source
from workforce.queries import incoming, locks

log = logging.getLogger(__name__)


@transaction.atomic
def put_person(source: str, source_id: str, *, facts: Mapping[str, Any], by: Account) -> tuple[Person, str]:
    """Add or update one person of one source; returns the person and created, updated, left, restored or unchanged.

    `facts` takes the accepted fields as a feed sends them: `job_title`, `department` and `manager_source_id` are texts.
    """
    sender = source_named(source)
    with watched(sender, source_id.strip(), by=by):
        tally = sync_rows(sender, [{**facts, "source_id": source_id}], by=by)
    return Person.objects.get(source=sender.name, source_id=source_id.strip()), result_of(tally)


def result_of(tally: Tally) -> str:
    return next((name for name in ("created", "left", "restored", "updated") if tally.counts[name]), "unchanged")


@transaction.atomic
def put_people(source: str, people: list[Mapping[str, Any]], *, by: Account) -> Tally:
    """Add or update several people of one source, all or none, without guards. See also: open_run."""
    return sync_rows(source_named(source), people, by=by)


@transaction.atomic
def terminate_person(person: Person, *, end_date: dt.date | None = None, by: Account) -> Person:
    """Somebody leaves: at the end of their last day, or today where none is given."""
    last = end_date or timezone.localdate()
    if person.start_date and last < person.start_date:
        raise RuleBroken(
            f"{person} starts on {person.start_date}; the last day cannot lie before. Give a later one.",
            code="ends_before_start",
        )
    with watched(source_named(person.source), person.source_id, by=by):
        tell(person, {"end_date": last.isoformat()}, by=by)
    return Person.objects.get(pk=person.pk)


@transaction.atomic
def restore_person(person: Person, *, by: Account) -> Person:
    """Take a leaver back whole. Raises RuleBroken after RESTORABLE: then they are a joiner again."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.left_at is None:
        return person
    if timezone.now() - person.left_at > RESTORABLE:
        raise RuleBroken(
            f"{person} left more than {RESTORABLE.days} days ago. Let the HR system send them as a joiner.",
            code="left_long_ago",
        )
    tell(person, {"status": "active", "end_date": None}, by=by)
    return Person.objects.get(pk=person.pk)


@transaction.atomic
def correct_person(person: Person, *, field: str, value: str, reason: str = "", by: Account) -> Person:
    """Put one field right here. Whether it stands when the source speaks again is a rule per field of the source."""
    if field not in CORRECTABLE:
        raise RuleBroken(f"{field} belongs to the HR system. Have it put right there.", code="not_correctable")
    before = person.source_value(field)
    tell(person, {field: value}, by=by)
    person = Person.objects.get(pk=person.pk)
    now_here = person.told(field)
    Correction.objects.filter(person=person, field=field).delete()
    if now_here != before:
        Correction.objects.create(
            person=person, field=field, value=now_here, source_value=before, corrected_by=by, reason=reason
        )
        changes.record("correct", person, by=by, facts={field: (before, now_here)})
    return person


@transaction.atomic
def take_back_correction(person: Person, *, field: str, by: Account) -> Person:
    """What the source says stands again in this field; nothing happens where nothing was put right."""
    correction = Correction.objects.select_for_update().filter(person=person, field=field).first()
    if correction is None:
        return person
    return correct_person(person, field=field, value=correction.source_value, by=by)


def tell(person: Person, facts: dict[str, Any], *, by: Account) -> None:
    source = source_named(person.source)
    sync_rows(source, [{**facts, "source_id": person.source_id}], heeds_corrections=False, by=by)


def honour_dates(*, by: Account) -> int:
    """Whoever starts today starts, whoever's last day has come leaves; returns how many. Twice a day is once."""
    sources = Person.objects.whose_day_has_come(timezone.localdate()).values_list("source", flat=True)
    return sum(begun(source_named(name), by=by) for name in sources.order_by("source").distinct())


def begun(source: Source, *, by: Account) -> int:
    """As begin_day; what goes wrong with one source, or is busy, waits for the next hour and keeps no other waiting."""
    try:
        return begin_day(source, by=by)
    except Exception:
        log.exception("The day could not begin for the people of %s", source)
        return 0


@transaction.atomic
def begin_day(source: Source, *, by: Account) -> int:
    locks.alone_with(source)
    incoming.stage_those_whose_day_has_come(source, today=timezone.localdate())
    tally = sync_staged(source, by=by)
    return sum(tally.counts[name] for name in ("updated", "left", "restored"))
