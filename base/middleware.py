"""What every request passes through."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.common import CommonMiddleware
from django.shortcuts import render
from django.urls import Resolver404, resolve

from base import busy
from base.errors import Outdated, RuleBroken


class ProgramMiddleware:
    """Programs show a key with each request: they pass by what stands after this, which is for people and their pages.

    That is sessions, forms, messages, second factors. Only views that answer without them pass, and only at the
    addresses of programs; whatever else is asked there goes the way of a page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(settings.PROGRAMS):
            return self.get_response(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        if not answers_programs(match.func):
            return self.get_response(request)
        request.resolver_match = match
        response = match.func(request, *match.args, **match.kwargs)
        answer: HttpResponse = response.render() if hasattr(response, "render") else response
        return answer


def answers_programs(view: Any) -> bool:
    """Whether a view looks at keys itself, and so neither at who is signed in nor at where a form came from."""
    return not getattr(view, "login_required", True) and getattr(view, "csrf_exempt", False)


class AddressMiddleware(CommonMiddleware):
    """Whatever is asked at the addresses of programs is answered there, so no slash at the end leads further."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        return not request.path_info.startswith(settings.PROGRAMS) and super().should_redirect_with_slash(request)


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
