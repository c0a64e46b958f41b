"""Groups that learn together."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from base import dialogs
from base.errors import RuleBroken
from base.pages import as_id, asking, page, typed
from performance_support import actions
from performance_support.access import Ability, cohort_for
from performance_support.cohort_forms import CohortForm, InviteForm
from performance_support.models import Cohort, Member
from workflows.access import step_for
from workforce.requests import SignedIn


@require_safe
def cohort_list(request: SignedIn) -> HttpResponse:
    """Who learns what together now, and to which of them one is invited."""
    context = {
        "cohorts": Cohort.objects.running().with_places(),
        "invited": Member.objects.of(request.user).waiting(),
    }
    return page(request, "performance_support/cohort_list.html", context)


@asking
def cohort_add(request: SignedIn) -> HttpResponse:
    """Anybody may begin one; with `step` it is for that step."""
    at = as_id(typed(request.GET, "step"))
    initial = {"steps": [step_for(request.user, at)]} if at else {}
    form = CohortForm(data=request.POST or None, initial=initial)
    if request.method == "POST":
        added, form = dialogs.attempt(form, lambda facts: actions.add_cohort(by=request.user, **facts))
        if added:
            messages.success(request, f"“{added}” is found at its steps now. Invite whom you want to learn with.")
            return redirect(added)
    return dialogs.ask(request, "performance_support/cohort_form.html", {"form": form})


@require_safe
def cohort_show(request: SignedIn, pk: UUID) -> HttpResponse:
    """What they want to be able to do, where they meet, and who is in it."""
    cohort = cohort_for(request.user, pk)
    context = {
        "cohort": cohort,
        "joined": cohort.members.joined().with_names(),
        "invited": cohort.members.waiting().with_names(),
        "mine": cohort.members.of(request.user).first(),
        "may_keep": request.user.can_design or cohort.owner_id == request.user.pk,
    }
    return page(request, "performance_support/cohort_show.html", context)


@asking
def cohort_change(request: SignedIn, pk: UUID) -> HttpResponse:
    cohort = cohort_for(request.user, pk, Ability.EDIT)
    if "keep" in request.POST:
        return redirect(cohort)
    form = CohortForm(cohort, data=request.POST or None)
    if request.method == "POST":
        seen = form.cleaned_data.get("seen") if form.is_valid() else None
        kept, form = dialogs.attempt(
            form, lambda facts: actions.change_cohort(cohort, seen=seen, by=request.user, **facts)
        )
        if kept:
            messages.success(request, f"“{kept}” is changed.")
            return redirect(kept)
    return dialogs.ask(request, "performance_support/cohort_form.html", {"form": form, "cohort": cohort})


@asking
def cohort_invite(request: SignedIn, pk: UUID) -> HttpResponse:
    """Whom do you want to learn with?"""
    cohort = cohort_for(request.user, pk, Ability.EDIT)
    form = InviteForm(data=request.POST or None)
    if request.method == "POST":
        member, form = dialogs.attempt(form, lambda facts: actions.invite(cohort, by=request.user, **facts))
        if member:
            messages.success(request, f"{member.account.name} is invited, and answers on the page Support.")
            return dialogs.go(request, cohort)
    return dialogs.ask(request, "performance_support/cohort_invite.html", {"form": form, "cohort": cohort})


@require_POST
def cohort_join(request: SignedIn, pk: UUID) -> HttpResponse:
    cohort = cohort_for(request.user, pk)
    try:
        actions.join_cohort(cohort, by=request.user)
    except RuleBroken as no:
        messages.error(request, no.message)
    else:
        messages.success(request, f"You learn with “{cohort}” now.")
    return redirect(cohort)


@require_POST
def cohort_leave(request: SignedIn, pk: UUID) -> HttpResponse:
    cohort = cohort_for(request.user, pk)
    actions.leave_cohort(cohort, by=request.user)
    messages.success(request, "Noted: you are not in it. You can join again while it runs.")
    return redirect(cohort)


@require_POST
def cohort_end(request: SignedIn, pk: UUID) -> HttpResponse:
    cohort = cohort_for(request.user, pk, Ability.EDIT)
    actions.end_cohort(cohort, by=request.user)
    messages.success(request, f"“{cohort}” has ended.")
    return redirect("cohort_list")
