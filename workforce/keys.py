"""How the API knows who calls."""

import datetime as dt
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from workforce.models import Account, ApiKey, Scope
from workforce.models.key import ROLES_OF, digest_of
from workforce.queries.keys import UsableKey, usable_key

# One write a minute is enough to answer "is this key still in use?".
NOTE_USE_EVERY = dt.timedelta(minutes=1)


class Rests(PermissionDenied):
    """The program has shown a key of ours, so it may know; whose it is, is told on the page."""

    default_detail = (
        "This key rests: whoever answers for it may not do this any more. People who may can take it over under "
        "Settings, API keys; then send again."
    )
    default_code = "key_rests"


class Scoped(BasePermission):
    """Reading needs one of the view's `reading` scopes, anything else one of its `writing` scopes."""

    reading: ClassVar[set[str]] = set()
    writing: ClassVar[set[str]] = set()

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, UsableKey):
            return False
        needed = self.reading if request.method in SAFE_METHODS else self.writing
        if needed.isdisjoint(request.auth.open_scopes):
            if needed & set(request.auth.scopes):
                raise Rests
            raise PermissionDenied(
                f"This key may not do that: it needs the scope {' or '.join(sorted(needed))}. Ask an administrator."
            )
        return True


class DesignScope(Scoped):
    """Workflows, skills, flags."""

    reading: ClassVar[set[str]] = {Scope.READ, Scope.DESIGN}
    writing: ClassVar[set[str]] = {Scope.DESIGN}


class PeopleScope(Scoped):
    """Job roles and what else people are called."""

    reading: ClassVar[set[str]] = {Scope.READ, Scope.DESIGN, Scope.HRIS}
    writing: ClassVar[set[str]] = {Scope.DESIGN, Scope.HRIS}


class RunScope(Scoped):
    """What HR systems send, and what becomes of it."""

    reading: ClassVar[set[str]] = {Scope.HRIS}
    writing: ClassVar[set[str]] = {Scope.HRIS}


class PersonScope(Scoped):
    """People themselves."""

    reading: ClassVar[set[str]] = {Scope.READ, Scope.HRIS}
    writing: ClassVar[set[str]] = {Scope.HRIS}


def key_shown(header: bytes) -> UsableKey | None:
    """The one door for programs: the key that an Authorization header shows, with the account it acts through.

    None where there is none. Raises AuthenticationFailed, and Rests where its owner may not do this any more.
    """
    words = header.split()
    if not words or words[0].lower() != b"bearer":
        return None
    if len(words) != 2:
        raise AuthenticationFailed("Send the header as “Authorization: Bearer <key>”.")
    key = usable_key(digest_of(words[1].decode("latin-1")))
    if key is None or not key.account.is_active:
        # One sentence for unknown, expired and revoked: a stranger learns nothing.
        raise AuthenticationFailed("This key is not valid. Ask an administrator for a new one.")
    if not key.open_scopes:
        raise Rests
    # Every door asks the account what it may: what its scopes say, and whoever answers for it may do, today.
    key.account.roles = [ROLES_OF[scope] for scope in key.open_scopes]
    note_use(key)
    return key


def note_use(key: UsableKey) -> None:
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at > NOTE_USE_EVERY:
        ApiKey.objects.filter(pk=key.id).update(last_used_at=now)


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`."""

    def authenticate(self, request: Request) -> tuple[Account, UsableKey] | None:
        key = key_shown(get_authorization_header(request))
        return (key.account, key) if key else None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """What the schema says about it."""

    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key made with: manage.py create_api_key"}
