"""What the clock and the queue start in this room."""

from uuid import UUID

from celery import shared_task

from workforce import actions
from workforce.actions import runs
from workforce.models import Account


@shared_task
def apply_run(run_id: str) -> None:
    runs.apply_run(UUID(run_id))


@shared_task
def look_after_runs() -> None:
    """Ask again for what a worker left, end what nobody closed or decided."""
    runs.resume_stalled()
    actions.expire_overdue(by=Account.objects.system())


@shared_task
def begin_the_day() -> None:
    """Joiners start and leavers leave on their day."""
    actions.honour_dates(by=Account.objects.system())
    runs.tidy_runs()
