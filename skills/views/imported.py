"""A list's plan: every row with its verdict, what to do with it, and what became of it."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from base import sheets
from base.errors import RuleBroken
from base.pages import page, typed
from skills import access, actions
from skills.import_forms import ChoiceForm
from skills.models import Import, ImportRow
from workforce.requests import SignedIn

SHOW = "skills/import_show.html"
ROWS = 50


@require_safe
def import_show(request: SignedIn, pk: UUID) -> HttpResponse:
    """How far it is while it is under way; else the plan, one verdict at a time."""
    plan = access.import_for(request.user, pk)
    if plan.state == Import.State.MAPPING:
        return redirect("import_map", plan.pk)
    if replaced_by(request) == "import" and not plan.is_wanted:
        return HttpResponseClientRefresh()
    if replaced_by(request) == "import":
        return page(request, f"{SHOW}#progress", {"plan": plan})
    return page(request, SHOW, {"plan": plan, **rows_to_show(request, plan)}, regions=["rows"])


def replaced_by(request: SignedIn) -> str:
    """The region that htmx is about to replace, if any."""
    return request.htmx.target or ""  # type: ignore[attr-defined]


def rows_to_show(request: SignedIn, plan: Import) -> dict[str, Any]:
    counts = plan.rows.counts()
    verdict = request.GET.get("verdict", "")
    if verdict not in counts:
        verdict = next((verdict for verdict, rows in counts.items() if rows), "create")
    words, after = typed(request.GET, "q"), request.GET.get("after", "")
    rows = plan.rows.judged(verdict).saying(words).behind(int(after) if after.isdecimal() and len(after) < 10 else 0)
    found = list(rows.select_related("skill").order_by("number")[: ROWS + 1])
    return {
        "verdicts": [(value, label, counts[value]) for value, label in ImportRow.Verdict.choices],
        "verdict": verdict,
        "label": ImportRow.Verdict(verdict).label,
        "words": words,
        "rows": found[:ROWS],
        "after": found[ROWS - 1].number if len(found) > ROWS else 0,
        "is_first": not after,
        "can_choose": plan.is_open and verdict in {"create", "update", "look_alike"},
        "chosen": plan.rows.to_bring().count(),
        "results": plan.rows.results(),
    }


@require_POST
def import_choose(request: SignedIn, pk: UUID) -> HttpResponse:
    """Keep what was ticked on the page, or answer for every row of a verdict at once."""
    plan = access.import_for(request.user, pk)
    form = ChoiceForm(request.POST)
    if form.is_valid():
        verdict, every = form.cleaned_data["verdict"], form.cleaned_data["every"]
        if every:
            actions.choose_every(plan, verdict=verdict, choice=every, by=request.user)
        else:
            for choice, rows in form.choices().items():
                actions.choose_rows(plan, rows=rows, choice=choice, by=request.user)
    if replaced_by(request) == "deck" and not form.data.get("every"):
        return page(request, f"{SHOW}#deck", {"plan": plan, "chosen": plan.rows.to_bring().count(), "can_choose": True})
    return redirect(request.POST.get("back", "") if is_own(request, plan) else plan.get_absolute_url())


def is_own(request: SignedIn, plan: Import) -> bool:
    """Only back to the page of this list: an address in a form may be anybody's."""
    return request.POST.get("back", "").startswith(f"{plan.get_absolute_url()}?")


def acted(request: SignedIn, pk: UUID, action: Callable[..., object]) -> HttpResponse:
    """Do it to the whole list and show what became of it; a refusal is told there."""
    plan = access.import_for(request.user, pk)
    try:
        action(plan, by=request.user)
    except RuleBroken as broken:
        messages.error(request, broken.message)
    return redirect(plan)


@require_POST
def import_apply(request: SignedIn, pk: UUID) -> HttpResponse:
    return acted(request, pk, actions.apply_import)


@require_POST
def import_stop(request: SignedIn, pk: UUID) -> HttpResponse:
    return acted(request, pk, actions.stop_import)


@require_POST
def import_undo(request: SignedIn, pk: UUID) -> HttpResponse:
    return acted(request, pk, actions.undo_import)


@require_safe
def import_rejected(request: SignedIn, pk: UUID) -> StreamingHttpResponse:
    """Every rejected row as it came, with its reason, ready to be mended and brought again."""
    plan = access.import_for(request.user, pk)
    answer = StreamingHttpResponse(sheets.as_csv(rejected(plan)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slugify(plan.name) or "list"}-rejected.csv"'
    return answer


def rejected(plan: Import) -> Iterator[list[str]]:
    yield ["Row", "Why it was rejected", *plan.shape["header"]]
    for row in plan.rows.judged("rejected").order_by("number").iterator():
        yield [str(row.number), row.reason, *(row.cells or [])]
