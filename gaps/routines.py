"""What the clock starts here."""

from celery import shared_task
from django.db import transaction

from gaps.queries import requirements, standing


@shared_task(ignore_result=True)
def begin_day() -> None:
    """Evidence that ran out yesterday no longer counts; and whatever slipped through, requirements are true again."""
    standing.begin_day()
    with transaction.atomic():
        requirements.rebuild()
