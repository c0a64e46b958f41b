"""Time to learn: what is granted, what one noted oneself, and for managers what they grant."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from base import dialogs
from base.pages import as_id, asking, page, typed
from gaps.access import SMALLEST_GROUP
from performance_support import access, actions
from performance_support.models import Learning, TimeGrant
from performance_support.queries import time
from performance_support.queries.coach import person_of
from performance_support.time_forms import USUAL_MINUTES, GrantForm, LearningForm
from workflows.access import step_for
from workforce.models import Account
from workforce.requests import SignedIn

SHOWN = 40


def permission_of(account: Account) -> dict[str, Any]:
    """For the pages on which one may note what one learnt: what is granted, and the ways to learn."""
    person = person_of(account)
    if person is None:
        return {"learner": None, "granted": None}
    granted = time.granted_to(person, timezone.localdate())
    return {
        "learner": person,
        "granted": granted,
        "forms_of_learning": Learning.Form.choices,
        "usual_minutes": USUAL_MINUTES,
    }


@require_safe
def time_show(request: SignedIn) -> HttpResponse:
    """One's own time; below, for whoever leads people, what they grant and one sum of all of them."""
    person, led = request.user.person, access.people_led_by(request.user)
    context: dict[str, Any] = {**permission_of(request.user), "smallest": SMALLEST_GROUP, "led": len(led)}
    if person:
        context |= {"noted": Learning.objects.of(person)[:SHOWN], "weeks": time.own_weeks(person)}
    if person and led:
        context |= {"grants": TimeGrant.objects.by_manager(person), "together": time.together(led)}
    return page(request, "performance_support/time_show.html", context)


@asking
def time_grant(request: SignedIn) -> HttpResponse:
    """How many minutes a week, and for how long? With `programme` it leads back there, where it was missing."""
    manager = access.manager_granting_for(request.user)
    lacking = as_id(typed(request.GET, "programme"))
    programme = access.programme_for(request.user, lacking) if lacking else None
    form = GrantForm(data=request.POST or None)
    if request.method == "POST":
        granted, form = dialogs.attempt(form, lambda facts: actions.grant_time(manager, by=request.user, **facts))
        if granted:
            messages.success(request, f"Granted: {granted}. Your people see it at their steps.")
            return redirect(programme or reverse("time_show"))
    return dialogs.ask(request, "performance_support/time_grant.html", {"form": form, "programme": programme})


@require_POST
def time_end(request: SignedIn, pk: UUID) -> HttpResponse:
    """It no longer holds."""
    actions.end_grant(access.grant_for(request.user, pk), by=request.user)
    return dialogs.done(request, "It no longer holds.", to=reverse("time_show"))


@require_POST
def learning_log(request: SignedIn) -> HttpResponse:
    """One click, with a way back."""
    person = access.learner_for(request.user)
    at = as_id(typed(request.POST, "step"))
    step = step_for(request.user, at) if at else None
    form = LearningForm(data={"minutes": USUAL_MINUTES[0], **request.POST.dict()})
    noted, form = dialogs.attempt(form, lambda facts: actions.log_learning(person, step=step, by=request.user, **facts))
    back = way_back(request)
    if noted is None:
        why = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return dialogs.refused(request, f"Nothing was noted. {why}", to=back)
    undo = reverse("learning_forget", args=[noted.pk])
    return dialogs.done(
        request,
        f"Noted, for you alone: {noted.get_form_display().lower()}, {noted.minutes} minutes.",
        to=back,
        undo=undo,
    )


def way_back(request: SignedIn) -> str:
    """The page it was noted on, where that is one of ours."""
    back = typed(request.POST, "back")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if back.startswith("/") and is_ours else reverse("time_show")


@require_POST
def learning_forget(request: SignedIn, pk: UUID) -> HttpResponse:
    actions.forget_learning(access.learning_for(request.user, pk), by=request.user)
    return dialogs.done(request, "Taken back.", to=reverse("time_show"))
