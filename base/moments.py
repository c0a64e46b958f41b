"""A moment in a filter: what changed at it or after it."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters


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
