"""People as an identity provider sends them, one at a time (SCIM). The rules are those of a run (syncing.py)."""

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from base import changes
from base.errors import RuleBroken
from workforce.actions.braking import watched
from workforce.actions.syncing import sync_rows
from workforce.feeds import rows
from workforce.feeds.words import NotTaken
from workforce.models import Account, Person, Source
from workforce.queries.scim import joining
from workforce.queries.scim.users import UserRow, user_row
from workforce.scim.users import Wanted, as_it_is

LONGEST_NAME = 200


def add_user(source: Source, wanted: Wanted, *, by: Account) -> UserRow:
    """Somebody joins, or comes back whom the client had deleted. Raises RuleBroken `user_exists`."""
    pk = uuid4()
    facts = kept(wanted, wanted.external_id or str(pk))
    # Whoever is simply new takes one statement, which is a transaction of its own.
    return joined(source, pk, facts, wanted, by=by) or added(source, pk, facts, wanted, by=by)


@transaction.atomic
def added(source: Source, pk: UUID, facts: dict[str, Any], wanted: Wanted, *, by: Account) -> UserRow:
    found = joining.look(source, facts)
    if (here := known_one(found.by_key)) or (here := known_one(found.by_name)):
        raise RuleBroken(f"There is a user “{wanted.user_name}” already, {here}. Change that one.", code="user_exists")
    gone = found.by_key or (found.by_name if not wanted.external_id else None)
    if gone:
        return come_back(source, UUID(gone[0]), wanted, by=by)
    if found.is_awaited:
        # Whoever waited for this person gets a manager now, which may close a loop: that is for a run to look at.
        facts["manager_source_id"] = manager_of(source, wanted)[1]
        sync_rows(source, [{**facts, **said_of(wanted)}], by=by)
        pk = Person.objects.only("pk").get(source=source.name, source_id=facts["source_id"]).pk
        joining.rename(source, pk, wanted.user_name)
        return seen(source, pk)
    if found.by_name:
        joining.free(source, wanted.user_name)
    joining.hear_of(facts)
    row = joined(source, pk, facts, wanted, by=by)
    assert row is not None  # noqa: S101 - nothing stands in the way any more
    return row


def joined(source: Source, pk: UUID, facts: dict[str, Any], wanted: Wanted, *, by: Account) -> UserRow | None:
    manager = joining.as_uuid(facts["manager_source_id"])
    person = {**facts, "id": pk, "manager": manager, "status": "active" if wanted.is_active else "inactive"}
    made = joining.join(source, person, today=timezone.localdate(), by=by)
    if made is None:
        return None
    names = {field: person[field] for field in UserRow._fields if field in person} | made._asdict()
    return UserRow(**names, version=1, manager_name=None, source=source.name)


def known_one(found: list[str] | None) -> str:
    """The id of somebody whom the client still knows."""
    return found[0] if found and found[1] == "true" else ""


def kept(wanted: Wanted, key: str) -> dict[str, Any]:
    """The facts as they will be kept. Raises RuleBroken with what is wrong with the first bad one."""
    check_name(wanted.user_name)
    try:
        values = rows.one({**wanted.facts, "source_id": key}, now=timezone.now())
    except NotTaken as why:
        raise RuleBroken(f"{getattr(why, 'field', '')}: {why.sentence}", code=why.code) from None
    for field in ("status", "start_date", "end_date", "updated_at"):
        del values[field]
    return {**{name: value or "" for name, value in values.items()}, "user_name": wanted.user_name}


def check_name(user_name: str) -> None:
    if not user_name.strip():
        raise RuleBroken("A user needs a userName.", code="no_user_name")
    if len(user_name) > LONGEST_NAME or not user_name.isprintable():
        raise RuleBroken(f"A userName has at most {LONGEST_NAME} readable characters.", code="bad_user_name")


def manager_of(source: Source, wanted: Wanted) -> tuple[UUID | None, str]:
    value = wanted.facts.get("manager_source_id", "")
    return joining.manager_meant(source, value) if value else (None, "")


def said_of(wanted: Wanted) -> dict[str, Any]:
    """Active or not, as a feed says it. Inactive means today: a last day to come must not keep the door open."""
    return {"status": "active" if wanted.is_active else "inactive", "end_date": None}


def come_back(source: Source, pk: UUID, wanted: Wanted, *, by: Account) -> UserRow:
    """Whom the client deleted was kept here as a leaver; history and evidence are theirs again, under the same id."""
    person = Person.objects.only("source_id").get(pk=pk)
    facts = {**wanted.facts, "manager_source_id": manager_of(source, wanted)[1]}
    sync_rows(source, [{**facts, **said_of(wanted), "source_id": person.source_id}], by=by)
    joining.rename(source, pk, wanted.user_name)
    return seen(source, pk)


@transaction.atomic
def change_user(row: UserRow, wanted: Wanted, *, by: Account) -> UserRow:
    """Make a person what the client wants, touching only what differs. `row` is what was read under lock."""
    source = Source.objects.get(name=row.source)
    now = as_it_is(row)
    facts: dict[str, Any] = wanted.beyond(now)
    if "manager_source_id" in facts:
        facts["manager_source_id"] = manager_of(source, wanted)[1]
    if wanted.is_active != now.is_active:
        facts |= said_of(wanted)
    key = rekeyed(source, row, wanted, by=by)
    renamed(source, row, wanted, by=by)
    if facts:
        with watched(source, key, by=by):
            sync_rows(source, [{**facts, "source_id": key}], by=by)
    if key != row.source_id and (waiting := joining.ask_anew(source, key)):
        # Whoever waited for somebody of the new key gets a manager now.
        sync_rows(source, [{"source_id": one, "manager_source_id": key} for one in waiting], by=by)
    return seen(source, row.id)


def rekeyed(source: Source, row: UserRow, wanted: Wanted, *, by: Account) -> str:
    """The source's own id, after the client has given another one or taken it away."""
    if wanted.external_id == row.external_id:
        return row.source_id
    key = wanted.external_id or str(row.id)
    kept(wanted, key)
    if joining.is_key_taken(source, row.id, key):
        raise RuleBroken(f"Another user has the externalId “{key}”. Send another one.", code="user_exists")
    joining.rekey(source, row.id, key)
    note(row, {"source_id": (row.source_id, key)}, by=by)
    return key


def renamed(source: Source, row: UserRow, wanted: Wanted, *, by: Account) -> None:
    if wanted.user_name == row.user_name:
        return
    check_name(wanted.user_name)
    if joining.is_name_taken(source, row.id, wanted.user_name):
        raise RuleBroken(f"Another user is called “{wanted.user_name}”. Send another userName.", code="user_exists")
    joining.rename(source, row.id, wanted.user_name)
    note(row, {"user_name": (row.user_name, wanted.user_name)}, by=by)


def note(row: UserRow, facts: dict[str, tuple[Any, Any]], *, by: Account) -> None:
    changes.record("change", Person(id=row.id, display_name=row.display_name), by=by, facts=facts)


def seen(source: Source, pk: UUID) -> UserRow:
    row = user_row(pk, source.name)
    assert row is not None  # noqa: S101 - it was written in this transaction
    return row


@transaction.atomic
def remove_user(row: UserRow, *, by: Account) -> None:
    """The client deletes somebody: from its side they are gone, here they are a leaver, kept and restorable."""
    source = Source.objects.get(name=row.source)
    if row.is_active:
        with watched(source, row.source_id, by=by):
            sync_rows(source, [{"source_id": row.source_id, "status": "inactive", "end_date": None}], by=by)
    joining.withdraw(source, row.id)
    changes.record("withdraw", Person(id=row.id, display_name=row.display_name), by=by)
