"""What the clock starts on the ground floor."""

from celery import shared_task

from base import outbox


@shared_task
def empty_outbox() -> None:
    outbox.deliver_waiting()
