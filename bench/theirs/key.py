"""Who calls, found by a hashed key in one query, as ours: django-scim2 leaves this to whoever uses it."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from .models import Key, digest_of


class KeyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        secret = request.headers.get("Authorization", "").removeprefix("Bearer ")
        key = Key.objects.select_related("account").filter(digest=digest_of(secret), revoked_at=None).first()
        request.user = key.account if key else AnonymousUser()  # type: ignore[assignment]
        return self.get_response(request)
