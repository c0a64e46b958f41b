"""Groups: lists of people that an identity provider keeps (decision 11)."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from base import changes
from base.errors import RuleBroken
from workforce.feeds import words
from workforce.feeds.words import NotTaken
from workforce.models import Account, Group, Source
from workforce.queries.scim import groups

LONGEST = 200
# The trail names the first of many; how many there were it always says.
NAMED = 20


@transaction.atomic
def add_group(
    source: Source, *, name: str, external_id: str = "", members: Collection[UUID] = (), by: Account
) -> Group:
    """A new list. Raises RuleBroken `group_exists`."""
    group = Group(source=source.name, name=readable(name), external_id=external_id or None)
    check_free(group)
    group.save(force_insert=True)
    groups.count_up(group)
    joined = put_in(group, members)
    changes.record("add", group, by=by, facts=told(joined, []))
    return group


@transaction.atomic
def change_group(group: Group, *, name: str | None = None, external_id: str | None = None, by: Account) -> Group:
    """Call it otherwise; None leaves as it is, an empty external id takes it away."""
    wanted: dict[str, Any] = {}
    if name is not None:
        wanted["name"] = readable(name)
    if external_id is not None:
        wanted["external_id"] = external_id or None
    if facts := changes.assign(group, wanted):
        check_free(group)
        Group.objects.update_one(group, wanted)
        groups.count_up(group)
        changes.record("change", group, by=by, facts=facts)
    return group


@transaction.atomic
def add_members(group: Group, people: Collection[UUID], *, by: Account) -> int:
    """Put people into the group; returns how many were not in it."""
    return noted(group, put_in(group, people), [], by=by)


@transaction.atomic
def take_members(group: Group, which: str = "true", *, params: Sequence[Any] = (), by: Account) -> int:
    """Take out of the group whom a condition of `queries.scim.filters` names; returns how many."""
    return noted(group, [], groups.take_members(group, which, params), by=by)


@transaction.atomic
def set_members(group: Group, people: Collection[UUID], *, by: Account) -> int:
    """These people and nobody else; returns how many came or went."""
    gone = groups.take_members(group, "person.id <> ALL (%s::uuid[])", [list(people)])
    return noted(group, put_in(group, people), gone, by=by)


@transaction.atomic
def remove_group(group: Group, *, by: Account) -> None:
    """The list is no more; its people stay."""
    changes.record("remove", group, by=by)
    groups.count_up(group)
    group.delete()


def put_in(group: Group, people: Collection[UUID]) -> list[str]:
    if not people:
        return []
    known, joined = groups.add_members(group, list(people))
    if unknown := set(people) - known:
        raise RuleBroken(f"There is no user {min(unknown)} here. Send the user first.", code="no_such_member")
    return joined


def noted(group: Group, joined: list[str], gone: list[str], *, by: Account) -> int:
    if joined or gone:
        groups.count_up(group)
        changes.record("change", group, by=by, facts=told(joined, gone))
    return len(joined) + len(gone)


def told(joined: list[str], gone: list[str]) -> dict[str, tuple[Any, Any]]:
    """Who came and who went, for the trail."""
    facts: dict[str, tuple[Any, Any]] = {}
    if joined:
        facts["joined"] = (None, {"count": len(joined), "names": sorted(joined)[:NAMED]})
    if gone:
        facts["gone"] = ({"count": len(gone), "names": sorted(gone)[:NAMED]}, None)
    return facts


def readable(name: str) -> str:
    try:
        kept = words.text(name, LONGEST)
    except NotTaken as why:
        raise RuleBroken(why.sentence, code=why.code) from None
    if not kept:
        raise RuleBroken("A group needs a displayName.", code="no_name")
    return kept


def check_free(group: Group) -> None:
    if groups.is_name_taken(group.source, group.name, group.pk):
        raise RuleBroken(f"There is a group “{group.name}” already. Change that one.", code="group_exists")
    if group.external_id and groups.is_external_id_taken(group.source, group.external_id, group.pk):
        raise RuleBroken(f"Another group has the externalId “{group.external_id}”.", code="group_exists")
    if group.external_id and (len(group.external_id) > LONGEST or not group.external_id.isprintable()):
        raise RuleBroken(f"An externalId has at most {LONGEST} readable characters.", code="bad_external_id")
