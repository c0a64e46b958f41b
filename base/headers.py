"""Headers that every answer carries."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django_htmx.http import trigger_client_event

Answer = Callable[[HttpRequest], HttpResponse]

# Scripts and styles only from our own files. Style attributes stay open, because the map passes its geometry
# as custom properties; data: images are the QR code of a second factor.
POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)


def policy() -> str:
    """POLICY, and the places that our forms may lead to besides: the OpenID provider, where there is one."""
    return POLICY.replace("form-action 'self'", " ".join(["form-action 'self'", *settings.FORM_ACTIONS]))


class ContentSecurityPolicyMiddleware:
    """Nothing runs in our pages but what we ship; a view that must differ sets its own policy first."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Django's own debug pages are made of inline styles.
        if not (settings.DEBUG and response.status_code in {404, 500}):
            response.headers.setdefault("Content-Security-Policy", policy())
        return response


class MessagesForRegionsMiddleware:
    """A message for the person, when only a region of the page is replaced, travels as an event."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # A redirect leaves them for the page that follows, and a whole page has shown them already.
        stays = 200 <= response.status_code < 300 and "HX-Redirect" not in response and "HX-Refresh" not in response
        waiting = get_messages(request)
        if request.htmx and stays and not getattr(waiting, "used", True):  # type: ignore[attr-defined]
            said = [{"text": str(message), "level": message.level_tag} for message in waiting]
            if said:
                trigger_client_event(response, "messages", {"value": said})
        return response


class PackedPagesMiddleware(GZipMiddleware):
    """Pages and scripts travel compressed. Files and answers to programs stay as they are: with ranges and versions.

    Django adds noise to the length and to every form's token, so that nobody learns a secret from the length (BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_page = response.headers.get("Content-Type", "").startswith(("text/html", "text/javascript"))
        return super().process_response(request, response) if is_page and not response.streaming else response
