"""Why a figure changed: the page and the file."""

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from base.pages import page
from gaps import export
from gaps.access import note_list
from gaps.queries.among import Choices
from gaps.why import FIGURES, GROUPS, Why, why_for
from workforce.requests import SignedIn


@require_safe
def why_show(request: SignedIn) -> HttpResponse:
    """What happened between two days, each thing with what it did to the figures of these people."""
    why = why_for(request.user, request.GET)
    note_named(request, why)
    context = {
        "why": why,
        "look": why.look,
        "filters": Choices(why.look.people),
        "figures": FIGURES,
        "groups": {name: words for name, words in GROUPS.items() if why.names or name != "person"},
    }
    return page(request, "gaps/why_show.html", context, regions=["team"])


@require_safe
def why_export(request: SignedIn, kind: str) -> HttpResponseBase:
    why = why_for(request.user, request.GET)
    note_named(request, why)
    return export.answer(kind, "why-figures-changed", export.why_rows(why))


def note_named(request: SignedIn, why: Why) -> None:
    """One person is noted by the door; of the own people, whoever is named."""
    if why.names and not why.person:
        named = {event.person for event in why.events if event.person}
        note_list(request.user, sorted(named), page="why figures changed")
