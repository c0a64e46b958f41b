"""What the clock starts on the ground floor."""

from celery import shared_task

from base import outbox, replay, watch


@shared_task
def empty_outbox() -> None:
    outbox.deliver_waiting()


@shared_task
def forget_answers() -> None:
    replay.forget_old()


@shared_task
def keep_watch() -> None:
    """Every night: ask for a run, and for nothing more than that. A run that its worker lost is taken up again."""
    watch.ask()


@shared_task
def run_watch(run: int) -> None:
    watch.run_through(run)
