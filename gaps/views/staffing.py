"""Who can do the steps of a workflow, against how many it needs; and saying how many that is."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from base import dialogs
from base.pages import asking, page
from gaps import actions, export, work_export
from gaps.access import step_to_staff_for
from gaps.arithmetic import Cover
from gaps.counting import Counting, counting_on, note_named, only_own
from gaps.models import CoverTarget
from gaps.queries.cover import StepCover, Wanted, cover, key_people, leavers
from gaps.staffing_forms import TargetForm
from workflows.access import workflow_for
from workflows.models import Workflow
from workforce.requests import SignedIn

STATES = [Cover.NONE, Cover.SINGLE, Cover.THIN, Cover.COVERED, Cover.UNMAPPED]
HEAD = ["Step", "Job role", "Criticality", "State", "People who can", "People needed", "Names", "Leaving"]


class Row(NamedTuple):
    """A step; `cover` is None where so few people perform it that a figure would say who."""

    step: StepCover
    cover: StepCover | None
    reason: str


class Counted(NamedTuple):
    """A workflow with how many of its steps are in which state."""

    workflow: UUID
    name: str
    states: list[tuple[Cover, int]]


@require_safe
def cover_list(request: SignedIn) -> HttpResponse:
    """Every workflow with how many of its steps are in which state."""
    counting = counting_on(request.user, request.GET)
    context = {"rows": counted_by_state(counting), "states": STATES, "counting": counting}
    return page(request, "gaps/cover_list.html", context, regions=["work"])


@require_safe
def cover_list_export(request: SignedIn, kind: str) -> HttpResponseBase:
    counting = counting_on(request.user, request.GET)
    rows = work_export.workflow_rows(counted_by_state(counting), STATES)
    return export.answer(kind, export.on_day("Cover", counting.on), rows)


def counted_by_state(counting: Counting) -> list[Counted]:
    counts: dict[tuple[UUID, str], Counter[Cover]] = {}
    for each in asked_then(only_own(cover(Wanted(counting.whose), as_of=counting.on), counting), counting):
        counts.setdefault((each.workflow, each.workflow_name), Counter())[each.state] += 1
    return [Counted(pk, name, [(state, found[state]) for state in STATES]) for (pk, name), found in counts.items()]


def asked_then(covers: list[StepCover], counting: Counting) -> list[StepCover]:
    """Nothing of a day on which none of these steps was asked for anything yet: it would be the work of today."""
    return covers if not counting.on or any(each.skills for each in covers) else []


@require_safe
def workflow_cover(request: SignedIn, pk: UUID) -> HttpResponse:
    """Each step with its state, who can do it, on whom it hangs and who leaves."""
    workflow = workflow_for(request.user, pk)
    counting = counting_on(request.user, request.GET)
    rows = rows_for(workflow, counting)
    told = [row.cover for row in rows if row.cover]
    note_named(request.user, told, counting)
    states = Counter(each.state for each in told)
    context = {
        "workflow": workflow,
        "rows": rows,
        "states": [(state, states[state]) for state in STATES],
        "counting": counting,
        "keys": key_people(told) if counting.names else [],
        "leavers": leavers(told) if counting.names else [],
        "may_staff": not counting.on and (request.user.can_design or (counting.names and not counting.is_everybody)),
    }
    return page(request, "gaps/workflow_cover.html", context, regions=["work"])


def rows_for(workflow: Workflow, counting: Counting) -> list[Row]:
    covers = asked_then(cover(Wanted(counting.whose, workflow=workflow.pk), as_of=counting.on), counting)
    told = {each.step for each in only_own(covers, counting)}
    reasons = dict(CoverTarget.objects.reasons([each.step for each in covers]))
    return [Row(each, each if each.step in told else None, reasons.get(each.step, "")) for each in covers]


@require_safe
def cover_export(request: SignedIn, pk: UUID, kind: str) -> HttpResponseBase:
    workflow = workflow_for(request.user, pk)
    counting = counting_on(request.user, request.GET)
    rows = rows_for(workflow, counting)
    note_named(request.user, [row.cover for row in rows if row.cover], counting)
    return export.answer(kind, export.on_day(f"Cover of {workflow}", counting.on), as_rows(rows, counting))


def as_rows(rows: list[Row], counting: Counting) -> Iterator[list[str]]:
    yield HEAD
    for step, told, _ in rows:
        facts = [step.name, step.role_name, str(step.criticality) if step.is_rated else ""]
        if told is None:
            yield [*facts, "not shown", "", str(step.target), "", ""]
            continue
        names = "; ".join(who.name for who in told.can) if counting.names else ""
        leaving = "; ".join(f"{who.name} ({who.last_day})" for who in told.leaving) if counting.names else ""
        yield [*facts, told.state.words, str(told.people), str(told.target), names, leaving]


@asking
def cover_target_set(request: SignedIn, pk: UUID) -> HttpResponse:
    """Say how many people a step needs, and why."""
    step = step_to_staff_for(request.user, pk)
    target = CoverTarget.objects.at(step)
    form = TargetForm(target, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.facts()
        actions.set_cover_target(step, people=facts["people"], reason=facts["reason"], by=request.user)
        said = f"needs {facts['people']}" if facts["people"] else "goes by its criticality again"
        return dialogs.done(request, f"“{step}” {said}.", to=reverse("workflow_cover", args=[step.workflow_id]))
    return dialogs.ask(request, "gaps/target_form.html", {"form": form, "step": step})
