"""How long a resource may go unreviewed: administrators set it, and see first what it would do."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from base import dialogs
from base.errors import RuleBroken
from base.pages import asking, page
from performance_support import access, actions
from performance_support.forms import IntervalsForm
from performance_support.queries import freshness
from workforce.requests import SignedIn

EDIT = "performance_support/review_intervals.html"


@asking
def review_intervals(request: SignedIn) -> HttpResponse:
    """First what the numbers would do, then the numbers: only those are saved whose consequences were shown."""
    access.may_set_intervals(request.user)
    form = IntervalsForm(data=request.POST or None)
    context: dict[str, Any] = {"form": form, "changes": freshness.interval_changes()[:20]}
    if form.is_bound and form.is_valid():
        if "save" in request.POST and form.cleaned_data["looked"] == form.as_looked:
            return saved(request, form)
        context |= {"consequence": freshness.would_be_due(form.days()), "looked": form.as_looked}
    return page(request, EDIT, context, status=form.status)


def saved(request: SignedIn, form: IntervalsForm) -> HttpResponse:
    batch = actions.set_intervals(form.days(), by=request.user)
    undo = reverse("review_intervals_undo", args=[batch]) if batch else ""
    words = "The intervals are set. Every review has moved." if batch else "Nothing changed."
    return dialogs.done(request, words, to="review_intervals", undo=undo)


@require_POST
def review_intervals_undo(request: SignedIn, batch: UUID) -> HttpResponse:
    batch = access.intervals_for(request.user, batch)
    try:
        actions.undo_intervals(batch, by=request.user)
    except RuleBroken as no:
        return dialogs.refused(request, no.message, to="review_intervals")
    return redirect("review_intervals")
