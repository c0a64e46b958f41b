"""Which attributes of a resource a client wants back (RFC 7644, section 3.9)."""

import re
from collections.abc import Collection, Iterable
from typing import Any

from scim2_models import InvalidPathException, InvalidValueException

from workforce.scim.resources import ENTERPRISE_URN, GROUP_URN, USER_URN

NAME = re.compile(r"(?:urn:[\w.:-]{1,200})?[\w$.:-]{1,200}", re.IGNORECASE | re.ASCII)
MOST_NAMES = 100
ALWAYS = {"id", "schemas"}
# Only for those who ask: {attribute: part}.
ON_REQUEST = {"manager": "displayname", "members": "display", "name": "formatted", "emails": "primary"}
EXTENSION = ENTERPRISE_URN.lower()
CORE = (f"{USER_URN}:".lower(), f"{GROUP_URN}:".lower())
# (attribute, part); without a part the whole attribute. What stands in the extension is found by its name alone too.
Name = tuple[str, str]


class Selection:
    """`of` gives back of a resource what was asked for."""

    def __init__(self, attributes: Collection[str] = (), excluded: Collection[str] = ()) -> None:
        if attributes and excluded:
            raise InvalidValueException(detail="Send attributes or excludedAttributes, not both.")
        self.named = [name_in(text) for text in texts(attributes)]
        self.excluded = [name_in(text) for text in texts(excluded)]

    def asks_for(self, attribute: str) -> bool:
        """Whether the attribute, or a part of it, is to be shown."""
        if self.named:
            return any(head == attribute for head, _ in self.named)
        return (attribute, "") not in self.excluded

    def of(self, resource: dict[str, Any]) -> dict[str, Any]:
        if not self.named and not self.excluded:
            return as_usual(resource)
        return {key: part for key, value in resource.items() if (part := self.picked(key, value)) is not None}

    def picked(self, key: str, value: Any) -> Any:
        name = key.lower()
        if name in ALWAYS:
            return value
        if name == EXTENSION:
            return self.picked_of_extension(value)
        return self.whole_or_part(name, value)

    def picked_of_extension(self, value: dict[str, Any]) -> Any:
        if (EXTENSION, "") in self.excluded:
            return None
        if (EXTENSION, "") in self.named:
            return {key: without_requested(key.lower(), part) for key, part in value.items()}
        found = {key: inner for key, part in value.items() if (inner := self.whole_or_part(key.lower(), part))}
        return found or None

    def whole_or_part(self, name: str, value: Any) -> Any:
        if self.named:
            if (name, "") in self.named:
                return without_requested(name, value)
            parts = {part for head, part in self.named if head == name}
            return kept(value, lambda part: part in parts) if parts else None
        if (name, "") in self.excluded:
            return None
        parts = {part for head, part in self.excluded if head == name}
        value = without_requested(name, value)
        return kept(value, lambda part: part not in parts) if parts else value


def as_usual(resource: dict[str, Any]) -> dict[str, Any]:
    """What is told to whom asks for nothing in particular."""
    found = {**resource}
    for name in ON_REQUEST.keys() & found.keys():
        found[name] = without_requested(name, found[name])
    if ENTERPRISE_URN in found:
        found[ENTERPRISE_URN] = as_usual(found[ENTERPRISE_URN])
    return found


def without_requested(name: str, value: Any) -> Any:
    part = ON_REQUEST.get(name)
    return kept(value, lambda key: key != part) if part else value


def kept(value: Any, is_kept: Any) -> Any:
    """The parts of a complex value, or of each of several."""
    if isinstance(value, list):
        return [kept(one, is_kept) for one in value]
    if isinstance(value, dict):
        return {key: part for key, part in value.items() if is_kept(key.lower())} or None
    return value


def texts(names: Iterable[str]) -> list[str]:
    found = [text.strip() for name in names for text in name.split(",") if text.strip()]
    if len(found) > MOST_NAMES:
        raise InvalidValueException(detail=f"Name at most {MOST_NAMES} attributes.")
    return found


def name_in(text: str) -> Name:
    if not NAME.fullmatch(text):
        raise InvalidPathException(detail=f"“{text[:80]}” is no name of an attribute.")
    name = text.lower()
    for prefix in (*CORE, f"{EXTENSION}:"):
        name = name.removeprefix(prefix)
    if name == EXTENSION:
        return EXTENSION, ""
    head, _, part = name.partition(".")
    return head, part
