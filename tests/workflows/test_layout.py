"""Where everything stands on the map; no database."""

import re
from collections import Counter

from hypothesis import given
from hypothesis import strategies as some

from workflows.layout import COLUMN, STEP, Result, Stop, _laid_out, lay_out
from workflows.routes import Tracks, rounded

ONBOARDING = [
    Stop(1, "sales", 1), Stop(2, "service", 2), Stop(3, "sales", 2), Stop(4, "credit", 2),
    Stop(5, "service", 1), Stop(6, "implementation", 2), Stop(7, "sales", 1), Stop(8, "implementation", 2),
]  # fmt: skip
HANDED = {1: (2,), 2: (3,), 3: (4,), 4: (5, 6), 5: (7,), 6: (7,), 7: (8,), 8: ()}
RESULTS = [Result(f"of {step}", step, to) for step, to in HANDED.items()]


def chain(*lanes: str) -> tuple[list[Stop], list[Result]]:
    stops = [Stop(number, lane) for number, lane in enumerate(lanes, 1)]
    last = len(stops)
    return stops, [Result(f"of {n}", n, (n + 1,) if n < last else ()) for n in range(1, last + 1)]


def columns(stops: list[Stop], results: list[Result]) -> list[int]:
    cells = lay_out(stops, results).cells
    return [cells[stop.key].column for stop in stops]


def test_a_step_stands_one_column_after_the_last_step_it_waits_for():
    assert columns(ONBOARDING, RESULTS) == [1, 2, 3, 4, 5, 5, 6, 7]


def test_in_the_same_lane_the_words_of_the_outcome_get_the_cell_between():
    assert columns(*chain("a", "a", "a")) == [1, 3, 5]


def test_lanes_come_in_the_order_of_their_first_step():
    assert [lane.key for lane in lay_out(ONBOARDING, RESULTS).lanes] == ["sales", "service", "credit", "implementation"]


def test_work_that_is_sent_back_moves_no_column_and_is_drawn_dashed():
    rework = Result("missing", 3, (2,))
    drawn = lay_out(ONBOARDING, [*RESULTS, rework])

    assert drawn.back == {(3, 2)}
    assert [drawn.cells[key].column for key in range(1, 9)] == [1, 2, 3, 4, 5, 5, 6, 7]
    [back] = [line for line in drawn.lines if line.is_back and line.to]
    step, sender = drawn.cells[2], drawn.cells[3]
    assert back.points[0] == (sender.x, sender.y + 15)
    assert back.points[-1] == (step.x + COLUMN + 2, step.y + 15)


def test_of_a_loop_only_what_closes_it_is_left_out():
    stops = [Stop(1, "a"), Stop(2, "b"), Stop(3, "c")]
    drawn = lay_out(stops, [Result("x", 1, (3,)), Result("y", 3, (2,)), Result("z", 2, (1,))])

    assert drawn.back == {(2, 1)}
    assert [drawn.cells[key].column for key in (1, 3, 2)] == [1, 2, 3]


def test_the_final_outcome_ends_the_line_with_the_target():
    nodes = lay_out(*chain("a", "b")).nodes

    assert [node.is_final for node in nodes.values()] == [False, True]


def test_what_leads_onward_stands_at_the_middle_of_its_step():
    stops = [Stop(1, "a"), Stop(2, "b")]
    drawn = lay_out(stops, [Result("told", 1, leaves=True), Result("done", 1, (2,))])

    assert drawn.nodes["done"].y == drawn.cells[1].y
    assert drawn.nodes["told"].y > drawn.nodes["done"].y


def test_a_lane_is_as_tall_as_its_fullest_cell():
    drawn = lay_out([Stop(1, "a", 2), Stop(2, "b", 1)], [Result("x", 1, (2,)), Result("y", 2)])

    assert [lane.height for lane in drawn.lanes] == [190, 136]


def test_lines_of_different_outcomes_in_one_gutter_stand_apart():
    stops = [Stop(1, "a"), Stop(2, "b"), Stop(3, "c"), Stop(4, "a")]
    drawn = lay_out(stops, [Result("x", 1, (3,)), Result("y", 2, (3,)), Result("z", 3, (4,))])

    upright = {line.result: line.points[1][0] for line in drawn.lines if line.to == 3}
    assert abs(upright["x"] - upright["y"]) == 8


def test_a_connector_turns_with_a_radius_of_nine():
    assert rounded([(166, 236), (181, 236), (181, 46), (194, 46)]) == (
        "M166 236H172Q181 236 181 227V55Q181 46 190 46H194"
    )


def test_an_empty_workflow_has_an_empty_map():
    assert lay_out([], []).lines == []


def test_lines_that_do_not_meet_share_a_track():
    tracks = Tracks((15, 23))
    for span, name in (((0, 10), "a"), ((10, 20), "b"), ((5, 15), "c")):
        tracks.take(span, name)

    assert [tracks.place_of(name) for name in "abc"] == [15, 15, 23]


# --- whatever people draw ---------------------------------------------------------------------


@some.composite
def workflows(draw) -> tuple[list[Stop], list[Result]]:
    size = draw(some.integers(1, 9))
    stops = [Stop(n, draw(some.sampled_from("abc")), draw(some.integers(0, 4))) for n in range(size)]
    results = []
    for stop in stops:
        for number in range(draw(some.integers(0, 3))):
            others = [other.key for other in stops if other.key != stop.key]
            to = draw(some.lists(some.sampled_from(others), unique=True, max_size=3)) if others else []
            results.append(Result((stop.key, number), stop.key, tuple(to), leaves=draw(some.booleans())))
    return stops, results


@given(workflows())
def test_no_two_cells_collide(workflow):
    cells = lay_out(*workflow).cells.values()
    taken = Counter((cell.lane, column) for cell in cells for column in (cell.column, cell.column + 1))

    assert max(taken.values()) == 1


@given(workflows())
def test_what_is_not_sent_back_leads_to_the_right(workflow):
    drawn = lay_out(*workflow)
    for result in workflow[1]:
        for to in result.to:
            leads_right = drawn.cells[result.stop].column < drawn.cells[to].column
            assert leads_right == ((result.stop, to) not in drawn.back)


@given(workflows())
def test_the_same_workflow_is_drawn_the_same(workflow):
    stops, results = map(tuple, workflow)
    assert _laid_out.__wrapped__(stops, results) == _laid_out.__wrapped__(stops, results)


@given(workflows())
def test_every_handoff_is_drawn_from_its_step_to_its_step(workflow):
    drawn = lay_out(*workflow)

    assert Counter((line.result, line.to) for line in drawn.lines if line.to is not None) == Counter(
        (result.key, to) for result in workflow[1] for to in result.to
    )
    for line in drawn.lines:
        assert re.fullmatch(r"M\d+ \d+([HV]\d+|Q\d+ \d+ \d+ \d+)+", line.path), line.path
        if line.to is not None and not line.is_back:
            assert line.points[-1] == (drawn.cells[line.to].x - 2, drawn.cells[line.to].y)


@given(workflows())
def test_no_line_runs_through_a_step(workflow):
    drawn = lay_out(*workflow)
    for line in drawn.lines:
        for (x, y), (to_x, to_y) in zip(line.points, line.points[1:], strict=False):
            assert x == to_x or y == to_y
            for cell in drawn.cells.values():
                left, right = sorted((x, to_x))
                upper, lower = sorted((y, to_y))
                apart = right <= cell.x or left >= cell.x + COLUMN or lower < cell.y - STEP // 2 or upper > cell.y + 24
                assert apart, (line, cell)


@given(workflows())
def test_everything_stands_inside_the_drawing(workflow):
    drawn = lay_out(*workflow)
    for line in drawn.lines:
        for x, y in line.points:
            assert 0 <= x <= drawn.width
            assert 0 <= y <= drawn.height
