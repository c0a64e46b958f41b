"""Teams: departments as the HR system names them."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from base.pages import page, question, typed
from workforce.access import team_for
from workforce.queries import people, teams
from workforce.queries.people import Wanted
from workforce.requests import SignedIn


@require_safe
def team_list(request: SignedIn) -> HttpResponse:
    """Teams with how many people they have; `?empty=1` those that nobody is in any more."""
    q, empty, after = typed(request.GET, "q"), bool(request.GET.get("empty")), request.GET.get("after", "")
    found = teams.teams(q, empty=empty, after=after)
    context = {"found": found, "words": q, "empty": empty, "after": after, "question": question(request.GET)}
    return page(request, "workforce/team_list.html", context, regions=["teams"])


@require_safe
def team_show(request: SignedIn, pk: UUID) -> HttpResponse:
    """Who is in a team, and which job roles they hold."""
    team = team_for(request.user, pk)
    after = request.GET.get("after", "")
    found = people.people(Wanted(team=team.pk, after=after))
    context = {"team": team, "found": found, "roles": teams.roles_in(team), "after": after}
    return page(request, "workforce/team_show.html", context)
