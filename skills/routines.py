"""What the clock starts in this room."""

from celery import shared_task
from django.utils import timezone

from skills import actions
from workforce.models import Account


@shared_task
def send_digests() -> None:
    """Once a week; every owner of open flags hears what waits."""
    actions.ask_for_digests(timezone.localdate(), by=Account.objects.system())
