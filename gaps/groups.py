"""Which teams and job roles may be told of to whoever sees groups and not the people in them.

Sums of teams and sums of roles count the same people twice, so one can be taken from the other: a team of ten, nine of
whom are all the clerks there are, less the clerks, is one person. Every such difference is a cut of the graph whose
corners are teams and roles and whose edges are the people in both. A set of groups keeps everybody's secret if no cut
of its graph has one to four people on it; a group too small is a corner with so few edges, and nothing special.
"""

import datetime as dt
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from gaps.access import SMALLEST_GROUP
from gaps.queries.among import places
from gaps.queries.summing import Sum

Corner = tuple[str, Hashable]
Edges = dict[Corner, dict[Corner, int]]
Cut = tuple[frozenset[Corner], frozenset[Corner]]
# The teams that are not told of are known together: everybody less the others. So are the roles.
REST = "not told of"


@dataclass(frozen=True)
class Groups:
    """What is not told of. Whoever has no role has no figures, and is nobody's secret."""

    hidden_teams: frozenset[UUID | None]
    hidden_roles: frozenset[UUID | None]

    def tells_of(
        self, *, team: UUID | None = None, role: UUID | None = None, among: Collection[UUID | None] = ()
    ) -> bool:
        """One team, one role, or all the people in certain roles (`among`); never those of one team in one role."""
        if bool(team) + bool(role) + bool(among) > 1:
            return False
        roles = {role, *among} - {None}
        return (team is None or team not in self.hidden_teams) and not roles & self.hidden_roles


class Group(NamedTuple):
    """A team or role by name; its figures, where they may be told."""

    name: str
    sum: Sum | None


def groups_to_tell(known: Iterable[UUID] = ()) -> Groups:
    """`known`: people whom the reader sees one by one; a group is as small as the others in it."""
    return tellable(places(known))


def tellable(people: Mapping[tuple[UUID | None, UUID | None], int]) -> Groups:
    """{(team, role): people in both} -> what may be told. Gives up a group only where a cut is too small."""
    told = {corner for corner, near in edges_of(people, None).items() if sum(near.values()) >= SMALLEST_GROUP}
    edges = edges_of(people, told)
    while told and (cut := small_cut(edges)):
        told -= given_up(cut, told, edges)
        edges = edges_of(people, told)
    return Groups(
        frozenset(team for team, _ in people if ("team", team) not in told),
        frozenset(role for _, role in people if ("role", role) not in told),
    )


def given_up(cut: Cut, told: set[Corner], edges: Edges) -> set[Corner]:
    """What is to be given up for a cut: the side with fewer groups on it becomes part of the rest, and is cut no more.

    Where one side is the rest alone, the rest is too small: the smallest group of its kind joins it.
    """
    one, other = (set(side & told) for side in cut)
    if one and other:
        return min(one, other, key=lambda lost: (len(lost), sorted(map(str, lost))))
    rest = cut[1] if one else cut[0]
    kinds = {kind.removesuffix("s") for kind, _ in rest}
    beside = {corner for corner in one | other if corner[0] in kinds} or one | other
    return {min(beside, key=lambda corner: (sum(edges[corner].values()), str(corner)))}


def edges_of(people: Mapping[tuple[UUID | None, UUID | None], int], told: set[Corner] | None) -> Edges:
    """{corner: {neighbour: people in both}}; those that are not told of are one corner for teams, and one for roles."""
    found: Edges = {}
    for (team, role), count in people.items():
        one: Corner = ("team", team)
        other: Corner = ("role", role)
        if told is not None:
            one, other = one if one in told else ("teams", REST), other if other in told else ("roles", REST)
        for here, there in ((one, other), (other, one)):
            near = found.setdefault(here, {})
            near[there] = near.get(there, 0) + count
    return found


def small_cut(edges: Edges) -> Cut | None:
    """Both sides of a cut with one to four people on it; None where there is none. (Nagamochi and Ibaraki, 1992)

    Put in order by how much ties each to those before it, no cut between a corner and the one before it has fewer
    people on it than tie it; so where five do, both are one. For the last, what ties it is that least cut itself.
    """
    merged = {corner: frozenset([corner]) for corner in edges}
    everything = frozenset(edges)
    while len(edges) > 1:
        order = by_ties(edges)
        last, ties = order[-1]
        if 0 < ties < SMALLEST_GROUP:
            return merged[last], everything - merged[last]
        if not ties:
            # Nobody ties it to anybody: there is nothing to cut.
            del edges[last], merged[last]
            continue
        into = {corner: corner for corner in edges}
        for (before, _), (corner, tied) in pairwise(order):
            if tied >= SMALLEST_GROUP:
                into[corner] = into[before]
                merged[into[before]] |= merged.pop(corner)
        edges = joined(edges, into)
    return None


def by_ties(edges: Edges) -> list[tuple[Corner, int]]:
    """(corner, how many people tie it to those before it), the most tied first."""
    ties = dict.fromkeys(edges, 0)
    waiting = [(0, place, corner) for place, corner in enumerate(edges)]
    places = {corner: place for _, place, corner in waiting}
    order: list[tuple[Corner, int]] = []
    while waiting:
        tied, _, corner = heappop(waiting)
        if corner not in ties or -tied != ties[corner]:
            continue
        order.append((corner, ties.pop(corner)))
        for near, count in edges[corner].items():
            if near in ties:
                ties[near] += count
                heappush(waiting, (-ties[near], places[near], near))
    return order


def joined(edges: Edges, into: Mapping[Corner, Corner]) -> Edges:
    """The graph with corners made one."""
    found: Edges = {}
    for corner, nears in edges.items():
        here = found.setdefault(into[corner], {})
        for near, count in nears.items():
            if into[near] != into[corner]:
                here[into[near]] = here.get(into[near], 0) + count
    return found


# --- days -------------------------------------------------------------------------------------


def days_to_tell(present: Mapping[dt.date, int]) -> set[dt.date]:
    """{day: who was in the group, a bit for each who was not always} -> the days whose figures may be told.

    What a group has on one day less what it has on another is what whoever came or went has: nobody, or five. The last
    day is always told, the others from the newest to the oldest.
    """
    told: list[int] = []
    days: set[dt.date] = set()
    for day in sorted(present, reverse=True):
        moved = ((present[day] ^ there).bit_count() for there in told)
        if all(count == 0 or count >= SMALLEST_GROUP for count in moved):
            told.append(present[day])
            days.add(day)
    return days
