"""Among whom a page about the work counts who can do it, and whom it may name."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import QueryDict

from gaps.access import note_list
from gaps.groups import groups_to_tell
from gaps.looking import past_day
from gaps.queries.cover import StepCover
from gaps.queries.reckoning import EVERYBODY, Whose
from gaps.seeing import sight_of
from workforce.models import Account


@dataclass(frozen=True)
class Counting:
    """Among whom a page counts cover, and whether it may name them. Without names, groups below five are withheld."""

    whose: Whose
    names: bool
    # Whom the reader of groups sees one by one: oneself.
    known: frozenset[UUID] = frozenset()
    # A past day; None is today.
    on: dt.date | None = None

    @property
    def question(self) -> str:
        """For links to other pages about the same day; empty for today."""
        return f"on={self.on}" if self.on else ""

    @property
    def is_everybody(self) -> bool:
        return self.whose == EVERYBODY

    @cached_property
    def hidden(self) -> frozenset[UUID | None]:
        """The roles of which a figure would say who it is: of the few in them, or of those left over beside them."""
        return frozenset() if self.names else groups_to_tell(self.known).hidden_roles

    def withholds(self, step: StepCover) -> bool:
        return bool(step.performers) and step.job_role in self.hidden


def counting_for(account: Account) -> Counting:
    """A manager counts among the own people, people admins among everybody; whoever leads nobody sees groups only."""
    sight = sight_of(account)
    if sight.sees_everybody:
        return Counting(EVERYBODY, names=True)
    own = frozenset(sight.whose.people or ())
    return Counting(sight.whose, names=True) if len(own) > 1 else Counting(EVERYBODY, names=False, known=own)


def counting_on(account: Account, query: QueryDict) -> Counting:
    """The same on the day of an address. Raises PermissionDenied for a past day where nobody may be named: two days
    beside each other say who came or went."""
    counting, on = counting_for(account), past_day(query.get("on", ""))
    if on and not counting.names:
        raise PermissionDenied("Past days are told to whoever may see the people. Take the day away.")
    return replace(counting, on=on)


def only_own(covers: Iterable[StepCover], counting: Counting) -> list[StepCover]:
    """What may be told: among the own people the steps that they perform, otherwise no step of a small group."""
    own = [each for each in covers if counting.is_everybody or each.performers]
    return [each for each in own if not counting.withholds(each)]


def note_named(account: Account, covers: Iterable[StepCover], counting: Counting) -> None:
    """Whoever is shown by name finds out who looked."""
    if counting.names:
        named: set[UUID] = {who.person for each in covers for who in (*each.can, *each.leaving)}
        note_list(account, sorted(named), page="cover")
