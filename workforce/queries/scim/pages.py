"""One page of what a filter finds, and how much it finds in all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import connection

from workforce.models import Source
from workforce.queries.revisions import revision_of
from workforce.queries.scim.columns import Attribute, Column, Many

# Counting a million people takes a hundred times as long as reading a page of them. Every write to them counts the
# source's revision up, so a number may be kept for as long as the revision stands, and a while at most.
COUNT_KEPT = 3600


@dataclass(frozen=True)
class Asked:
    """What a client wants to see. `source` is None for a key that only reads: it sees everybody's."""

    source: Source | None
    condition: str = "true"
    params: Sequence[Any] = ()
    sort_by: str = ""
    is_descending: bool = False
    start: int = 1
    count: int = 100
    # Named in `attributes` or `excludedAttributes`: whether the costly parts are needed.
    with_groups: bool = True
    with_members: bool = True
    # Whether a page may end before it is full, so that a short one is not the last.
    may_be_cut: bool = False


@dataclass(frozen=True)
class Kind:
    """One type of resource: its table, under which alias, whose rows count, what order there can be."""

    table: str
    alias: str
    joins: str
    where: str
    attributes: Mapping[str, Attribute]

    def scope(self, asked: Asked) -> tuple[str, list[Any]]:
        """(WHERE, its values)"""
        mine, params = ("true", []) if asked.source is None else (f"{self.alias}.source = %s", [asked.source.name])
        return f"{mine} AND {self.where} AND ({asked.condition})", [*params, *asked.params]

    def order(self, asked: Asked) -> str:
        key, way = self.sort_key(asked.sort_by), "DESC" if asked.is_descending else "ASC"
        return f"{key} {way}, {self.alias}.id {way}" if key else f"{self.alias}.id {way}"

    def sort_key(self, sort_by: str) -> str:
        """Whoever has none comes last, or first where the order is descending, as PostgreSQL has it with NULL."""
        attribute = self.attributes.get(sort_by)
        if attribute is None:
            attribute = self.attributes.get(sort_by.partition(".")[0])
        if isinstance(attribute, Many):
            # Of several rows none is the first.
            if attribute.some.startswith("EXISTS"):
                return ""
            attribute = attribute.columns.get(sort_by.partition(".")[2] or next(iter(attribute.columns)))
        if not isinstance(attribute, Column) or sort_by == "id":
            return ""
        if attribute.kind != "text":
            return attribute.sql if attribute.is_always else f"nullif({attribute.sql}, '')"
        folded = f'lower({attribute.sql}) COLLATE "C"'
        return folded if attribute.is_always else f"nullif({folded}, '')"

    def chosen(self, asked: Asked) -> tuple[str, list[Any]]:
        """The ids of the page in their order, as a subquery; what else a resource shows is joined to it later."""
        where, params = self.scope(asked)
        sql = f"""
            SELECT {self.alias}.id FROM {self.table} {self.alias} {self.joins} WHERE {where}
            ORDER BY {self.order(asked)} LIMIT %s OFFSET %s
        """
        return sql, [*params, asked.count, asked.start - 1]

    def total(self, asked: Asked, found: int) -> int:
        """How many there are in all; `found` of them stand on this page."""
        if asked.count and not asked.may_be_cut and found < asked.count and (found or asked.start == 1):
            return asked.start - 1 + found
        if asked.source is None:
            return self.counted(asked)
        revision = revision_of(asked.source.name)
        key = f"scim:{asked.source.pk}:{revision}:{hash_of(self.alias, asked)}"
        total: int = cache.get_or_set(key, lambda: self.counted(asked), COUNT_KEPT)  # type: ignore[assignment]
        return total

    def counted(self, asked: Asked) -> int:
        where, params = self.scope(asked)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {self.table} {self.alias} {self.joins} WHERE {where}", params)
            count: int = cursor.fetchone()[0]
        return count


def hash_of(alias: str, asked: Asked) -> str:
    return sha256(repr((alias, asked.condition, [str(value) for value in asked.params])).encode()).hexdigest()


def mixed_page(kinds: Sequence[tuple[Kind, Asked]]) -> list[tuple[str, UUID]]:
    """[(alias, id)] of one page over several types, in one order."""
    parts, params = [], list[Any]()
    for kind, asked in kinds:
        where, values = kind.scope(asked)
        key = kind.sort_key(asked.sort_by) or "NULL"
        parts.append(
            f"SELECT '{kind.alias}' AS kind, {kind.alias}.id, ({key})::text AS place "
            f"FROM {kind.table} {kind.alias} {kind.joins} WHERE {where}"
        )
        params += values
    asked = kinds[0][1]
    way = "DESC" if asked.is_descending else "ASC"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT kind, id FROM ({' UNION ALL '.join(parts)}) found "
            f'ORDER BY place COLLATE "C" {way}, kind DESC, id LIMIT %s OFFSET %s',
            [*params, asked.count, asked.start - 1],
        )
        return [(kind, pk) for kind, pk in cursor.fetchall()]
