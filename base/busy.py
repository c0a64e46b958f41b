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
    sentence = SENTENCES.get(type(error.__cause__)) if isinstance(error, OperationalError) else None
    return RuleBroken(sentence, code="busy") if sentence else None
