"""What a webhook says and how it is signed, after standardwebhooks.com. No database.

webhook-id: msg_…            the same in every retry and replay, so that receivers can drop what they have
webhook-timestamp: 1790000000    of this try, in seconds
webhook-signature: v1,<base64 of HMAC-SHA256 over "id.timestamp.body">, one per secret, blanks between
"""

import base64
import datetime as dt
import hashlib
import hmac
import random
from collections.abc import Sequence
from email.utils import parsedate_to_datetime

# Seconds before the second, third … try: a day and two hours in all.
BACK_OFF = [5, 60, 5 * 60, 30 * 60, 2 * 3600, 4 * 3600, 8 * 3600, 11 * 3600 + 1800]
# Of what a receiver asks for by Retry-After.
LONGEST_PAUSE = dt.timedelta(hours=24)
SHORTEST_PAUSE = dt.timedelta(seconds=1)


def signature(secret: str, *, message: str, timestamp: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(secrets: Sequence[str], *, message: str, at: dt.datetime, body: bytes) -> dict[str, str]:
    timestamp = int(at.timestamp())
    signed = [signature(secret, message=message, timestamp=timestamp, body=body) for secret in secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Sightline-Webhooks/1",
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signed),
    }


def pause_after(attempts: int, *, asked: dt.timedelta | None = None) -> dt.timedelta | None:
    """How long to wait after so many tries; None where it was the last. `asked`: what Retry-After said."""
    if attempts > len(BACK_OFF):
        return None
    # A little apart, so that a receiver that comes back is not met by all of them at once.
    own = dt.timedelta(seconds=BACK_OFF[attempts - 1] * random.uniform(0.9, 1.1))  # noqa: S311 - no secret
    return max(own, asked or SHORTEST_PAUSE)


def retry_after(text: str | None, *, now: dt.datetime) -> dt.timedelta | None:
    """`Retry-After` as seconds or as a date; None where it says nothing that can be read."""
    if not text:
        return None
    try:
        pause = dt.timedelta(seconds=int(text)) if text.strip().isdigit() else parsedate_to_datetime(text) - now
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(pause, SHORTEST_PAUSE), LONGEST_PAUSE)
