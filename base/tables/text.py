"""CSV in every dialect that spreadsheets write, one record at a time."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO

from base.tables.encoding import UNKNOWN, nul_bytes
from base.tables.limits import MAX_COLUMNS, MAX_LINE, MB, CannotRead

DELIMITERS = [",", ";", "\t", "|"]
# Excel's own hint, as the first line of a file.
HINT = re.compile(r"^sep=(.)\s*$", re.IGNORECASE)
SAMPLE = 64 * 1024
MARKUP = ("<!doctype", "<html", "<?xml", "{\\rtf")
CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1f]")


class Lines:
    """Physical lines of a bounded length; remembers where it is, for a sentence about what is wrong there."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        file.seek(0)
        # Line ends stay as they are: the reader takes all kinds, also inside quotes.
        self.text = io.TextIOWrapper(file, encoding=encoding, newline="")
        self.quotes = 0

    def __iter__(self) -> Iterator[str]:
        read = self.text.readline
        try:
            while line := read(MAX_LINE + 1):
                if len(line) > MAX_LINE:
                    raise line_too_long()
                if "\0" in line:
                    raise nul_bytes()
                self.quotes += line.count('"')
                yield line
        except UnicodeError as error:
            raise CannotRead(f"The file is not all in one encoding. {UNKNOWN}", code="broken_encoding") from error

    def close(self) -> None:
        """The file stays open: it is the caller's."""
        if not self.text.closed:
            self.text.detach()


def line_too_long() -> CannotRead:
    return CannotRead(
        f"A line has more than {MAX_LINE // MB} million characters: this is not a list with one row for each.",
        code="line_too_long",
    )


def records(file: BinaryIO, *, encoding: str, delimiter: str, quoted: bool) -> Iterator[list[str]]:
    """Every record, blank ones as []. Raises CannotRead at the first that is no table."""
    lines = Lines(file, encoding)
    try:
        yield from parsed(lines, delimiter=delimiter, quoted=quoted)
    finally:
        lines.close()


def parsed(lines: Lines, *, delimiter: str, quoted: bool) -> Iterator[list[str]]:
    reader = csv.reader(unhinted(lines), delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE)
    before, quotes, at = 0, 0, 0
    try:
        for record in reader:
            if len(record) > MAX_COLUMNS:
                raise too_many_columns()
            yield record
            # A last record over several lines whose quotes do not pair up swallowed the rest of the file.
            is_odd = (lines.quotes - quotes) % 2 == 1 and reader.line_num > before + 1
            at = before + 1 if is_odd else 0
            before, quotes = reader.line_num, lines.quotes
    except csv.Error as error:
        raise unclosed(before + 1) from error
    if quoted and at:
        raise unclosed(at)


def unclosed(line: int) -> CannotRead:
    return CannotRead(
        f"A quotation mark that opens in line {line:,} is never closed, so the rows after it cannot be told apart. "
        "Close it, or save the list again from the spreadsheet.",
        code="unclosed_quote",
    )


def too_many_columns() -> CannotRead:
    return CannotRead(
        f"The file has more than {MAX_COLUMNS} columns. Keep those that are needed.",
        code="too_many_columns",
    )


def unhinted(lines: Iterable[str]) -> Iterator[str]:
    rest = iter(lines)
    for first in rest:
        if not HINT.match(first):
            yield first
        break
    yield from rest


def dialect_of(file: BinaryIO, encoding: str) -> tuple[str, bool]:
    """The delimiter, and whether quotes mean anything: O*NET's tables are tab separated and mean every quote."""
    lines = Lines(file, encoding)
    try:
        sample = sample_of(lines)
    finally:
        lines.close()
    if sample and (hint := HINT.match(sample[0])):
        return hint[1], True
    must_be_text("".join(sample[:200]))
    delimiter = max(DELIMITERS, key=lambda candidate: regularity(sample, candidate))
    if regularity(sample, delimiter)[0] == 0:
        delimiter = ","
    return delimiter, delimiter != "\t" or quotes_pair_up(sample, delimiter)


def sample_of(lines: Lines) -> list[str]:
    sample: list[str] = []
    size = 0
    for line in islice(lines, 2000):
        sample.append(line)
        size += len(line)
        if size > SAMPLE:
            break
    return sample


def must_be_text(text: str) -> None:
    is_binary = len(CONTROLS.findall(text)) > max(5, len(text) / 100)
    if is_binary or text.lstrip().lower().startswith(MARKUP):
        raise not_a_table()


def not_a_table() -> CannotRead:
    return CannotRead(
        "This is not a table. Upload a CSV file, an Excel workbook (.xlsx) or a ZIP with one of them.",
        code="not_a_table",
    )


def regularity(sample: list[str], delimiter: str) -> tuple[float, int]:
    """How far a delimiter cuts the sample into rows of one width: (share of the rows, width)."""
    try:
        widths = Counter(len(record) for record in csv.reader(unhinted(sample), delimiter=delimiter) if record)
    except csv.Error:
        return 0, 0
    several = [(count, width) for width, count in widths.items() if width > 1]
    if not several:
        return 0, 0
    count, width = max(several)
    share = count / widths.total()
    return (share, width) if share >= 0.5 else (0, 0)


def quotes_pair_up(sample: list[str], delimiter: str) -> bool:
    """Whether every quote that opens a cell also closes one; the sample may end inside of the last."""
    try:
        for _ in csv.reader(sample, delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "end of data" in str(error)
    return True
