"""What follows an edit that could not do it itself."""

from uuid import UUID

from celery import shared_task
from django.db import transaction

from gaps.queries import requirements, standing


@shared_task(ignore_result=True)
@transaction.atomic
def rebuild_requirements(workflows: list[str], skills: list[str]) -> None:
    """Two edits at a time: the second one's share, once it is committed."""
    if workflows:
        requirements.rebuild(requirements.of_workflows([UUID(pk) for pk in workflows]))
    if skills:
        requirements.rebuild(requirements.of_skills([UUID(pk) for pk in skills]))


@shared_task(ignore_result=True)
def rebuild_standings() -> None:
    """A type of evidence is trusted more or less than before."""
    standing.recompute_everything()
