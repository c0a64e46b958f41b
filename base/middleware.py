"""What every request passes through."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from base import busy
from base.errors import Outdated, RuleBroken


class RefusalMiddleware:
    """A refusal that no view expected still reaches the person as a sentence, not as an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Who was signed out while sending a form comes back to its address with a GET, and would see an empty page.
        if response.status_code == 405 and not response.content and request.accepts("text/html"):
            page = render(request, "405.html", status=405)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        error = busy.refusal_of(error) or error
        if not isinstance(error, RuleBroken):
            return None
        changes = error.changes if isinstance(error, Outdated) else ()
        # 409, not 400: nothing in the request is wrong, the work has moved on.
        return render(request, "409.html", {"refusal": error, "changes": changes}, status=409)
