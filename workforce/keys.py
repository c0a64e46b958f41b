"""How the API knows who calls."""

import datetime as dt

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from workforce.models import Account, ApiKey
from workforce.models.key import digest_of

# One write a minute is enough to answer "is this key still in use?".
NOTE_USE_EVERY = dt.timedelta(minutes=1)


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`."""

    def authenticate(self, request: Request) -> tuple[Account, ApiKey] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        if len(words) != 2:
            raise AuthenticationFailed("Send the header as “Authorization: Bearer <key>”.")
        secret = words[1].decode("latin-1")
        key = ApiKey.objects.usable().select_related("account").filter(digest=digest_of(secret)).first()
        if key is None or not key.account.is_active:
            # One sentence for unknown, expired and revoked: a stranger learns nothing.
            raise AuthenticationFailed("This key is not valid. Ask an administrator for a new one.")
        self._note_use(key)
        return key.account, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def _note_use(self, key: ApiKey) -> None:
        now = timezone.now()
        if key.last_used_at is None or now - key.last_used_at > NOTE_USE_EVERY:
            ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
