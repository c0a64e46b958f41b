"""The team's heatmap as a page of its own: any grouping, steps or skills."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from base.pages import page
from gaps import export
from gaps.access import note_list
from gaps.looking import look_of, one_of, people_for
from gaps.queries import cover, heat
from gaps.queries.among import Choices
from gaps.views import drawing
from gaps.views.team import own_page
from workforce.requests import SignedIn

ACROSS = {heat.STEPS: "Steps", heat.SKILLS: "Skills"}
BY = {"role": "Job role", "team": "Team", "": "Nothing"}
SORTS = {"": "Name", "gaps": "Most to go"}


@require_safe
def heatmap_show(request: SignedIn) -> HttpResponse:
    """People × steps, or × skills. Whoever leads nobody here has a page of their own."""
    look = look_of(request.user, request.GET)
    if look is None:
        return own_page()
    if not look.shows_people:
        return redirect("gap_list")
    across, by, sort = (
        one_of(ACROSS, request.GET, "across"),
        one_of(BY, request.GET, "by"),
        one_of(SORTS, request.GET, "sort"),
    )
    people = heat.people(look.whose, as_of=look.on)
    note_list(request.user, [someone.person for someone in people], page="team's heatmap")
    found = heat.cells(heat.Wanted(look.whose, across=across, workflow=look.workflow), as_of=look.on)
    covers = (
        cover.cover(cover.Wanted(look.whose, workflow=look.workflow), as_of=look.on) if across == heat.STEPS else []
    )
    context = {
        "look": look,
        "people": people,
        "heat": drawing.heat(look, found, people, across=across, by=by, sort=sort, covers=covers),
        "filters": Choices(look.people),
        "choices": (
            ("across", "Columns", ACROSS, across),
            ("by", "Grouped by", BY, by),
            ("sort", "Sorted by", SORTS, sort),
        ),
        "open": sum(cell.needs - cell.met for cell in found),
        "asked": sum(cell.needs for cell in found),
    }
    return page(request, "gaps/heatmap_show.html", context, regions=["team"])


@require_safe
def heatmap_export(request: SignedIn, kind: str) -> HttpResponseBase:
    look = people_for(request.user, request.GET)
    note_list(request.user, look.people or [], page="team's heatmap")
    rows = export.heat_rows(look, one_of(ACROSS, request.GET, "across"))
    return export.answer(kind, export.on_day("heatmap", look.on), rows)
