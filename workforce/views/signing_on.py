"""The way to the OpenID provider and back; and passwords, where there are any."""

from collections.abc import Callable
from functools import wraps

import requests
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from workforce import sign_on as provider
from workforce.requests import SignedIn

Page = Callable[..., HttpResponseBase]
# What a provider's answer can be short of.
MALFORMED = (requests.RequestException, OAuth2Error, KeyError, TypeError, ValueError, AttributeError)


@login_not_required
@never_cache
@require_POST
def sign_on(request: HttpRequest) -> HttpResponse:
    """Begin; by POST, so that no other site can send somebody on the way."""
    must_be_configured()
    if too_often := ratelimit.consume_or_429(request, action="login"):
        return too_often
    try:
        return provider.begin(request, next_url=get_next_redirect_url(request))
    except MALFORMED as why:
        return provider.unheard(request, why)


@login_not_required
@never_cache
@require_safe
def sign_on_callback(request: HttpRequest) -> HttpResponse:
    must_be_configured()
    if too_often := ratelimit.consume_or_429(request, action="login"):
        return too_often
    try:
        return provider.complete(request)
    except MALFORMED as why:
        return provider.unheard(request, why)


def must_be_configured() -> None:
    if not provider.is_configured():
        raise Http404


def with_password(view: Page) -> Page:
    """Where passwords are switched off, only those who keep one come to the pages about it."""

    @wraps(view)
    def page(request: SignedIn, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.may_use_password:
            raise PermissionDenied("Nobody signs in with a password here. Change it where you sign on.")
        return view(request, *args, **kwargs)

    return page
