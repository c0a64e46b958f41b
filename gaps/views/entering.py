"""Levels for a whole team on one page, keyboard first; and “still doing it” with one click."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from base import dialogs
from base.errors import RuleBroken
from base.pages import as_id, asking, page
from gaps import actions, export
from gaps.access import entry_for, note_list, people_to_enter_for, person_to_lead_for
from gaps.actions.recording import SENTENCES, Statement, reference_in
from gaps.looking import look_of
from gaps.models import HELD_LEVEL, Need, Standing, Type
from gaps.queries import cover, entering
from gaps.queries.cover import StepCover
from gaps.queries.entering import Views
from gaps.queries.reckoning import Whose
from gaps.queries.recording import Verdict
from workflows.access import step_for
from workforce.models import Person
from workforce.requests import SignedIn

# As whoever leads them, or as somebody who stood beside them.
TYPES = {Type.MANAGER: "My view", Type.OBSERVED: "I watched it at work"}
NOTHING = Views(None, None)


class Field(NamedTuple):
    """One cell to fill in."""

    name: str
    need: Need
    views: Views


class Row(NamedTuple):
    person: Person
    fields: list[Field]


class Entered(NamedTuple):
    person: UUID
    skill: UUID
    level: int


@asking
def evidence_enter(request: SignedIn) -> HttpResponse:
    """People × skills of one step: type levels, save once, take it back if it was wrong."""
    led, look = people_to_enter_for(request.user), look_of(request.user, request.GET)
    steps = cover.cover(cover.Wanted(Whose(people=sorted(led))))
    chosen = step_chosen(steps, as_id(request.GET.get("step", "")))
    if chosen is None:
        return page(request, "gaps/evidence_enter.html", {"steps": [], "look": look}, regions=["grid"])
    step = step_for(request.user, chosen.step)
    people, needs = entering.people(Whose(people=sorted(led)), step), entering.needs(step)
    rows = list(rows_of(people, needs))
    if request.method == "POST":
        return save(request, step_id=step.pk, rows=rows)
    note_list(request.user, [person.pk for person in people], page="levels of a team")
    context = {
        "steps": steps,
        "step": step,
        "rows": rows,
        "needs": needs,
        "types": TYPES.items(),
        "question": f"?step={step.pk}",
        "look": look,
    }
    return page(request, "gaps/evidence_enter.html", context, regions=["grid"])


@require_safe
def evidence_enter_export(request: SignedIn, kind: str) -> HttpResponseBase:
    """The views that stand beside each field, to talk about them or to fill in by hand."""
    led = people_to_enter_for(request.user)
    steps = cover.cover(cover.Wanted(Whose(people=sorted(led))))
    chosen = step_chosen(steps, as_id(request.GET.get("step", "")))
    if chosen is None:
        return export.answer(kind, "Levels", as_rows([]))
    step = step_for(request.user, chosen.step)
    people, needs = entering.people(Whose(people=sorted(led)), step), entering.needs(step)
    note_list(request.user, [person.pk for person in people], page="levels of a team")
    return export.answer(kind, f"Levels at {step}", as_rows(rows_of(people, needs)))


def as_rows(rows: Iterable[Row]) -> Iterator[list[str]]:
    yield ["Person", "Skill", "Needed level", "Own view", "Manager's view", "Level"]
    for row in rows:
        for field in row.fields:
            views = ["" if said is None else str(said) for said in field.views]
            yield [str(row.person), field.need.skill.statement, str(field.need.level), *views, ""]


def step_chosen(steps: Iterable[StepCover], pk: UUID | None) -> StepCover | None:
    """The one that the address names; otherwise where least is covered of what matters most."""
    mapped = [each for each in steps if each.skills]
    named = next((each for each in mapped if each.step == pk), None)
    return named or max(mapped, key=lambda each: (each.link.risk, each.criticality), default=None)


def rows_of(people: list[Person], needs: list[Need]) -> Iterator[Row]:
    views = entering.views(people, [need.skill for need in needs])
    for person in people:
        yield Row(person, [field_of(person, need, views) for need in needs])


def field_of(person: Person, need: Need, views: dict[tuple[UUID, UUID], Views]) -> Field:
    return Field(f"{person.pk}_{need.skill_id}", need, views.get((person.pk, need.skill_id), NOTHING))


def save(request: SignedIn, *, step_id: UUID, rows: list[Row]) -> HttpResponse:
    batch, type = uuid4(), request.POST.get("type", Type.MANAGER)
    entered = list(typed_in(request.POST, rows))
    here = f"{reverse('evidence_enter')}?step={step_id}"
    if not entered or type not in TYPES:
        return dialogs.refused(request, "Nothing was entered. Type a level from 0 to 4 in any cell.", to=here)
    statements = [
        Statement(
            person_id=each.person,
            skill_id=each.skill,
            level=each.level,
            type=type,
            observed_at=timezone.now(),
            source=request.user.name,
            observer_id=request.user.person_id,
            step_id=step_id,
            reference=reference_in(batch, place),
        )
        for place, each in enumerate(entered)
    ]
    try:
        verdicts = actions.record_many(statements, by=request.user)
    except RuleBroken as broken:
        return dialogs.refused(request, broken.message, to=here)
    return told(request, verdicts, batch=batch, to=here)


def typed_in(posted: QueryDict, rows: list[Row]) -> Iterator[Entered]:
    """What stands in the cells that were shown; anything but one level of 0 to 4 counts as left empty."""
    levels = {str(level) for level in range(HELD_LEVEL["min_value"], HELD_LEVEL["max_value"] + 1)}
    for row in rows:
        for field in row.fields:
            if (level := posted.get(field.name, "").strip()) in levels:
                yield Entered(row.person.pk, field.need.skill_id, int(level))


def told(request: SignedIn, verdicts: list[Verdict], *, batch: UUID, to: str) -> HttpResponse:
    """How many were written, and why the others were not."""
    written = sum(verdict.is_written for verdict in verdicts)
    refused = {verdict.code for verdict in verdicts if verdict.is_refused}
    why = " ".join(SENTENCES[code] for code in sorted(refused))
    if not written:
        return dialogs.refused(request, why or "Nothing was recorded.", to=to)
    words = f"{written} level{'s' if written != 1 else ''} recorded."
    if refused:
        words += f" {len(verdicts) - written} not: {why}"
    return dialogs.done(request, words, to=to, undo=reverse("evidence_take_back", args=[batch]))


@require_POST
def evidence_take_back(request: SignedIn, batch: UUID) -> HttpResponse:
    """Only one's own: the batch is found by who entered it."""
    entry_for(request.user, batch)
    try:
        count = actions.take_back_entry(batch, by=request.user)
    except RuleBroken as broken:
        return dialogs.refused(request, broken.message, to=reverse("evidence_enter"))
    words = f"{count} level{'s' if count != 1 else ''} taken back."
    return dialogs.done(request, words, to=reverse("evidence_enter"))


@require_POST
def still_doing(request: SignedIn, person: UUID) -> HttpResponse:
    """One click: this person still works at the levels they stand at, at one step or all over their role."""
    somebody = person_to_lead_for(request.user, person)
    step = as_id(request.GET.get("step", ""))
    found = Standing.objects.of(somebody)
    standings = found.needed_at(step_for(request.user, step)) if step else found.needed_by_role()
    here = f"{reverse('evidence_enter')}?step={step or ''}"
    if request.user.person_id == person:
        return dialogs.refused(request, SENTENCES["own_view"], to=here)
    batch = uuid4()
    verdicts = actions.still_doing_it(standings, batch=batch, by=request.user)
    if not verdicts:
        words = f"Nothing was ever said about {somebody} here. Enter levels instead."
        return dialogs.refused(request, words, to=here)
    return told(request, verdicts, batch=batch, to=here)
