"""The bytes of one page as rows: a JSON array, JSON lines or CSV, with gzip or without."""

import codecs
import csv
import io
import json
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, Any

MOST_ROWS = 50_000
MOST_BYTES = 32 * 1024 * 1024
# Objects and lists on a page: twenty for each person are more than any source sends, and a page of nothing else would
# take a gigabyte.
MOST_PARTS = 20 * MOST_ROWS
PIECE = 256 * 1024
# Streams of gzip one after the other: bgzip makes one of every 64 kB.
MOST_STREAMS = 1000
SPLIT = "Send it in pages of up to 10,000 people; a run takes any number of pages."
# What Python can decode besides: ways to write names of hosts and programs, some of them slow on purpose-made text.
NO_CHARSETS = {"punycode", "idna", "utf_7", "unicode_escape", "raw_unicode_escape", "undefined"}


class CannotRead(Exception):  # noqa: N818 - the sentence matters, not the suffix
    """The page cannot be read as a whole. Nothing of it was taken."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


class TooLarge(CannotRead):
    def __init__(self, sentence: str) -> None:
        super().__init__("too_large", f"{sentence} {SPLIT}")


def content_of(stream: IO[bytes], *, encoding: str = "") -> bytes:
    """All bytes, unpacked; never more than MOST_BYTES are in memory, however small they were packed."""
    if encoding not in {"", "identity", "gzip"}:
        raise CannotRead("bad_encoding", f"Content-Encoding “{encoding[:40]}” is not understood. Send gzip or none.")
    pieces: Iterable[bytes] = iter(lambda: stream.read(PIECE), b"")
    kept = bytearray()
    for piece in unpacked(pieces) if encoding == "gzip" else pieces:
        kept += piece
        if len(kept) > MOST_BYTES:
            raise TooLarge(f"This page is larger than {MOST_BYTES // 1024**2} MB.")
    return bytes(kept)


def unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    unpacker, streams = zlib.decompressobj(wbits=31), 1
    try:
        for piece in pieces:
            rest = piece
            while rest:
                # Another one may follow: `cat a.gz b.gz` is gzip too.
                if unpacker.eof:
                    unpacker, streams = zlib.decompressobj(wbits=31), streams + 1
                if streams > MOST_STREAMS:
                    raise CannotRead("bad_gzip", f"This is more than {MOST_STREAMS:,} streams of gzip. Pack it as one.")
                yield unpacker.decompress(rest, PIECE)
                rest = unpacker.unused_data or unpacker.unconsumed_tail
    except zlib.error:
        raise CannotRead("bad_gzip", "This says it is gzip, and cannot be unpacked.") from None
    if not unpacker.eof:
        raise CannotRead("bad_gzip", "The gzip stream ends too early. Send the page again.")


def rows_of(content: bytes, *, kind: str, charset: str = "") -> list[Any]:
    """`kind` is json, ndjson or csv. Raises CannotRead."""
    text = decoded(content, charset)
    if kind != "csv" and text.count("{") + text.count("[") > MOST_PARTS:
        raise TooLarge(f"This page has more than {MOST_PARTS:,} objects and lists.")
    rows = list(islice(KINDS[kind](text), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise TooLarge(f"This page has more than {MOST_ROWS:,} rows.")
    return rows


def decoded(content: bytes, charset: str) -> str:
    """UTF-8 unless the sender names another; nothing is guessed, because a guess spoils names silently."""
    try:
        known = charset_named(charset or "utf-8")
        return content.decode("utf-8-sig" if known == "utf-8" else known)
    except LookupError:
        raise CannotRead("bad_charset", f"The charset “{charset[:40]}” is not known. Send UTF-8.") from None
    except (UnicodeDecodeError, ValueError):
        raise CannotRead(
            "bad_charset",
            f"This is not {charset or 'UTF-8'}. Send UTF-8, or name the charset: "
            "“Content-Type: text/csv; charset=windows-1252”.",
        ) from None


def charset_named(charset: str) -> str:
    """As Python calls it. Raises LookupError."""
    known = codecs.lookup(charset).name
    if known.replace("-", "_") in NO_CHARSETS:
        raise LookupError(charset)
    return known


def json_rows(text: str) -> list[Any]:
    rows = parsed(text, "This is not JSON")
    if not isinstance(rows, list):
        raise CannotRead("not_an_array", "Send a JSON array of people, even for one.")
    return rows


def ndjson_rows(text: str) -> Iterator[Any]:
    for n, line in enumerate(io.StringIO(text, newline="\n"), start=1):
        if not line.isspace():
            yield parsed(line.removesuffix("\n"), f"Line {n} is not JSON")


def parsed(text: str, what: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise CannotRead("too_deep", f"{what} that a list of people needs: it is nested too deeply.") from None
    except ValueError as error:
        why = (
            f"{error.msg} at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "a number is too long"
        )
        raise CannotRead("bad_json", f"{what}: {why}.") from None


def csv_rows(text: str) -> Iterator[Any]:
    """The header names the fields; comma, semicolon or tab, whichever the header holds most of."""
    first = text[: text.find("\n") + 1] or text
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if "source_id" not in header:
            raise CannotRead("no_header", "The first line of a CSV names the fields, and source_id is one of them.")
        if len(set(header)) < len(header):
            raise CannotRead("twice_in_header", "A field stands twice in the first line.")
        yield from (as_row(header, cells) for cells in reader if cells)
    except csv.Error as error:
        raise CannotRead("bad_csv", f"Line {reader.line_num} is not CSV: {error}.") from None


def as_row(header: list[str], cells: list[str]) -> object:
    """A row with too few or too many cells is no person: which cell is missing, nobody can know."""
    return dict(zip(header, cells, strict=True)) if len(cells) == len(header) else cells


KINDS = {"json": json_rows, "ndjson": ndjson_rows, "csv": csv_rows}
