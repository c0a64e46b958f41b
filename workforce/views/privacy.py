"""What is kept about people, for everybody to read; and erasing somebody, for administrators."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from base import dialogs
from base.pages import asking, page, typed
from workforce import actions
from workforce.access import person_to_erase_for
from workforce.forms.privacy import ErasureForm
from workforce.models import Erasure
from workforce.paper import by_room
from workforce.queries.erasing import plan_erasure
from workforce.queries.people import leavers_called
from workforce.requests import SignedIn

NEWEST = 20


@require_safe
def privacy_show(request: SignedIn) -> HttpResponse:
    words = typed(request.GET, "q")
    context: dict[str, Any] = {"rooms": by_room(), "q": words}
    if request.user.is_administrator:
        context |= {"found": leavers_called(words) if words else [], "erasures": Erasure.objects.newest(NEWEST)}
    return page(request, "workforce/settings/privacy_show.html", context)


@asking
def person_erase(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show what an erasure would touch, and carry it out once the name was typed and a reason given."""
    person = person_to_erase_for(request.user, pk)
    form = ErasureForm(person, data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        erasure, form = dialogs.attempt(form, lambda facts: actions.erase_person(person, by=request.user, **facts))
        if erasure:
            messages.success(request, f"Done. What remains is called {erasure}.")
            return redirect("privacy_show")
    plan = [(rule, rows) for rule, rows in plan_erasure(person) if rows]
    context = {"person": person, "form": form, "plan": plan}
    return page(request, "workforce/settings/person_erase.html", context, status=form.status)
