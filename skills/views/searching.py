"""The box in the bar: everything that has a name, as one types."""

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from base.pages import page
from skills.queries.searching import Hit, search
from workforce.requests import SignedIn

# In the order in which people look for them.
GROUPS = {
    "skill": "Skills",
    "step": "Steps",
    "outcome": "Outcomes",
    "workflow": "Workflows",
    "person": "People",
}
ON_THE_PAGE, IN_THE_BOX = 20, 5


@require_safe
def search_show(request: SignedIn) -> HttpResponseBase:
    """What is called like that; under the box the best few, on the page more."""
    typed = request.GET.get("q", "").replace("\x00", "")[:200]
    limit = IN_THE_BOX if request.headers.get("HX-Target") == "found" else ON_THE_PAGE
    hits = search(typed, seen_by=request.user, limit=limit)
    facts = {"q": typed, "groups": grouped(hits), "count": len(hits)}
    return page(request, "skills/search.html", facts, regions=["found", "results"])


def grouped(hits: list[Hit]) -> list[tuple[str, list[Hit]]]:
    groups = [(words, [hit for hit in hits if hit.kind == kind]) for kind, words in GROUPS.items()]
    return [(words, found) for words, found in groups if found]
