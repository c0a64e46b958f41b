"""The learning record store in the settings: where it is, what is on its way, and what it refused."""

from collections.abc import Iterator
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from base import dialogs
from base.errors import RuleBroken
from base.forms import EditForm
from base.pages import asking, page, typed
from base.sheets import download
from performance_support import actions
from performance_support.access import lrs_for, may_connect, statement_for
from performance_support.lrs_forms import LrsForm
from performance_support.models import Lrs, Statement
from workforce.requests import SignedIn

PAGE = 25
SHOW = "performance_support/lrs_show.html"


@require_safe
def lrs_show(request: SignedIn) -> HttpResponse:
    """What was sent, newest first; or what a record store would be good for."""
    may_connect(request.user)
    lrs, state = Lrs.objects.first(), typed(request.GET, "state")
    context = {
        "lrs": lrs,
        "counts": lrs.counts if lrs else {},
        "state": state,
        "states": Statement.State.choices,
        "page_of": Paginator(wanted(lrs, state), PAGE).get_page(request.GET.get("page")),
    }
    return page(request, SHOW, context, regions=["lrs"])


def wanted(lrs: Lrs | None, state: str) -> QuerySet[Statement]:
    """A state that there is not counts as not asked."""
    statements = lrs.statements.newest_first() if lrs else Statement.objects.none()
    return statements.in_state(state) if state in Statement.State.values else statements


@require_safe
def lrs_export(request: SignedIn, kind: str) -> HttpResponseBase:
    """What the list shows, all pages of it; as there, nothing says whom a statement is about."""
    lrs = lrs_for(request.user)
    return download(lines(wanted(lrs, typed(request.GET, "state"))), name="statements", kind=kind)


HEAD = ["Made at (UTC)", "What", "Statement", "State", "Settled at (UTC)", "Status", "What the record store said"]


def lines(statements: QuerySet[Statement]) -> Iterator[list[str]]:
    yield HEAD
    for one in statements.iterator(chunk_size=1000):
        settled = one.settled_at.isoformat(timespec="seconds") if one.settled_at else ""
        yield [
            one.made_at.isoformat(timespec="seconds"), one.get_kind_display(), str(one.pk), one.get_state_display(),
            settled, str(one.status or ""), one.reason,
        ]  # fmt: skip


@asking
def lrs_connect(request: SignedIn) -> HttpResponse:
    """Connect one, or change the one there is."""
    may_connect(request.user)
    lrs = Lrs.objects.first()
    form = LrsForm(lrs, data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        made, form = dialogs.attempt(
            form,
            lambda facts: (
                actions.change_lrs(lrs, **facts, seen=form.version_seen, by=request.user)
                if lrs
                else actions.connect_lrs(**facts, by=request.user)
            ),
        )
        if made:
            words = "It is changed, and tried at once." if lrs else "It is connected. Send a test, then switch it on."
            return dialogs.done(request, words, to=made)
    title = "Change the record store" if lrs else "Connect a record store"
    context = {"form": form, "title": title, "verb": "Save" if lrs else "Connect it", "back": reverse("lrs_show")}
    return dialogs.ask(request, "performance_support/lrs_connect.html", context)


@require_POST
def lrs_switch(request: SignedIn) -> HttpResponse:
    lrs = actions.switch_lrs(lrs_for(request.user), on="on" in request.POST, by=request.user)
    words = "It hears of what people do from now on." if lrs.is_on else "Nothing is sent, and nothing is written down."
    return dialogs.done(request, words, to=lrs)


@require_POST
def lrs_test(request: SignedIn) -> HttpResponse:
    lrs = lrs_for(request.user)
    actions.test_lrs(lrs, by=request.user)
    return dialogs.done(request, "A test is on its way; what it says appears below.", to=lrs)


@require_POST
def lrs_again(request: SignedIn) -> HttpResponse:
    """Everything that was refused or given up."""
    return again(request, lrs_for(request.user), None)


@require_POST
def statement_again(request: SignedIn, pk: UUID) -> HttpResponse:
    statement = statement_for(request.user, pk)
    return again(request, statement.lrs, statement.pk)


def again(request: SignedIn, lrs: Lrs, only: UUID | None) -> HttpResponse:
    try:
        count = actions.send_again(lrs, only=only, by=request.user)
    except RuleBroken as no:
        return dialogs.refused(request, no.message, to=lrs)
    words = f"{count} statement{'' if count == 1 else 's'} on the way again, with the same ids."
    return dialogs.done(request, words if count else "Nothing was refused or given up.", to=lrs)


@asking
def lrs_forget(request: SignedIn) -> HttpResponse:
    lrs = lrs_for(request.user)
    form = EditForm(lrs, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.forget_lrs(lrs, by=request.user)
        return dialogs.done(request, "It is forgotten, and nothing is sent any more.", to="lrs_show")
    context = {"form": form, "lrs": lrs, "back": reverse("lrs_show")}
    return dialogs.ask(request, "performance_support/lrs_forget.html", context)
