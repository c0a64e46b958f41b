"""The work of making all standings anew, part by part, by whichever worker holds its lease."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from base import jobs
from gaps.models import Reweighing
from gaps.queries import standing


def work_on(pk: UUID) -> bool:
    """Go on behind what is done. False where there is nothing to do: another worker has it, or it began again."""
    job = jobs.claim(Reweighing.objects.all(), pk)
    if job is None:
        return False
    try:
        for part in range(job.done, job.total):
            with transaction.atomic():
                # First of all: a change of trust waits for this part, and then begins again.
                jobs.renew(job, done=part + 1)
                standing.recompute(standing.part_of_everybody(part, of=job.total))
        jobs.finish(job, finished_at=timezone.now())
    except jobs.LostLease:
        return False
    return True
