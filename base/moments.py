"""A moment in a filter: what changed at it or after it."""

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django_filters import rest_framework as filters

# What is written bears the moment at which its transaction began, and is seen when that ends, perhaps a minute later.
SETTLED = """
SELECT least(now(), min(xact_start)) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def settled() -> dt.datetime:
    """Everything that changed before is to be seen by now: whoever asks next time from here on misses nothing."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLED)
        moment: dt.datetime = cursor.fetchone()[0]
    return moment


class Since(filters.IsoDateTimeFilter):
    """`updated_since`. A queryset says itself what counts as a change: it speaks `changed_since(moment)`."""

    def filter(self, qs: QuerySet[Any], value: dt.datetime | None) -> QuerySet[Any]:
        if value is None:
            return qs
        try:
            # In UTC, because PostgreSQL refuses an offset of sixteen hours and more that ISO 8601 allows.
            return qs.changed_since(value.astimezone(dt.UTC))  # type: ignore[attr-defined, no-any-return]
        except OverflowError:
            # The first day of the calendar lies before everything, the last one after.
            return qs if value.year == 1 else qs.none()
