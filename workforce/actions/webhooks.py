"""Whom we call: add, change, rotate, switch off and on, remove; and what is sent again."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from base import changes, edits, jobs, outward
from base.errors import RuleBroken
from base.outbox import send_later
from workforce.models import Account, Delivery, Webhook, WebhookEvent
from workforce.models.webhook import TEST, Body
from workforce.queries import deliveries

DELIVER_TASK = "workforce.routines.deliver_webhook"
SWEEP_TASK = "workforce.routines.send_webhooks"
LETTER_TASK = "workforce.tasks.send_webhook_letter"
MOST_WEBHOOKS = 50


def policy() -> outward.Policy:
    """Only https to the open internet; on a developer's own machine its own receivers as well."""
    return outward.Policy(loopback=settings.CALLS_LOOPBACK)


@transaction.atomic
def add_webhook(url: str, *, kinds: Sequence[str], by: Account) -> Webhook:
    """Call an address from now on. Its secret is shown this once: `webhook.secret`."""
    if Webhook.objects.active().count() >= MOST_WEBHOOKS:
        raise RuleBroken(f"There are {MOST_WEBHOOKS} webhooks already. Remove one first.", code="too_many")
    outward.target_of(url, policy())
    return edits.add(Webhook(url=url, kinds=sorted(kinds), owner=by), by=by)


@transaction.atomic
def change_webhook(
    webhook: Webhook, *, url: str, kinds: Sequence[str], seen: int | None = None, by: Account
) -> Webhook:
    """Call another address, or tell of other events. Whoever changes it hears of its troubles."""
    outward.target_of(url, policy())
    webhook = edits.locked(webhook, seen=seen)
    edits.save(webhook, {"url": url, "kinds": sorted(kinds), "owner": by}, by=by)
    return webhook


@transaction.atomic
def rotate_webhook(webhook: Webhook, *, by: Account) -> Webhook:
    """A new secret, shown this once; for a day everything is signed with the one before as well."""
    webhook = edits.locked(webhook)
    edits.save(webhook, {"generation": webhook.generation + 1, "rotated_at": timezone.now()}, by=by, verb="rotate")
    return webhook


@transaction.atomic
def remove_webhook(webhook: Webhook, *, by: Account) -> Webhook:
    """Call it no more, for good."""
    webhook = edits.locked(webhook)
    if edits.retire(webhook, by=by):
        deliveries.give_up(webhook)
    return webhook


@transaction.atomic
def switch_off(webhook: Webhook, *, why: Webhook.Off = Webhook.Off.BY_HAND, by: Account) -> Webhook:
    """Call it no more until somebody switches it on; what it misses can be sent again. Its owner hears why."""
    webhook = edits.locked(webhook)
    if webhook.is_on:
        edits.save(webhook, {"off_since": timezone.now(), "off_why": why}, by=by, verb="switch_off")
        deliveries.give_up(webhook)
        if why != Webhook.Off.BY_HAND:
            send_later(LETTER_TASK, webhook_id=str(webhook.pk))
    return webhook


@transaction.atomic
def switch_on(webhook: Webhook, *, by: Account) -> Webhook:
    """Call it again, from the next event on."""
    webhook = edits.locked(webhook)
    if not webhook.is_on:
        values = {"off_since": None, "off_why": "", "failing_since": None}
        edits.save(webhook, values, by=by, verb="switch_on")
    return webhook


@transaction.atomic
def test_webhook(webhook: Webhook, *, by: Account) -> Delivery:
    """Send an event that means nothing, to see how it is received."""
    webhook = that_is_on(webhook)
    changes.record("test", webhook, by=by)
    return put_on_the_way(event_of(TEST, {}), [webhook])[0]


@transaction.atomic
def replay_delivery(delivery: Delivery, *, by: Account) -> Delivery:
    """Send it again, now, whatever became of it: with the same id, so that receivers can tell."""
    webhook = that_is_on(delivery.webhook)
    jobs.want(delivery, state=Delivery.State.WAITING, attempts=0, next_at=Now())
    changes.record("replay", webhook, by=by, facts={"events": (None, 1)})
    send_later(DELIVER_TASK, delivery_id=str(delivery.pk))
    return delivery


@transaction.atomic
def replay_undelivered(webhook: Webhook, *, since: dt.datetime, by: Account) -> int:
    """Send everything again that was given up since a moment. Returns how many."""
    webhook = that_is_on(webhook)
    again = webhook.deliveries.undelivered().made_since(since)
    count = deliveries.take_up(again)
    if count:
        changes.record("replay", webhook, by=by, facts={"events": (None, count)})
        send_later(SWEEP_TASK)
    return count


def that_is_on(webhook: Webhook) -> Webhook:
    """The webhook as it is now, locked. Raises RuleBroken where nobody is called."""
    webhook = edits.locked(webhook)
    if webhook.is_retired:
        raise RuleBroken("This webhook was removed. Add it again.", code="webhook_removed")
    if not webhook.is_on:
        raise RuleBroken("This webhook is switched off. Switch it on first.", code="webhook_off")
    return webhook


# --- what happens is written down, to be told ---------------------------------------------------


def event_of(kind: str, data: Body, **facts: object) -> WebhookEvent:
    """The event with the body that everybody gets: small, and without anything about people."""
    now = timezone.now()
    event = WebhookEvent(id=uuid.uuid4(), kind=kind, created_at=now, **facts)
    stamp = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    event.body = {"id": message_of(event), "type": kind, "created_at": stamp, "data": data}
    event.save(force_insert=True)
    return event


def message_of(event: WebhookEvent) -> str:
    return f"msg_{event.pk.hex}"


def put_on_the_way(event: WebhookEvent, webhooks: Sequence[Webhook]) -> list[Delivery]:
    """Rows beside the facts: whoever dies after the commit, the clock finds them."""
    now = timezone.now()
    waiting = [
        Delivery(webhook=webhook, event=event, wanted_at=now, next_at=now)
        if webhook.is_on
        else Delivery(webhook=webhook, event=event, state=Delivery.State.FAILED)
        for webhook in webhooks
    ]
    Delivery.objects.bulk_create(waiting)
    for delivery in waiting:
        if delivery.is_wanted:
            send_later(DELIVER_TASK, delivery_id=str(delivery.pk))
    return waiting
