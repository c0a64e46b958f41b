"""Excel workbooks: their values, never their formulas or macros. What is too large is found before it is read."""

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum, ZipError

from base.tables import package
from base.tables.limits import MAX_COLUMNS, MAX_WORKBOOK, MAX_WORKBOOK_CELLS, MB, CannotRead
from base.tables.text import too_many_columns

# A cell with something in it, wherever its attributes and its namespace put the address.
CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["'](?:[^>]*[^/>])?>""")
FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
# No tag of a sheet is longer, so a tag cut by the end of a chunk is found in the next.
OVERLAP = 400
SAVE_AS = "Save it as an Excel workbook (.xlsx) or as CSV, and upload that."


def is_workbook(names: set[str]) -> bool:
    return any(name.startswith(("xl/", "word/", "ppt/", "content.xml", "mimetype")) for name in names)


def must_be_readable(archive: zipfile.ZipFile) -> int:
    """Raises CannotRead for what is no plain workbook of a bearable size; returns how many cells hold formulas."""
    names = set(archive.namelist())
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise CannotRead(f"The workbook carries macros, and we open none that do. {SAVE_AS}", code="macros")
    if "xl/workbook.xml" not in names:
        raise CannotRead(f"This is not an Excel workbook (.xlsx). {SAVE_AS}", code="not_a_workbook")
    parts = [part for part in archive.infolist() if part.filename.lower().endswith((".xml", ".rels"))]
    package.must_fit(parts, MAX_WORKBOOK)
    try:
        return sum(scan(archive, part) for part in parts)
    except package.BROKEN as error:
        raise package.damaged() from error


def scan(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Look through one part as plain bytes, before any parser builds something out of it."""
    is_sheet = part.filename.startswith("xl/worksheets/")
    columns: set[bytes] = set()
    rows, formulas = 0, 0
    rest = b""
    with archive.open(part) as source:
        while chunk := source.read(MB):
            if b"<!DOCTYPE" in (seen := rest + chunk) or b"<!ENTITY" in seen:
                raise CannotRead(
                    f"The workbook defines its own XML entities, which no spreadsheet does. {SAVE_AS}",
                    code="xml_entities",
                )
            rest = seen[-OVERLAP:]
            if is_sheet:
                found = CELL.findall(seen)
                columns.update(column for column, _ in found)
                rows = max(rows, max((int(row) for _, row in found), default=0))
                formulas += len(FORMULA.findall(chunk))
    must_be_small(max(map(column_number, columns), default=0), rows)
    return formulas


def must_be_small(columns: int, rows: int) -> None:
    """A single stray cell in the last corner makes a sheet of billions of cells."""
    if columns > MAX_COLUMNS:
        raise too_many_columns()
    if columns * rows > MAX_WORKBOOK_CELLS:
        raise CannotRead(
            f"A sheet of the workbook spans {rows:,} rows and {columns:,} columns; the limit is "
            f"{MAX_WORKBOOK_CELLS // 1_000_000} million cells. Delete what lies outside the list, or save it as CSV.",
            code="too_many_cells",
        )


def column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def sheets_of(file: BinaryIO) -> tuple[list[str], list[str]]:
    """Names of the sheets that show, and of those that do not."""
    sheets = opened(file).sheets_metadata
    shown = [sheet.name for sheet in sheets if sheet.visible is SheetVisibleEnum.Visible]
    return shown, [sheet.name for sheet in sheets if sheet.name not in shown]


def records(file: BinaryIO, sheet: str) -> Iterator[list[str]]:
    """Every row of a sheet from its first on, blank ones as []."""
    workbook = opened(file)
    try:
        for row in workbook.get_sheet_by_name(sheet).iter_rows():
            cells = [text_of(cell) for cell in row]
            yield cells if any(cells) else []
    except CalamineError as error:
        raise unreadable() from error


def opened(file: BinaryIO) -> CalamineWorkbook:
    file.seek(0)
    try:
        return CalamineWorkbook.from_filelike(file)
    except (CalamineError, ZipError) as error:
        raise unreadable() from error


def unreadable() -> CannotRead:
    return CannotRead(
        "The workbook is damaged. Open it in a spreadsheet, save it again, and upload that.", code="damaged_workbook"
    )


def text_of(cell: Any) -> str:
    """As a person reads it: 12, not 12.0; days as ISO writes them."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ", "minutes") if cell.time() != dt.time.min else cell.date().isoformat()
    return str(cell)
