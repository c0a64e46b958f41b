"""People: finding them, and one of them."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from base.pages import page
from workforce.requests import SignedIn


@require_safe
def person_list(request: SignedIn) -> HttpResponse:
    """For everybody, their own entry."""
    return page(request, "workforce/person_list.html", {"person": request.user.person})
