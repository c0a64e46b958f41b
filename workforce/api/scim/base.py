"""What every address of SCIM has in common: who asks, what was sent, and how a refusal looks."""

import json
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from rest_framework.exceptions import APIException, NotAuthenticated
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.views import APIView
from scim2_models import SCIMException

from base import busy
from base.errors import RuleBroken
from workforce import actions
from workforce.access import source_of_key
from workforce.keys import PersonScope
from workforce.models import Account, Scope, Source
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


class OneAnswer(BaseContentNegotiation):
    """Every answer is JSON, whatever a client says it would rather have."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], MEDIA_TYPE


class SearchScope(PersonScope):
    """A search is read, though it is posted."""

    writing = PersonScope.reading


class ScimView(APIView):
    permission_classes = [PersonScope]
    content_negotiation_class = OneAnswer
    renderer_classes = [JSONRenderer]
    # Documented by its own /Schemas and docs/scim.md.
    schema = None
    most_bytes = MOST_BYTES
    # Set where the request is one operation of many: what it carries and which version it saw.
    payload: dict[str, Any] | None = None
    seen = ""

    @property
    def by(self) -> Account:
        account: Account = self.request.user  # type: ignore[assignment]
        return account

    @cached_property
    def base(self) -> str:
        return self.request.build_absolute_uri(ROOT)

    @property
    def source(self) -> Source | None:
        """Whose people this client sees: those of its own source, or everybody where its key only reads."""
        key: Any = self.request.auth
        return source_of_key(key) if Scope.HRIS in key.open_scopes else None

    @property
    def own_source(self) -> Source:
        return source_of_key(self.request.auth)  # type: ignore[arg-type]

    def sent(self) -> dict[str, Any]:
        """The object in the request's body. Raises SCIMException."""
        if self.payload is not None:
            return self.payload
        if int(self.request.META.get("CONTENT_LENGTH") or 0) > self.most_bytes:
            raise TooLarge(detail=f"This is larger than {self.most_bytes:,} bytes. Send it in parts.")
        return reading.parsed(self.request._request.body)

    def check_match(self, version: str) -> None:
        """Raises Outrun where the client saw another version."""
        header = self.seen or self.request.headers.get("If-Match")
        if header and not matches(header, version):
            raise Outrun

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override]
        return refusal(exc, self.request._request)


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
