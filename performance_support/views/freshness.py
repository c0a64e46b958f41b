"""The freshness desk, and the answer to a mail that asks whether something is still correct."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from base.errors import RuleBroken
from base.pages import as_id, asking, page, question, typed
from base.sheets import download
from performance_support import access, actions, drawing, reminders
from performance_support.access import Ability
from performance_support.models import STALE_BECAUSE, FreshnessDay, Resource, Verification
from performance_support.queries import desk
from performance_support.wording import render
from workforce.models import Account
from workforce.requests import SignedIn

# What is wrong with it is not that it is stale: these are asked for by the code of their rule.
FLAGGED = {"unplaced": "it serves nothing", "unused": "nobody opened it for 90 days"}
STATES = {"stale": "Stale", "due_soon": "Due soon", "leaving": "Going to the archive"}


@require_safe
def freshness_desk(request: SignedIn) -> HttpResponse:
    """What to look at first: hot but stale before everything else."""
    asked = asked_for(request)
    after = place_in(typed(request.GET, "after"))
    rows, onward = desk.page_of(asked, after=after)
    context = {
        "asked": asked,
        "rows": rows,
        "after": after,
        "onward": onward,
        "states": STATES,
        "causes": STALE_BECAUSE | FLAGGED,
        "flagged": FLAGGED.get(asked.because, ""),
        "is_mine": asked.owner == request.user.pk,
        "score": desk.score(),
        "trend": drawing.trend(FreshnessDay.objects.newest(90)),
        "most": actions.MOST_TOGETHER,
        "question": question(request.GET),
    }
    return page(request, "performance_support/freshness_desk.html", context, regions=["waiting"])


def place_in(text: str) -> int:
    """How many to pass over; 0 for what no page of ours has written."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def asked_for(request: SignedIn) -> desk.Asked:
    """Whoever does not design keeps what is theirs, and sees that."""
    whose, state, because = (typed(request.GET, name) for name in ("whose", "state", "because"))
    owner = request.user.pk if whose == "mine" or not request.user.can_design else as_id(whose)
    if because in FLAGGED:
        return desk.Asked("flagged", owner, because)
    return desk.Asked(state if state in STATES else "stale", owner, because if because in STALE_BECAUSE else "")


@require_safe
def freshness_export(request: SignedIn, kind: str) -> HttpResponseBase:
    return download(
        lines(desk.rows(asked := asked_for(request)), flagged=FLAGGED.get(asked.because, "")),
        name="freshness",
        kind=kind,
    )


HEAD = [
    "Resource",
    "Kind",
    "Helps at",
    "Why",
    "Impact",
    "Views in 90 days",
    "Days overdue",
    "Who is asked",
    "Archived on",
]


def lines(rows: list[desk.Row], *, flagged: str) -> Iterator[list[str]]:
    yield HEAD
    for resource, *figures, _ in rows:
        views, criticality, overdue = map(str, figures)
        why = flagged or "; ".join(resource.reasons()) or f"review due on {resource.due_on}"
        archived = str(resource.archive_on or "")
        where = "; ".join(str(placement.place) for placement in resource.placements.all())
        yield [
            resource.title, resource.get_kind_display(), where, why, criticality, views, overdue,
            resource.asked.name, archived,
        ]  # fmt: skip


@require_POST
def freshness_verify(request: SignedIn) -> HttpResponse:
    """Say of everything ticked that it is still correct, each as it was seen."""
    chosen = [seen_as(request.user, ticked) for ticked in request.POST.getlist("resource")]
    try:
        count = actions.verify_together(chosen, by=request.user)
    except RuleBroken as no:
        messages.error(request, no.message)
    else:
        words = f"{count} resource{' is' if count == 1 else 's are'} still correct." if count else "Nothing was ticked."
        messages.success(request, words)
    return redirect(f"{request.POST.get('back', '') if is_local(request) else request.path}" or "freshness_desk")


def is_local(request: SignedIn) -> bool:
    return request.POST.get("back", "").startswith("/support/freshness/")


def seen_as(account: Account, ticked: str) -> tuple[Resource, int]:
    """`<id>:<version>`, as the checkbox carries it."""
    pk, _, version = ticked.partition(":")
    return access.resource_by_text(account, pk, Ability.EDIT), int(version) if version.isdigit() else 0


@asking
def resource_still_correct(request: SignedIn, token: str) -> HttpResponse:
    """A mail leads here. To look changes nothing; only the answer verifies, once, and only for whom it was meant."""
    template = "performance_support/still_correct.html"
    try:
        pk, version = reminders.read_token(token, request.user)
    except RuleBroken as no:
        return page(request, template, {"no": no.message}, status=409)
    resource = access.resource_for(request.user, pk)
    context = {"resource": resource, "html": render(resource.text), "is_moved": resource.version != version}
    if request.method == "POST":
        try:
            actions.verify(resource, seen=version, way=Verification.Way.MAIL, by=request.user)
        except RuleBroken as no:
            return page(request, template, {**context, "no": no.message}, status=409)
        messages.success(request, f"“{resource}” is still correct. Thank you.")
        return redirect("freshness_desk")
    return page(request, template, context)
