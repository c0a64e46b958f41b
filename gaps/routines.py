"""What the clock starts here."""

from celery import shared_task
from django.db import transaction

from base import jobs
from gaps import bringing
from gaps.actions.rating import WORK
from gaps.actions.trusting import WORK as REWEIGH
from gaps.models import RatingList, Reweighing
from gaps.queries import requirements, snapshot, standing


@shared_task(ignore_result=True)
def begin_day() -> None:
    """Evidence that ran out yesterday no longer counts; and whatever slipped through, requirements are true again."""
    standing.begin_day()
    with transaction.atomic():
        requirements.rebuild()


# Of days that nobody kept, a week is made up for from what was written down; each costs a look at all the evidence.
MADE_UP_FOR = 7


@shared_task(ignore_result=True)
def keep_figures() -> None:
    """Everybody's figures at the end of the day, and of the days on which no worker was there."""
    snapshot.take_missed(most=MADE_UP_FOR)


@shared_task(ignore_result=True)
def resume_ratings() -> int:
    """A worker was killed, or the queue lost the message: ask again. Returns for how many."""
    stalled = RatingList.objects.stalled().values_list("pk", flat=True)
    return sum(jobs.resume(RatingList.objects.all(), pk, WORK, list_id=str(pk)) for pk in stalled)


@shared_task(ignore_result=True)
def resume_reweighing() -> int:
    """The same for levels that follow a change of trust."""
    stalled = Reweighing.objects.stalled().values_list("pk", flat=True)
    return sum(jobs.resume(Reweighing.objects.all(), pk, REWEIGH, reweighing=str(pk)) for pk in stalled)


@shared_task(ignore_result=True)
def forget_rating_files() -> int:
    """Files by hand hold what was said about people, and are kept for a week."""
    return bringing.forget_files()
