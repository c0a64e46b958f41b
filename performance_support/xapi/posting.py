"""Statements to an LRS, and what its answer means. As safe as webhooks: no redirect, no address inside."""

import base64
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone

from base import outward
from performance_support.xapi.statements import Said
from workforce.webhooks import retry_after

VERSION = "1.0.3"
# What the statements themselves are refused with; one that is known already, 409, was sent before.
ITS_FAULT = {400, 409, 413, 422}
WORDS = {
    401: "It does not know this key or secret. Enter them anew.",
    403: "This key may not write statements there. Give it that right in the LRS.",
    404: "There is no LRS at this address. It ends before “/statements”.",
    405: "There is no LRS at this address. It ends before “/statements”.",
    429: "It asks us to wait.",
    503: "It asks us to wait.",
}


class Verdict(StrEnum):
    TAKEN = "taken"
    REFUSED = "refused"
    LATER = "later"


@dataclass(frozen=True)
class Reply:
    verdict: Verdict
    status: int | None = None
    words: str = ""
    pause: dt.timedelta | None = None  # that it asked for


def post(url: str, *, key: str, secret: str, statements: Sequence[Said], policy: outward.Policy) -> Reply:
    """Hand over these statements, all or none. Whatever goes wrong is an answer, not an error."""
    word = base64.b64encode(f"{key}:{secret}".encode()).decode()
    headers = {
        "Authorization": f"Basic {word}",
        "Content-Type": "application/json",
        "User-Agent": "Sightline-xAPI/1",
        "X-Experience-API-Version": VERSION,
    }
    body = json.dumps(list(statements), separators=(",", ":"), ensure_ascii=False).encode()
    try:
        answer = outward.call("POST", address_of(url), body=body, headers=headers, policy=policy)
    except outward.NotAllowed as refusal:
        return Reply(Verdict.LATER, words=refusal.message)
    except outward.Unreachable as reason:
        return Reply(Verdict.LATER, words=str(reason))
    if answer.is_good:
        return Reply(Verdict.TAKEN, answer.status)
    verdict = Verdict.REFUSED if answer.status in ITS_FAULT else Verdict.LATER
    pause = retry_after(answer.headers.get("Retry-After"), now=timezone.now())
    return Reply(verdict, answer.status, said(answer), pause)


def address_of(url: str) -> str:
    return url if url.endswith("/statements") else f"{url.rstrip('/')}/statements"


def said(answer: outward.Answer) -> str:
    """In words that help; where the statement is refused, what the LRS says of it, as far as it is text."""
    if answer.status in outward.REDIRECTS:
        return "It sends us on to another address. Nothing is sent there: enter the address that it leads to."
    if answer.status not in ITS_FAULT:
        return WORDS.get(answer.status, f"It answered {answer.status}.")
    text = " ".join(answer.body.decode("utf-8", "replace").replace("\x00", "").split())
    return text[:400] or f"It answered {answer.status} and did not say why."
