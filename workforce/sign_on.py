"""How allauth speaks with our OpenID provider: configured from the environment, and stricter than it would be.

What an answer could get wrong on purpose is refused here (`proven`, `claims_of`); whose account it is decides
`workforce.actions.admit`. See docs/sign-on.md and decision 12.
"""

import hashlib
import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import jwt
import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from base.errors import RuleBroken
from workforce import actions
from workforce.models import Account

log = logging.getLogger(__name__)

PROVIDER = "oidc"
# What a key can sign and everybody can check; never “none”, never a shared secret.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
# Between two clocks, in seconds.
LEEWAY = 60
# RFC 8176: how a provider says that it asked for more than one thing.
SEVERAL_FACTORS = "mfa"
# In the session: whose provider vouched for a second factor.
VOUCHED = "second_factor_vouched_for"


@dataclass(frozen=True)
class Claims:
    """What a provider says about whoever came back from it, once that is proven to be its word."""

    issuer: str
    subject: str
    email: str
    is_verified: bool
    has_second_factor: bool
    nonce: str

    @property
    def link(self) -> str:
        """One per issuer and subject: another issuer's subject of the same letters is somebody else."""
        return hashlib.sha256(json.dumps([self.issuer, self.subject]).encode()).hexdigest()


def is_configured() -> bool:
    return bool(settings.OIDC_ISSUER)


def app() -> SocialApp:
    """What other installations keep as a row, from the environment."""
    return SocialApp(
        provider="openid_connect",
        provider_id=PROVIDER,
        name=settings.OIDC_NAME,
        client_id=settings.OIDC_CLIENT_ID,
        secret=settings.OIDC_CLIENT_SECRET,
        settings={"server_url": settings.OIDC_ISSUER.rstrip("/"), "oauth_pkce_enabled": True},
    )


def answers(request: HttpRequest) -> bool:
    """Whether the provider can be reached and calls itself by the name that is configured."""
    try:
        return bool(Exchange(request, PROVIDER).openid_config["authorization_endpoint"])
    except (requests.RequestException, OAuth2Error, KeyError, TypeError, ValueError):
        return False


# --- what the provider says -------------------------------------------------------------------


def claims_of(id_token: Mapping[str, Any], userinfo: Mapping[str, Any]) -> Claims:
    """Raises OAuth2Error where the two do not speak of the same person."""
    if userinfo and userinfo.get("sub") != id_token["sub"]:
        raise OAuth2Error("userinfo is about somebody else")
    # The address and the word for it come from one of the two: verified there says nothing about an address here.
    source = id_token if is_named(id_token) else userinfo
    said = source.get(settings.OIDC_VERIFIED_CLAIM)
    means = id_token.get("amr")
    return Claims(
        issuer=str(id_token["iss"]),
        subject=str(id_token["sub"]),
        email=str(source.get("email") or ""),
        # Some providers write their booleans as text or as a figure.
        is_verified=said is True or said in ("true", "True", "1") or said == 1,
        has_second_factor=isinstance(means, list) and SEVERAL_FACTORS in means,
        nonce=str(id_token.get("nonce") or ""),
    )


def is_named(document: Mapping[str, Any]) -> bool:
    return "email" in document and settings.OIDC_VERIFIED_CLAIM in document


def proven(id_token: str, *, keys: Mapping[str, Any], issuer: str) -> dict[str, Any]:
    """The claims of a token that the provider's own key has signed, for us, lately. Raises OAuth2Error."""
    try:
        wanted = jwt.get_unverified_header(id_token).get("kid")
        known = jwt.PyJWKSet.from_dict(dict(keys)).keys
        fitting = [key for key in known if key.key_id == wanted] or (known if wanted is None else [])
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key=fitting[0],
            algorithms=ALGORITHMS,
            audience=settings.OIDC_CLIENT_ID,
            issuer=issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "iss", "sub", "aud"]},
        )
    except (jwt.PyJWTError, IndexError, TypeError, ValueError) as error:
        raise OAuth2Error(f"id_token: {error!r}") from error
    if claims.get("azp", settings.OIDC_CLIENT_ID) != settings.OIDC_CLIENT_ID:
        raise OAuth2Error("id_token was issued to another client")
    return claims


class Exchange(OpenIDConnectOAuth2Adapter):
    """allauth's conversation with the provider, with every word of it checked."""

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().openid_config
        if str(config.get("issuer", "")).rstrip("/") != settings.OIDC_ISSUER.rstrip("/"):
            raise OAuth2Error(f"the provider calls itself {config.get('issuer')!r}, not OIDC_ISSUER")
        return config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("sign_on_callback"))

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        with SignOnAdapter(request).get_requests_session() as asking:  # type: ignore[no-untyped-call]
            keys = asking.get(self.openid_config["jwks_uri"])
            keys.raise_for_status()
        id_token = proven(kwargs["response"].get("id_token", ""), keys=keys.json(), issuer=self.openid_config["issuer"])
        userinfo = {} if is_named(id_token) else self._fetch_user_info(token.token)
        claims = claims_of(id_token, userinfo)
        login: SocialLogin = Provider(request, app=app).sociallogin_from_response(request, asdict(claims))
        return login


class Provider(OpenIDConnectProvider):
    oauth2_adapter_class = Exchange

    def extract_uid(self, data: dict[str, Any]) -> str:
        return Claims(**data).link

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """All that goes on from here; names and pictures stay where they are."""
        return data

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []


def is_vouched_for(request: HttpRequest, account: object) -> bool:
    """Whether this session began with the provider's word for a second factor of this account."""
    return isinstance(account, Account) and request.session.get(VOUCHED) == str(account.pk)


# --- coming and going -------------------------------------------------------------------------


class SignOnAdapter(DefaultSocialAccountAdapter):
    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        return [app()] if is_configured() else []

    def get_provider(self, request: HttpRequest, provider: Any, client_id: Any = None) -> Provider:
        return Provider(request, app=self.get_app(request, provider=provider))

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Whose account it is, is decided here and nowhere in allauth, which then signs in whom it is given."""
        claims = Claims(**sociallogin.account.extra_data)
        asked = sociallogin.state.get("data") or {}
        sociallogin.state["process"] = "login"
        if not claims.nonce or not secrets.compare_digest(claims.nonce, str(asked.get("nonce", ""))):
            raise ImmediateHttpResponse(unheard(request, "the answer belongs to another question"))
        try:
            link = actions.admit(claims, by=Account.objects.system())
        except RuleBroken as broken:
            log.warning("Sign-on of %s refused: %s", claims.subject, broken.code)
            raise ImmediateHttpResponse(refused(request)) from broken
        sociallogin.account, sociallogin.user = link, link.user
        if request.user.is_authenticated:
            logout(request)
        if claims.has_second_factor:
            request.session[VOUCHED] = str(link.user.pk)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        raise ImmediateHttpResponse(unheard(request, exception or error))


def begin(request: HttpRequest, *, next_url: str | None) -> HttpResponse:
    """Off to the provider; what comes back must carry the nonce of this question."""
    nonce = secrets.token_urlsafe(24)
    provider = SignOnAdapter(request).get_provider(request, PROVIDER)
    response: HttpResponse = provider.redirect(
        request, process="login", next_url=next_url, data={"nonce": nonce}, auth_params={"nonce": nonce}
    )
    return response


def complete(request: HttpRequest) -> HttpResponse:
    """Back from the provider."""
    view = OAuth2CallbackView.adapter_view(Exchange(request, PROVIDER))  # type: ignore[no-untyped-call]
    response: HttpResponse = view(request)
    return response


def refused(request: HttpRequest) -> HttpResponse:
    """One answer for every reason, so that nobody learns who is known here."""
    return render(request, "account/sign_on_refused.html", {"provider": settings.OIDC_NAME}, status=403)


def unheard(request: HttpRequest, why: object) -> HttpResponse:
    """The provider did not answer, or not as it should, or somebody turned back half-way."""
    log.warning("Sign-on came to nothing: %s", why)
    return render(request, "account/sign_on_unheard.html", {"provider": settings.OIDC_NAME}, status=503)
