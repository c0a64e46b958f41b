"""What follows an action: ids in, one call."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from performance_support import reminders
from performance_support.models import Reminder
from workforce.models import Account


@shared_task
def tell_keeper(account: str, resources: list[str], why: str) -> None:
    """What was handed on, escalated or announced, to one person."""
    keeper = Account.objects.active_people().filter(pk=account).first()
    if keeper and (mail := reminders.mail_to_tell(keeper, [UUID(pk) for pk in resources], why)):
        mail.send()


@shared_task
def send_reminder(reminder: int) -> None:
    """Claim, then send: delivered twice, or broken off in between, it is never sent a second time."""
    if Reminder.objects.filter(pk=reminder, sent_at=None).update(sent_at=timezone.now()):
        account = Reminder.objects.select_related("account").get(pk=reminder).account
        if mail := reminders.mail_to_remind(account):
            mail.send()
