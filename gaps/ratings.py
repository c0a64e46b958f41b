"""Ratings that exist elsewhere: which column is which, and what their scale means here. No database.

A scale is never guessed and never silent: whoever brings a list says which it is, and sees the table that is applied.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from base.errors import RuleBroken

MOST_ROWS = 1_000_000


class Band(NamedTuple):
    """From `low` to `high` on their scale: this level here. Both ends belong to it, unless the end `is_open`: then it
    belongs to the band that begins there."""

    low: float
    high: float
    level: int
    is_open: bool = False

    @property
    def words(self) -> str:
        if self.low == self.high:
            return f"{self.low:g}"
        return f"{self.low:g} to {'below ' if self.is_open else ''}{self.high:g}"

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high and not (self.is_open and value == self.high)


def points(*levels: int, first: int = 1) -> tuple[Band, ...]:
    """One level for each point of a scale of whole numbers."""
    return tuple(Band(value, value, level) for value, level in enumerate(levels, first))


# Our own reading of each scale by its wording; `mapped` replaces any of it.
SCALES: dict[str, tuple[Band, ...]] = {
    "0-4": points(0, 1, 2, 3, 4, first=0),
    "1-5": points(0, 1, 2, 3, 4),
    "1-8": points(1, 1, 2, 2, 3, 3, 4, 4),
    "sfia": points(1, 1, 2, 3, 4, 4, 4),
    "percent": (Band(0, 20, 0, True), Band(20, 50, 1, True), Band(50, 75, 2, True), Band(75, 95, 3, True),
                Band(95, 100, 4)),
}  # fmt: skip
# Percentages have parts. Whoever writes 60-79 and 80-100 means whole ones: what lies between belongs to the lower.
WITHOUT_HOLES = "percent"
WHOLE = 1


NAMES = {
    "0-4": "0 to 4, as here",
    "1-5": "1 to 5",
    "1-8": "1 to 8 (EQF)",
    "sfia": "SFIA, 1 to 7",
    "percent": "Percent, 0 to 100",
}


def scale_of(name: str, mapped: Sequence[str] = ()) -> tuple[Band, ...]:
    """The table of a scale, with lines such as “3=2” or “60-79=3” instead of its own. Raises RuleBroken."""
    if name not in SCALES:
        raise RuleBroken(f"Choose one of the scales {', '.join(SCALES)}.", code="no_such_scale")
    said = [band_of(line) for line in mapped]
    if name == WITHOUT_HOLES:
        begin = {band.low for band in (*SCALES[name], *said)}
        said = [band._replace(is_open=band.low < band.high and band.high in begin) for band in said]
    kept = [band for band in SCALES[name] if not any(overlap(band, one) for one in said)]
    found = sorted([*kept, *said])
    return tuple(joined(found) if name == WITHOUT_HOLES else found)


def overlap(one: Band, other: Band) -> bool:
    first, last = max(one.low, other.low), min(one.high, other.high)
    return first < last or (first == last and one.holds(first) and other.holds(first))


def joined(bands: Sequence[Band]) -> list[Band]:
    """Each reaches up to where the next begins, where nothing but parts of one lie between."""
    found = list(bands)
    for at, (band, following) in enumerate(pairwise(bands)):
        if band.high < following.low <= band.high + WHOLE:
            found[at] = band._replace(high=following.low, is_open=True)
    return found


def band_of(line: str) -> Band:
    theirs, _, ours = line.partition("=")
    low, _, high = theirs.partition("-")
    try:
        band = Band(float(low), float(high or low), int(ours))
    except ValueError:
        raise RuleBroken(f"“{line}” is no line of a scale. Write it as 3=2 or 60-79=3.", code="no_band") from None
    if not 0 <= band.level <= 4 or band.low > band.high:
        raise RuleBroken(f"“{line}” leads to no level from 0 to 4.", code="no_band")
    return band


# --- columns ----------------------------------------------------------------------------------

PERSON, SKILL, LEVEL = "person", "skill", "level"
FIELDS = (PERSON, SKILL, LEVEL, "observed_on", "reference")
NEEDED = (PERSON, SKILL, LEVEL)
KNOWN: dict[str, tuple[str, ...]] = {
    PERSON: (
        "person", "source_id", "person id", "employee number", "employee id", "employee", "work e-mail", "work email",
        "email", "e-mail",
    ),
    SKILL: (
        "skill uri", "concepturi", "skill id", "skill", "skill name", "skill statement", "competency", "competence",
        "statement",
    ),
    LEVEL: ("level", "rating", "score", "proficiency"),
    "observed_on": ("observed_on", "observed on", "date", "day", "rated on", "assessed on"),
    "reference": ("reference", "rating id", "record id"),
}  # fmt: skip


@dataclass(frozen=True)
class Columns:
    """As `base.tables.shape.Columns` asks for it."""

    def dialect_of(self, header: list[str]) -> str:
        return "table"

    def is_known(self, header: str) -> bool:
        return any(plain(header) in words for words in KNOWN.values())


def plain(header: str) -> str:
    return " ".join(header.casefold().split())


def guess(header: Sequence[str], said: Mapping[str, str] | None = None) -> dict[str, str]:
    """{field: column}: what was said first, then what a name tells. Nothing is certain: people see it and choose."""
    by_word = {plain(name): name for name in reversed(header)}
    found = {field: next((by_word[word] for word in words if word in by_word), "") for field, words in KNOWN.items()}
    return {field: name for field, name in {**found, **(said or {})}.items() if name}


def must_lead_somewhere(header: Sequence[str], mapping: Mapping[str, str]) -> None:
    """Raises RuleBroken for a column that is not there, and for one that is missing."""
    there = ", ".join(header)
    if unknown := [name for name in mapping.values() if name not in header]:
        raise RuleBroken(f"The list has no column “{unknown[0]}”. It has {there}.", code="no_such_column")
    if missing := [field for field in NEEDED if not mapping.get(field)]:
        raise RuleBroken(f"Say which column holds the {missing[0]}. The list has {there}.", code="no_column")
    if len(set(mapping.values())) < len(mapping):
        raise RuleBroken("A column can say one thing only. Choose another for one of the two.", code="column_twice")
