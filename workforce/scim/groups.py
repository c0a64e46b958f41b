"""A group as the protocol tells it, and what a PATCH of one asks for, member by member."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from scim2_models import (
    InvalidPathException,
    InvalidValueException,
    MutabilityException,
    NoTargetException,
    TooManyException,
)
from scim2_models import Path as ScimPath
from scim2_models.path import AttrPath, ValuePath

from workforce.queries.scim.groups import MOST_OF_ONE, GroupRow
from workforce.scim.reading import operations_in, path_of
from workforce.scim.resources import GROUP_URN
from workforce.scim.users import version_of

OPS = {"add", "replace", "remove"}
PLAIN = {"displayname": "name", "externalid": "external_id"}
READ_ONLY = {"id", "meta"}
TOO_MANY = (
    "“{name}” has more than {most:,} members, too many for one answer. Ask with excludedAttributes=members; its "
    'members come page by page from /Users?filter=groups.value eq "{pk}".'
)


@dataclass(frozen=True)
class Step:
    """One thing to do: `what` is name, external_id, or add, take, set, filter members."""

    what: str
    value: Any = None


def told(row: GroupRow, base: str) -> dict[str, Any]:
    said: dict[str, Any] = {"schemas": [GROUP_URN], "id": str(row.id)}
    if row.external_id:
        said["externalId"] = row.external_id
    said["displayName"] = row.name
    if row.members and len(row.members) > MOST_OF_ONE:
        raise TooManyException(detail=TOO_MANY.format(name=row.name, most=MOST_OF_ONE, pk=row.id))
    if row.members:
        said["members"] = [
            {"value": pk, "$ref": f"{base}/Users/{pk}", "type": "User", "display": name} for pk, name in row.members
        ]
    said["meta"] = {
        "resourceType": "Group",
        "created": row.created_at.isoformat(),
        "lastModified": row.changed_at.isoformat(),
        "location": f"{base}/Groups/{row.id}",
        "version": version_of(row.version),
    }
    return said


def members_of(group: Any) -> list[UUID]:
    return [member_id({"value": one.value, "$ref": one.ref, "type": one.type}) for one in group.members or []]


def member_id(given: Any) -> UUID:
    """Whom a member names: by id, or by the end of an address."""
    given = {key.lower(): part for key, part in given.items()} if isinstance(given, dict) else {"value": given}
    if str(given.get("type") or "User").lower() != "user":
        raise InvalidValueException(detail="Only users can be members: groups of groups are not kept.")
    value = given.get("value") or str(given.get("$ref") or "").rstrip("/").rpartition("/")[2]
    try:
        return UUID(str(value))
    except ValueError:
        raise InvalidValueException(detail=f"There is no user “{str(value)[:80]}”. Name members by their id.") from None


def steps_in(payload: dict[str, Any]) -> list[Step]:
    """What a PATCH asks for, in its order. Nothing of the group is read for it. Raises SCIMException."""
    return [step for operation in operations_in(payload) for step in steps_of(operation)]


def steps_of(operation: dict[str, Any]) -> Iterator[Step]:
    op, path, value = str(operation.get("op")).lower(), path_of(operation), operation.get("value")
    if op not in OPS:
        raise InvalidValueException(detail="An operation is add, remove or replace.")
    if op != "remove" and "value" not in operation:
        raise InvalidValueException(detail=f"Say with what to {op}: there is no value.")
    if path:
        yield from steps_at(op, path, value)
        return
    if op == "remove":
        raise NoTargetException(detail="Say what to remove: there is no path.")
    if not isinstance(value, dict):
        raise InvalidValueException(detail="Without a path, the value is an object.")
    for key, part in value.items():
        # Okta repeats the id that the address says already.
        if key.lower() not in READ_ONLY | {"schemas"}:
            yield from steps_at(op, key, part)


def steps_at(op: str, path: str, value: Any) -> Iterator[Step]:
    node = parsed(path)
    if isinstance(node, ValuePath):
        yield from steps_of_some(op, node)
        return
    if not isinstance(node, AttrPath):
        raise InvalidPathException(detail=f"“{path[:80]}” is no path of a group.")
    name = node.attr.lower()
    if name in READ_ONLY:
        raise MutabilityException(detail=f"{node.attr} is ours to give.")
    if name in PLAIN:
        yield Step(PLAIN[name], plain(op, name, value))
    elif name == "members" and (not node.sub_attr or node.sub_attr.lower() == "value"):
        yield step_of_members(op, value)
    elif name == "members":
        raise MutabilityException(detail="What a member is called is not changed through a group.")


def parsed(path: str) -> Any:
    """The syntax of a path; of what nobody keeps, None is enough."""
    return ScimPath(path).ast


def plain(op: str, name: str, value: Any) -> str:
    if op == "remove" or value in (None, ""):
        if name == "displayname":
            raise MutabilityException(detail="A group needs a displayName.")
        return ""
    if not isinstance(value, str):
        raise InvalidValueException(detail="Send a text.")
    return value


def step_of_members(op: str, value: Any) -> Step:
    given = value if isinstance(value, list) else [] if value in (None, "") else [value]
    people = [member_id(one) for one in given]
    if op == "remove":
        return Step("take", people) if people else Step("set", [])
    return Step("add" if op == "add" else "set", people)


def steps_of_some(op: str, node: ValuePath) -> Iterator[Step]:
    """members[value eq "…"]: which ones is for the database to find."""
    if node.attr_path.attr.lower() != "members":
        raise InvalidPathException(detail=f"A group has no values of {node.attr_path.attr}.")
    if op != "remove" or node.sub_attr:
        raise MutabilityException(detail="A member is added or removed, and never becomes another one.")
    yield Step("filter", node.val_filter)
