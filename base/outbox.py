"""Side effects leave from here: a row in the same transaction, sent after it commits, once.

An action calls `send_later("skills.tasks.plan_import", import_id=...)`; the payload is ids and plain values only.
"""

import logging
from collections.abc import Callable
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone

from base.models import OutboxMessage

log = logging.getLogger(__name__)


def send_later(task: str, **payload: Any) -> None:
    """Queue a Celery task by its name when, and only when, this transaction commits."""
    message = OutboxMessage.objects.create(topic=task, payload=payload)
    # The quick way; the clock sweeps up what a crash left behind (routines.empty_outbox).
    transaction.on_commit(lambda: deliver(message.pk), robust=True)


def deliver(message_id: int) -> bool:
    """Hand one message to the queue, unless somebody else already did."""
    with transaction.atomic():
        message = OutboxMessage.objects.select_for_update(skip_locked=True).filter(pk=message_id, sent_at=None).first()
        if message is None:
            return False
        message.attempts += 1
        try:
            enqueue(message.topic, message.payload)
        except Exception as error:
            log.warning("The queue did not take message %s: %s", message.pk, error)
            message.failure = str(error)
        else:
            message.sent_at = timezone.now()
            message.failure = ""
        message.save(update_fields=["attempts", "failure", "sent_at"])
        return message.sent_at is not None


# A seam for tests, and the only place that talks to the queue.
enqueue: Callable[[str, dict[str, Any]], Any] = lambda task, payload: current_app.send_task(task, kwargs=payload)  # noqa: E731


def deliver_waiting(limit: int = 1000) -> int:
    """Send what still waits, oldest first; returns how many left. Never gives up: a queue that is down comes back."""
    waiting = OutboxMessage.objects.filter(sent_at=None).order_by("id")[:limit]
    return sum(deliver(pk) for pk in list(waiting.values_list("pk", flat=True)))
