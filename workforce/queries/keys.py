"""Who calls and for which source, with the fewest words: every request of every program asks this first.

By hand, because putting the same question together anew takes the ORM longer than PostgreSQL takes to answer it.
"""

import datetime as dt
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from base.rows import Part, Statement
from workforce.models import Account, Scope, Source
from workforce.models.key import open_to

ACCOUNT = Part(Account, "account", "id", "kind", "email", "full_name", "person_id", "roles", "is_active")
NAMED, SOURCE = Part(Source, "source", "id", "name"), Part(Source, "source")
USABLE = Statement(f"""
SELECT key.id, key.name, key.scopes, key.last_used_at, owner.kind, owner.roles, owner.is_active,
    {ACCOUNT.columns}, {NAMED.columns}
FROM workforce_apikey key JOIN workforce_account account ON account.id = key.account_id
JOIN workforce_account owner ON owner.id = key.owner_id
LEFT JOIN workforce_source source ON source.name = left(btrim(key.name), 60)
WHERE key.digest = %(digest)s AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > %(moment)s)
""")
CALLED = Statement(f"SELECT {SOURCE.columns} FROM workforce_source source WHERE lower(name) = lower(%(name)s)")


class Owner(NamedTuple):
    """Whoever answers for a key: what decides which scopes they may let it have (models.key.scopes_of)."""

    kind: str
    roles: list[str]
    is_active: bool


class UsableKey(NamedTuple):
    """A key that is neither revoked nor expired, with all that a request asks about it."""

    id: UUID
    name: str
    scopes: list[str]
    last_used_at: dt.datetime | None
    # What it may do today. See also: ApiKey.open_scopes.
    open_scopes: list[Scope]
    # It acts through this one.
    account: Account
    # The one that is called like the key.
    source: Source | None


def usable_key(digest: str) -> UsableKey | None:
    """See also: ApiKeyQuerySet.usable."""
    for row in USABLE.rows(digest=digest, moment=timezone.now()):
        pk, name, scopes, last_used_at, kind, roles, is_active, *parts = row
        values = iter(parts)
        account = ACCOUNT.take(values)
        assert account  # noqa: S101 - no key is without one
        return UsableKey(
            pk, name, scopes, last_used_at, open_to(Owner(kind, roles, is_active), scopes), account, NAMED.take(values)
        )
    return None


def source_called(name: str) -> Source | None:
    for row in CALLED.rows(name=name):
        return SOURCE.take(iter(row))
    return None
