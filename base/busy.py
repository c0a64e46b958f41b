"""Somebody else is at it: a request that waited for a lock, or for an answer of the database, for long enough."""

from django.db import OperationalError
from psycopg2.errors import DeadlockDetected, LockNotAvailable, QueryCanceled

from base.errors import RuleBroken

SENTENCES = {
    LockNotAvailable: "Somebody else is changing the same things right now. Nothing of yours was done: try again soon.",
    DeadlockDetected: "Somebody else changed the same things at the same moment. Nothing of yours was done: try again.",
    QueryCanceled: "This took longer than anybody should wait, so it was stopped. Nothing was changed: ask for less.",
}


def refusal_of(error: Exception) -> RuleBroken | None:
    """What to say where the database did not wait any longer; None for every other error."""
    if not isinstance(error, OperationalError):
        return None
    sentences = [sentence for kind, sentence in SENTENCES.items() if isinstance(error.__cause__, kind)]
    return RuleBroken(sentences[0], code="busy") if sentences else None
