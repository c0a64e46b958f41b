"""Where everything stands on the map of a workflow. Pure: it knows keys and counts, no rows and no words.

The rule: drop the back edges of rework loops, then column = 1 + the highest column among the sources, + 2
from a source in the same lane; an outcome takes the free cell right of its step. All measures are px at 16 px root.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

import networkx as nx

from workflows import routes
from workflows.routes import Point, Tracks

COLUMN, GUTTER, LEFT, RIGHT = 150, 30, 16, 8
LABEL, STEP, SKILL, BETWEEN, ABOVE, BELOW = 22, 48, 50, 4, 6, 10
# A block of words: three lines of a statement and two of figures, 17 px each; the pitch leaves a gap.
WORDS, PITCH, WORDS_TOP = 84, 92, 17
MIDDLE = LABEL + STEP // 2
UNDER = MIDDLE + 7
NODE, GOAL = 15, 29
SENT_BACK, APART = 15, 8
# Tracks in a gutter, from its left edge. What is sent back keeps to the step's side.
MIDDLE_FIRST, NEAR_FIRST = (15, 23, 7, 19, 11, 27, 3), (7, 15, 23, 11, 3, 19, 27)

Key = Any  # hashable; the map uses ids
Graph: TypeAlias = "nx.DiGraph[Key]"


@dataclass(frozen=True)
class Stop:
    """A step: its lane, and how many skills hang below it. Stops come in process order."""

    key: Key
    lane: Key
    skills: int = 0


@dataclass(frozen=True)
class Result:
    """An outcome: the step that produces it and the steps on this map that it lets begin."""

    key: Key
    stop: Key
    to: tuple[Key, ...] = ()
    leaves: bool = False  # it also lets a step of another workflow begin


@dataclass(frozen=True)
class Lane:
    key: Key
    top: int
    height: int


@dataclass(frozen=True)
class Cell:
    """Column and lane count from 1; `x` and `y` are the step's left edge and middle."""

    column: int
    lane: int
    x: int
    y: int


@dataclass(frozen=True)
class Node:
    """Where an outcome is drawn, and where its words begin below the top of its lane."""

    key: Key
    x: int
    y: int
    words: int
    is_final: bool
    is_under: bool


@dataclass(frozen=True)
class Line:
    """From an outcome to a step (`to`), or from a step to its own outcome (`to` is None)."""

    result: Key
    to: Key | None
    points: tuple[Point, ...]
    is_back: bool = False

    @cached_property
    def path(self) -> str:
        return routes.rounded(self.points)


@dataclass
class Layout:
    lanes: list[Lane] = field(default_factory=list)
    cells: dict[Key, Cell] = field(default_factory=dict)
    nodes: dict[Key, Node] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    back: set[tuple[Key, Key]] = field(default_factory=set)
    columns: int = 1

    @property
    def width(self) -> int:
        return gutter(self.columns) + RIGHT

    @property
    def height(self) -> int:
        return sum(lane.height for lane in self.lanes)


def step_left(column: int) -> int:
    return LEFT + (column - 1) * (COLUMN + GUTTER)


def gutter(column: int) -> int:
    """The left edge of the gutter right of a column."""
    return step_left(column) + COLUMN


def without_rework(stops: Sequence[Stop], results: Iterable[Result]) -> tuple[Graph, set[tuple[Key, Key]]]:
    """The handoffs as a graph without cycles, and the back edges that were dropped for it.

    What goes against the process order inside a loop is the rework. Whatever of it closes no loop comes back, nearest
    and latest first, so that every edge left out leads to a step before its own.
    """
    order = {stop.key: number for number, stop in enumerate(stops)}
    graph: Graph = nx.DiGraph()
    graph.add_nodes_from(order)
    graph.add_edges_from((r.stop, to) for r in results for to in r.to if to in order and r.stop in order)
    loop = {key: number for number, keys in enumerate(nx.strongly_connected_components(graph)) for key in keys}
    against = [(a, b) for a, b in graph.edges if loop[a] == loop[b] and order[b] <= order[a]]
    graph.remove_edges_from(against)
    back = set()
    for a, b in sorted(against, key=lambda edge: (order[edge[0]] - order[edge[1]], -order[edge[0]])):
        if nx.has_path(graph, b, a):
            back.add((a, b))
        else:
            graph.add_edge(a, b)
    return graph, back


def columns_of(stops: Sequence[Stop], graph: Graph) -> dict[Key, int]:
    """A step and the words of its outcomes take two cells of the lane; no two steps share one."""
    order = {stop.key: number for number, stop in enumerate(stops)}
    lane = {stop.key: stop.lane for stop in stops}
    taken: dict[Key, set[int]] = defaultdict(set)
    columns: dict[Key, int] = {}
    for key in nx.lexicographical_topological_sort(graph, key=order.__getitem__):
        sources = (columns[s] + (2 if lane[s] == lane[key] else 1) for s in graph.predecessors(key))
        column = max(sources, default=1)
        while {column, column + 1} & taken[lane[key]]:
            column += 1
        taken[lane[key]] |= {column, column + 1}
        columns[key] = column
    return columns


def in_order_of_weight(results: Iterable[Result], back: set[tuple[Key, Key]], final: set[Key]) -> list[Result]:
    """What leads onward stands at the step's middle; then what ends here, what leaves, what is only sent back."""

    def weight(result: Result) -> int:
        if any((result.stop, to) not in back for to in result.to):
            return 0
        return 1 if result.key in final else 2 if result.leaves else 3

    return sorted(results, key=weight)


def lay_out(stops: Sequence[Stop], results: Sequence[Result]) -> Layout:
    """Columns, lanes, nodes and lines for steps in process order and their outcomes. Look at it, do not change it."""
    return _laid_out(tuple(stops), tuple(results))


# The same work is drawn again at every look, and nothing but these numbers decides where it stands.
@lru_cache(maxsize=128)
def _laid_out(stops: tuple[Stop, ...], results: tuple[Result, ...]) -> Layout:
    layout = Layout()
    if not stops:
        return layout
    graph, layout.back = without_rework(stops, results)
    columns = columns_of(stops, graph)
    layout.columns = max(columns.values()) + 1
    final = {r.key for r in results if not r.to and not r.leaves}
    produced: dict[Key, list[Result]] = defaultdict(list)
    for result in in_order_of_weight(results, layout.back, final):
        produced[result.stop].append(result)
    ways = _Ways(layout, stops, columns, produced)
    ways.choose()
    _stand_lanes(layout, stops, columns, produced, ways)
    _stand_nodes(layout, produced, final, ways.under)
    ways.draw()
    return layout


def _stand_lanes(
    layout: Layout,
    stops: Sequence[Stop],
    columns: dict[Key, int],
    produced: dict[Key, list[Result]],
    ways: "_Ways",
) -> None:
    need: dict[Key, int] = {}
    for stop in stops:
        hung = ABOVE + stop.skills * (SKILL + BETWEEN) - BETWEEN if stop.skills else 0
        words = words_top(max(len(produced[stop.key]), 1) - 1, stop.key in ways.under) + WORDS
        need[stop.lane] = max(need.get(stop.lane, 0), LABEL + STEP + hung, words)
    top = 0
    numbers: dict[Key, int] = {}
    for number, (lane, height) in enumerate(need.items(), 1):
        layout.lanes.append(Lane(lane, top, height + BELOW + APART * ways.corridors[number].count))
        numbers[lane] = number
        top += layout.lanes[-1].height
    for stop in stops:
        lane_number, column = numbers[stop.lane], columns[stop.key]
        middle = layout.lanes[lane_number - 1].top + MIDDLE
        layout.cells[stop.key] = Cell(column, lane_number, step_left(column), middle)


def words_top(place: int, is_under: bool) -> int:
    """How far below the lane's top the words of a step's first, second, … outcome begin."""
    return (UNDER if is_under else WORDS_TOP) + place * PITCH


def _stand_nodes(layout: Layout, produced: dict[Key, list[Result]], final: set[Key], under: set[Key]) -> None:
    for key, results in produced.items():
        cell = layout.cells[key]
        top = layout.lanes[cell.lane - 1].top
        for place, result in enumerate(results):
            words = words_top(place, key in under)
            y = cell.y if place == 0 else top + words + MIDDLE - WORDS_TOP
            x = gutter(cell.column) + (GOAL if result.key in final else NODE)
            layout.nodes[result.key] = Node(result.key, x, y, words, result.key in final, key in under and place == 0)


class _Ways:
    """Which way each line takes. Rows and corridors are chosen first, because corridors make lanes taller."""

    def __init__(
        self, layout: Layout, stops: Sequence[Stop], columns: dict[Key, int], produced: dict[Key, list[Result]]
    ) -> None:
        self.layout, self.columns, self.produced = layout, columns, produced
        numbers = {lane: number for number, lane in enumerate(dict.fromkeys(stop.lane for stop in stops), 1)}
        self.lane = {stop.key: numbers[stop.lane] for stop in stops}
        self.taken = {(self.lane[key], c) for key, column in columns.items() for c in (column, column + 1)}
        self.under: set[Key] = set()
        self.corridors: dict[int, Tracks] = defaultdict(lambda: Tracks(range(0, 400 * APART, APART)))
        self.rows: dict[int, Tracks] = defaultdict(lambda: Tracks([0]))
        self.choice: dict[tuple[Key, Key], str] = {}

    def handoffs(self) -> Iterable[tuple[int, Result, Key]]:
        """(place of the outcome at its step, outcome, step it lets begin), in process order."""
        for key in self.columns:
            for place, result in enumerate(self.produced[key]):
                for to in result.to:
                    yield place, result, to

    def choose(self) -> None:
        for place, result, to in self.handoffs():
            self.choice[result.key, to] = self.way(place, result, to)
        for corridor in self.corridors.values():
            corridor.settle()

    def way(self, place: int, result: Result, to: Key) -> str:
        """turn: through one gutter; along: on the row of the step it enters; out: on its own row; else round."""
        a, b = self.columns[result.stop], self.columns[to]
        lane, other = self.lane[result.stop], self.lane[to]
        if abs(b - a) == 1 and ((result.stop, to) in self.layout.back) == (b < a):
            return "turn"
        if (result.stop, to) not in self.layout.back:
            if lane != other and self.is_free(other, a + 1, b) and self.rows[other].take((a, b), to):
                return "along"
            if place == 0 and self.is_free(lane, a + 2, b) and self.rows[lane].take((a, b), result.key):
                self.under.add(result.stop)
                return "out"
        bundle = routes.bundle_of(result.key, is_back=(result.stop, to) in self.layout.back)
        self.corridors[min(lane, other)].wish((min(a, b), max(a, b)), bundle)
        return "round"

    def is_free(self, lane: int, first: int, last: int) -> bool:
        return all((lane, column) not in self.taken for column in range(first, last))

    def draw(self) -> None:
        gutters: dict[int, Tracks] = defaultdict(lambda: Tracks(MIDDLE_FIRST, near=NEAR_FIRST))
        drafts = [self.points(place, result, to) for place, result, to in self.handoffs()]
        drafts += [stub for results in self.produced.values() for stub in self.stubs(results)]
        for draft in drafts:
            for column, span in draft.spans():
                gutters[column].wish(span, draft.bundle, near=draft.is_near)
        for node in self.secondary():
            gutters[node[0]].spans[NODE].append(((node[1] - 8, node[1] + 8), "node"))
        for tracks in gutters.values():
            tracks.settle()
        for draft in drafts:
            bundle = draft.bundle
            tracks_of = {column: gutter(column) + gutters[column].place_of(bundle) for column, _ in draft.spans()}
            self.layout.lines.append(Line(draft.result, draft.to, draft.placed(tracks_of), draft.is_back))

    def secondary(self) -> Iterable[tuple[int, int]]:
        """(gutter, height) of the nodes below a step's middle: no line of another outcome passes through them."""
        for key, results in self.produced.items():
            for result in results[1:]:
                yield self.layout.cells[key].column, self.layout.nodes[result.key].y

    def points(self, place: int, result: Result, to: Key) -> routes.Draft:
        start, end = self.layout.cells[result.stop], self.layout.cells[to]
        if (result.stop, to) in self.layout.back:
            draft = routes.Draft(result.key, to, is_back=True)
            draft.at(start.x, start.y + SENT_BACK)
            self.turn(draft, (start.column - 1, start.lane), (end.column, end.lane), end.y + SENT_BACK)
            return draft.at(end.x + COLUMN + 2, end.y + SENT_BACK)
        draft = routes.Draft(result.key, to)
        node = self.layout.nodes[result.key]
        draft.at(start.x + COLUMN if place == 0 else node.x, node.y)
        self.turn(draft, (start.column, start.lane), (end.column - 1, end.lane), end.y)
        return draft.at(end.x - 2, end.y)

    def turn(self, draft: routes.Draft, leaves: tuple[int, int], arrives: tuple[int, int], y: int) -> None:
        """The turns between two (gutter, lane), to arrive at the height `y`."""
        match self.choice[draft.result, draft.to]:
            case "turn" | "along":
                draft.turn(leaves[0], y)
            case "out":
                draft.turn(arrives[0], y)
            case _:
                number = min(leaves[1], arrives[1])
                lane, corridor = self.layout.lanes[number - 1], self.corridors[number]
                below = BELOW // 2 + APART * corridor.count - corridor.place_of(draft.bundle) - 4
                draft.turn(leaves[0], lane.top + lane.height - below)
                draft.turn(arrives[0], y)

    def stubs(self, results: Sequence[Result]) -> Iterable[routes.Draft]:
        """From the step to the outcomes that no line from the step's middle passes."""
        for place, result in enumerate(results):
            cell, node = self.layout.cells[result.stop], self.layout.nodes[result.key]
            goes_back = bool(result.to) and all((result.stop, to) in self.layout.back for to in result.to)
            draft = routes.Draft(result.key, None, is_back=goes_back, bundle=("stub", result.stop))
            end = node.x - (7 if node.is_final else 0)
            if place == 0 and result.to and not goes_back:
                continue
            if place == 0:
                yield draft.at(cell.x + COLUMN, cell.y).at(end, node.y)
            else:
                yield draft.at(cell.x + COLUMN, cell.y + 10).turn(cell.column, node.y).at(end, node.y)
