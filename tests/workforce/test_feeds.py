"""Rows on their way in, without a database."""

import datetime as dt
import gzip
import io
import json
import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workforce.feeds import reading, rows
from workforce.feeds.reading import CannotRead, TooLarge
from workforce.feeds.rows import FIELDS, Page
from workforce.feeds.shapes import Shape

NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
ORDINARY = st.sampled_from(["", None, "Ann", "a b", " a", "a  b", "x" * 61, "\\N", "é\u00a0ü", "active", "a@b.example"])
DAYS = st.sampled_from(
    ["", None, "2020-01-31", "9999-12-31", "1900-01-01", "0000-00-00", "31.1.2020", "/Date(1577485482000+0000)/"]
)
ANYTHING = st.one_of(
    ORDINARY, DAYS, st.text(max_size=8), st.integers(), st.booleans(), st.lists(st.integers(), max_size=1)
)
PEOPLE = st.lists(st.dictionaries(st.sampled_from([*FIELDS, "salary"]), ANYTHING, max_size=16), max_size=5)


def the_long_way(people: list[dict]) -> Page:
    """As `checked`, with no row taking the quick way."""
    plain = Shape.line_of
    Shape.line_of = lambda *_: None  # type: ignore[method-assign]
    try:
        return rows.checked(people, now=NOW)
    finally:
        Shape.line_of = plain


@given(PEOPLE)
@example([{"source_id": "E1", "status": "", "location": ""}])
def test_the_quick_way_and_the_long_way_say_the_same(people):
    quick, long = rows.checked(people, now=NOW), the_long_way(people)

    assert quick.lines == long.lines
    assert (quick.problems, quick.dropped, quick.blanks) == (long.problems, long.dropped, long.blanks)


@given(st.lists(st.one_of(ANYTHING, st.dictionaries(st.text(max_size=5), ANYTHING))))
def test_every_row_is_a_line_or_a_problem(people):
    page = rows.checked(people, now=NOW)

    named = sum(1 for problem in page.problems if problem.source_id)
    assert page.rows == len(people)
    assert len(page.lines) == len(people) - len(page.problems) + named


@given(PEOPLE)
def test_json_and_json_lines_are_the_same_rows(people):
    array = reading.rows_of(json.dumps(people).encode(), kind="json")
    lines = reading.rows_of("\n".join(json.dumps(one) for one in people).encode(), kind="ndjson")

    assert array == lines == people


def read(content: bytes, kind: str) -> object:
    try:
        return reading.rows_of(content, kind=kind)
    except reading.CannotRead as why:
        return why.sentence


@given(st.binary(max_size=200), st.sampled_from(["json", "ndjson", "csv"]))
def test_any_bytes_are_rows_or_refused_with_a_sentence(content, kind):
    answer = read(content, kind)

    assert isinstance(answer, list) or str(answer).endswith((".", "”."))


class Endless(io.RawIOBase):
    """A body of 300 MB that counts how much of it is asked for."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        size = min(size, 300 * 1024**2 - self.given) if size >= 0 else 300 * 1024**2
        self.given += size
        return b"x" * size


def test_a_page_of_300_mb_that_does_not_say_its_length_is_read_no_further_than_the_limit():
    body = Endless()

    tracemalloc.start()
    with pytest.raises(TooLarge):
        reading.content_of(body)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert body.given <= reading.MOST_BYTES + reading.PIECE
    assert most < 3 * reading.MOST_BYTES


@pytest.mark.parametrize("kind", ["json", "ndjson"])
def test_deep_json_is_refused_in_every_kind_of_page(kind):
    with pytest.raises(CannotRead) as refusal:
        reading.rows_of(b'{"a":' * 100_000, kind=kind)

    assert refusal.value.code == "too_deep"


def test_gzip_in_several_pieces_is_read_to_its_end():
    """`cat a.gz b.gz`, pigz and bgzip write it; half of a snapshot would be a quarter of the company leaving."""
    packed = gzip.compress(b"source_id\nE1\n") + gzip.compress(b"E2\n")

    assert reading.content_of(io.BytesIO(packed), encoding="gzip") == b"source_id\nE1\nE2\n"


@pytest.mark.parametrize(
    "rest",
    [b"and then some", gzip.compress(b"E2\n")[:-3], gzip.compress(b"") * 2000],
    ids=["other bytes", "half a stream", "thousands of streams"],
)
def test_what_follows_gzip_is_gzip_or_refused(rest):
    with pytest.raises(CannotRead) as refusal:
        reading.content_of(io.BytesIO(gzip.compress(b"source_id\nE1\n") + rest), encoding="gzip")

    assert refusal.value.code == "bad_gzip"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("csv", b"source_id,status\n" + b"x\n" * 1_000_000),
        ("ndjson", b"{}\n" * 1_000_000),
        ("json", b"[" + b"{}," * 999_999 + b"{}]"),
    ],
)
def test_a_page_of_a_million_crumbs_takes_no_memory(kind, content):
    tracemalloc.start()
    with pytest.raises(TooLarge):
        reading.rows_of(content, kind=kind)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 10 * len(content)


@pytest.mark.parametrize(
    "charset", ["punycode", "idna", "unicode_escape", "raw_unicode_escape", "utf-7", "undefined", "rot13", "zip"]
)
def test_only_charsets_are_charsets(charset):
    """Punycode is read in the square of its length: one page would keep a worker busy for hours."""
    with pytest.raises(CannotRead) as refusal:
        reading.rows_of(b"source_id\nE1\n-", kind="csv", charset=charset)

    assert refusal.value.code == "bad_charset"
