"""Who calls and for which source, with the fewest words: every request of every program asks this first.

By hand, because putting the same question together anew takes the ORM longer than PostgreSQL takes to answer it.
"""

from typing import Any

from django.db import connection, models
from django.utils import timezone

from workforce.models import Account, ApiKey, Source


def names(model: type[models.Model], *needed: str) -> list[str]:
    """In the order in which a model has its fields; whatever else of it is asked for is read then."""
    return [field.attname for field in model._meta.concrete_fields if not needed or field.attname in needed]


OF_KEY = names(ApiKey, "id", "account_id", "name", "scopes", "owner_id", "last_used_at")
OF_ACCOUNT = names(Account, "id", "kind", "email", "full_name", "person_id", "roles", "is_active")
# What decides about the scopes of an owner (models.key.scopes_of).
OF_OWNER = names(Account, "id", "kind", "roles", "is_active")
OF_NAMED = names(Source, "id", "name")
OF_SOURCE = names(Source)
PARTS = {"key": OF_KEY, "account": OF_ACCOUNT, "owner": OF_OWNER, "source": OF_NAMED}
COLUMNS = ", ".join(f"{part}_{name}" for part, fields in PARTS.items() for name in fields)
# Migration 0018.
USABLE = f"SELECT {COLUMNS} FROM workforce_usable_key(%s, %s)"
NAMED = f"SELECT {', '.join(OF_SOURCE)} FROM workforce_source WHERE lower(name) = lower(%s)"


def usable_key(digest: str) -> ApiKey | None:
    """The key with its account, its owner, and the source that is called like it. See also: ApiKeyQuerySet.usable."""
    if (row := one_row(USABLE, [digest, timezone.now()])) is None:
        return None
    values = iter(row)
    parts = {part: [next(values) for _ in fields] for part, fields in PARTS.items()}
    key = ApiKey.from_db(connection.alias, OF_KEY, parts["key"])
    key.account = Account.from_db(connection.alias, OF_ACCOUNT, parts["account"])
    key.owner = Account.from_db(connection.alias, OF_OWNER, parts["owner"])
    if parts["source"][0] is not None:
        key.source = Source.from_db(connection.alias, OF_NAMED, parts["source"])
    return key


def source_called(name: str) -> Source | None:
    row = one_row(NAMED, [name])
    return Source.from_db(connection.alias, OF_SOURCE, row) if row else None


def one_row(sql: str, params: list[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()
