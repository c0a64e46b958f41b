"""What the pages about the work show, as files: cover, one outcome, what would be, and the ways between roles."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from gaps.arithmetic import Cover
from gaps.queries.cover import StepCover
from gaps.queries.gaps import Gap
from gaps.queries.overtime import Point
from gaps.queries.risk import OutcomeMoved, StepMoved
from gaps.queries.roles import PersonNear, Reach, RoleInReach, RoleNear

Rows = Iterator[list[str]]


def plain(figure: Any) -> str:
    """A number as people write it; nothing where there is none."""
    return "" if figure is None else f"{figure.normalize():f}"


def percent(share: Any) -> str:
    return "" if share is None else f"{float(100 * share):.1f}"


def workflow_rows(rows: Iterable[tuple[Any, str, list[tuple[Cover, int]]]], states: Iterable[Cover]) -> Rows:
    """Steps of each workflow by the state of their cover."""
    yield ["Workflow", *(state.words for state in states)]
    for _, name, counts in rows:
        yield [name, *(str(count) for _, count in counts)]


CHAIN = [
    "Step", "Workflow", "Job role", "Criticality", "State", "People who can", "People needed", "Share %", "Names",
]  # fmt: skip


ALONG = ["Skill", "Person", "What it is", "Needed level", "Level", "Criticality", "Step"]


def outcome_rows(chain: Iterable[StepCover], points: Iterable[Point], lacking: Sequence[Gap], *, names: bool) -> Rows:
    """Its chain, beneath it what was measured beside cover and gaps of the same day, and the gaps that may be told."""
    yield CHAIN
    for each in chain:
        rated = str(each.criticality) if each.is_rated else ""
        who = "; ".join(one.name for one in each.can) if names else ""
        yield [each.name, each.workflow_name, each.role_name, rated, each.state.words, str(each.people),
               str(each.target), percent(each.share), who]  # fmt: skip
    yield []
    yield ["Day", "Value", "Chain cover %", "Open gaps", "Note"]
    for point in points:
        found = point.measurement
        open_then = "" if point.gaps is None else str(point.gaps)
        yield [found.measured_on.isoformat(), plain(found.value), percent(point.chain), open_then, found.note]
    if lacking:
        yield []
        yield ALONG
    for gap in lacking:
        level = "" if gap.level is None else str(gap.level)
        yield [gap.statement, gap.person_name, gap.label.words, str(gap.required), level, str(gap.criticality),
               gap.step_name]  # fmt: skip


def what_if_rows(said: str, steps: Iterable[StepMoved], outcomes: Iterable[OutcomeMoved]) -> Rows:
    """Steps and outcomes that move, before and after."""
    yield [f"What if {said}?"]
    yield ["Step", "Workflow", "Criticality", "State before", "People before", "State after", "People after", "Needed"]
    for step in steps:
        was, becomes = step.before, step.after
        rated = str(was.criticality) if was.is_rated else ""
        yield [was.name, was.workflow_name, rated, was.state.words, str(was.people), becomes.state.words,
               str(becomes.people), str(was.target)]  # fmt: skip
    yield []
    yield ["Outcome", "Workflow", "Chain cover % before", "Chain cover % after", "Weakest step after"]
    for outcome in outcomes:
        weakest = outcome.after.weakest.name if outcome.after.weakest else ""
        chains = [percent(outcome.before.chain), percent(outcome.after.chain)]
        yield [outcome.before.statement, outcome.before.workflow_name, *chains, weakest]


def reach_of(reach: Reach) -> list[str]:
    return [str(reach.met), str(reach.of), percent(reach.share), str(reach.levels), reach.effort.words]


REACH = ["Met", "Of", "Readiness %", "Levels to climb", "Effort"]


def reach_rows(found: Iterable[RoleInReach]) -> Rows:
    """Roles in reach of one person, nearest first."""
    yield ["Role", *REACH]
    for each in found:
        yield [each.name, *reach_of(each.reach)]


def near_rows(people: Iterable[PersonNear], near: Iterable[RoleNear], onward: Iterable[RoleNear]) -> Rows:
    """Who and what is near one role, in one table: which it is stands first."""
    yield ["What", "Name", "Their role", *REACH, "Shared", "Missing"]
    for person in people:
        yield ["Person", person.name, person.role_name, *reach_of(person.reach), "", ""]
    for what, roles in (("Role that leads here", near), ("Role to go on to", onward)):
        for role in roles:
            way = role.way
            climb = [str(way.levels), way.effort.words]
            yield [what, role.name, "", "", str(way.needs), "", *climb, str(way.shares), str(way.lacks)]
