"""How far a type of evidence is trusted, as this organisation has it; and everybody's levels by it."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from base import edits, jobs
from base.errors import RuleBroken
from base.models import Change
from base.outbox import send_later
from gaps.models import Reweighing, Trust
from gaps.queries import standing
from workforce.models import Account

WORK = "gaps.tasks.reweigh"


@transaction.atomic
def change_trust(trust: Trust, *, seen: int | None = None, by: Account, **values: Any) -> Trust:
    """Trust a type of evidence more or less, or for longer. Everybody's standing is reckoned anew, in the background.

    `months` counts for what is recorded from now on: how long evidence counts was said when it was recorded.
    """
    lock()
    trust = edits.locked(trust, seen=seen)
    facts = edits.save(trust, values, by=by)
    if "percent" in facts:
        reweigh(by=by)
    return trust


@transaction.atomic
def undo_trust(trust: Trust, *, version: int, by: Account) -> Trust:
    """Take back the change that made this version, unless somebody has changed it since."""
    lock()
    trust = edits.locked(trust)
    last = Change.objects.filter(subject=trust.pk, verb="change").order_by("-id").first()
    if last is None or trust.version != version:
        raise RuleBroken("It was changed again since. Look at it, and set what you mean.", code="moved_on")
    return change_trust(trust, by=by, **{name: before for name, (before, _) in last.facts.items()})


def lock() -> None:
    """Whoever changes another type in the same moment waits, and then finds the work that was asked for."""
    list(Trust.objects.select_for_update(no_key=True).order_by("pk"))


def reweigh(*, by: Account) -> Reweighing:
    """Have all standings made anew. What is under way begins again: its first parts went by what held before."""
    job, total = Reweighing.objects.wanted().first(), standing.parts()
    if job is None:
        job = Reweighing.objects.create(asked_by=by, total=total, wanted_at=timezone.now())
    jobs.want(job, done=0, total=total, asked_by=by)
    send_later(WORK, reweighing=str(job.pk))
    return job
