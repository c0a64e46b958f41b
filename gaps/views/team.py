"""The manager's page and what it leaves as a file."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from base.pages import page
from gaps import export
from gaps.access import note_list
from gaps.arithmetic import Cover
from gaps.groups import Group
from gaps.looking import Look, figures_for, look_of
from gaps.queries import summing
from gaps.queries.among import Choices
from gaps.team import MOST_GAPS, Team
from gaps.views import drawing
from workforce.requests import SignedIn

# So many outcomes stand open; the others are one click away.
FEW_RISKS = 8


@require_safe
def gap_list(request: SignedIn) -> HttpResponse:
    """What is in danger among the own people; for whoever designs, sums over everybody. Others have their own page."""
    look = look_of(request.user, request.GET)
    if look is None:
        return own_page()
    team = Team(look)
    note_list(request.user, team.names, page="team's gaps")
    context = {
        "team": team,
        "look": look,
        "states": Cover,
        "most": MOST_GAPS,
        "few": f":{FEW_RISKS}",
        "onward": f"{FEW_RISKS}:",
        "spark": drawing.spark(team.trend) if team.trend else None,
        "filters": Choices(look.people),
        "heat": drawing.heat(look, team.cells, team.people, covers=team.covers) if team.shows_heat else "",
        **({} if look.shows_people else {"groups": groups(look)}),
    }
    return page(request, "gaps/gap_list.html", context, regions=["team"])


def groups(look: Look) -> dict[str, list[Group]]:
    """By team and by role; those that would give somebody away are told of without figures."""
    return {words: groups_by(look, by) for words, by in (("Teams", "team"), ("Job roles", "job_role"))}


def groups_by(look: Look, by: str) -> list[Group]:
    """Nothing where sums are narrowed: what one team has in one role, or one workflow asks of one team, are few."""
    if look.team or look.role or (look.workflow and by == "team"):
        return []
    hidden = look.groups.hidden_teams if by == "team" else look.groups.hidden_roles
    found = summing.sums(look.whose, by=by, workflow=look.workflow, as_of=look.on)
    return [Group(each.name, None if each.key in hidden or look.withholds(each.people) else each) for each in found]


@require_safe
def gap_export(request: SignedIn, kind: str) -> HttpResponseBase:
    """Every gap that the page counts, as a file; for sums, a line for each group that may be shown."""
    look = figures_for(request.user, request.GET)
    if not look.shows_people:
        return export.answer(kind, export.on_day("gaps-by-group", look.on), export.sum_rows(groups(look)))
    note_list(request.user, look.people or [], page="team's gaps")
    return export.answer(kind, export.on_day("gaps", look.on), export.gap_rows(look))


def own_page() -> HttpResponse:
    """Whoever leads nobody is led to what is theirs."""
    return redirect("my_page")


def home_of(look: Look) -> str:
    return f"{reverse('gap_list')}?{look.question}"
