"""Whom one can ask at a step: champions, communities, and tips by colleagues."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from base import dialogs
from base.errors import RuleBroken
from base.pages import as_id, asking, page, typed
from performance_support import access, actions
from performance_support.access import Ability, community_for, tip_for
from performance_support.forms import ChampionForm, CommunityForm
from performance_support.models import Community
from skills.access import skill_for
from skills.models import Skill
from workflows.access import step_for
from workflows.models import Step
from workforce.requests import SignedIn


def at_step(pk: UUID) -> str:
    return reverse("step_support", args=[pk])


@asking
def champion_ask(request: SignedIn, pk: UUID) -> HttpResponse:
    """Whom do you ask about this step? They answer themselves."""
    step = step_for(request.user, pk)
    access.may_name(request.user, step)
    return asked_about(request, step, back=at_step(step.pk))


@asking
def skill_champion_ask(request: SignedIn, pk: UUID) -> HttpResponse:
    """The same about a skill: they are shown at every step that needs it."""
    skill = skill_for(request.user, pk)
    access.may_name_for_skill(request.user, skill)
    return asked_about(request, skill, back=skill.get_absolute_url())


def asked_about(request: SignedIn, place: Step | Skill, *, back: str) -> HttpResponse:
    form = ChampionForm(data=request.POST or None)
    if request.method == "POST":
        asked, form = dialogs.attempt(form, lambda facts: actions.ask_champion(place, by=request.user, **facts))
        if asked:
            return dialogs.done(request, f"{asked.account} is asked, and answers on the page Support.", to=back)
    context = {"form": form, "place": place, "back": back}
    return dialogs.ask(request, "performance_support/champion_ask.html", context)


@require_POST
def champion_answer(request: SignedIn, pk: UUID) -> HttpResponse:
    """Yes or no, by whoever is asked."""
    champion = access.champion_for(request.user, pk)
    accepts = request.POST.get("answer") == "yes"
    actions.answer_champion(
        champion, accepts=accepts, available_when=typed(request.POST, "available_when"), by=request.user
    )
    messages.success(request, "Colleagues may ask you now." if accepts else "Noted. Nobody is sent to you.")
    return redirect(at_step(champion.step_id) if champion.step_id else "support_home")


@require_safe
def community_list(request: SignedIn) -> HttpResponse:
    """Who meets where, and for which steps and skills."""
    communities = Community.objects.active().with_places()
    return page(request, "performance_support/community_list.html", {"communities": communities})


@asking
def community_add(request: SignedIn) -> HttpResponse:
    """Anybody may say where people meet; with `step` it is for that step."""
    at = as_id(typed(request.GET, "step"))
    initial = {"steps": [step_for(request.user, at)]} if at else {}
    form = CommunityForm(data=request.POST or None, initial=initial)
    if request.method == "POST":
        added, form = dialogs.attempt(form, lambda facts: actions.add_community(by=request.user, **facts))
        if added:
            messages.success(request, f"“{added}” is found at its steps now.")
            return redirect("community_list")
    return dialogs.ask(request, "performance_support/community_form.html", {"form": form})


@asking
def community_change(request: SignedIn, pk: UUID) -> HttpResponse:
    community = community_for(request.user, pk, Ability.EDIT)
    if "keep" in request.POST:
        return redirect("community_list")
    form = CommunityForm(community, data=request.POST or None)
    if request.method == "POST":
        seen = form.cleaned_data.get("seen") if form.is_valid() else None
        kept, form = dialogs.attempt(
            form, lambda facts: actions.change_community(community, seen=seen, by=request.user, **facts)
        )
        if kept:
            messages.success(request, f"“{kept}” is changed.")
            return redirect("community_list")
    context: dict[str, Any] = {"form": form, "community": community}
    return dialogs.ask(request, "performance_support/community_form.html", context)


@require_POST
def community_close(request: SignedIn, pk: UUID) -> HttpResponse:
    community = community_for(request.user, pk, Ability.EDIT)
    actions.close_community(community, by=request.user)
    messages.success(request, f"“{community}” is no longer offered.")
    return redirect("community_list")


@require_POST
def tip_leave(request: SignedIn, pk: UUID) -> HttpResponse:
    step = step_for(request.user, pk)
    try:
        actions.leave_tip(step, text=typed(request.POST, "text", 600), by=request.user)
    except ValidationError as wrong:
        messages.error(request, f"Nothing was kept. {' '.join(wrong.messages)}")
    else:
        messages.success(request, "Thank you. Whoever comes next finds it here.")
    return redirect(f"{at_step(step.pk)}#tips")


@require_POST
def tip_vote(request: SignedIn, pk: UUID) -> HttpResponse:
    tip = tip_for(request.user, pk)
    try:
        actions.vote_tip(tip, by=request.user)
    except RuleBroken as no:
        messages.error(request, no.message)
    return redirect(f"{at_step(tip.step_id)}#tips")


@require_POST
def tip_promote(request: SignedIn, pk: UUID) -> HttpResponse:
    """A draft in the library, to be worded and verified."""
    tip = tip_for(request.user, pk, to_promote=True)
    resource = actions.promote_tip(tip, by=request.user)
    messages.success(request, "It is a draft now. Word it, then verify it to offer it at the step.")
    return redirect(resource)


@require_POST
def tip_remove(request: SignedIn, pk: UUID) -> HttpResponse:
    tip = tip_for(request.user, pk, to_remove=True)
    actions.remove_tip(tip, by=request.user)
    messages.success(request, "The tip is gone.")
    return redirect(f"{at_step(tip.step_id)}#tips")
