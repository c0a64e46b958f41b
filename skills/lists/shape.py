"""A list of skills, read as base/tables reads any table."""

from pathlib import PurePath
from typing import BinaryIO

from base.tables import shape
from base.tables.shape import Shape, records
from skills.lists import columns

__all__ = ["Shape", "examine", "list_name", "records"]


def examine(file: BinaryIO, *, sheet: str = "", has_header: bool | None = None) -> Shape:
    """What a file turns out to be. Raises CannotRead."""
    return shape.examine(file, columns=columns, sheet=sheet, has_header=has_header)


def list_name(file_name: str, shape: Shape) -> str:
    """What to call a list: ESCO by its name, any other by its file."""
    if shape.dialect == "esco":
        return "ESCO"
    stem = PurePath(file_name.replace("\\", "/")).stem.replace("_", " ").replace("-", " ")
    return " ".join(stem.split())[:120].strip().capitalize() or "List"
