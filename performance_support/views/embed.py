"""A step's support in a frame of another system."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from base.errors import RuleBroken
from base.pages import page, typed
from performance_support import embedding
from performance_support.views.coach import about
from workflows.access import step_for
from workforce.models import Account

SHOW = "performance_support/step_embed.html"


@login_not_required  # a session, or a signed link of ten minutes
@require_safe
@xframe_options_exempt  # `frame-ancestors` says who may, and older browsers would only know all or nobody
def step_embed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What helps at the step; no form, and nothing that leads on within the frame."""
    try:
        response = shown(request, pk)
    except RuleBroken as no:
        response = page(request, SHOW, {"no": no.message}, status=403)
    except Http404:
        response = page(request, SHOW, {"no": "There is no such step. Ask whoever set this up."}, status=404)
    response["Content-Security-Policy"] = embedding.framing_policy()
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    if not settings.EMBED_ORIGINS:
        response["X-Frame-Options"] = "DENY"
    return response


def shown(request: HttpRequest, pk: UUID) -> HttpResponse:
    framed_for, referrer = request.headers.get("Sec-Fetch-Dest", ""), request.headers.get("Referer", "")
    if embedding.is_from_elsewhere(framed_for, referrer):
        raise RuleBroken("This place may not show support. An administrator allows its origin.", code="not_allowed")
    signed_in = isinstance(request.user, Account)
    account = request.user if signed_in else embedding.reader_of(typed(request.GET, "token", 600), pk)
    return page(request, SHOW, {**about(step_for(account, pk), account), "still": True})  # type: ignore[arg-type]
