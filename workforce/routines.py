"""What the clock and the queue start in this room."""

from uuid import UUID

from celery import shared_task

from base import outbox
from workforce import actions
from workforce.actions import deciding, delivering, erasing, keys, runs, uploading
from workforce.actions.webhooks import DELIVER_TASK
from workforce.models import Account
from workforce.queries.erasing import expire
from workforce.queries.names import NAMES


@shared_task
def apply_run(run_id: str) -> None:
    runs.apply_run(UUID(run_id))


@shared_task
def drop_what_waited(run_id: str) -> None:
    deciding.drop_rejected(UUID(run_id))


@shared_task
def work_on_upload(upload_id: str) -> None:
    uploading.work_on_upload(UUID(upload_id))


@shared_task
def look_after_runs() -> None:
    """Ask again for what a worker left, end what nobody closed or decided."""
    runs.resume_stalled()
    uploading.resume_uploads()
    actions.expire_overdue(by=Account.objects.system())


@shared_task
def begin_the_day() -> None:
    """Joiners start and leavers leave on their day."""
    actions.honour_dates(by=Account.objects.system())
    runs.tidy_runs()
    uploading.forget_files()
    delivering.forget_old_events()


@shared_task
def deliver_webhook(delivery_id: str) -> None:
    delivering.deliver(UUID(delivery_id))


@shared_task
def send_webhooks() -> None:
    """A task for each call that is due: one slow receiver keeps no other waiting."""
    for pk in delivering.due():
        outbox.enqueue(DELIVER_TASK, {"delivery_id": str(pk)})


@shared_task
def look_after_keys() -> None:
    """Whose owner has left, or lost the role: told before the next delivery of people is missed."""
    keys.tell_of_resting_keys()


@shared_task(ignore_result=True)
def keep_policy() -> None:
    """Every night: what is older than the policy allows is deleted, and who left long ago loses their name."""
    expire()
    erasing.erase_leavers(by=Account.objects.system())


@shared_task
def learn_names() -> None:
    """Every hour: a misspelt name finds the names that are here now."""
    NAMES.rebuild()
