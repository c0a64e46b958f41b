"""What stands behind a figure: the steps and the people, in a dialog."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from base import dialogs
from gaps.access import note_list, record_for, whom_to_ask
from gaps.advice import closest_to
from gaps.groups import Group
from gaps.looking import Look, figures_for, people_for
from gaps.queries import cover, gaps, heat, summing
from gaps.queries.reckoning import Whose
from gaps.team import Team
from gaps.views.team import groups_by, home_of
from skills.access import skill_for
from workflows.access import outcome_for, step_for
from workforce.requests import SignedIn


@require_safe
def risk_show(request: SignedIn, pk: UUID) -> HttpResponse:
    """The chain of an outcome, step by step, with who can do each."""
    outcome = outcome_for(request.user, pk)
    look = figures_for(request.user, request.GET)
    risk = next((each for each in Team(look).outcomes if each.outcome == pk), None)
    if risk:
        note_covers(request, look, risk.links)
    return dialog(request, "risk_show", look, {"outcome": outcome, "risk": risk})


@require_safe
def cover_show(request: SignedIn, pk: UUID) -> HttpResponse:
    """Who can do a step, who leaves, who is nearest to it."""
    look = figures_for(request.user, request.GET)
    step = step_for(request.user, pk)
    team = Team(look)
    found = next((each for each in team.all_covers if each.step == pk), None)
    closest = closest_to([found], team.facts).get(pk) if found and team.shows_heat else None
    if found:
        note_covers(request, look, [found])
    return dialog(request, "cover_show", look, {"step": step, "cover": found, "closest": closest})


def note_covers(request: SignedIn, look: Look, covers: list[cover.StepCover]) -> None:
    """Names are shown to whoever leads these people, and only then is there anything to note."""
    if look.shows_people:
        named = {who.person for each in covers for who in (*each.can, *each.leaving)}
        note_list(request.user, sorted(named), page="team's cover")


@require_safe
def cell_show(request: SignedIn, pk: UUID, person: UUID, across: str = heat.STEPS) -> HttpResponse:
    """One person at one step, or in one skill: what is asked, what was said, what is missing."""
    column = step_for(request.user, pk) if across == heat.STEPS else skill_for(request.user, pk)
    look = people_for(request.user, request.GET)
    # The door notes who looked, and refuses whoever may not.
    somebody = record_for(request.user, person, page="gaps")
    whose = Whose(people=[person])
    step, skill = (pk, None) if across == heat.STEPS else (None, pk)
    asked = heat.detail(heat.Wanted(whose, step=step, skill=skill), as_of=look.on)
    if not asked:
        raise Http404
    behind = gaps.Wanted(whose, step=step, skill=skill, overruled=True)
    open_gaps = {gap.skill: gap for gap in gaps.gaps(behind, as_of=look.on)}
    context = {
        "person": somebody,
        "column": column,
        "rows": [(each, open_gaps.get(each.skill)) for each in asked],
        "across": across,
        "is_own": request.user.person_id == person,
        "ask": whom_to_ask(somebody),
    }
    return dialog(request, "cell_show", look, context)


@require_safe
def readiness_show(request: SignedIn) -> HttpResponse:
    """Met n of m, weighted, and the gate, person by person; by job role where nobody is shown by name."""
    look = figures_for(request.user, request.GET)
    if look.shows_people:
        found = summing.sums(look.whose, by="person", workflow=look.workflow, as_of=look.on)
        note_list(request.user, [each.key for each in found if each.key], page="team's readiness")
        told = [Group(each.name, each) for each in found]
    else:
        told = groups_by(look, "job_role")
    rows = sorted(told, key=lambda each: (not each.sum or each.sum.share is None, (each.sum and each.sum.share) or 0))
    return dialog(request, "readiness_show", look, {"rows": rows})


def dialog(request: SignedIn, name: str, look: Look, context: dict[str, Any]) -> TemplateResponse:
    return dialogs.ask(request, f"gaps/{name}.html", {**context, "look": look, "back": home_of(look)})
