"""What HR systems sent: all runs, one run, and the decision about one that is held."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from base import dialogs, sheets
from base.models import Change
from base.pages import asking, page, typed
from workforce import actions, guards, run_changes
from workforce.access import may_run, run_for
from workforce.models import Account, Run
from workforce.queries import phases, returning, rhythm
from workforce.requests import SignedIn
from workforce.run_forms import DecideForm, NarrowForm

SHOW = "workforce/run_show.html"
ROWS = 50


@require_safe
def run_list(request: SignedIn) -> HttpResponse:
    """What waits for a decision, how each source is doing, and everything that came."""
    may_run(request.user)
    feeds = rhythm.feeds()
    form = NarrowForm(request.GET, sources=[(feed.source, feed.name) for feed in feeds])
    runs = Run.objects.narrowed(**form.wanted()).with_names().newest_first()
    found = Paginator(runs, ROWS).get_page(request.GET.get("page"))
    context = {
        "held": Run.objects.held().with_names().newest_first(),
        "feeds": feeds,
        "form": form,
        "runs": found,
        "is_moving": any(run.is_wanted for run in found),
    }
    return page(request, "workforce/run_list.html", context, regions=["runs"])


@require_safe
def run_show(request: SignedIn, pk: UUID) -> HttpResponse:
    """How far it is while it is under way; else what it found, and what it did, would do or waits with."""
    run = run_for(request.user, pk)
    target = request.htmx.target  # type: ignore[attr-defined]
    if target == "run-progress":
        if not run.is_wanted:
            return HttpResponseClientRefresh()
        return page(request, SHOW, {"run": run, **progress(run)}, regions=["run-progress"])
    facts = {**progress(run), **changes_to_show(request, run), **problems_to_show(request, run)}
    passed_on = Change.objects.made_in(run, "person", "pass_on").order_by("id")
    told = {"guards": guards.shown(run.guards), "passed_on": passed_on, **came_back(run), **answered(run)}
    return page(request, SHOW, {"run": run, **told, **facts}, regions=["change-rows"])


def answered(run: Run) -> dict[str, Any]:
    """Which newer run has answered the question of one that lapsed."""
    if run.state != Run.State.EXPIRED:
        return {}
    notes = Change.objects.made_in(run, "run", "expire")
    answers = [note.facts["answered_by"] for note in notes if "answered_by" in note.facts]
    return {"answer": answers[0][1]} if answers else {}


def came_back(run: Run) -> dict[str, Any]:
    """How many of its leavers can still be taken back, and who did so before."""
    if run.is_wanted or run.is_dry or not run.counts.get("left"):
        return {}
    taken = Change.objects.made_in(run, "run", "take_back_leavers").order_by("id")
    if under_way := run.returns.wanted().first():
        return {"under_way": under_way, "taken_back": taken}
    return {"returning": returning.how_many_could_return(run), "taken_back": taken}


def progress(run: Run) -> dict[str, Any]:
    """Every phase with whether it is behind, at hand or ahead. What no worker says is not guessed."""
    if not run.is_wanted:
        return {}
    said = phases.said(run.pk)
    names = list(phases.IN_WORDS)[1 if run.is_approved else 0 :]
    now = said.name if said else phases.STAGING if run.leased_until and not run.is_approved else ""
    at = names.index(now) if now in names else -1
    marks = ["done" if place < at else "now" if place == at else "" for place in range(len(names))]
    steps = [(phases.IN_WORDS[name], mark) for name, mark in zip(names, marks, strict=True)]
    return {"steps": steps, "phase": now, "since": said.began_at if said else None}


def changes_to_show(request: SignedIn, run: Run) -> dict[str, Any]:
    facets = run_changes.facets(run)
    shown = facet_named(request.GET.get("what", ""), facets)
    if shown is None:
        return {"facets": [], "shown": None}
    words = typed(request.GET, "q")
    found = list(run_changes.rows(run, shown, words=words).behind(after_of(request, "after"))[: ROWS + 1])
    return {
        "facets": facets,
        "shown": shown,
        "words": words,
        "changes": run_changes.told(run, found[:ROWS]),
        "after": found[ROWS - 1].pk if len(found) > ROWS else 0,
        "is_first": "after" not in request.GET,
        "teams_hit": rhythm.teams_hit(run.pk, shown.state) if shown.kind == "leave" else [],
    }


def facet_named(key: str, facets: list[run_changes.Facet]) -> run_changes.Facet | None:
    return next((facet for facet in facets if facet.key == key), facets[0] if facets else None)


def after_of(request: SignedIn, name: str) -> int:
    """The row that the page before this one ended with."""
    after = request.GET.get(name, "")
    return int(after) if after.isascii() and after.isdecimal() and len(after) < 18 else 0


def problems_to_show(request: SignedIn, run: Run) -> dict[str, Any]:
    codes = run.problems.codes()
    code = request.GET.get("code", "")
    code = code if code in codes else ""
    found = list(run.problems.coded(code).behind(after_of(request, "problem")).order_by("pk")[: ROWS + 1])
    return {
        "codes": codes,
        "code": code,
        "problem_count": sum(codes.values()),
        "problems": found[:ROWS],
        "problems_after": found[ROWS - 1].pk if len(found) > ROWS else 0,
    }


@require_safe
def run_changes_export(request: SignedIn, pk: UUID) -> StreamingHttpResponse:
    """Every change of a run, a fact a line."""
    run = run_for(request.user, pk)
    return as_file(run, "changes", run_changes.lines(run, run_changes.facets(run)))


@require_safe
def run_problems(request: SignedIn, pk: UUID) -> StreamingHttpResponse:
    """What was not taken, ready to be put right at the source."""
    run = run_for(request.user, pk)
    return as_file(run, "problems", run_changes.problem_lines(run, request.GET.get("code", "")))


def as_file(run: Run, what: str, lines: Iterator[list[str]]) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(sheets.as_csv(lines), content_type="text/csv; charset=utf-8")
    name = f"{slugify(run.source.name) or 'source'}-{run.opened_at:%Y-%m-%d}-{what}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@asking
def run_approve(request: SignedIn, pk: UUID) -> HttpResponse:
    """Say that what a held run waits with is right."""
    return decided(request, run_for(request.user, pk), "workforce/run_approve.html", actions.approve_run, approved)


@asking
def run_reject(request: SignedIn, pk: UUID) -> HttpResponse:
    """Do without what a held run waits with, or give up one that was never closed."""
    return decided(request, run_for(request.user, pk), "workforce/run_reject.html", actions.reject_run, rejected)


@asking
def run_restore(request: SignedIn, pk: UUID) -> HttpResponse:
    """Take back all whom a run let leave, for a run that was wrong."""
    run = run_for(request.user, pk)
    form = DecideForm(data=request.POST or None)
    if request.method == "POST":
        back, form = dialogs.attempt(form, lambda facts: actions.restore_leavers(run, **facts, by=request.user))
        if back is not None:
            messages.success(request, "They are being taken back in the background.")
            return dialogs.go(request, back)
    context = {"run": run, "form": form, "returning": returning.how_many_could_return(run)}
    return dialogs.ask(request, "workforce/run_restore.html", context)


def approved(run: Run, by: Account) -> str:
    if run.decided_by != by:
        return f"{run.decided_by} had approved it already."
    return "Approved. It is being done in the background."


def rejected(run: Run, by: Account) -> str:
    return "Rejected. Nothing of what waited was done."


def decided(
    request: SignedIn, run: Run, template: str, act: Callable[..., Run], said: Callable[[Run, Account], str]
) -> HttpResponse:
    """Ask why, decide, and back to the run; a refusal is told where it was asked."""
    form = DecideForm(data=request.POST or None)
    if request.method == "POST":
        done, form = dialogs.attempt(form, lambda facts: act(run, **facts, by=request.user))
        if done is not None:
            messages.success(request, said(done, request.user))
            return dialogs.go(request, done)
    return dialogs.ask(request, template, {"run": run, "form": form, **waiting(run)})


def waiting(run: Run) -> dict[str, Any]:
    """How many of each kind wait, in words."""
    kinds = run.changes.kinds()
    return {"leavers": kinds.get(("held", "leave"), 0), "others": sum_of_others(kinds)}


def sum_of_others(kinds: dict[tuple[str, str], int]) -> int:
    return sum(count for (state, kind), count in kinds.items() if state == "held" and kind != "leave")
