"""Keys for programs."""

import datetime as dt
import secrets
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from base import changes
from base.errors import RuleBroken
from workforce.models import Account, ApiKey, Role, Scope
from workforce.models.key import digest_of

ROLES_OF: dict[str, Role] = {
    Scope.READ: Role.READER,
    Scope.DESIGN: Role.DESIGNER,
    Scope.HRIS: Role.PEOPLE_ADMIN,
}


@transaction.atomic
def create_key(
    name: str, *, scopes: Collection[str], expires_at: dt.datetime | None = None, by: Account
) -> tuple[ApiKey, str]:
    """Make a key and return it with its secret, which is shown this once and never stored."""
    if not scopes:
        raise RuleBroken("Choose at least one scope: read, design or hris.", code="no_scope")
    if unknown := set(scopes) - set(Scope.values):
        raise RuleBroken(f"There is no scope “{min(unknown)}”. Choose from read, design, hris.", code="unknown_scope")
    secret = "sl_" + secrets.token_urlsafe(32)
    account = Account.objects.create(
        kind=Account.Kind.KEY, full_name=name, roles=sorted(ROLES_OF[scope] for scope in scopes)
    )
    key = ApiKey.objects.create(
        account=account,
        name=name,
        prefix=secret[:8],
        digest=digest_of(secret),
        scopes=sorted(scopes),
        expires_at=expires_at,
        created_by=by,
    )
    changes.record("create", key, by=by, facts={"scopes": (None, key.scopes)})
    return key, secret


@transaction.atomic
def revoke_key(key: ApiKey, *, by: Account) -> ApiKey:
    """Stop a key from the next request on; what it did stays in the trail."""
    key = ApiKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at is None:
        key.revoked_at, key.revoked_by = timezone.now(), by
        key.save(update_fields=["revoked_at", "revoked_by"])
        changes.record("revoke", key, by=by)
    return key
