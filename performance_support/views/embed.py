"""A step's support in a frame of another system."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from base.errors import RuleBroken
from base.pages import page, typed
from performance_support import embedding
from performance_support.access import may_name
from performance_support.views.coach import about
from workflows.access import step_for
from workforce.models import Account
from workforce.requests import SignedIn

SHOW = "performance_support/step_embed.html"


@login_not_required  # a session, or a signed link of ten minutes
@require_safe
@xframe_options_exempt  # `frame-ancestors` says who may, and older browsers would only know all or nobody
def step_embed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What helps at the step; no form, and nothing that leads on within the frame."""
    framers = settings.EMBED_ORIGINS
    try:
        response = shown(request, pk)
    except RuleBroken as no:
        response = page(request, SHOW, {"no": no.message}, status=403)
        if no.code == "not_allowed":
            # That word alone anybody may frame: the browser's own blank would not say what to do.
            framers = ["*"]
    except Http404:
        response = page(request, SHOW, {"no": "There is no such step. Ask whoever set this up."}, status=404)
    response["Content-Security-Policy"] = embedding.framing_policy(framers)
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    if not framers:
        response["X-Frame-Options"] = "DENY"
    return response


def shown(request: HttpRequest, pk: UUID) -> HttpResponse:
    framed_for, referrer = request.headers.get("Sec-Fetch-Dest", ""), request.headers.get("Referer", "")
    if embedding.is_from_elsewhere(framed_for, referrer):
        raise RuleBroken(
            "This place may not show support. Ask an administrator of Sightline to allow its origin.",
            code="not_allowed",
        )
    signed_in = isinstance(request.user, Account)
    account = request.user if signed_in else embedding.reader_of(typed(request.GET, "token", 600), pk)
    return page(request, SHOW, {**about(step_for(account, pk), account), "still": True})  # type: ignore[arg-type]


SCRIPT = settings.BASE_DIR / "static" / "js" / "embed.js"


@login_not_required  # other systems load it before anybody is known, and it holds nothing of anybody
@require_safe
def embed_script(request: HttpRequest) -> HttpResponse:
    """From an address that stays: the fingerprinted one of our own pages changes with every release."""
    response = HttpResponse(SCRIPT.read_text(encoding="utf-8"), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def embed_show(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show this step in another system: what to copy there, and which origins may."""
    step = step_for(request.user, pk)
    may_name(request.user, step)
    context = {
        "step": step,
        "iframe": embedding.iframe(step),
        "script": embedding.script(step),
        "origins": settings.EMBED_ORIGINS,
        "minutes": embedding.GOOD_FOR // 60,
        "link_endpoint": f"{settings.SITE_URL}{reverse('api-embed-link', args=[step.pk])}",
    }
    return page(request, "performance_support/embed_show.html", context)
