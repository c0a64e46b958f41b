"""One call: claim it, make it, write down how it went.

    claim (a transaction)  ->  call (none: a receiver may take its time)  ->  note (a transaction)

Killed before the call or after it, the lease runs out and the next worker calls again with the same id: at least once.
"""

import datetime as dt
import json
import time
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from base import edits, jobs, outward
from base.jobs import LostLease
from workforce import webhooks
from workforce.actions.webhooks import message_of, policy, switch_off
from workforce.models import Account, Delivery, DeliveryTry, Webhook, WebhookEvent

State = Delivery.State
GONE = 410
# Without one success in between.
FAILING_FOR = dt.timedelta(days=3)
# Events and how they went.
KEPT = dt.timedelta(days=90)


@dataclass(frozen=True)
class Result:
    status: int | None
    failure: str = ""
    milliseconds: int = 0
    pause: dt.timedelta | None = None  # that the receiver asked for

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def deliver(pk: UUID) -> bool:
    """Make one call that is due. False where there is none, or another worker is at it."""
    delivery = jobs.claim(Delivery.objects.due(), pk)
    if delivery is None:
        return False
    webhook = delivery.webhook
    try:
        note(delivery, call(delivery) if webhook.is_on and not webhook.is_retired else None)
    except LostLease:
        return False
    return True


def call(delivery: Delivery) -> Result:
    """Post the event. Whatever goes wrong is a result, not an error."""
    webhook, now, start = delivery.webhook, timezone.now(), time.monotonic()
    body = json.dumps(delivery.event.body, separators=(",", ":"), ensure_ascii=False).encode()
    headers = webhooks.headers(webhook.secrets(), message=message_of(delivery.event), at=now, body=body)
    status, failure, pause = None, "", None
    try:
        answer = outward.call("POST", webhook.url, body=body, headers=headers, policy=policy())
        status, pause = answer.status, webhooks.retry_after(answer.headers.get("Retry-After"), now=now)
    except outward.NotAllowed as refusal:
        failure = refusal.message
    except outward.Unreachable as reason:
        failure = str(reason)
    return Result(status, failure, int((time.monotonic() - start) * 1000), pause)


@transaction.atomic
def note(delivery: Delivery, result: Result | None) -> None:
    """Write down how the call went and what follows. Raises LostLease where somebody else called meanwhile."""
    # The webhook first: whoever switches it off holds it while looking at its deliveries.
    webhook = edits.locked(delivery.webhook)
    if result is None:
        jobs.finish(delivery, state=State.FAILED, next_at=None)
        return
    attempts = delivery.attempts + 1
    DeliveryTry.objects.create(
        delivery=delivery, status=result.status, failure=result.failure, milliseconds=result.milliseconds
    )
    if result.is_good:
        jobs.finish(delivery, state=State.DELIVERED, next_at=None, attempts=attempts)
        set_failing(webhook, None)
        return
    pause = None if result.status == GONE else webhooks.pause_after(attempts, asked=result.pause)
    if pause is None:
        jobs.finish(delivery, state=State.FAILED, next_at=None, attempts=attempts)
    else:
        jobs.held(delivery, leased_until=None, next_at=timezone.now() + pause, attempts=attempts)
    note_failure(webhook, result)


def note_failure(webhook: Webhook, result: Result) -> None:
    now, by = timezone.now(), Account.objects.system()
    if webhook.failing_since is None:
        set_failing(webhook, now)
    if result.status == GONE:
        switch_off(webhook, why=Webhook.Off.GONE, by=by)
    elif webhook.failing_since and webhook.failing_since <= now - FAILING_FOR:
        switch_off(webhook, why=Webhook.Off.FAILING, by=by)


def set_failing(webhook: Webhook, since: dt.datetime | None) -> None:
    # No edit by anybody, so no version and no entry in the trail.
    if webhook.failing_since != since:
        Webhook.objects.filter(pk=webhook.pk).update(failing_since=since)
        webhook.failing_since = since


def due(most: int = 500) -> list[UUID]:
    """What waits for its call now, the longest wait first."""
    return list(Delivery.objects.due().order_by("next_at").values_list("pk", flat=True)[:most])


def forget_old_events() -> int:
    """Returns how many rows went."""
    old = WebhookEvent.objects.filter(created_at__lt=timezone.now() - KEPT)
    count, _ = old.exclude(deliveries__state=State.WAITING).delete()
    return count
