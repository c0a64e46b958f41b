"""Roles beside each other: what they share, what the way from one to the other asks, and who is nearest.

Distance and transfer are `arithmetic.way_between`, in SQL. Twelfths keep shares whole numbers, since a required
level is 1 to 4.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from gaps.arithmetic import Needed, Way
from workforce.models import JobRole

NEAREST = 10


class Place(NamedTuple):
    """A step that asks for a skill."""

    step: UUID
    name: str
    workflow: str
    criticality: int | None


@dataclass(frozen=True)
class Between:
    """One skill of two roles: what each needs of it, and the steps that ask."""

    skill: UUID
    statement: str
    here: Needed | None
    there: Needed | None
    steps_here: list[Place]
    steps_there: list[Place]

    @property
    def criticality(self) -> int:
        """How much it matters where one would go; for what stays behind, how much it matters here."""
        need = self.there or self.here
        return need.criticality if need else 0

    @property
    def levels(self) -> int:
        """To climb for somebody who meets the one role to the full."""
        return max(0, self.there.level - (self.here.level if self.here else 0)) if self.there else 0


@dataclass(frozen=True)
class Comparison:
    """From one role to another, most critical skills first."""

    here: JobRole
    there: JobRole
    way: Way
    skills: list[Between]

    @property
    def shared(self) -> list[Between]:
        return [each for each in self.skills if each.here and each.there]

    @property
    def missing(self) -> list[Between]:
        return [each for each in self.skills if not each.here]

    @property
    def left_behind(self) -> list[Between]:
        return [each for each in self.skills if not each.there]

    @property
    def by_criticality(self) -> list[tuple[int, int, int]]:
        """[(criticality, shared, missing)], most critical first."""
        found = sorted({each.criticality for each in self.skills if each.there}, reverse=True)
        return [(crit, count_at(crit, self.shared), count_at(crit, self.missing)) for crit in found]


def count_at(criticality: int, skills: Iterable[Between]) -> int:
    return sum(each.criticality == criticality for each in skills)
