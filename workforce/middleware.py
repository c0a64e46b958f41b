"""What stands between signing in and the pages."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect

from workforce.models import Account
from workforce.sign_on import is_vouched_for

# What somebody needs on the way to a second factor, and the way out.
ON_THE_WAY = {"account_logout", "account_login", "account_reauthenticate", "sign_on", "sign_on_callback", "health"}


class SecondFactorMiddleware:
    """Whose role asks for a second factor sets one up before anything else (SECOND_FACTOR).

    The provider's word for one counts for the session that began with it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        route = request.resolver_match.url_name if request.resolver_match else ""
        if route in ON_THE_WAY or str(route).startswith("mfa_") or not lacks_factor(request):
            return None
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponseClientRedirect("/")
        return redirect("mfa_activate_totp")


def lacks_factor(request: HttpRequest) -> bool:
    account = request.user
    if not isinstance(account, Account) or not account.needs_second_factor:
        return False
    if is_vouched_for(request, account):
        return False
    return not is_mfa_enabled(account, [Authenticator.Type.TOTP])
