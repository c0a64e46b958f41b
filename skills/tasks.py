"""What follows an action: ids in, one call."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from skills import carrying, digests
from skills.models import Digest


@shared_task
def send_digest(digest: int) -> None:
    """Claim, then send: delivered twice, or broken off in between, it is never sent a second time."""
    if Digest.objects.unsent().filter(pk=digest).update(sent_at=timezone.now()):
        account = Digest.objects.select_related("account").get(pk=digest).account
        if mail := digests.mail_to(account):
            mail.send()


@shared_task
def work_on_import(import_id: str) -> None:
    """Whatever the import waits for; nothing where another worker has it."""
    carrying.work_on(UUID(import_id))
