"""Who calls, found by a key: one query, as ours."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .models import User


class KeyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        words = request.headers.get("Authorization", "").split()
        request.user = User.objects.filter(scim_username=words[-1]).first()  # type: ignore[assignment]
        return self.get_response(request)
