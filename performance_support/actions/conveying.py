"""What waits for the LRS goes there in batches, in its order.

    claim (a transaction)  ->  post a batch (none)  ->  note what became of it (a transaction)  ->  the next one

Killed in between, the lease runs out and the next worker sends the same statements with the same ids: an LRS takes them
once. What it refuses is found by halving its batch, kept with the reason, and blocks no other.
"""

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from base import jobs
from base.jobs import LostLease
from base.outbox import send_later
from performance_support.models import Lrs, Statement
from performance_support.xapi.posting import Reply, Verdict, post
from performance_support.xapi.sealing import unseal
from workforce.actions.webhooks import policy
from workforce.models import Account

BATCH = 50
# Batches in one round; the clock begins the next one.
MOST = 40
# Seconds until the next try after so many failures, and from then on.
BACK_OFF = [10, 60, 5 * 60, 15 * 60, 3600]
GIVE_UP_AFTER = dt.timedelta(days=3)
LETTER_TASK = "performance_support.tasks.tell_of_lrs"
State = Statement.State


def convey(*, by: Account) -> int:
    """Send what waits, until nothing does or the LRS is not well. `by` sends it. Returns how many it has taken."""
    found = Lrs.objects.due().first()
    lrs = jobs.claim(Lrs.objects.due(), found.pk) if found else None
    if lrs is None:
        return 0
    count = 0
    try:
        for _ in range(MOST):
            batch = list(lrs.statements.waiting()[:BATCH])
            taken, is_well = send(lrs, batch) if batch else (0, False)
            count += taken
            if is_well and not taken:
                is_well = trust(lrs, batch)
            if not is_well:
                break
        jobs.held(lrs, leased_until=None)
    except LostLease:
        pass
    return count


def send(lrs: Lrs, batch: Sequence[Statement]) -> tuple[int, bool]:
    """(how many it has taken, whether to go on)."""
    jobs.renew(lrs)
    reply = asked(lrs, batch)
    if reply.verdict is Verdict.TAKEN or (reply.status == 409 and len(batch) == 1):
        return taken(lrs, batch, reply), True
    if reply.verdict is Verdict.LATER:
        wait(lrs, reply)
        return 0, False
    if len(batch) == 1:
        refused(lrs, batch[0], reply)
        return 0, True
    middle = len(batch) // 2
    count, is_well = send(lrs, batch[:middle])
    if not is_well:
        return count, False
    more, is_well = send(lrs, batch[middle:])
    return count + more, is_well


def trust(lrs: Lrs, batch: Sequence[Statement]) -> bool:
    """Whether to go on: one that refuses a whole batch, each for itself, would refuse the next as well."""
    refused = lrs.statements.in_state(State.REFUSED).filter(pk__in=[each.pk for each in batch])
    if len(batch) == 1 or refused.count() < len(batch):
        return True
    wait(lrs, Reply(Verdict.LATER, words=f"It refuses whatever it is sent: {refused[0].reason}"))
    return False


def asked(lrs: Lrs, batch: Sequence[Statement]) -> Reply:
    secret = unseal(lrs.sealed)
    if secret is None:
        return Reply(Verdict.LATER, words="Its secret cannot be read since SECRET_KEY was changed. Enter it anew.")
    return post(lrs.url, key=lrs.key, secret=secret, statements=[each.body for each in batch], policy=policy())


@transaction.atomic
def taken(lrs: Lrs, batch: Sequence[Statement], reply: Reply) -> int:
    """The LRS has them; who they were about, nobody needs here any more."""
    jobs.renew(lrs, **WELL, taken_at=Now())
    return settle(batch, state=State.SENT, status=reply.status, body={}, about=None)


# What a record store that is well has behind it.
WELL: dict[str, Any] = {"attempts": 0, "failing_since": None, "told_at": None, "next_at": None, "failure": ""}


@transaction.atomic
def refused(lrs: Lrs, statement: Statement, reply: Reply) -> None:
    jobs.renew(lrs)
    settle([statement], state=State.REFUSED, status=reply.status, reason=reply.words)


def settle(batch: Sequence[Statement], **facts: Any) -> int:
    still = Statement.objects.in_state(State.WAITING).filter(pk__in=[each.pk for each in batch])
    return still.update(settled_at=Now(), **facts)


@transaction.atomic
def wait(lrs: Lrs, reply: Reply) -> None:
    """Try later; what has waited for days is given up, and administrators hear of it once."""
    now = timezone.now()
    own = dt.timedelta(seconds=BACK_OFF[min(lrs.attempts, len(BACK_OFF) - 1)] * random.uniform(0.9, 1.1))  # noqa: S311 - no secret
    since = lrs.failing_since or now
    next_at = now + max(own, reply.pause or own)
    jobs.renew(lrs, attempts=lrs.attempts + 1, failing_since=since, next_at=next_at, failure=reply.words)
    if since > now - GIVE_UP_AFTER:
        return
    old = lrs.statements.in_state(State.WAITING).filter(made_at__lte=now - GIVE_UP_AFTER)
    old.update(state=State.GIVEN_UP, settled_at=now, status=reply.status, reason=reply.words)
    if lrs.told_at is None:
        jobs.renew(lrs, told_at=now)
        send_later(LETTER_TASK, lrs=str(lrs.pk))


def try_out(pk: UUID, *, by: Account) -> Reply | None:
    """Send one test, on or off, and once: the answer is what somebody waits for. `by` sends it."""
    test = Statement.objects.tests_waiting().select_related("lrs").filter(pk=pk).first()
    if test is None:
        return None
    reply = asked(test.lrs, [test])
    if reply.verdict is Verdict.TAKEN or reply.status == 409:
        settle([test], state=State.SENT, status=reply.status, body={})
    else:
        settle([test], state=State.REFUSED, status=reply.status, reason=reply.words)
    return reply


def try_out_waiting(*, by: Account) -> int:
    """Tests that a worker left."""
    left = Statement.objects.tests_waiting().filter(made_at__lt=timezone.now() - dt.timedelta(minutes=1))
    return sum(try_out(pk, by=by) is not None for pk in left.values_list("pk", flat=True))
