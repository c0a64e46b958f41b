"""A rule is one small function that returns the failing rows; its code, severity, sentence and remedy stand beside it.

The same rule answers "why can't I publish this?" for one thing and fills the queue for a million at night.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from base.models import Flag

Failing = Callable[[QuerySet[Any]], QuerySet[Any]]


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


class Rules:
    """The rules about one noun, in the order people should meet them."""

    def __init__(self, about: str) -> None:
        self.about = about
        self.by_code: dict[str, Rule] = {}

    def rule(
        self, code: str, severity: Severity, *, title: str, sentence: str, remedy: str
    ) -> Callable[[Failing], Failing]:
        """Declare the decorated function as a rule."""

        def declare(failing: Failing) -> Failing:
            self.by_code[code] = Rule(code, self.about, severity, title, sentence, remedy, failing)
            return failing

        return declare

    def __iter__(self) -> Any:
        return iter(self.by_code.values())

    def __getitem__(self, code: str) -> Rule:
        return self.by_code[code]

    def broken_by(self, subjects: QuerySet[Any], *, only: Severity | None = None) -> list[Rule]:
        """The rules that at least one of these subjects breaks: one small query each."""
        return [r for r in self if (only is None or r.severity is only) and r.failing(subjects).exists()]


@dataclass(frozen=True)
class Reconciled:
    opened: int
    cleared: int
    standing: int


def reconcile(
    flags: type[Flag], code: str, failing: QuerySet[Any], *, among: Iterable[Any] | None = None
) -> Reconciled:
    """Open what is new, keep what stands, clear what is gone: one statement, safe to run twice or side by side.

    `failing` selects the primary keys of the subjects that break the rule now. `among` limits the work to the subjects
    an edit touched; without it the whole table is compared.
    """
    subjects = None if among is None else [str(pk) for pk in among]
    if subjects == []:
        return Reconciled(opened=0, cleared=0, standing=0)
    if subjects is not None:
        failing = failing.filter(pk__in=subjects)
    sql, params = failing.order_by().values("pk").query.sql_with_params()
    table = connection.ops.quote_name(flags._meta.db_table)
    here = "" if subjects is None else "AND flag.about_id = ANY(%s::uuid[])"
    where = [] if subjects is None else [subjects]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH failing (id) AS MATERIALIZED ({sql}),
            standing AS MATERIALIZED (
                SELECT flag.id, flag.about_id FROM {table} flag
                WHERE flag.code = %s AND flag.cleared_at IS NULL {here}
            ),
            opened AS (
                INSERT INTO {table} (about_id, code)
                SELECT failing.id, %s FROM failing
                WHERE NOT EXISTS (SELECT FROM standing WHERE standing.about_id = failing.id)
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
            [*params, code, *where, code, timezone.now()],
        )
        opened, cleared, standing = cursor.fetchone()
    return Reconciled(opened=opened, cleared=cleared, standing=standing - cleared)
