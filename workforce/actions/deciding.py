"""What people decide about a run, and what becomes of one that nobody decides about."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from base import changes, edits, jobs
from base.errors import RuleBroken
from base.outbox import send_later
from workforce.actions.announcing import announce
from workforce.actions.runs import APPLY_TASK, locked
from workforce.models import Account, Run, RunChange

State = Run.State
DROP_TASK = "workforce.routines.drop_what_waited"


@transaction.atomic
def approve_run(run: Run, *, reason: str = "", by: Account) -> Run:
    """Have done what a held run waits with, in the background. Approved twice, it is done once.

    Raises RuleBroken when it is not held.
    """
    run = locked(run)
    if run.is_approved:
        return run
    must_wait(run, State.HELD)
    decided = {"decided_at": timezone.now(), "decided_by": by, "reason": reason, "expires_at": None}
    jobs.want(run, state=State.APPLYING, **decided)
    facts = {"state": (State.HELD.value, State.APPLYING.value), "reason": ("", reason)}
    changes.record("approve", run, by=by, facts=facts)
    send_later(APPLY_TASK, run_id=str(run.pk))
    return run


@transaction.atomic
def reject_run(run: Run, *, reason: str = "", by: Account) -> Run:
    """Do without what a held run waits with, or give up an open one."""
    run = locked(run)
    must_wait(run, State.HELD, State.OPEN)
    now = timezone.now()
    closed = {} if run.closed_at else {"closed_at": now, "closed_by": by}
    decided = {"state": State.REJECTED, "decided_at": now, "decided_by": by, "reason": reason, "expires_at": None}
    edits.save(run, {**decided, **closed}, by=by, verb="reject")
    announce(run)
    # It may be a million changes, and whoever rejects them waits for none of it.
    send_later(DROP_TASK, run_id=str(run.pk))
    return run


def must_wait(run: Run, *states: Run.State) -> None:
    if run.state not in states:
        raise RuleBroken(f"This run is {run.get_state_display().lower()}; nothing waits in it.", code="not_held")


def drop_what_waits(run: Run) -> None:
    run.changes.held().update(state=RunChange.State.DROPPED)
    run.pages.all().delete()


def expire_overdue(*, by: Account) -> int:
    """Nobody closed it, or nobody decided: it ends, and what waited in it is not done. Returns how many."""
    return sum(expire_run(run, by=by) for run in Run.objects.overdue())


@transaction.atomic
def expire_run(run: Run, *, by: Account) -> bool:
    run = edits.locked(run)
    if run.expires_at is None or run.expires_at > timezone.now():
        return False
    edits.save(run, {"state": State.EXPIRED, "expires_at": None}, by=by, verb="expire")
    announce(run)
    drop_what_waits(run)
    return True


@transaction.atomic
def drop_rejected(pk: UUID) -> None:
    """What waited in a run that somebody rejected: it is not done, and its rows are thrown away."""
    if run := Run.objects.ended().filter(pk=pk).first():
        drop_what_waits(run)
