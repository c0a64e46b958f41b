"""Where a page of a list ended, as text that stands in an address: by position, never by offset."""

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID


def packed(*values: Any) -> str:
    """The values by which the list is sorted, of the last row that was shown."""
    return base64.urlsafe_b64encode(json.dumps([*values], default=str).encode()).decode().rstrip("=")


def unpacked(text: str, *kinds: Callable[[Any], Any]) -> tuple[Any, ...] | None:
    """The same values again; None for the beginning, and for what nobody could have been given."""
    if not text:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return tuple(kind(value) for kind, value in zip(kinds, values, strict=True))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        return None


def words(value: Any) -> str:
    """A text that PostgreSQL takes: half a character, as JSON can hold it, is none."""
    return str(value).replace("\x00", "").encode().decode()


def identity(value: Any) -> str:
    return str(UUID(str(value)))


def whole(value: Any) -> int:
    """A number that a column can hold."""
    number = int(value)
    if abs(number) > 2**62:
        raise ValueError("beyond what is counted")
    return number
