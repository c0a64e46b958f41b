"""How far an HR system is trusted."""

from typing import Any

from django.db import transaction

from base import edits
from workforce.models import Account, Source


@transaction.atomic
def change_source(source: Source, *, seen: int | None = None, by: Account, **values: Any) -> Source:
    """Move the thresholds of its guards, or say in which fields what people put right here stands."""
    source = edits.locked(source, seen=seen)
    edits.save(source, values, by=by)
    return source
