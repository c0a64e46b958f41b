"""The work of a list of ratings, piece by piece, by whichever worker holds its lease."""

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from base import changes, jobs
from base.tables import shape
from gaps.models import RatingList, RatingPiece, RatingRow
from gaps.queries import ratings
from gaps.ratings import MOST_ROWS

State = RatingList.State
PIECE = 20_000
SAMPLES = 50
# As long as a file of people by hand: long enough to mend a list and look again.
FORGOTTEN_AFTER = dt.timedelta(days=7)


def work_on(pk: UUID) -> bool:
    """Do what a list waits for. False where there is nothing to do: another worker has it, or it was stopped."""
    return jobs.work_on(RatingList.objects.all(), pk, WORK, fail=fail)


def fail(plan: RatingList) -> None:
    """Say what is safe. Its pieces are whole, so it can go on where it stood."""
    went = "Something went wrong on our side"
    if plan.state == State.READING:
        jobs.finish(plan, state=State.REFUSED, failure=f"{went} while the list was read. Try again.")
    elif plan.state == State.UNDOING:
        rest = f"{went} after {plan.done:,} of {plan.total:,} were taken back. Take the others back again."
        jobs.finish(plan, state=State.APPLIED, done=plan.total - plan.done, failure=rest)
    else:
        safe = f"{went} after {plan.done:,} of {plan.total:,} ratings. Those are in and complete: go on, or undo them."
        jobs.finish(plan, state=State.STOPPED, failure=safe)


def read(plan: RatingList) -> None:
    """Make the plan: every row of the file gets a verdict, and none is recorded."""
    counts = judged(plan, on_piece=lambda done: jobs.renew(plan, done=done))
    with transaction.atomic():
        # First of all: the lock on the job keeps a second worker from telling the same plan.
        jobs.renew(plan)
        told = ratings.keep_what_is_told(plan, samples=SAMPLES)
        rows = sum(counts.values())
        jobs.finish(plan, state=State.PLANNED, counts=counts, done=0, total=rows, **told)


def judged(plan: RatingList, *, on_piece: Callable[[int], None]) -> dict[str, int]:
    """Every row in a temporary table of this connection, with its verdict by what is here now; {verdict: rows}."""
    found = plan.found
    places = {field: found.header.index(name) for field, name in plan.mapping.items()}
    with plan.open() as file:
        ratings.stage(shape.records(file, found, most=MOST_ROWS), places, on_piece=on_piece)
    return ratings.judge(plan)


def bring_in(plan: RatingList) -> None:
    """Record what is new. What a worker before this one recorded is here already, so it goes on behind it."""
    by = plan.applied_by or plan.created_by
    counts = judged(plan, on_piece=lambda read: jobs.renew(plan))
    jobs.renew(plan, total=plan.done + counts.get("new", 0))
    for after, upto in ratings.spans(PIECE):
        with transaction.atomic():
            # Before the first row: a second worker waits here, and then finds the fence taken.
            jobs.renew(plan)
            count = ratings.bring_in(plan, after, upto, by=by.pk)
            jobs.renew(plan, done=plan.done + count)
    with transaction.atomic():
        jobs.finish(plan, state=State.APPLIED)
        changes.record("finish", plan, by=by, facts={"ratings": (None, plan.done)})


def take_back(plan: RatingList) -> None:
    by = plan.undone_by or plan.created_by
    while True:
        with transaction.atomic():
            jobs.renew(plan)
            count, reached = ratings.withdraw(plan, reason=plan.undo_reason, by=by.pk, most=PIECE)
            if not reached:
                jobs.finish(plan, state=State.UNDONE)
                changes.record("finish", plan, by=by, facts={"taken_back": (None, plan.done)})
                return
            jobs.renew(plan, done=plan.done + count, reached=reached)


WORK: dict[State, Callable[[RatingList], None]] = {
    State.READING: read,
    State.APPLYING: bring_in,
    State.UNDOING: take_back,
}


def forget_files() -> int:
    """Files and rejected rows name people; nobody needs them for longer. Returns how many rows and pieces went."""
    old = RatingList.objects.older_than(timezone.now() - FORGOTTEN_AFTER)
    for plan in old.with_preview():
        RatingList.objects.filter(pk=plan.pk).update(shape={**plan.shape, "preview": []})
    gone = RatingPiece.objects.filter(owner__in=old).delete()[0]
    return gone + RatingRow.objects.filter(owner__in=old).delete()[0]
