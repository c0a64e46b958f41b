"""Tables that leave as files."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

# What a spreadsheet would run instead of showing.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell: str) -> str:
    """Text that no spreadsheet takes for a formula, without characters that a workbook cannot hold."""
    shown = "".join(letter for letter in cell if letter >= " " or letter in "\t\n\r")
    return f"'{shown}" if shown.startswith(FORMULA) else shown


def as_csv(rows: Iterable[list[str]]) -> Iterator[bytes]:
    """One line at a time, with a byte order mark: without it Excel takes UTF-8 for something else."""
    yield b"\xef\xbb\xbf"
    buffer = StringIO()
    writer = csv.writer(buffer)
    for cells in rows:
        writer.writerow(cells)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
