"""Who calls and for which source, with the fewest words: every request of every program asks this first.

By hand, because putting the same two questions together anew takes the ORM longer than PostgreSQL takes to answer them.
"""

from typing import Any

from django.db import connection, models
from django.utils import timezone

from workforce.models import Account, ApiKey, Source


def columns(model: type[models.Model], alias: str) -> str:
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


# What decides about the scopes of an owner (models.key.scopes_of), in the order in which a model has its fields.
DECIDING = [name for name in names(Account) if name in {"id", "kind", "is_active", "roles"}]
USABLE = f"""
SELECT {columns(ApiKey, "key")}, {columns(Account, "account")}, {", ".join(f"owner.{name}" for name in DECIDING)},
    {columns(Source, "source")}
FROM workforce_apikey key JOIN workforce_account account ON account.id = key.account_id
JOIN workforce_account owner ON owner.id = key.owner_id
LEFT JOIN workforce_source source ON source.name = left(btrim(key.name), 60)
WHERE key.digest = %s AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > %s)
"""
NAMED = f"SELECT {columns(Source, 'source')} FROM workforce_source source WHERE source.name = %s"
OF_KEY, OF_ACCOUNT, OF_SOURCE = names(ApiKey), names(Account), names(Source)


def usable_key(digest: str) -> ApiKey | None:
    """The key with its account, its owner, and the source that is called like it. See also: ApiKeyQuerySet.usable."""
    if (row := one_row(USABLE, [digest, timezone.now()])) is None:
        return None
    key = ApiKey.from_db(connection.alias, OF_KEY, row[: len(OF_KEY)])
    at = len(OF_KEY) + len(OF_ACCOUNT)
    owner, source = row[at : at + len(DECIDING)], row[at + len(DECIDING) :]
    key.account = Account.from_db(connection.alias, OF_ACCOUNT, row[len(OF_KEY) : at])
    key.owner = Account.from_db(connection.alias, DECIDING, owner)
    if source[0] is not None:
        key.source = Source.from_db(connection.alias, OF_SOURCE, source)
    return key


def source_called(name: str) -> Source | None:
    row = one_row(NAMED, [name])
    return Source.from_db(connection.alias, OF_SOURCE, row) if row else None


def one_row(sql: str, params: list[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()
