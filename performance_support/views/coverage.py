"""The coverage grid: steps by moments, what is in a cell, and filling it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from base import dialogs
from base.dense import dense
from base.errors import RuleBroken
from base.pages import as_id, page, question, typed
from base.sheets import download
from performance_support import actions
from performance_support.access import Ability, keeps, resource_for
from performance_support.models import Moment, Resource
from performance_support.queries import coverage, library
from performance_support.queries.coverage import Row, Wanted
from performance_support.queries.library import Wanted as Searched
from performance_support.queries.support import Help, help_at
from workflows.access import step_for
from workflows.models import Workflow
from workforce.models import JobRole, Team
from workforce.requests import SignedIn

PER_PAGE = 100
MOST_OFFERED = 8
CRITICALITIES = range(2, 8)


@require_safe
def coverage_show(request: SignedIn) -> HttpResponse:
    """Where there is help, where none, and where only one kind."""
    wanted = asked_for(request.GET)
    rows = coverage.grid(wanted)
    after = place_in(typed(request.GET, "after"), len(rows))
    loose = Resource.objects.in_use().unplaced()
    context = {
        "wanted": wanted,
        "rows": rows,
        "sums": coverage.sums(rows),
        "grid": grid(rows[after : after + PER_PAGE], named=wanted.workflow is None),
        "after": after,
        "onward": after + PER_PAGE if len(rows) > after + PER_PAGE else None,
        "workflows": Workflow.objects.active(),
        "roles": JobRole.objects.active(),
        "teams": Team.objects.all(),
        "criticalities": CRITICALITIES,
        "loose": loose.order_by("title")[:MOST_OFFERED],
        "loose_count": loose.count(),
        "question": question(request.GET),
    }
    return page(request, "performance_support/coverage_show.html", context, regions=["coverage"])


def asked_for(asked: QueryDict) -> Wanted:
    """What makes no sense in an address counts as not asked."""
    least = typed(asked, "least")
    return Wanted(
        workflow=as_id(typed(asked, "workflow")),
        role=as_id(typed(asked, "role")),
        team=as_id(typed(asked, "team")),
        least=int(least) if least in map(str, CRITICALITIES) else 0,
        gaps="gaps" in asked,
    )


def place_in(text: str, most: int) -> int:
    """How many rows to pass over; 0 for what no page of ours has written."""
    found = int(text) if text.isdecimal() and len(text) < 8 else 0
    return found if found < most else 0


def grid(rows: list[Row], *, named: bool) -> str:
    """Nothing where there is no step: the page says so instead. `named`: with the workflow at the head of its steps."""
    context = {"rows": rows, "moments": Moment, "named": named, "told_from": coverage.TOLD_FROM}
    return dense("performance_support/coverage.html", context) if rows else ""


@require_safe
def coverage_export(request: SignedIn, kind: str) -> HttpResponseBase:
    rows = lines(coverage.grid(asked_for(request.GET)))
    return download(rows, name="coverage", kind=kind)


def lines(rows: list[Row]) -> Iterator[list[str]]:
    parts = [part for moment in Moment for part in (moment.label, f"{moment.label}: stale", f"{moment.label}: kinds")]
    yield ["Workflow", "Position", "Step", "Job role", "Criticality", "Quick steps", *map(str, parts)]
    for row in rows:
        cells = [part for cell in row.cells for part in in_figures(cell)]
        quick = "yes" if row.has_quick else "missing" if row.lacks_quick else "no"
        criticality = "" if row.criticality is None else str(row.criticality)
        yield [row.workflow_name, str(row.position), row.name, row.role or "", criticality, quick, *cells]


def in_figures(cell: coverage.Cell) -> tuple[str, str, str]:
    return str(cell.fresh), str(cell.stale), ", ".join(coverage.kinds_in_words(cell.kinds))


@require_safe
def coverage_cell(request: SignedIn, pk: UUID, moment: str) -> HttpResponse:
    """What helps at this step in this moment; and where something lacks, what could."""
    step = step_for(request.user, pk)
    then = moment_of(moment)
    helps = [help for help in help_at(step, for_role=step.performed_by) if then in help.moments]
    placed = {placement.resource_id: placement for placement in step.placements.all() if then in placement.moments}
    context: dict[str, Any] = {
        "step": step,
        "moment": then,
        "helps": [(help, help.resource.pk in placed and keeps(request.user, help.resource)) for help in helps],
        "words": typed(request.GET, "q"),
        "kind": Resource.Kind.QUICK_STEPS if not helps else Resource.Kind.JOB_AID,
    }
    if request.user.can_design:
        context["offered"] = offered(request, helps)
    return dialogs.ask(request, "performance_support/coverage_cell.html", context, regions=("offered",))


def offered(request: SignedIn, helps: list[Help]) -> list[Resource]:
    """Found by its words; without any, what serves nothing yet."""
    words = typed(request.GET, "q")
    found = library.page_of(Searched(q=words, unplaced=not words), seen_by=request.user).resources
    known = {help.resource.pk for help in helps}
    return [resource for resource in found if resource.pk not in known][:MOST_OFFERED]


def moment_of(text: str) -> Moment:
    """Raises Http404 for a moment that there is not."""
    if text not in Moment:
        raise Http404("There is no such moment.")
    return Moment(text)


@require_POST
def coverage_place(request: SignedIn, pk: UUID, moment: str, resource_pk: UUID) -> HttpResponse:
    """Let something that there is help here too."""
    step, resource = step_for(request.user, pk), resource_for(request.user, resource_pk, Ability.EDIT)
    then = moment_of(moment)
    try:
        actions.help_also(resource, at=step, moment=then, by=request.user)
    except RuleBroken as no:
        return dialogs.refused(request, no.message, to="coverage_show")
    undo = reverse("coverage_take_away", args=[step.pk, then, resource.pk])
    return dialogs.done(request, f"“{resource}” helps at “{step}” now: {then.label}.", to="coverage_show", undo=undo)


@require_POST
def coverage_take_away(request: SignedIn, pk: UUID, moment: str, resource_pk: UUID) -> HttpResponse:
    """It does not help here in this moment."""
    step, resource = step_for(request.user, pk), resource_for(request.user, resource_pk, Ability.EDIT)
    then = moment_of(moment)
    try:
        actions.help_no_longer(resource, at=step, moment=then, by=request.user)
    except RuleBroken as no:
        return dialogs.refused(request, no.message, to="coverage_show")
    undo = reverse("coverage_place", args=[step.pk, then, resource.pk])
    words = f"“{resource}” helps no longer at “{step}”: {then.label}."
    return dialogs.done(request, words, to="coverage_show", undo=undo)
