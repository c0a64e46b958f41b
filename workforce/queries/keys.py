"""Who calls and for which source, with the fewest words: every request of every program asks this first.

By hand, because putting the same question together anew takes the ORM longer than PostgreSQL takes to answer it. Over a
connection that asked it a moment ago the answer is taken for granted (base/granted.py), and with the first question of
the request goes the proof that each row is still of the version that was read.
"""

import datetime as dt
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import connection
from django.utils import timezone

from base.granted import granted
from base.rows import Part, Statement
from workforce.models import Account, Scope, Source
from workforce.models.key import open_to

ACCOUNT = Part(Account, "account", "id", "kind", "email", "full_name", "person_id", "roles", "is_active")
# One write a minute is enough to answer "is this key still in use?".
NOTE_USE_EVERY = dt.timedelta(minutes=1)
MOST_REMEMBERED = 100
NAMED, SOURCE = Part(Source, "source", "id", "name"), Part(Source, "source")
LOOKED_AT = """
FROM workforce_apikey key JOIN workforce_account account ON account.id = key.account_id
JOIN workforce_account owner ON owner.id = key.owner_id
LEFT JOIN workforce_source source ON source.name = left(btrim(key.name), 60)
WHERE key.digest = %(digest)s
"""
# Who wrote each row last: whatever is changed, of whichever row, this is another one afterwards.
VERSIONS = "concat_ws(' ', key.xmin, account.xmin, owner.xmin, source.xmin)"
USABLE = Statement(f"""
SELECT key.id, key.name, key.scopes, key.last_used_at, owner.kind, owner.roles, owner.is_active,
    {ACCOUNT.columns}, {NAMED.columns}, key.expires_at, {VERSIONS}
{LOOKED_AT} AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > %(moment)s)
""")
PROOF = Statement(f"SELECT base_prove((SELECT {VERSIONS} {LOOKED_AT}) = %(versions)s)")
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


class Remembered(NamedTuple):
    row: list[Any]
    # When it expires, or its use is to be noted again.
    until: dt.datetime
    # Raises if anything of the row may be different by now.
    proof: str


# {connection: {digest: what it read}}
_remembered: WeakKeyDictionary[Any, dict[str, Remembered]] = WeakKeyDictionary()


def usable_key(digest: str) -> UsableKey | None:
    """See also: ApiKeyQuerySet.usable."""
    now, request = timezone.now(), granted()
    kept = remembered().pop(digest, None) if request else None
    if request and request.believes and kept and now < kept.until:
        remember(digest, kept)
        request.take(kept.proof)
        return key_of(kept.row)
    for *row, expires_at, versions in USABLE.rows(digest=digest, moment=now):
        key = key_of(row)
        if request and key.last_used_at:
            noted_until = key.last_used_at + NOTE_USE_EVERY
            until = min(noted_until, expires_at or noted_until)
            remember(digest, Remembered(row, until, PROOF.text(digest=digest, versions=versions)))
        return key
    return None


def remembered() -> dict[str, Remembered]:
    """Over this connection; a new one was told nothing yet."""
    return _remembered.setdefault(connection.connection, {}) if connection.connection else {}


def remember(digest: str, key: Remembered) -> None:
    known = remembered()
    if len(known) >= MOST_REMEMBERED:
        # The one that was shown the longest time ago.
        del known[next(iter(known))]
    known[digest] = key


def key_of(row: list[Any]) -> UsableKey:
    """Made anew for each request, which may change its account as it likes."""
    pk, name, scopes, last_used_at, kind, roles, is_active, *parts = row
    values = iter(parts)
    account = ACCOUNT.take(values)
    assert account  # noqa: S101 - no key is without one
    may = open_to(Owner(kind, roles, is_active), scopes)
    return UsableKey(pk, name, [*scopes], last_used_at, may, account, NAMED.take(values))


def source_called(name: str) -> Source | None:
    for row in CALLED.rows(name=name):
        return SOURCE.take(iter(row))
    return None
