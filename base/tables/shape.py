"""What a file turned out to be, and its rows. The one entrance for everything that comes from outside."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any, BinaryIO, Protocol, cast

from base.tables import package, text, workbook
from base.tables.encoding import encoding_of
from base.tables.limits import MAX_BYTES, MAX_ROWS, CannotRead, too_large

# Heads of files that people upload by mistake.
STRANGERS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"MZ",
    b"\x7fELF",
    b"BZh",
)
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Shape:
    """Enough to read the same rows again, and to tell a person what they are."""

    kind: str  # "csv" or "xlsx"
    header: list[str]
    header_at: int  # the row that names the columns; 0 where none does
    dialect: str  # "rsd", "esco" or "table"
    preview: list[list[str]]
    encoding: str = ""
    delimiter: str = ""
    quoted: bool = True
    member: str = ""  # the file inside a package
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Columns(Protocol):
    """What the columns of some kind of list are called: a module such as skills/lists/columns.py."""

    def dialect_of(self, header: list[str]) -> str: ...
    def is_known(self, header: str) -> bool: ...


def examine(
    file: BinaryIO, *, columns: Columns, sheet: str = "", has_header: bool | None = None, most: int = MAX_BYTES
) -> Shape:
    """Look at the beginning of a file. Raises CannotRead, soon and cheaply, for what is no list."""
    file.seek(0, 2)
    if (size := file.tell()) > most:
        raise too_large(size, most)
    file.seek(0)
    head = file.read(8)
    if not head:
        raise empty()
    if head.startswith(OLD_EXCEL):
        raise CannotRead(
            f"This is a workbook of Excel 2003 or older, or one with a password. {workbook.SAVE_AS}",
            code="old_workbook",
        )
    if head.startswith(STRANGERS):
        raise text.not_a_table()
    if not package.is_package(file):
        return examine_text(file, columns=columns, has_header=has_header)
    with package.opened(file) as archive:
        if workbook.is_workbook(set(archive.namelist())):
            formulas = workbook.must_be_readable(archive)
            return examine_workbook(file, columns=columns, sheet=sheet, has_header=has_header, formulas=formulas)
    table, member = package.table_in(file)
    with table:
        return examine_text(table, columns=columns, has_header=has_header, member=member)


def empty() -> CannotRead:
    return CannotRead("The file is empty. Upload a list with rows.", code="empty")


def examine_text(file: BinaryIO, *, columns: Columns, has_header: bool | None, member: str = "") -> Shape:
    encoding = encoding_of(file)
    delimiter, quoted = text.dialect_of(file, encoding)
    facts = {"encoding": encoding, "delimiter": delimiter, "quoted": quoted, "member": member}
    rows = list(islice(text.records(file, encoding=encoding, delimiter=delimiter, quoted=quoted), 50))
    return described("csv", rows, columns=columns, has_header=has_header, facts=facts, notes=[])


def examine_workbook(file: BinaryIO, *, columns: Columns, sheet: str, has_header: bool | None, formulas: int) -> Shape:
    shown, hidden = workbook.sheets_of(file)
    if not shown:
        raise CannotRead("Every sheet of the workbook is hidden. Show the one with the list.", code="all_hidden")
    notes = []
    if hidden:
        notes.append(f"Hidden sheets are not read: {', '.join(hidden)}.")
    if formulas:
        notes.append(f"{formulas:,} cells hold formulas; what they last came to was read, the formulas were not.")
    chosen = sheet if sheet in shown else first_filled(file, shown)
    rows = list(islice(workbook.records(file, chosen), 50))
    return described(
        "xlsx", rows, columns=columns, has_header=has_header, facts={"sheet": chosen, "sheets": shown}, notes=notes
    )


def first_filled(file: BinaryIO, sheets: list[str]) -> str:
    return next((sheet for sheet in sheets if any(islice(workbook.records(file, sheet), 50))), sheets[0])


def described(
    kind: str,
    rows: list[list[str]],
    *,
    columns: Columns,
    has_header: bool | None,
    facts: dict[str, Any],
    notes: list[str],
) -> Shape:
    """Name the columns. Raises CannotRead where there are no rows under the header."""
    filled = [number for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if not filled:
        raise empty()
    at = header_row(rows, filled)
    if has_header is None:
        has_header = names_columns(rows[at - 1], columns)
    header = named(rows[at - 1]) if has_header else numbered(max(map(len, rows)))
    below = [rows[number - 1] for number in filled if number > at or not has_header]
    if not below:
        raise CannotRead("The file has a header and no rows under it. Upload a list with rows.", code="header_only")
    if has_header and at > filled[0]:
        notes = [*notes, f"What stands above the header in row {at} is not part of the list."]
    return Shape(
        kind=kind,
        header=header,
        header_at=at if has_header else 0,
        dialect=columns.dialect_of(header),
        preview=[[cell[:200] for cell in row] for row in below[:5]],
        notes=notes,
        **facts,
    )


def header_row(rows: list[list[str]], filled: list[int]) -> int:
    """The first row as wide as the list usually is: above it stand titles and dates of export."""
    widths = {number: sum(1 for cell in rows[number - 1] if cell.strip()) for number in filled[:20]}
    usual = sorted(widths.values())[len(widths) // 2]
    return next(number for number, width in widths.items() if width >= min(usual, 2))


def names_columns(row: list[str], columns: Columns) -> bool:
    """A lone column without a known heading is a list of bare labels from its first row on."""
    cells = [cell for cell in row if cell.strip()]
    return len(cells) > 1 or columns.is_known(cells[0])


def named(row: list[str]) -> list[str]:
    """Each column by its own name; a second of the same name gets a number, a nameless one its letter."""
    names: list[str] = []
    for number, cell in enumerate(row):
        name = " ".join(cell.split())[:120] or f"Column {letters(number)}"
        again = sum(1 for earlier in names if earlier == name or earlier.startswith(f"{name} ("))
        names.append(f"{name} ({again + 1})" if name in names else name)
    return names


def numbered(width: int) -> list[str]:
    return [f"Column {letters(number)}" for number in range(width)]


def letters(number: int) -> str:
    """0 → A, 26 → AA, as a spreadsheet names its columns."""
    return (letters(number // 26 - 1) if number >= 26 else "") + chr(65 + number % 26)


def records(file: BinaryIO, shape: Shape, *, most: int = MAX_ROWS) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) of every row that is not blank. Raises CannotRead at the first that is no row."""
    with table_of(file, shape) as rows:
        count = 0
        for number, row in enumerate(rows, 1):
            if number > shape.header_at and any(cell.strip() for cell in row):
                count += 1
                if count > most:
                    raise CannotRead(f"The list has more than {most:,} rows. Split it.", code="too_many_rows")
                yield number, row


@contextmanager
def table_of(file: BinaryIO, shape: Shape) -> Iterator[Iterator[list[str]]]:
    if shape.kind == "xlsx":
        yield workbook.records(file, shape.sheet)
        return
    table = package.table_in(file)[0] if shape.member else file
    try:
        yield text.records(table, encoding=shape.encoding, delimiter=shape.delimiter, quoted=shape.quoted)
    finally:
        if shape.member:
            table.close()


def spooled(pieces: Iterator[bytes]) -> BinaryIO:
    """Pieces as one file on disk."""
    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - the caller closes it
    for piece in pieces:
        file.write(piece)
    file.seek(0)
    return file
