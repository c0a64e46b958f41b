"""Why a level is what it is: which evidence decides, and why the rest does not. No database.

Twin of the order in `queries/standing.py`; tests hold the two equal.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID


class Said(NamedTuple):
    """What counts of one piece of evidence. `trust` is in percent; `source` tells apart who said it."""

    id: UUID
    level: int
    trust: int
    type: str
    source: str
    observed_at: dt.datetime
    valid_until: dt.date | None = None
    is_withdrawn: bool = False
    # The step it was observed at, where that has changed since.
    changed_step: UUID | None = None

    def holds_on(self, day: dt.date) -> bool:
        return not self.is_withdrawn and (self.valid_until is None or self.valid_until >= day)


class Because(StrEnum):
    DECIDES = "decides"
    # The last there was: it decides that there is no level any more.
    RAN_OUT_LAST = "ran_out_last"
    WITHDRAWN = "withdrawn"
    RAN_OUT = "ran_out"
    LESS_TRUSTED = "less_trusted"
    OLDER = "older"
    LOWER = "lower"


class Weighed(NamedTuple):
    said: Said
    because: Because


@dataclass(frozen=True)
class Weighing:
    """All that was said about one person's skill, what decides first, what was withdrawn last."""

    rows: list[Weighed] = field(default_factory=list)
    today: dt.date = dt.date.max

    @property
    def first(self) -> Said | None:
        """What decides, or decided until it ran out."""
        return self.rows[0].said if self.rows and not self.rows[0].said.is_withdrawn else None

    @property
    def decides(self) -> Said | None:
        """Whose level counts; None where nothing that holds says one. That is not level 0."""
        return self.first if self.first and self.first.holds_on(self.today) else None

    @property
    def is_lapsed(self) -> bool:
        return self.first is not None and self.decides is None

    @property
    def levels(self) -> list[int]:
        """What the sources that hold say today, each by its newest word."""
        newest: dict[tuple[str, str], Said] = {}
        for each in self.holding:
            kept = newest.setdefault((each.type, each.source), each)
            if (each.observed_at, each.level, each.id) > (kept.observed_at, kept.level, kept.id):
                newest[each.type, each.source] = each
        return sorted(each.level for each in newest.values())

    @property
    def is_disputed(self) -> bool:
        return len(set(self.levels)) > 1

    @property
    def holding(self) -> list[Said]:
        return [row.said for row in self.rows if row.said.holds_on(self.today)]

    def newest_of(self, type: str) -> Said | None:
        """The newest view of this kind that still holds."""
        return max(
            (each for each in self.holding if each.type == type), key=attrgetter("observed_at", "level"), default=None
        )


def weigh(said: Iterable[Said], *, today: dt.date) -> Weighing:
    """In the order of what counts: what holds before what ran out, then trust, then the newest."""
    kept = sorted((each for each in said if not each.is_withdrawn), key=lambda each: rank(each, today), reverse=True)
    gone = sorted((each for each in said if each.is_withdrawn), key=attrgetter("observed_at", "id"), reverse=True)
    rows = [Weighed(each, because(each, kept[0], today)) for each in kept]
    return Weighing(rows + [Weighed(each, Because.WITHDRAWN) for each in gone], today)


def rank(each: Said, today: dt.date) -> tuple[object, ...]:
    holds = each.holds_on(today)
    lapsed_on = dt.date.max if holds or each.valid_until is None else each.valid_until
    return holds, lapsed_on, each.trust, each.observed_at, each.level, each.id


def because(each: Said, first: Said, today: dt.date) -> Because:
    holds = each.holds_on(today)
    if each is first:
        return Because.DECIDES if holds else Because.RAN_OUT_LAST
    if not holds:
        return Because.RAN_OUT
    if each.trust < first.trust:
        return Because.LESS_TRUSTED
    return Because.OLDER if each.observed_at < first.observed_at else Because.LOWER
