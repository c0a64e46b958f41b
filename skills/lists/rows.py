"""From cells to what a row says about a skill, or why it says nothing we can take in. No row is dropped."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from base.tables.shape import Shape
from skills.lists import columns
from skills.lists.columns import ALSO_CALLED, DESCRIPTION, KEY, NAME, STATEMENT
from skills.lists.limits import MAX_DESCRIPTION, MAX_KEY, MAX_NAME, MAX_STATEMENT

CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
SURROGATES = re.compile(r"[\ud800-\udfff]")
# Form feeds and vertical tabs are how some spreadsheets write a line break inside a cell.
UNUSUAL = re.compile(r"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f\u2028\ufeff\ud800-\udfff\ufffe\uffff]")
BREAKS = str.maketrans({"\x0b": "\n", "\x0c": "\n", "\u2028": "\n", "\ufeff": None})


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says; None where the list has no such column or nothing in it."""

    number: int
    key: str
    has_key: bool
    print: str  # md5 of everything it says
    name: str
    statement: str | None = None
    description: str | None = None
    also_called: list[str] | None = None
    details: dict[str, Any] | None = None
    cells: list[str] | None = None  # as they came, where it is rejected
    reason: str = ""
    twin: int | None = None  # the earlier row that says the same


class Reader:
    """Reads the rows of one list, remembering the keys it has met."""

    def __init__(self, shape: Shape, mapping: Mapping[str, str]) -> None:
        self.header = shape.header
        self.at = {field: self.header.index(name) for field, name in mapping.items() if name in self.header}
        self.splitter = re.compile(r"\n" if shape.dialect == "esco" else r"[;\n]")
        taken = set(self.at.values())
        self.others = [(i, header, columns.plain(header)) for i, header in enumerate(self.header) if i not in taken]
        self.is_esco = shape.dialect == "esco"
        self.met: dict[str, dict[str, int]] = {}

    def rows(self, records: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
        for number, cells in records:
            try:
                yield self.known(self.row(number, cells), cells)
            except Rejected as rejected:
                yield self.rejected(number, cells, str(rejected))

    def row(self, number: int, cells: list[str]) -> Row:
        if any(cell.strip() for cell in cells[len(self.header) :]):
            raise Rejected(
                f"It has {len(cells)} cells under {len(self.header)} columns: probably a separator inside a text that "
                "is not in quotation marks."
            )
        cells = [cleaned(cell, self.header[i]) for i, cell in enumerate(cells[: len(self.header)])]
        cells += [""] * (len(self.header) - len(cells))
        name, statement = self.wording(cells)
        key = self.key(cells)
        facts = (
            name,
            statement,
            self.text(cells, DESCRIPTION, MAX_DESCRIPTION),
            self.other_labels(cells, name),
            self.details(cells),
        )
        return Row(number, key or normal(name), bool(key), print_of(facts), *facts)

    def wording(self, cells: list[str]) -> tuple[str, str | None]:
        """Its name, and its statement where it has one; a statement without a name is called by its beginning."""
        name = one_line(cells[self.at[NAME]]) if NAME in self.at else ""
        statement = one_line(cells[self.at[STATEMENT]]) if STATEMENT in self.at else ""
        if not re.search(r"\w", name + statement):
            raise Rejected("It has neither a name nor a statement.")
        must_fit(statement, "statement", MAX_STATEMENT)
        if name and (statement or len(name) <= MAX_NAME):
            must_fit(name, "name", MAX_NAME)
            return name, statement or None
        statement = statement or name
        must_fit(statement, "statement", MAX_STATEMENT)
        return shortened(statement), statement

    def key(self, cells: list[str]) -> str:
        key = cells[self.at[KEY]] if KEY in self.at else ""
        must_fit(key, "key", MAX_KEY)
        return key

    def text(self, cells: list[str], field: str, limit: int) -> str | None:
        if field not in self.at:
            return None
        must_fit(cells[self.at[field]], field, limit)
        return cells[self.at[field]]

    def other_labels(self, cells: list[str], name: str) -> list[str] | None:
        if ALSO_CALLED not in self.at:
            return None
        labels = [label for label in self.split(cells[self.at[ALSO_CALLED]]) if label != name]
        for label in labels:
            must_fit(label, "other label", MAX_NAME)
        return labels

    def details(self, cells: list[str]) -> dict[str, Any]:
        """Columns without a place of their own, blanks left out; reference columns of RSD lists as lists."""
        kept: dict[str, Any] = {}
        alignments: dict[str, dict[str, str]] = {}
        for i, header, word in self.others:
            if not cells[i]:
                continue
            if name := columns.LISTS.get(word):
                known = kept.setdefault(name, [])
                known += [value for value in self.split(cells[i]) if value not in known]
            elif match := columns.ALIGNMENT.match(word):
                part = {None: "url", "title": "name"}.get(match[2], match[2] or "")
                alignments.setdefault(match[1] or "1", {})[part] = cells[i]
            else:
                kept[header] = cells[i]
        return kept | ({"Alignments": list(alignments.values())} if alignments else {})

    def split(self, cell: str) -> list[str]:
        """Trimmed, blanks dropped, each once."""
        return list(dict.fromkeys(part.strip() for part in self.splitter.split(cell) if part.strip()))

    def known(self, row: Row, cells: list[str]) -> Row:
        """A row that says the same as an earlier one is no second skill; the same key for something else is a fault."""
        prints = self.met.setdefault(row.key, {})
        if (twin := prints.get(row.print)) is not None:
            return replaced(row, reason=f"Says the same as row {twin:,}.", twin=twin)
        if prints and row.has_key:
            first = next(iter(prints.values()))
            raise Rejected(f"Row {first:,} has the same key and says something else. Give each row a key of its own.")
        key = f"{row.key[: MAX_KEY - 10]} #{row.print[:8]}" if prints else row.key
        prints[row.print] = row.number
        return replaced(row, key=key)

    def rejected(self, number: int, cells: list[str], reason: str) -> Row:
        kept = [SURROGATES.sub("\ufffd", CONTROLS.sub("\ufffd", cell))[:MAX_DESCRIPTION] for cell in cells]
        name = kept[self.at[NAME]] if NAME in self.at and self.at[NAME] < len(kept) else ""
        return Row(number, "", False, "", one_line(name)[:MAX_NAME], cells=kept, reason=reason[:400])


class Rejected(Exception):  # noqa: N818 - a verdict, not an error
    """Why a row cannot become a skill."""


def replaced(row: Row, **facts: Any) -> Row:
    return Row(**{field: getattr(row, field) for field in Row.__slots__} | facts)


def cleaned(cell: str, header: str) -> str:
    # Our own exports, and other careful ones, keep a spreadsheet from running a cell by putting this before it.
    if cell.startswith("'") and cell[1:2] in {"=", "+", "-", "@"}:
        cell = cell[1:]
    if not UNUSUAL.search(cell):
        return cell.strip()
    if found := CONTROLS.search(cell):
        raise Rejected(f"“{header}” has a control character (U+{ord(found[0]):04X}). Delete it.")
    if SURROGATES.search(cell):
        raise Rejected(f"“{header}” has half a character (a lone surrogate). Type it again.")
    return cell.translate(BREAKS).strip()


def must_fit(value: str, what: str, limit: int) -> None:
    if len(value) > limit:
        raise Rejected(f"Its {what} has {len(value):,} characters; the limit is {limit:,}.")


def one_line(value: str) -> str:
    return " ".join(value.split())


def shortened(statement: str) -> str:
    return statement if len(statement) <= MAX_NAME else statement[: MAX_NAME - 1].rsplit(" ", 1)[0] + "…"


def normal(name: str) -> str:
    """A name without what two spellings of it may differ in; the key of a row in a list without keys."""
    return unicodedata.normalize("NFKC", name).casefold()[:MAX_KEY]


as_text = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def print_of(facts: tuple[Any, ...]) -> str:
    return hashlib.md5(as_text(facts).encode(), usedforsecurity=False).hexdigest()
