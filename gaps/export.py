"""What the pages about a team show, as files that leave: one line for each gap, person or group."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.http import HttpResponseBase

from base.sheets import download
from gaps.groups import Group
from gaps.looking import Look
from gaps.models import Cause, RatingList
from gaps.queries import gaps, heat
from gaps.queries.heat import Cell
from gaps.ratings import NAMES
from gaps.why import Line, Moved, Why

Rows = Iterable[list[str]]


def answer(kind: str, name: str, rows: Rows) -> HttpResponseBase:
    """Raises Http404 for a kind that there is not."""
    return download(rows, name=name, kind=kind)


def on_day(name: str, on: dt.date | None) -> str:
    """What a file is called: figures of a past day say which."""
    return f"{name} on {on}" if on else name


GAPS = (
    "Person", "Job role", "Target role", "Skill", "Statement", "Label", "Reason", "Overruled", "Required level",
    "Level", "Trust %", "Trust needed %", "What is missing", "Criticality", "Step", "Workflow", "Outcome",
    "Cause", "Effort",
)  # fmt: skip


def gap_rows(look: Look) -> Iterator[list[str]]:
    yield list(GAPS)
    for gap in gaps.gaps(gaps.Wanted(look.whose, workflow=look.workflow), as_of=look.on):
        cause = Cause.Kind(gap.cause).label if gap.cause else ""
        yield [
            gap.person_name, gap.role_name, gap.target_name, gap.skill_name, gap.statement, gap.label.words, gap.reason,
            "yes" if gap.is_overruled else "no", str(gap.required), figure(gap.level), figure(gap.trust),
            str(gap.trust_needed), gap.lacks, str(gap.criticality), gap.step_name, gap.workflow_name,
            gap.outcome_statement, str(cause), gap.effort.words,
        ]  # fmt: skip


def figure(value: int | None) -> str:
    return "" if value is None else str(value)


def heat_rows(look: Look, across: str) -> Iterator[list[str]]:
    """As the table on the page: a cell is the level, with what is missing behind it."""
    found = heat.cells(heat.Wanted(look.whose, across=across, workflow=look.workflow), as_of=look.on)
    cells = {(cell.person, cell.column): cell for cell in found}
    columns = heat.columns(found, across)
    yield ["Person", "Job role", "Team", *(column.name for column in columns)]
    for someone in heat.people(look.whose, as_of=look.on):
        in_order = (cells.get((someone.person, column.pk)) for column in columns)
        yield [someone.name, someone.role_name, someone.team_name, *map(in_words, in_order)]


def in_words(cell: Cell | None) -> str:
    if cell is None:
        return ""
    level = "no evidence" if cell.level is None else str(cell.level)
    return level if cell.is_met else f"{level} ({cell.words})"


SUMS = ("Grouped by", "Group", "People", "Met", "Required", "Readiness %", "Not ready", "Upskill", "Reskill")


def sum_rows(groups: dict[str, list[Group]]) -> Iterator[list[str]]:
    """Groups that are too small to be told of stand without figures."""
    yield list(SUMS)
    for words, sums in groups.items():
        for name, each in sums:
            if each is None:
                yield [words, name, "fewer than five", *[""] * 6]
                continue
            share = "" if each.share is None else str(round(each.share * 100))
            figures = (each.people, each.met, each.of, share, each.not_ready, each.upskill, each.reskill)
            yield [words, each.name or "None", *map(str, figures)]


WHY = ("Day", "What happened", "People", "Met", "Required", "Readiness, points", "Upskill", "Reskill")


def why_rows(why: Why) -> Iterator[list[str]]:
    """Every line of the page, with the difference that they sum up to at the end."""
    yield list(WHY)
    if not why.is_known:
        return
    for line in why.lines:
        yield [line.day.isoformat() if line.day else "", line.what, people_of(line), *moved_of(line.moved)]
    if why.elsewhere:
        yield ["", "What moved other figures only", "", *moved_of(why.elsewhere)]
    if why.other:
        yield ["", "What nothing explains", "", *moved_of(why.other)]
    yield ["", f"From {why.between.first} to {why.between.last}", "", *moved_of(why.difference)]


def people_of(line: Line) -> str:
    return str(line.people) if line.events else "fewer than five each"


def moved_of(moved: Moved) -> list[str]:
    share = "" if moved.share is None else f"{float(100 * moved.share):.2f}"
    return [str(moved.met), str(moved.of), share, str(moved.upskill), str(moved.reskill)]


LISTS = ("List", "File", "How they came to know", "Scale", "State", "Rows", "Brought in", "Brought by", "When")


def rating_lists(lists: Iterable[RatingList]) -> Iterator[list[str]]:
    """Every list that was brought, newest first, by which scale it was read, and what became of it."""
    yield list(LISTS)
    for plan in lists:
        brought = [plan.created_by.name, plan.created_at.date().isoformat()]
        scale = NAMES.get(plan.scale, plan.scale)
        yield [str(plan), plan.file_name, plan.get_type_display(), scale, plan.get_state_display(),
               str(plan.total or ""), str(plan.done), *brought]  # fmt: skip


REJECTED = ("Row", "Why it was rejected", "Person", "Skill", "Level", "Day")


def rejected_ratings(plan: RatingList) -> Iterator[list[str]]:
    """Every row of a list that cannot be brought in, as it came, with what to do about it."""
    yield list(REJECTED)
    for row in plan.rows.rejected().iterator():
        facts = (row.person, row.skill, row.said, row.observed_on)
        yield [str(row.number), f"{row.get_verdict_display()}. {row.remedy}", *facts]
