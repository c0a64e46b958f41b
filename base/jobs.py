"""The verbs of a job: ask for it, claim it, say that it lives, end it.

    want(job)  ->  claim(Import.objects, pk)  ->  renew(job, done=…) …  ->  finish(job)

A worker that was only slow finds its fence taken and gets `LostLease` before it can write anything more.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from base.models.job import LEASE, Job, JobQuerySet
from base.outbox import send_later
from base.tables.limits import CannotRead

log = logging.getLogger(__name__)
J = TypeVar("J", bound=Job)


class LostLease(Exception):  # noqa: N818 - it is no error: somebody else goes on
    """The job was stopped, or another worker has it now. Roll back and leave."""


def want(job: Job, **facts: Any) -> None:
    """Ask for the work. Whoever held it before is fenced off; `facts` are other fields to set with it."""
    change(job, wanted_at=Now(), leased_until=None, fence=F("fence") + 1, failure="", **facts)


@transaction.atomic
def claim(jobs: JobQuerySet[J], pk: UUID) -> J | None:
    """Take the lease of a job that is wanted and free; None means that there is nothing to do here."""
    # A worker whose lease ran out within a long piece still locks the row, and is not dead: pass by, do not wait.
    job = jobs.free().select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    if job is not None:
        change(job, leased_until=Now() + LEASE, fence=F("fence") + 1)
    return job


def ask_again(jobs: JobQuerySet[J], pk: UUID) -> bool:
    """Note that a stalled job is asked for once more; False where somebody else already did."""
    return bool(jobs.stalled().filter(pk=pk).update(wanted_at=Now(), leased_until=None))


@transaction.atomic
def resume(jobs: JobQuerySet[J], pk: UUID, work: str, **told: str) -> bool:
    """The same, and queue its work anew."""
    if asked := ask_again(jobs, pk):
        send_later(work, **told)
    return asked


def work_on(
    jobs: JobQuerySet[J], pk: UUID, work: Mapping[Any, Callable[[J], None]], *, fail: Callable[[J], None]
) -> bool:
    """Do with a file that was brought what its state waits for; `fail` says what is safe where that went wrong.

    False where there is nothing to do: another worker has it, or it was stopped.
    """
    job = claim(jobs, pk)
    if job is None:
        return False
    try:
        work[job.state](job)  # type: ignore[attr-defined]
    except LostLease:
        return False
    except CannotRead as refusal:
        finish(job, state="refused", failure=refusal.message)
    except Exception:
        log.exception("%s %s failed", type(job).__name__, pk)
        fail(job)
    return True


def renew(job: Job, **facts: Any) -> None:
    """Hold the lease for longer and note how far it is. Raises LostLease.

    Inside a transaction this locks the job's row until the commit: nobody takes over while a piece is written.
    """
    held(job, leased_until=Now() + LEASE, **facts)


def finish(job: Job, **facts: Any) -> None:
    """The work is done, or has failed for good. Raises LostLease."""
    held(job, wanted_at=None, leased_until=None, **facts)


def call_off(job: Job, **facts: Any) -> None:
    """Nobody wants it any more. The worker that holds it finds out at its next `renew`."""
    change(job, wanted_at=None, leased_until=None, fence=F("fence") + 1, **facts)


def held(job: Job, **facts: Any) -> None:
    rows = type(job)._default_manager.filter(pk=job.pk, fence=job.fence, wanted_at__isnull=False)
    if not rows.update(**facts):
        raise LostLease
    job.refresh_from_db(fields=list(facts))


def change(job: Job, **facts: Any) -> None:
    type(job)._default_manager.filter(pk=job.pk).update(**facts)
    job.refresh_from_db(fields=list(facts))
