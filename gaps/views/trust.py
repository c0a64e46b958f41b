"""How far each type of evidence is trusted: administrators set it, and see everybody's levels follow."""

from collections.abc import Iterator

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from base import dialogs
from base.errors import RuleBroken
from base.pages import asking, page
from gaps import actions, export
from gaps.access import may_set_trust, trust_for
from gaps.arithmetic import trust_needed
from gaps.models import Trust, Type
from gaps.models.evidence import BEGINNING
from gaps.queries.trust import last_reweighing, trust_changes
from gaps.trust_forms import TrustForm
from workforce.requests import SignedIn

LIST, CHANGES = "gaps/trust_list.html", 20


@require_safe
def trust_list(request: SignedIn) -> HttpResponse:
    """What each type counts for, and how far the levels are that follow the last change."""
    may_set_trust(request.user)
    types = [(trust, *BEGINNING[Type(trust.type)], highest_met(trust.percent)) for trust in Trust.objects.all()]
    context = {
        "types": types,
        "job": last_reweighing(),
        "changes": trust_changes()[:CHANGES],
    }
    return page(request, LIST, context, regions=["trust"])


@require_safe
def trust_export(request: SignedIn, kind: str) -> HttpResponseBase:
    """The table of the page, and beneath it every change that was ever made to it."""
    may_set_trust(request.user)
    return export.answer(kind, "Trust in evidence", as_rows())


def as_rows() -> Iterator[list[str]]:
    yield ["How somebody came to know", "Trust %", "Usually %", "Enough for criticality up to", "Counts for months",
           "Usually months"]  # fmt: skip
    for trust in Trust.objects.all():
        percent, months = BEGINNING[Type(trust.type)]
        figures = (trust.percent, percent, highest_met(trust.percent), trust.months or "", months or "")
        yield [str(trust), *map(str, figures)]
    yield []
    yield ["When", "By", "What", "Trust % before", "Trust % after", "Months before", "Months after"]
    for change in trust_changes():
        moved = [*change.facts.get("percent", ("", "")), *change.facts.get("months", ("", ""))]
        yield [change.at.isoformat(timespec="minutes"), change.by_name, change.name, *map(str, moved)]


def highest_met(percent: int) -> int:
    """The highest criticality for which so much trust is enough; 0 where it closes no gap."""
    return max((criticality for criticality in range(1, 8) if trust_needed(criticality) <= percent), default=0)


@asking
def trust_change(request: SignedIn, type: str) -> HttpResponse:
    """Trust it more or less, or for longer."""
    trust = trust_for(request.user, type)
    form = TrustForm(trust, data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        changed, form = dialogs.attempt(
            form, lambda facts: actions.change_trust(trust, **facts, seen=form.version_seen, by=request.user)
        )
        if changed:
            if changed.version == trust.version:
                return dialogs.done(request, "Nothing changed.", to="trust_list")
            undo = reverse("trust_undo", args=[type, changed.version])
            return dialogs.done(request, f"{changed} is set. Levels follow.", to="trust_list", undo=undo)
    return dialogs.ask(request, "gaps/trust_form.html", {"form": form, "trust": trust, "back": reverse("trust_list")})


@require_POST
def trust_undo(request: SignedIn, type: str, version: int) -> HttpResponse:
    trust = trust_for(request.user, type)
    try:
        actions.undo_trust(trust, version=version, by=request.user)
    except RuleBroken as no:
        return dialogs.refused(request, no.message, to="trust_list")
    return dialogs.done(request, f"{trust} counts as before.", to="trust_list")
