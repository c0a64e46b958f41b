"""What every address of SCIM has in common: who asks, what was sent, and how a refusal looks."""

import json
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.views.generic import View
from rest_framework.exceptions import APIException, MethodNotAllowed, NotAuthenticated
from scim2_models import SCIMException

from base import busy
from base.errors import RuleBroken
from workforce import actions
from workforce.access import source_of_key
from workforce.keys import PersonScope, key_shown
from workforce.models import Account, Scope, Source
from workforce.queries.keys import UsableKey
from workforce.scim import reading

MEDIA_TYPE = "application/scim+json"
ERROR_URN = "urn:ietf:params:scim:api:messages:2.0:Error"
ROOT = "/scim/v2"
# Made once: `json.dumps` makes another one for every answer that is not plain ASCII.
JSON = json.JSONEncoder(ensure_ascii=False)
# A group of 20,000 fits in.
MOST_BYTES = 4 * 1024 * 1024
# What the rules of the house call a refusal, as the protocol has it; whatever is not named is a bad value.
KINDS = {
    "user_exists": (409, "uniqueness"),
    "group_exists": (409, "uniqueness"),
    # Providers try again after this one.
    "busy": (429, ""),
    # Nobody is in conflict with anybody; providers hold it back and try again later.
    "too_many_leavers": (403, ""),
}
SAID: dict[type[Exception], tuple[int, str, str]] = {
    Http404: (404, "", "There is nothing at this address, or it belongs to another source."),
    NotAuthenticated: (401, "", "Send the header “Authorization: Bearer <key>”."),
    RequestDataTooBig: (413, "", "This is too large for one request. Send it in parts."),
    # The last net: two requests raced past the checks and the database let only one through.
    IntegrityError: (409, "uniqueness", "Somebody sent the same at the same moment. Read it again and retry."),
    DataError: (400, "invalidValue", "A value is beyond what can be kept here."),
}


class TooLarge(SCIMException):
    status = 413
    _default_detail = f"This is larger than {MOST_BYTES:,} bytes. Send it in parts."


class Outrun(SCIMException):
    status = 412
    _default_detail = "It has changed since you read it. Read it again, then send your change."


class SearchScope(PersonScope):
    """A search is read, though it is posted."""

    writing = PersonScope.reading


class Called(HttpRequest):
    """A request after its key was looked at. For the type checker: nobody makes one."""

    auth: UsableKey
    user: Account


class ScimView(View):
    """One address. A plain view: every answer is JSON of the protocol, so there is nothing to negotiate or render."""

    request: Called
    permission_classes: ClassVar[Sequence[type[Any]]] = [PersonScope]
    most_bytes = MOST_BYTES
    # Set where the request is one operation of many: what it carries and which version it saw.
    payload: dict[str, Any] | None = None
    seen = ""

    @classmethod
    def as_view(cls, **options: Any) -> Callable[..., HttpResponse]:
        view: Any = super().as_view(**options)
        # Whoever calls shows a key: no session, so nothing that a form elsewhere could make use of.
        view.cls, view.login_required, view.csrf_exempt = cls, False, True
        return view  # type: ignore[no-any-return]

    def dispatch(self, request: Any, *args: Any, **parts: Any) -> HttpResponse:
        verb = request.method.lower()
        try:
            self.admit(request)
            act = getattr(self, verb, None) if verb in self.http_method_names else None
            answered: HttpResponse = act(request, **parts) if act else self.http_method_not_allowed(request)
        except Exception as exc:
            answered = refusal(exc, request)
        return answered

    def http_method_not_allowed(self, request: Any, *args: Any, **parts: Any) -> HttpResponse:
        refused = refusal(MethodNotAllowed(request.method), request)
        refused["Allow"] = ", ".join(verb.upper() for verb in self.http_method_names if hasattr(self, verb))
        return refused

    def admit(self, request: Any) -> None:
        """Raises NotAuthenticated, AuthenticationFailed or PermissionDenied."""
        key = key_shown(request.META.get("HTTP_AUTHORIZATION", "").encode("latin-1"))
        if key is None:
            raise NotAuthenticated
        request.auth, request.user = key, key.account
        if not all(may().has_permission(request, self) for may in self.permission_classes):
            raise PermissionDenied

    @property
    def by(self) -> Account:
        return self.request.user

    @cached_property
    def base(self) -> str:
        return f"{self.request.scheme}://{self.request.get_host()}{ROOT}"

    @property
    def source(self) -> Source | None:
        """Whose people this client sees: those of its own source, or everybody where its key only reads."""
        key = self.request.auth
        return source_of_key(key) if Scope.HRIS in key.open_scopes else None

    @property
    def own_source(self) -> Source:
        return source_of_key(self.request.auth)

    def sent(self) -> dict[str, Any]:
        """The object in the request's body. Raises SCIMException."""
        if self.payload is not None:
            return self.payload
        if int(self.request.META.get("CONTENT_LENGTH") or 0) > self.most_bytes:
            raise TooLarge(detail=f"This is larger than {self.most_bytes:,} bytes. Send it in parts.")
        return reading.parsed(self.request.body)

    def check_match(self, version: str) -> None:
        """Raises Outrun where the client saw another version."""
        header = self.seen or self.request.headers.get("If-Match")
        if header and not matches(header, version):
            raise Outrun


def answer(content: Any, status: int = 200, **headers: str) -> HttpResponse:
    body = JSON.encode(content).encode("utf-8", "replace")
    response = HttpResponse(body, content_type=MEDIA_TYPE, status=status)
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response


def refusal(exc: Exception, request: HttpRequest) -> HttpResponse:
    """The body of an error (RFC 7644, section 3.12). What nobody foresaw is raised on.

    By now whatever the request did is taken back.
    """
    if isinstance(exc, actions.Braked):
        actions.note_brake(exc.source, by=exc.by)
    status, scim_type, detail = refused(busy.refusal_of(exc) or exc)
    content: dict[str, Any] = {"schemas": [ERROR_URN], "status": str(status), "detail": detail}
    if scim_type:
        content["scimType"] = scim_type
    response = answer(content, status)
    if status == 429:
        response["Retry-After"] = "10"
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def refused(exc: Exception) -> tuple[int, str, str]:
    """(HTTP status, scimType, sentence)"""
    if isinstance(exc, SCIMException):
        return exc.status, exc.scim_type, str(exc)
    if isinstance(exc, RuleBroken):
        return *KINDS.get(exc.code, (400, "invalidValue")), exc.message
    for kind, said in SAID.items():
        if isinstance(exc, kind):
            return said
    if isinstance(exc, APIException | PermissionDenied):
        return getattr(exc, "status_code", 403), "", str(getattr(exc, "detail", exc))
    raise exc


def matches(header: str, version: str) -> bool:
    """Whether an If-Match or If-None-Match names this version; weak and strong are told alike."""
    bare = version.removeprefix("W/")
    return any(one.strip().removeprefix("W/") in {"*", bare} for one in header.split(","))
