"""The work of an import, piece by piece, by whichever worker holds its lease. Every piece is one transaction."""

from collections.abc import Callable
from itertools import count
from uuid import UUID

from django.db import transaction

from base import changes, jobs
from skills import rules
from skills.lists import shape
from skills.lists.rows import Reader
from skills.models import Import, ImportRow
from skills.queries import bringing, imports, vocabulary
from workforce.models import Account

State = Import.State
PIECE = 2_000


def work_on(pk: UUID) -> bool:
    """Do what an import waits for. False where there is nothing to do: another worker has it, or it was stopped."""
    return jobs.work_on(Import.objects.all(), pk, WORK, fail=fail)


def fail(plan: Import) -> None:
    """Say what is safe. Its pieces are whole, so it can go on where it stood."""
    if plan.state == State.READING:
        sentence = "Something went wrong on our side while the list was read. Nothing was changed: try again."
        jobs.finish(plan, state=State.REFUSED, failure=sentence)
        return
    sentence = (
        f"Something went wrong on our side after {plan.done:,} of {plan.total:,} rows. Those are in and complete, "
        "the others are untouched: go on, or undo what is in."
    )
    jobs.finish(plan, state=State.STOPPED, failure=sentence)


def read(plan: Import) -> None:
    """Make the plan: every row of the file gets a verdict, all of them or none."""
    with plan.open() as file:
        rows = Reader(plan.found, plan.mapping).rows(shape.records(file, plan.found))
        imports.stage(rows, on_piece=lambda done: jobs.renew(plan, done=done))
    imports.look_at_the_tables()
    with transaction.atomic():
        # First of all: the lock on the job keeps a second worker from judging the same list.
        jobs.renew(plan)
        total = imports.judge(plan)
        jobs.finish(plan, state=State.PLANNED, done=total, total=total, reached=0)


def bring_in(plan: Import) -> None:
    """Bring in what is chosen, and leave the flags of what was touched up to date."""
    by = plan.applied_by or plan.created_by
    walk(plan, bringing.CHOSEN, lambda piece: bringing.bring_in(plan, piece, by=by))
    close(plan, by, state=State.APPLIED)


def take_back(plan: Import) -> None:
    by = plan.undone_by or plan.created_by
    walk(plan, bringing.DONE, lambda piece: bringing.take_back(plan, piece, by=by))
    close(plan, by, state=State.UNDONE)


def walk(plan: Import, which: str, carry: Callable[[bringing.Piece], set[UUID]]) -> None:
    """Row by row in pieces: lock the job, write, recheck, note how far it is, commit."""
    for number in count():
        # Before the first piece, and whenever twice as much has been written.
        if number & (number - 1) <= 0:
            imports.look_at_the_tables()
        with transaction.atomic():
            jobs.renew(plan)
            piece = bringing.next_piece(plan, which, PIECE)
            if piece is None:
                return
            touched = carry(piece)
            rules.recheck(touched)
            vocabulary.learn(*touched)
            jobs.renew(plan, reached=piece.upto, done=plan.done + piece.rows)


@transaction.atomic
def close(plan: Import, by: Account, **facts: object) -> None:
    """Say in the trail what came of it."""
    jobs.finish(plan, **facts)
    results = ImportRow.objects.filter(owner=plan).results()
    changes.record("finish", plan, by=by, facts={result: (None, rows) for result, rows in results.items()})


WORK: dict[State, Callable[[Import], None]] = {
    State.READING: read,
    State.APPLYING: bring_in,
    State.UNDOING: take_back,
}
