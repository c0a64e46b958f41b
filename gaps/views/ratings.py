"""A list of ratings: the file, what its scale means here, its plan, and what became of it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from base import dialogs
from base.errors import RuleBroken
from base.pages import asking, page
from base.sheets import download
from base.tables.limits import too_large
from gaps import actions, export
from gaps.access import may_bring_ratings, rating_list_for
from gaps.models import RatingList, RatingRow
from gaps.rating_forms import FileForm, PlanForm, SheetForm
from gaps.ratings import NAMES
from gaps.record_forms import WhyForm
from workforce.requests import SignedIn

SHOW, PLAN = "gaps/rating_show.html", "gaps/rating_plan.html"
LATEST, ROWS = 50, 50


@require_safe
def rating_list(request: SignedIn) -> HttpResponse:
    """The lists that came in, newest first."""
    may_bring_ratings(request.user)
    lists = RatingList.objects.newest_first().select_related("created_by")[:LATEST]
    return page(request, "gaps/rating_list.html", {"lists": lists})


@require_safe
def rating_list_export(request: SignedIn, kind: str) -> HttpResponseBase:
    may_bring_ratings(request.user)
    lists = RatingList.objects.newest_first().select_related("created_by")
    return export.answer(kind, "Ratings from elsewhere", export.rating_lists(lists.iterator()))


@asking
def rating_add(request: SignedIn) -> HttpResponse:
    """Choose a file."""
    may_bring_ratings(request.user)
    form = FileForm(request.POST or None, request.FILES or None)
    size = getattr(request, "upload_too_large", 0)
    if size:
        form.errors["file"] = form.error_class([f"{too_large(size).message} A zipped CSV may be longer."])
    elif form.is_valid() and (plan := taken_in(request, form)):
        return redirect("rating_plan", plan.pk)
    return page(request, "gaps/rating_add.html", {"form": form}, status=413 if size else 422 if form.errors else 200)


def taken_in(request: SignedIn, form: FileForm) -> RatingList | None:
    file = form.cleaned_data["file"]
    try:
        return actions.add_ratings(file.file, file_name=file.name, by=request.user)
    except RuleBroken as refused:
        form.add_error("file", refused.message)
    return None


@asking
def rating_plan(request: SignedIn, pk: UUID) -> HttpResponse:
    """Whose ratings they are, which column is which, and what each point of their scale means here."""
    plan = rating_list_for(request.user, pk)
    if plan.is_wanted:
        return redirect(plan)
    form = PlanForm(request.POST or None, plan=plan, scale=request.GET.get("scale", ""))
    if form.is_valid():
        try:
            actions.plan_ratings(plan, **form.facts(), by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken.message)
        else:
            return redirect(plan)
    sheets = plan.found.sheets
    context = {
        "plan": plan,
        "form": form,
        "sheets": SheetForm(sheets=sheets, initial={"sheet": plan.found.sheet}) if len(sheets) > 1 else None,
    }
    return page(request, PLAN, context, regions=["scale"], status=422 if form.errors else 200)


@require_POST
def rating_look(request: SignedIn, pk: UUID) -> HttpResponse:
    """Another sheet of the workbook."""
    plan = rating_list_for(request.user, pk)
    form = SheetForm(request.POST, sheets=plan.found.sheets)
    if form.is_valid():
        try:
            actions.look_at_sheet(plan, sheet=form.cleaned_data["sheet"], by=request.user)
        except RuleBroken as refused:
            messages.error(request, refused.message)
    return redirect("rating_plan", plan.pk)


@require_safe
def rating_show(request: SignedIn, pk: UUID) -> HttpResponse:
    """How far it is while it is under way; else the plan, one verdict at a time."""
    plan = rating_list_for(request.user, pk)
    if plan.state == RatingList.State.MAPPING:
        return redirect("rating_plan", plan.pk)
    if request.htmx.target == "import":  # type: ignore[attr-defined]
        return page(request, f"{SHOW}#progress", {"plan": plan}) if plan.is_wanted else HttpResponseClientRefresh()
    return page(request, SHOW, {"plan": plan, "scale": scale_of(plan), **rows_to_show(request, plan)})


def scale_of(plan: RatingList) -> dict[str, Any]:
    """The table that was agreed to, and what of the list is not on it."""
    return {"name": NAMES.get(plan.scale, plan.scale), "bands": plan.scale_applied, "values": plan.values}


def rows_to_show(request: SignedIn, plan: RatingList) -> dict[str, Any]:
    verdicts = [
        (value, label, plan.counts[value]) for value, label in RatingRow.Verdict.choices if value in plan.counts
    ]
    verdict = request.GET.get("verdict", "")
    if verdict not in plan.counts:
        verdict = verdicts[0][0] if verdicts else ""
    after = request.GET.get("after", "")
    rows = plan.rows.judged(verdict).behind(int(after) if after.isdecimal() and len(after) < 10 else 0)
    found = list(rows[: ROWS + 1])
    return {
        "verdicts": verdicts,
        "verdict": verdict,
        "label": dict(RatingRow.Verdict.choices).get(verdict, ""),
        "remedy": found[0].remedy if found else "",
        "is_sample": verdict in RatingRow.Verdict.harmless() and plan.counts.get(verdict, 0) > ROWS,
        "rows": found[:ROWS],
        "after": found[ROWS - 1].number if len(found) > ROWS else 0,
        "is_first": not after,
        "rejected": sum(plan.counts.get(each, 0) for each in plan.counts if each not in RatingRow.Verdict.harmless()),
    }


def acted(request: SignedIn, pk: UUID, action: Callable[..., object]) -> HttpResponse:
    """Do it to the whole list and show what became of it; a refusal is told there."""
    plan = rating_list_for(request.user, pk)
    try:
        action(plan, by=request.user)
    except RuleBroken as broken:
        messages.error(request, broken.message)
    return redirect(plan)


@require_POST
def rating_apply(request: SignedIn, pk: UUID) -> HttpResponse:
    return acted(request, pk, actions.apply_ratings)


@require_POST
def rating_stop(request: SignedIn, pk: UUID) -> HttpResponse:
    return acted(request, pk, actions.stop_ratings)


@asking
def rating_undo(request: SignedIn, pk: UUID) -> HttpResponse:
    """Say why, and withdraw all of it."""
    plan = rating_list_for(request.user, pk)
    hint = "Whoever was rated reads it beside the rating, which stays to be seen and no longer counts."
    form = WhyForm(hint, data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        asked, form = dialogs.attempt(form, lambda facts: actions.undo_ratings(plan, by=request.user, **facts))
        if asked:
            return dialogs.go(request, plan)
    context = {"form": form, "what": plan, "title": "Why are they taken back?", "verb": "Take all of it back"}
    return dialogs.ask(request, "gaps/why.html", {**context, "stop": "yes", "back": plan.get_absolute_url()})


@require_safe
def rating_rejected(request: SignedIn, pk: UUID, kind: str) -> HttpResponseBase:
    """Every row that cannot be brought in, with its reason."""
    plan = rating_list_for(request.user, pk)
    return download(export.rejected_ratings(plan), name=f"{plan} rejected", kind=kind)
