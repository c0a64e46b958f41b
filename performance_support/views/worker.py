"""The service worker that keeps the last steps, from an address whose folder is all that it may look after."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

SCRIPT = settings.BASE_DIR / "static" / "js" / "coach-worker.js"


@login_not_required  # the script is the same for everybody, and a redirect to the door would leave an old one in place
@require_safe
def coach_worker(request: HttpRequest) -> HttpResponse:
    """Its scope is /support/. Browsers ask for it anew each time, so that a new one is found."""
    response = HttpResponse(SCRIPT.read_text(encoding="utf-8"), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["Service-Worker-Allowed"] = "/support/"
    return response
