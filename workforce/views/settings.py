"""The front room of the settings: what everybody chooses for themselves."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from base.pages import page
from workforce import actions
from workforce.requests import SignedIn


@require_safe
def settings_home(request: SignedIn) -> HttpResponse:
    return page(request, "workforce/settings/home.html", {})


@require_POST
def digest_choose(request: SignedIn) -> HttpResponse:
    """Take or leave the weekly mail; the box is only sent when it is ticked."""
    account = actions.choose_digest(request.user, wants="wants" in request.POST, by=request.user)
    words = "The weekly mail comes to you." if account.wants_digest else "The weekly mail stops."
    messages.success(request, words)
    return redirect("settings_home")
