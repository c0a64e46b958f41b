"""What follows an edit that could not do it itself."""

from uuid import UUID

from celery import shared_task
from django.db import transaction

from gaps import bringing, letters
from gaps.models import Contest, Goal, GoalDate
from gaps.queries import requirements
from gaps.reweighing import work_on as work_on_reweighing
from workforce.models import Account


@shared_task(ignore_result=True)
@transaction.atomic
def rebuild_requirements(workflows: list[str], skills: list[str]) -> None:
    """Two edits at a time: the second one's share, once it is committed."""
    if workflows:
        requirements.rebuild(requirements.of_workflows([UUID(pk) for pk in workflows]))
    if skills:
        requirements.rebuild(requirements.of_skills([UUID(pk) for pk in skills]))


@shared_task(ignore_result=True)
def reweigh(reweighing: str) -> None:
    """A type of evidence is trusted more or less than before."""
    work_on_reweighing(UUID(reweighing))


@shared_task(ignore_result=True)
def tell_about_goal(goal: str, deed: str, by: str) -> None:
    """The other side hears what was proposed, agreed, declined or given up."""
    about = Goal.objects.select_related("person", "job_role").get(pk=goal)
    if mail := letters.about_goal(about, deed, Account.objects.get(pk=by)):
        mail.send()


@shared_task(ignore_result=True)
def tell_about_date(date: str, version: int, deed: str, by: str) -> None:
    """The same for another day of a goal."""
    about = GoalDate.objects.select_related("goal__person", "goal__job_role", "proposed_by").get(pk=date)
    if mail := letters.about_date(about, deed, Account.objects.get(pk=by), version=version):
        mail.send()


@shared_task(ignore_result=True)
def tell_about_contest(contest: str, deed: str, by: str) -> None:
    """The manager hears of a contest, the person of its answer."""
    about = Contest.objects.select_related("evidence__person", "evidence__skill").get(pk=contest)
    if mail := letters.about_contest(about, deed, Account.objects.get(pk=by)):
        mail.send()


@shared_task(ignore_result=True)
def work_on_ratings(list_id: str) -> None:
    """Whatever the list waits for; nothing where another worker has it."""
    bringing.work_on(UUID(list_id))
