"""The quick way for rows that are plain text in order, which in a real feed is nearly all of them.

Every check of `rows.line_of` is made here for all texts of a row at once; whatever looks unusual goes the long way.
The two ways give the same lines (tests/workforce/test_feeds.py compares them).
"""

from collections import Counter
from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from workforce.feeds import words
from workforce.feeds.words import NotTaken

SHORT = 60  # no field is shorter than that
NAMES = {"given_name", "family_name", "display_name"}
CONVERTED = ("status", "start_date", "end_date", "updated_at")


class Shape:
    """The fields that a row has; one page mostly holds rows of one shape."""

    def __init__(self, names: tuple[str, ...], fields: tuple[str, ...], bits: Mapping[str, int]) -> None:
        here = [name for name in fields if name in names]
        self.texts = [name for name in here if name not in CONVERTED]
        self.texts_of: Any = itemgetter(*self.texts) if len(self.texts) > 1 else None
        self.dropped = sorted(set(names) - set(fields))
        self.given = sum(bits[name] for name in here)
        self.status_bit = bits["status"]
        self.template = "%d\t" + "\t".join("%s" if n in here or n in CONVERTED else r"\N" for n in fields) + "\n"
        self.is_plain = self.texts_of is not None and not (NAMES & set(here) and "display_name" not in here)
        self.name_at = self.texts.index("display_name") if "display_name" in self.texts else 0
        self.email_at = self.texts.index("work_email") if "work_email" in self.texts else None
        self.passed = 0

    def line_of(self, row: Mapping[str, Any], latest: str, blanks: Counter[str]) -> str | None:
        """The row as COPY reads it; None sends it the long way."""
        texts = ["" if value is None else value for value in self.texts_of(row)]
        try:
            whole = "|".join(texts)
        except TypeError:
            return None
        if not texts[0] or not texts[self.name_at] or max(map(len, texts)) > SHORT or is_unusual(whole):
            return None
        if self.email_at is not None and (email := texts[self.email_at]) and not words.EMAIL.fullmatch(email):
            return None
        if (converted := self.converted(row, latest)) is None:
            return None
        if "" in texts:
            blanks.update(name for name, text in zip(self.texts, texts, strict=True) if not text)
        self.passed += 1
        status, start, end, updated = converted
        given = self.given if status != r"\N" else self.given & ~self.status_bit
        return self.template % (given, *texts, status, start, end, updated)

    def converted(self, row: Mapping[str, Any], latest: str) -> tuple[str, str, str, str] | None:
        try:
            status = words.status(row.get("status"))
            start, end = words.first_day(row.get("start_date")), words.day(row.get("end_date"))
            updated = words.moment(row.get("updated_at"))
        except (NotTaken, TypeError):
            return None
        if (start and end and end < start) or (updated and updated > latest):
            return None
        return status or r"\N", start or r"\N", end or r"\N", updated or r"\N"


def is_unusual(whole: str) -> bool:
    """White space to mend, characters to look at, or something that COPY would read otherwise."""
    return (
        not whole.isprintable()
        or "\\" in whole
        or "  " in whole
        or "| " in whole
        or " |" in whole
        or whole[0] == " "
        or whole[-1] == " "
    )
