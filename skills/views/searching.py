"""The box in the bar: everything that has a name, as one types."""

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from base.pages import page
from skills.queries.searching import Hit, search_everywhere
from workforce.requests import SignedIn

# The work before what it asks: a word that stands in one workflow stands in many skills.
GROUPS = {
    "workflow": "Workflows",
    "step": "Steps",
    "resource": "Support",
    "skill": "Skills",
    "outcome": "Outcomes",
    "person": "People",
}
ON_THE_PAGE, IN_THE_BOX = 10, 4


@require_safe
def search_show(request: SignedIn) -> HttpResponseBase:
    """What is called like that; under the box the best few, on the page more."""
    typed = request.GET.get("q", "").replace("\x00", "")[:200]
    limit = IN_THE_BOX if request.headers.get("HX-Target") == "found" else ON_THE_PAGE
    hits = search_everywhere(typed, seen_by=request.user, limit=limit)
    groups = grouped(hits)
    facts = {"q": typed, "groups": groups, "count": len(hits), "limit": limit, "has_more": is_full(groups, limit)}
    return page(request, "skills/search.html", facts, regions=["found", "results"])


def grouped(hits: list[Hit]) -> list[tuple[str, list[Hit]]]:
    groups = [(words, [hit for hit in hits if hit.kind == kind]) for kind, words in GROUPS.items()]
    return [(words, found) for words, found in groups if found]


def is_full(groups: list[tuple[str, list[Hit]]], limit: int) -> bool:
    """Whether more may be called like that than is shown."""
    return any(len(hits) >= limit for _, hits in groups)
