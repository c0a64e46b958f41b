"""Rows as they come, checked and written the way COPY reads them. Only the accepted fields (design section 8) pass."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from workforce.feeds import words
from workforce.feeds.shapes import Shape
from workforce.feeds.words import NotTaken

Value = Any
CONVERT: dict[str, Callable[[object], Value]] = {
    "source_id": words.identity,
    "employee_number": partial(words.text, longest=60),
    "work_email": words.email,
    "given_name": partial(words.text, longest=120),
    "family_name": partial(words.text, longest=120),
    "display_name": partial(words.text, longest=200),
    "job_title": partial(words.text, longest=200),
    "manager_source_id": words.identity,
    "department": partial(words.text, longest=200),
    "location": partial(words.text, longest=120),
    "employment_type": partial(words.text, longest=60),
    "status": words.status,
    "start_date": words.first_day,
    "end_date": words.day,
    "updated_at": words.moment,
}
FIELDS = tuple(CONVERT)
ACCEPTED = frozenset(FIELDS)
# Bit of each field in `given`: a field that did not come changes nothing, one that came empty clears.
BIT = {name: 1 << place for place, name in enumerate(FIELDS)}
# A row that was turned away still says that its person is there: nobody leaves because of a typing error.
TURNED_AWAY = -1
CONVERTERS = [(name, BIT[name], convert) for name, convert in CONVERT.items()]
MOST_NAMES = 50  # of dropped fields that are told apart


@dataclass(frozen=True)
class Problem:
    """Why a row, or one field of it, was not taken."""

    row: int
    source_id: str
    field: str
    code: str
    detail: str


@dataclass
class Page:
    """What became of one page."""

    rows: int = 0
    lines: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    # How often each key field came empty.
    blanks: Counter[str] = field(default_factory=Counter)

    @property
    def content(self) -> str:
        return "".join(self.lines)


def checked(rows: Iterable[object], *, now: dt.datetime, at: int = 1) -> Page:
    """Check every row; the good ones stand in `lines`, the others in `problems`. Never raises for a row.

    Rows are counted from `at`.
    """
    page = Page()
    latest = (now + words.SKEW).astimezone(dt.UTC).isoformat()
    shapes: dict[tuple[str, ...], Shape] = {}
    for number, row in enumerate(rows, start=at):
        page.rows += 1
        if (shape := shape_of(row, shapes)) and (line := shape.line_of(row, latest, page.blanks)):  # type: ignore[arg-type]
            page.lines.append(line)
            continue
        source_id = ""
        try:
            source_id = key_of(row)
            page.lines.append(line_of(row, latest, page))  # type: ignore[arg-type]
        except BadField as bad:
            page.problems.append(Problem(number, source_id, bad.field, bad.code, bad.sentence))
            if source_id:
                page.lines.append(as_line(TURNED_AWAY, [source_id, *[None] * (len(FIELDS) - 1)]))
    for shape in shapes.values():
        drop(shape.dropped, shape.passed, page)
    return page


def shape_of(row: object, shapes: dict[tuple[str, ...], Shape]) -> Shape | None:
    """None for rows that must go the long way: without an id, or with too many shapes to remember."""
    if type(row) is not dict:
        return None
    names = tuple(row)
    shape = shapes.get(names)
    if shape is None:
        if len(shapes) >= MOST_NAMES or len(names) > MOST_NAMES or "source_id" not in row:
            return None
        shape = shapes[names] = Shape(names, FIELDS, BIT)
    return shape if shape.is_plain else None


class BadField(NotTaken):
    def __init__(self, name: str, code: str, sentence: str) -> None:
        super().__init__(code, sentence)
        self.field = name


def key_of(row: object) -> str:
    if isinstance(row, list):
        raise BadField("", "not_a_person", "This is no row with as many cells as the first line names, nor an object.")
    if not isinstance(row, Mapping):
        raise BadField("", "not_a_person", "Send an object with named fields for every person.")
    try:
        source_id = words.identity(row.get("source_id"))
    except (NotTaken, TypeError) as why:
        raise as_bad("source_id", why) from None
    return source_id


def line_of(row: Mapping[str, object], latest: str, page: Page) -> str:
    given, values = values_of(row, latest, page)
    return as_line(given, values)


def one(row: Mapping[str, object], *, now: dt.datetime) -> dict[str, Value]:
    """The fields of one row as they are kept, None for what did not come. Raises BadField."""
    _, values = values_of(row, (now + words.SKEW).astimezone(dt.UTC).isoformat(), Page())
    return dict(zip(FIELDS, values, strict=True))


def values_of(row: Mapping[str, object], latest: str, page: Page) -> tuple[int, list[Value]]:
    """(which fields are given, the value of each). Raises BadField."""
    if not row.keys() <= ACCEPTED:
        drop(row.keys() - ACCEPTED, 1, page)
    given = 0
    values: list[Value] = []
    for name, bit, convert in CONVERTERS:
        if name not in row:
            values.append(None)
            continue
        try:
            value = convert(row[name])
        except (NotTaken, TypeError) as why:
            raise as_bad(name, why) from None
        given |= bit
        if value == "":
            page.blanks[name] += 1
        values.append(value)
    if not values[0]:
        page.blanks["source_id"] += not given & 1
        raise BadField("source_id", "blank_source_id", "Without a source_id nobody knows who this is.")
    return named(given, values, latest), values


def named(given: int, values: list[Value], latest: str) -> int:
    """Fill in what follows from other fields; returns what is given now. Raises BadField."""
    if not values[11]:
        # Empty is no status; nobody is switched off, or on, by a blank.
        given &= ~BIT["status"]
    if values[14] and values[14] > latest:
        raise BadField("updated_at", "future_stamp", "This lies in the future. Check the clock of the sending system.")
    if not values[5]:
        whole = f"{values[3] or ''} {values[4] or ''}".strip()
        if whole:
            values[5], given = whole[:200], given | BIT["display_name"]
        elif given & BIT["display_name"]:
            raise BadField("display_name", "no_name", "A person needs a name: display_name, or given and family name.")
    if values[12] and values[13] and values[13] < values[12]:
        raise BadField("end_date", "ends_before_start", "The last day lies before the first one.")
    return given


def as_bad(name: str, why: Exception) -> BadField:
    if isinstance(why, NotTaken):
        return BadField(name, why.code, why.sentence)
    # Lists and objects are not hashable, so the cached converters refuse them in this way.
    return BadField(name, "not_text", "Send a text here, not a list, an object, a fraction or true/false.")


def as_line(given: int, values: list[Value]) -> str:
    line = "\t".join([str(given), *["\x01" if value is None else str(value) for value in values]])
    # Backslash is COPY's only special character that a checked value can hold.
    return (line.replace("\\", "\\\\") if "\\" in line else line).replace("\x01", "\\N") + "\n"


def drop(names: Iterable[object], rows: int, page: Page) -> None:
    for name in names if rows else ():
        known = str(name)[:60].encode("utf-8", "replace").decode().replace("\x00", "?")
        if known not in page.dropped and len(page.dropped) >= MOST_NAMES:
            known = "…"
        page.dropped[known] += rows
