"""Lines with right angles: which of several takes which track, and how their corners are rounded. Pure."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Self

Point = tuple[int, int]
Span = tuple[int, int]
Bundle = Hashable
RADIUS = 9


class Tracks:
    """Parallel places in one gutter, corridor or row. Lines that do not meet share a place; a bundle stays together."""

    def __init__(self, places: Sequence[int], *, near: Sequence[int] = ()) -> None:
        self.places, self.near = places, near or places
        self.spans: dict[int, list[tuple[Span, Bundle]]] = defaultdict(list)
        self.wishes: dict[Bundle, tuple[Span, bool]] = {}
        self.placed: dict[Bundle, int] = {}

    @property
    def count(self) -> int:
        return len(set(self.placed.values()))

    def is_free(self, place: int, span: Span, bundle: Bundle) -> bool:
        return all(other == bundle or span[1] <= taken[0] or taken[1] <= span[0] for taken, other in self.spans[place])

    def take(self, span: Span, bundle: Bundle, *, places: Sequence[int] = ()) -> bool:
        """Occupy the first free place over `span`; False where every place is taken."""
        for place in places or self.places:
            if self.is_free(place, span, bundle):
                self.spans[place].append((span, bundle))
                self.placed[bundle] = place
                return True
        return False

    def wish(self, span: Span, bundle: Bundle, *, near: bool = False) -> None:
        """Ask for a place; `settle` gives one to the whole bundle. `near`: rather at the step's side."""
        known, was_near = self.wishes.get(bundle, (span, near))
        self.wishes[bundle] = (min(known[0], span[0]), max(known[1], span[1])), near and was_near

    def settle(self) -> None:
        """The longest line first: it keeps the middle, and short ones find their place beside it."""
        for bundle, (span, near) in sorted(self.wishes.items(), key=lambda wish: wish[1][0][0] - wish[1][0][1]):
            places = self.near if near else self.places
            if not self.take(span, bundle, places=places):
                # More lines than a gutter has tracks: the last one is shared rather than leaving the gutter.
                self.placed[bundle] = places[-1]

    def place_of(self, bundle: Bundle) -> int:
        return self.placed[bundle]


def bundle_of(result: Hashable, *, is_back: bool) -> Bundle:
    """All lines of one outcome run together; what is sent back runs apart from what goes on."""
    return ("back", result) if is_back else result


class Draft:
    """A line whose vertical parts have no place yet: it turns in gutters, named by their column."""

    def __init__(
        self, result: Hashable, to: Hashable | None, *, is_back: bool = False, bundle: Bundle | None = None
    ) -> None:
        self.result, self.to, self.is_back = result, to, is_back
        self.bundle = bundle or bundle_of(result, is_back=is_back)
        self.parts: list[tuple[int | None, int]] = []
        self.xs: list[int] = []

    @property
    def is_near(self) -> bool:
        return self.bundle != self.result

    def at(self, x: int, y: int) -> Self:
        self.parts.append((None, y))
        self.xs.append(x)
        return self

    def turn(self, column: int, y: int) -> Self:
        """Go to the gutter right of `column`, and along it to the height `y`."""
        self.parts.append((column, y))
        self.xs.append(0)
        return self

    def spans(self) -> Iterable[tuple[int, Span]]:
        """(column, from height to height) of every vertical part."""
        before = self.parts[0][1]
        for column, y in self.parts[1:]:
            if column is not None and y != before:
                yield column, (min(before, y), max(before, y))
            before = y

    def placed(self, xs: Mapping[int, int]) -> tuple[Point, ...]:
        """`xs` says where in each gutter the line runs."""
        points = [(self.xs[0], self.parts[0][1])]
        for (column, y), x in zip(self.parts[1:], self.xs[1:], strict=True):
            before = points[-1][1]
            if column is None:
                points.append((x, y))
            elif y != before:
                points += [(xs[column], before), (xs[column], y)]
        return tuple(points)


def rounded(points: Sequence[Point]) -> str:
    """An SVG path through right angles, each corner turned with the radius or with what room there is."""
    commands = [f"M{points[0][0]} {points[0][1]}"]
    ends = len(points) - 1
    for number in range(1, ends):
        before, corner, after = points[number - 1], points[number], points[number + 1]
        # Half of an inner part each, because both of its ends turn.
        room = min(
            distance(before, corner) // (1 if number == 1 else 2),
            distance(corner, after) // (1 if number == ends - 1 else 2),
            RADIUS,
        )
        leave, arrive = towards(corner, before, room), towards(corner, after, room)
        commands.append(f"{straight(before, leave)}Q{corner[0]} {corner[1]} {arrive[0]} {arrive[1]}")
    return "".join(commands) + straight(points[-2], points[-1])


def distance(a: Point, b: Point) -> int:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def towards(corner: Point, other: Point, length: int) -> Point:
    def sign(value: int) -> int:
        return (value > 0) - (value < 0)

    return corner[0] + sign(other[0] - corner[0]) * length, corner[1] + sign(other[1] - corner[1]) * length


def straight(a: Point, b: Point) -> str:
    return f"H{b[0]}" if a[1] == b[1] else f"V{b[1]}"
