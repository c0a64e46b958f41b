"""What leaves the house about whoever asks."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from base.pages import page
from performance_support.models import Lrs, Statement
from workforce.requests import SignedIn

MOST = 20


@require_safe
def told_show(request: SignedIn) -> HttpResponse:
    """Which system hears of what I open and how I vote, in plain words; and what about me is still here."""
    mine = Statement.objects.about(request.user).newest_first()
    context = {"lrs": Lrs.objects.switched_on().first(), "mine": mine[:MOST]}
    return page(request, "performance_support/told_show.html", context)
