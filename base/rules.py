"""A rule is one small function that returns the failing rows; its code, severity, sentence and remedy stand beside it.

The same rule answers "why can't I publish this?" for one thing and fills the queue for a million at night.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet, Value
from django.db.models.expressions import RawSQL
from django.utils import timezone

from base.models import Flag, FlagQuerySet

log = logging.getLogger(__name__)

# Each rule names the queryset of its own noun, whose adjectives it speaks.
Failing = Callable[[Any], QuerySet[Any]]


class Severity(StrEnum):
    BLOCKS = "blocks"
    WARNS = "warns"
    HINTS = "hints"


@dataclass(frozen=True)
class Rule:
    """`failing` narrows a queryset of subjects to those that break the rule."""

    code: str
    about: str
    severity: Severity
    title: str  # "No context"
    sentence: str  # what is wrong, as it stands beside the thing
    remedy: str  # what to do next
    failing: Failing

    @property
    def blocks(self) -> bool:
        return self.severity is Severity.BLOCKS


@dataclass(frozen=True)
class Reconciled:
    opened: int
    cleared: int
    standing: int


class Rules:
    """The rules about one noun, in the order people should meet them, and the table that keeps what they find."""

    # Every noun that is watched. Rooms enter it by declaring their rules; the watch looks here and names no room.
    watched: dict[str, "Rules"] = {}

    def __init__(self, about: str, flags: type[Flag]) -> None:
        self.about = about
        self.flags = flags
        self.by_code: dict[str, Rule] = {}
        Rules.watched[about] = self

    def rule(
        self, code: str, severity: Severity, *, title: str, sentence: str, remedy: str
    ) -> Callable[[Failing], Failing]:
        """Declare the decorated function as a rule."""

        def declare(failing: Failing) -> Failing:
            self.by_code[code] = Rule(code, self.about, severity, title, sentence, remedy, failing)
            return failing

        return declare

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.by_code.values())

    def __getitem__(self, code: str) -> Rule:
        return self.by_code[code]

    @property
    def found(self) -> FlagQuerySet[Any]:
        """Every flag of this noun, those that are cleared too."""
        return FlagQuerySet(self.flags)

    def subjects(self) -> QuerySet[Any]:
        noun: Any = self.flags._meta.get_field("about").related_model  # type: ignore[misc]
        return noun._default_manager.all()  # type: ignore[no-any-return]

    def broken_by(self, subjects: QuerySet[Any], *, only: Severity | None = None) -> list[Rule]:
        """The rules that at least one of these subjects breaks: one query, which stops at the first for each rule."""
        asked = [rule for rule in self if only is None or rule.severity is only]
        failing = [
            rule.failing(subjects).order_by().annotate(broken=Value(rule.code)).values_list("broken", flat=True)[:1]
            for rule in asked
        ]
        codes = set(failing[0].union(*failing[1:], all=True)) if failing else set()
        return [rule for rule in asked if rule.code in codes]

    def check(self, rule: Rule, *, among: Iterable[Any] | None = None) -> Reconciled | None:
        """Bring one rule's flags up to date. A rule that fails is logged and stops nothing else: None."""
        try:
            with transaction.atomic():
                return reconcile(self.flags, rule.code, rule.failing(self.subjects()), among=among)
        except Exception:
            log.exception("The rule %s about a %s failed; its flags stay as they were.", rule.code, self.about)
            return None

    def check_all(self, *, among: Iterable[Any] | None = None) -> dict[str, Reconciled | None]:
        """Bring every rule's flags up to date, for the subjects an edit touched or for all."""
        if among is None:
            return {rule.code: self.check(rule) for rule in self}
        pks = list(among)
        try:
            with transaction.atomic():
                failing = {rule.code: rule.failing(self.subjects()) for rule in self}
                return dict(reconcile_together(self.flags, failing, among=pks))
        except Exception:
            # One of them is broken; the others still have to hold.
            return {rule.code: self.check(rule, among=pks) for rule in self}


def reconcile(
    flags: type[Flag], code: str, failing: QuerySet[Any], *, among: Iterable[Any] | None = None
) -> Reconciled:
    """Open what is new, keep what stands, clear what is gone: one statement, safe to run twice or side by side.

    `failing` selects the primary keys of the subjects that break the rule now. `among` limits the work to the subjects
    an edit touched; without it the whole table is compared, by one at a time.
    """
    if among is not None:
        return reconcile_together(flags, {code: failing}, among=among)[code]
    sql, params = ids_of(failing)
    table = connection.ops.quote_name(flags._meta.db_table)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        # Whoever waited here sees what the other has written, and finds nothing left to do.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", [table, code])
        cursor.execute(
            f"""
            WITH failing (id) AS MATERIALIZED ({sql}),
            standing AS MATERIALIZED (
                SELECT flag.id, flag.about_id FROM {table} flag
                WHERE flag.code = %s AND flag.cleared_at IS NULL
            ),
            opened AS (
                INSERT INTO {table} (about_id, code)
                SELECT failing.id, %s FROM failing
                WHERE NOT EXISTS (SELECT FROM standing WHERE standing.about_id = failing.id)
                -- In one order, so that two edits of the same subjects wait for each other instead of deadlocking.
                ORDER BY failing.id
                ON CONFLICT (about_id, code) WHERE cleared_at IS NULL DO NOTHING
                RETURNING 1
            ),
            cleared AS (
                UPDATE {table} flag SET cleared_at = %s FROM standing
                WHERE flag.id = standing.id AND flag.cleared_at IS NULL
                AND NOT EXISTS (SELECT FROM failing WHERE failing.id = standing.about_id)
                RETURNING 1
            )
            SELECT (SELECT count(*) FROM opened), (SELECT count(*) FROM cleared), (SELECT count(*) FROM standing)
            """,
            [*params, code, code, timezone.now()],
        )
        opened, cleared, standing = cursor.fetchone()
    return Reconciled(opened=opened, cleared=cleared, standing=standing - cleared)


def reconcile_together(
    flags: type[Flag], failing: Mapping[str, QuerySet[Any]], *, among: Iterable[Any]
) -> dict[str, Reconciled]:
    """`reconcile` for several codes at once, for the subjects an edit touched: one statement instead of one for each.

    An edit has a person waiting, and a dozen statements cost more than what they find. See also: reconcile.
    """
    subjects = [str(pk) for pk in among]
    found = {code: Reconciled(opened=0, cleared=0, standing=0) for code in failing}
    if not subjects or not failing:
        return found
    parts, params = [], []
    for code, rows in failing.items():
        sql, own = ids_of(rows.filter(pk__in=listed(subjects)))
        parts.append(f"SELECT found.id, %s::text FROM ({sql}) found (id)")
        params += [code, *own]
    table = connection.ops.quote_name(flags._meta.db_table)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH failing (id, code) AS MATERIALIZED ({" UNION ALL ".join(parts)}),
            standing AS MATERIALIZED (
                SELECT flag.id, flag.about_id, flag.code FROM {table} flag
                WHERE flag.code = ANY(%s) AND flag.cleared_at IS NULL AND flag.about_id = ANY(%s::uuid[])
            ),
            opened AS (
                INSERT INTO {table} (about_id, code)
                SELECT failing.id, failing.code FROM failing
                WHERE NOT EXISTS (
                    SELECT FROM standing WHERE standing.about_id = failing.id AND standing.code = failing.code
                )
                -- In one order, so that two edits of the same subjects wait for each other instead of deadlocking.
                ORDER BY failing.id, failing.code
                ON CONFLICT (about_id, code) WHERE cleared_at IS NULL DO NOTHING
                RETURNING code
            ),
            cleared AS (
                UPDATE {table} flag SET cleared_at = %s FROM standing
                WHERE flag.id = standing.id AND flag.cleared_at IS NULL
                AND NOT EXISTS (
                    SELECT FROM failing WHERE failing.id = standing.about_id AND failing.code = standing.code
                )
                RETURNING flag.code
            )
            SELECT asked.code, (SELECT count(*) FROM opened WHERE opened.code = asked.code),
                (SELECT count(*) FROM cleared WHERE cleared.code = asked.code),
                (SELECT count(*) FROM standing WHERE standing.code = asked.code)
            FROM unnest(%s) asked (code)
            """,
            [*params, list(failing), subjects, timezone.now(), list(failing)],
        )
        for code, opened, cleared, standing in cursor.fetchall():
            found[code] = Reconciled(opened=opened, cleared=cleared, standing=standing - cleared)
    return found


def listed(subjects: list[str]) -> RawSQL:
    """Ids as one array: a parameter for each would take longer to write than to find."""
    return RawSQL("SELECT unnest(%s::uuid[])", [subjects])


def ids_of(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    """The query for their primary keys, as SQL; Django knows some to be empty and refuses to write those."""
    try:
        return rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "SELECT NULL::uuid WHERE false", ()
