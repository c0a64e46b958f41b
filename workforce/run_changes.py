"""What a run did, would do or waits with, as people read it: who, what before, what after."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from base import trail
from base.models import Change
from workforce.models import Person, Run, RunChange

State = RunChange.State
LABELS = {
    "status": "status",
    "end_date": "last day",
    "start_date": "first day",
    "manager_source_id": "manager",
    "manager": "manager",
    "job_title": "title",
    "department": "team",
    "display_name": "name",
    "given_name": "given name",
    "family_name": "family name",
    "work_email": "e-mail",
    "employee_number": "number",
    "location": "location",
    "employment_type": "employment",
}
# The key of what stands in the trail, beside the states of what does not.
DONE = "done"
ORDER = [State.HELD, State.PLANNED, DONE, State.DROPPED]
KIND_WORDS = {
    "leave": ("Leave", "Left"),
    "manager": ("Lose or change their manager", ""),
    "title": ("Change their title", ""),
    "change": ("Change otherwise", "Changed"),
    "restore": ("Come back", "Came back"),
    "add": ("Join", "Joined"),
}
GROUPS = {
    State.HELD: "Waits for you",
    State.PLANNED: "Would be done",
    DONE: "Was done",
    State.DROPPED: "Was not done",
}
# {kind: the counts of the run that add up to it}
IN_TRAIL = {"leave": ["left"], "restore": ["restored"], "change": ["updated", "managers_found"], "add": ["created"]}


@dataclass(frozen=True)
class Facet:
    """One kind of change of a run; `key` is how an address names it."""

    state: str
    kind: str
    count: int

    @property
    def key(self) -> str:
        return f"{self.state}-{self.kind}"

    @property
    def label(self) -> str:
        return KIND_WORDS[self.kind][self.state == DONE]

    @property
    def group(self) -> str:
        return GROUPS[self.state]


@dataclass(frozen=True)
class Told:
    """One person: what happens, and every fact before and after."""

    pk: int
    verb: str
    name: str
    source_id: str
    person: UUID | None
    facts: list[trail.Fact]
    reports: int


def facets(run: Run) -> list[Facet]:
    """Every kind that occurs, what waits first, the worst of each first."""
    planned = [Facet(state, kind, count) for (state, kind), count in run.changes.kinds().items()]
    done = [] if run.is_dry else [Facet(DONE, kind, done_count(run, kind)) for kind in IN_TRAIL]
    known = [facet for facet in [*planned, *done] if facet.count and facet.state in ORDER]
    return sorted(known, key=lambda facet: ORDER.index(facet.state))


def done_count(run: Run, kind: str) -> int:
    return sum(run.counts.get(name, 0) for name in IN_TRAIL[kind])


def rows(run: Run, facet: Facet, *, words: str = "") -> Any:
    """The rows behind a facet, the worst first; see told."""
    if facet.state == DONE:
        return Change.objects.made_in(run, "person", facet.kind).saying(words, ids_of(run, words)).order_by("pk")
    return run.changes.in_state(facet.state).of_kind(facet.kind).saying(words).order_by("pk")


def ids_of(run: Run, words: str) -> list[UUID]:
    return list(Person.objects.known_as(words).of_source(run.source.name).values_list("pk", flat=True)) if words else []


def told(run: Run, found: Iterable[Change | RunChange]) -> list[Told]:
    """A few rows in words: two statements, however many they are."""
    changes = list(found)
    people = Person.objects.in_bulk([pk for change in changes if (pk := person_of(change))])
    reports = Person.objects.reports_of(people)
    said = Speech(managers_named(run, changes)).said
    return [as_told(change, people, reports, trail.facts(change, LABELS, said)) for change in changes]


def as_told(
    change: Change | RunChange, people: dict[UUID, Person], reports: dict[UUID, int], facts: list[trail.Fact]
) -> Told:
    pk = person_of(change)
    person = people.get(pk) if pk else None
    source_id = change.source_id if isinstance(change, RunChange) else person.source_id if person else ""
    leads = reports.get(pk, 0) if pk else 0
    return Told(change.pk, change.verb, change.name, source_id, person.pk if person else None, facts, leads)


def person_of(change: Change | RunChange) -> UUID | None:
    return change.person if isinstance(change, RunChange) else change.subject


def managers_named(run: Run, changes: list[Change | RunChange]) -> dict[str, str]:
    """{source_id: name} of every manager whom these changes mention."""
    named = {
        value
        for change in changes
        for field in ("manager_source_id", "manager")
        for value in change.facts.get(field, [])
        if value
    }
    people = Person.objects.of_source(run.source.name).with_source_ids(named) if named else Person.objects.none()
    return dict(people.values_list("source_id", "display_name"))


@dataclass(frozen=True)
class Speech:
    managers: dict[str, str]

    def said(self, field: str, value: Any) -> str:
        if value in (None, ""):
            return "nothing"
        if field in {"manager_source_id", "manager"}:
            return self.managers.get(value, str(value))
        return Person.Status(value).label if field == "status" and value in Person.Status.values else str(value)


def lines(run: Run, facets_to_tell: list[Facet], *, at_once: int = 1000) -> Iterator[list[str]]:
    """Every change of these kinds as a table, a fact a line."""
    yield ["What", "State", "Source id", "Name", "Fact", "Before", "After"]
    for facet in facets_to_tell:
        for each in told_in_pieces(run, facet, at_once):
            head = [facet.label, facet.group, each.source_id, each.name]
            for fact in each.facts or [trail.Fact("", "", "")]:
                yield [*head, fact.label, fact.before, fact.after]


def told_in_pieces(run: Run, facet: Facet, at_once: int) -> Iterator[Told]:
    last = 0
    while piece := list(rows(run, facet).behind(last)[:at_once]):
        yield from told(run, piece)
        last = piece[-1].pk


def problem_lines(run: Run, code: str) -> Iterator[list[str]]:
    """Every problem of a run as a table."""
    yield ["Page", "Row", "Source id", "Field", "Code", "Why", "Not taken"]
    for problem in run.problems.coded(code.replace("\x00", "")[:40]).order_by("pk").iterator():
        place = ["" if number is None else str(number) for number in (problem.page, problem.row)]
        said = [problem.source_id, problem.field, problem.code, problem.detail]
        yield [*place, *said, "the row" if problem.is_rejected else "this field"]
