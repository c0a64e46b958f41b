"""Ratings that exist elsewhere: planned, brought in piece by piece, and taken back whole."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from base.errors import RuleBroken
from base.models import Change
from base.tables import shape
from gaps import ratings
from gaps.models import Type
from gaps.queries import ratings as told
from gaps.ratings import Band
from workforce.models import Account

# What a list may say: what was seen at a step names its step and its observer, and comes one by one.
TYPES = (Type.INFERRED, Type.MANAGER, Type.PEER, Type.OWN, Type.EXERCISE, Type.CREDENTIAL)
PIECE = 20_000


@dataclass(frozen=True)
class RatingPlan:
    """What a list would do. Its rows lie in a temporary table of this connection until the next plan."""

    source: str
    type: str
    bands: tuple[Band, ...]
    # {verdict: rows}; see `queries.ratings`.
    counts: Mapping[str, int]


def plan_ratings(
    file: BinaryIO, *, source: str, type: str, bands: Collection[Band], columns: Mapping[str, str], by: Account
) -> RatingPlan:
    """Read a list and give each row its verdict. Nothing is recorded. Raises CannotRead for what is no list."""
    if not source.strip():
        raise RuleBroken("Say where the ratings come from. The same name finds them again.", code="no_source")
    if type not in TYPES:
        raise RuleBroken(f"A list brings {', '.join(TYPES)}. What was seen names its step.", code="no_such_type")
    found = shape.examine(file, columns=ratings.Columns())
    places = ratings.guess(found.header, columns)
    told.stage(shape.records(file, found), places)
    counts = told.judge(source=source, bands=bands, day=timezone.localdate())
    return RatingPlan(source, type, tuple(bands), counts)


def bring_in_ratings(plan: RatingPlan, *, on_piece: Callable[[int], None] = lambda done: None, by: Account) -> int:
    """Record what is new. Each piece is whole, so a list that broke off is brought again and goes on where it stood."""
    done = 0
    for after, upto in told.spans(PIECE):
        with transaction.atomic():
            count = told.bring_in(after, upto, source=plan.source, type=plan.type, by=by.pk)
            note("record", plan.source, count, by=by)
        done += count
        on_piece(done)
    return done


def take_back_ratings(source: str, *, reason: str, by: Account) -> int:
    """Withdraw all that a source said, piece by piece, as new records: the evidence stays to be seen."""
    done = 0
    while True:
        with transaction.atomic():
            count = told.withdraw(source=source, reason=reason, by=by.pk, most=PIECE)
            if not count:
                return done
            note("withdraw", source, count, by=by)
        done += count


def note(verb: str, source: str, count: int, *, by: Account) -> None:
    Change.objects.create(
        by=by.pk, by_name=by.name, verb=verb, noun="evidence", subject=by.pk, scope=by.pk,
        name=f"{count:,} ratings of {source}"[:400], facts={"sources": [None, [source]]},
    )  # fmt: skip
