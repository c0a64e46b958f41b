"""What whoever leads people sees of the support at their steps: a region of the team's page, and a page of its own."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from base.pages import page
from gaps.looking import figures_for
from performance_support.queries import team
from workforce.requests import SignedIn


@require_safe
def team_support(request: SignedIn) -> HttpResponse:
    """Of the steps that the own people perform: stale support and none, most critical first, and what their programmes
    lack around them. Of nobody by name."""
    look = figures_for(request.user, request.GET)
    found = team.stale_at_steps_of(look.whose, workflow=look.workflow)
    context = {
        "found": found,
        "most": team.NAMED,
        "look": look,
        "helpless": team.helpless_steps_of(look.whose, workflow=look.workflow),
        "lacking": team.lacking_around(look),
    }
    return page(request, "performance_support/team_support.html", context, regions=["team-support"])
