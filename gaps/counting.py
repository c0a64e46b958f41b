"""Among whom a page about the work counts who can do it, and whom it may name."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from gaps.access import SMALLEST_GROUP, note_list
from gaps.queries.cover import StepCover
from gaps.queries.reckoning import EVERYBODY, Whose
from gaps.seeing import sight_of
from workforce.models import Account


@dataclass(frozen=True)
class Counting:
    """Among whom a page counts cover, and whether it may name them. Without names, groups below five are withheld."""

    whose: Whose
    names: bool

    @property
    def is_everybody(self) -> bool:
        return self.whose == EVERYBODY

    def withholds(self, performers: int) -> bool:
        """Among so few performers a figure would say who it is."""
        return not self.names and 0 < performers < SMALLEST_GROUP


def counting_for(account: Account) -> Counting:
    """A manager counts among the own people, people admins among everybody; whoever leads nobody sees groups only."""
    sight = sight_of(account)
    if sight.sees_everybody:
        return Counting(EVERYBODY, names=True)
    leads = len(sight.whose.people or ()) > 1
    return Counting(sight.whose, names=True) if leads else Counting(EVERYBODY, names=False)


def only_own(covers: Iterable[StepCover], counting: Counting) -> list[StepCover]:
    """What may be told: among the own people the steps that they perform, otherwise no step of a small group."""
    own = [each for each in covers if counting.is_everybody or each.performers]
    return [each for each in own if not counting.withholds(each.performers)]


def note_named(account: Account, covers: Iterable[StepCover], counting: Counting) -> None:
    """Whoever is shown by name finds out who looked."""
    if counting.names:
        named: set[UUID] = {who.person for each in covers for who in (*each.can, *each.leaving)}
        note_list(account, sorted(named), page="cover")
