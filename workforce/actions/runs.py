"""A run from its opening to its end. See also: deciding.py, by people; syncing.py, what it does to people."""

import datetime as dt
import logging
from collections import Counter
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from base import changes, edits, jobs
from base.errors import RuleBroken
from base.jobs import LostLease
from base.outbox import send_later
from workforce import guards
from workforce.actions import syncing
from workforce.actions.announcing import announce
from workforce.feeds import rows
from workforce.feeds.rows import Page
from workforce.models import RESTORABLE, Account, Run, RunChange, RunPage, RunProblem, Source
from workforce.queries import incoming, locks, phases, returning, writing

log = logging.getLogger(__name__)
State = Run.State
APPLY_TASK = "workforce.routines.apply_run"
# How long an open run waits to be closed, and a held one for a decision.
PATIENCE = dt.timedelta(hours=72)
# Problems and plans of finished runs are personal data that nobody needs any more.
KEPT = dt.timedelta(days=90)
MOST_TRIES = 20
OURS = "Something went wrong on our side while this run was applied. Nothing was changed: send it again."
MISSING = "Send the missing pages, then close again."
DOUBLED = (
    "A page has come twice, which does no harm: close without the number. An Idempotency-Key per page prevents it."
)
UNDECIDED = (
    "Something went wrong on our side while the approval was carried out. Nothing of what waits was done: decide again."
)
NOBODY = (
    "Nobody is left to take back: they are here, were let go again since, "
    f"or left more than {RESTORABLE.days} days ago."
)
OUTRUN = (
    "A newer snapshot of this source was applied after this one was opened, so this one is out of date. "
    "Nothing was changed: send a new one."
)


@transaction.atomic
def open_run(source: str, *, mode: str, is_dry: bool = False, by: Account, **facts: Any) -> Run:
    """Begin a delivery. A source is known from its first run on."""
    now = timezone.now()
    run = Run(source=source_named(source), mode=mode, is_dry=is_dry, opened_by=by, opened_at=now, **facts)
    run.expires_at = now + PATIENCE
    return edits.add(run, by=by, verb="open")


def source_named(name: str) -> Source:
    if not name.strip():
        raise RuleBroken("Name the system that these people come from.", code="no_source")
    return Source.objects.named(name.strip())


@transaction.atomic
def add_page(run: Run, people: list[Any], *, at: int = 1, by: Account) -> tuple[RunPage, Page]:
    """Take some people of an open run: check every row, keep the good ones, say what is wrong with the others.

    Rows are counted from `at`.
    """
    state = locks.hold_open(run) if run.state == State.OPEN else run.state
    if state != State.OPEN:
        raise RuleBroken(
            f"This run is {State(state).label.lower()} and takes no more pages. Open a new one.", code="run_closed"
        )
    found = rows.checked(people, now=timezone.now(), at=at)
    page = RunPage.objects.create(
        run=run,
        rows=found.rows,
        rejected=len(found.problems),
        dropped=found.dropped,
        blanks=found.blanks,
        content=found.content,
    )
    RunProblem.objects.bulk_create(map_problems(page, found), batch_size=5000)
    return page, found


def map_problems(page: RunPage, found: Page) -> list[RunProblem]:
    return [
        RunProblem(
            run_id=page.run_id,
            page=page.pk,
            row=problem.row,
            source_id=problem.source_id,
            field=problem.field,
            code=problem.code,
            detail=problem.detail,
            is_rejected=True,
        )
        for problem in found.problems
    ]


@transaction.atomic
def close_run(run: Run, *, expected: int | None = None, by: Account) -> Run:
    """No more pages: apply it in the background. Closed twice, it is applied once.

    Raises RuleBroken where the sender counted other than `expected` rows, or the run has ended without being applied.
    """
    run = locked(run)
    if run.state in {State.APPLYING, State.APPLIED, State.HELD}:
        return run
    if run.state != State.OPEN:
        raise RuleBroken(f"This run is {run.get_state_display().lower()}. Open a new one.", code="run_closed")
    total, dropped = received(run)
    if expected is not None and expected != total:
        raise RuleBroken(
            f"You sent {expected:,} rows and {total:,} have come. {MISSING if total < expected else DOUBLED}",
            code="rows_missing" if total < expected else "rows_doubled",
        )
    facts = {"state": State.APPLYING, "closed_at": timezone.now(), "closed_by": by, "expires_at": None}
    jobs.want(run, **facts, done=0, total=total, dropped=dropped)
    changes.record("close", run, by=by, facts={"rows": (None, total)})
    send_later(APPLY_TASK, run_id=str(run.pk))
    return run


def locked(run: Run) -> Run:
    """Locked, unless it is being applied: the worker then holds it to the end, and nobody should wait that long."""
    return run if run.state == State.APPLYING else edits.locked(run)


def received(run: Run) -> tuple[int, dict[str, int]]:
    """(rows, {dropped field: rows}) of all pages."""
    total, dropped = 0, Counter[str]()
    for count, names in run.pages.values_list("rows", "dropped"):
        total += count
        dropped.update(names)
    return total, dict(dropped)


def apply_run(pk: UUID) -> bool:
    """Do what a closed run waits for. False where there is nothing to do, or it is not this one's turn."""
    run = jobs.claim(Run.objects.all(), pk)
    if run is None:
        return False
    try:
        if ahead := run_ahead_of(run):
            return step_back(run, ahead)
        if run.is_approved:
            carry_out_approved(run)
        elif run.takes_back:
            carry_out_return(run, run.takes_back)
        else:
            incoming.stage_pages(run, on_piece=lambda done: jobs.renew(run, done=done))
            carry_out(run)
    except LostLease:
        return False
    except (OperationalError, InterfaceError):
        # The database went away, or others hold these people for long: the lease runs out, and the clock asks again.
        log.warning("Run %s is left for another try", pk, exc_info=True)
        if run.fence > MOST_TRIES:
            give_up(run)
        return False
    except RuleBroken as broken:
        give_up(run, broken.message)
    except Exception:
        log.exception("Run %s failed", pk)
        give_up(run)
    # Not in the same breath: nobody waits for it, and the clock does it again after a crash.
    run.pages.all().delete()
    go_on(run.source)
    return True


def run_ahead_of(run: Run) -> Run | None:
    """The run of the same source that was closed first: what it says is older."""
    return Run.objects.of(run.source).wanted().closed_before(run).in_turn().first()


@transaction.atomic
def step_back(run: Run, ahead: Run) -> bool:
    jobs.held(run, leased_until=None)
    send_later(APPLY_TASK, run_id=str(ahead.pk))
    return False


@transaction.atomic
def go_on(source: Source) -> None:
    """Whoever stepped back is called again."""
    if after := Run.objects.of(source).wanted().in_turn().first():
        send_later(APPLY_TASK, run_id=str(after.pk))


@transaction.atomic
def carry_out(run: Run) -> None:
    """One transaction: all of it or nothing. The lock on the job keeps a second worker from doing it too."""
    jobs.renew(run)
    phases.say(run.pk, phases.WAITING)
    locks.alone_with(run.source)
    run.source.refresh_from_db()
    if is_outrun(run):
        end(run, State.FAILED, by=Account.objects.system(), failure=OUTRUN)
        return
    by = run.closed_by or run.opened_by
    tally = syncing.sync_run(run, by=by)
    if not run.is_dry and run.is_snapshot:
        remember_snapshot(run, tally)
    now = timezone.now()
    end(
        run,
        State.HELD if tally.is_held else State.APPLIED,
        by=by,
        counts=tally.counts,
        guards=guards.as_facts(tally.guards),
        applied_at=now,
        expires_at=now + PATIENCE if tally.is_held else None,
        done=run.total,
    )


@transaction.atomic
def carry_out_approved(run: Run) -> None:
    """Do what was held and approved, but for people who changed since; newer news may have answered first."""
    # The source first: whoever applies a newer run holds it while looking at this one.
    locks.alone_with(run.source)
    jobs.renew(run)
    by = run.decided_by or run.opened_by
    if is_answered(run):
        end(run, State.EXPIRED, by=by, counts={**run.counts, "held": 0})
        return
    incoming.stage_held(run)
    tally = syncing.sync_staged(run.source, run=run.pk, by=by)
    writing.note_decided(run)
    for guard in run.guards:
        if guard["code"] == "rows" and guard["is_tripped"]:
            Source.objects.filter(pk=run.source_id).update(snapshot_rows=guard["found"])
    counts = Counter(run.counts)
    counts.update({name: tally.counts[name] for name in syncing.CHANGED.values()})
    counts["held"] = 0
    end(run, State.APPLIED, by=by, counts=dict(counts), failure="")


@transaction.atomic
def carry_out_return(run: Run, wrong: Run) -> None:
    """Take back whom the wrong one let leave. No guards: somebody asked for exactly this."""
    locks.alone_with(run.source)
    jobs.renew(run)
    if not returning.stage(wrong):
        raise RuleBroken(NOBODY, code="nobody_to_restore")
    by = run.opened_by
    tally = syncing.sync_staged(run.source, run=run.pk, by=by)
    told = {"count": (None, tally.counts["restored"]), "reason": (None, run.reason)}
    changes.record("take_back_leavers", wrong, by=by, facts=told)
    end(run, State.APPLIED, by=by, counts=tally.counts, applied_at=timezone.now())


def is_answered(run: Run) -> bool:
    """Newer news has taken back all that waited; where nothing ever did, a person still says whether it is right."""
    return not run.changes.held().exists() and run.changes.in_state(RunChange.State.DROPPED).exists()


@transaction.atomic
def give_up(run: Run, why: str = "") -> None:
    """It cannot be done. An approval that failed becomes a question again: what waits is still there."""
    system = Account.objects.system()
    if run.is_approved:
        again = {"decided_at": None, "decided_by": None, "reason": "", "expires_at": timezone.now() + PATIENCE}
        end(run, State.HELD, by=system, failure=why or UNDECIDED, **again)
    else:
        end(run, State.FAILED, by=system, failure=why or OURS)


ENDINGS = {State.APPLIED: "apply", State.HELD: "hold", State.FAILED: "fail", State.EXPIRED: "expire"}


@transaction.atomic
def end(run: Run, state: Run.State, *, by: Account, **facts: Any) -> None:
    """What became of a run that a worker had in hand: the one place where that is decided, and told to others."""
    jobs.finish(run, state=state, **facts)
    counts = facts.get("counts", {})
    changes.record(ENDINGS[state], run, by=by, facts={name: (None, count) for name, count in counts.items()})
    announce(run)


def is_outrun(run: Run) -> bool:
    newest = run.source.snapshot_opened_at
    return run.is_snapshot and newest is not None and run.opened_at < newest


def remember_snapshot(run: Run, tally: syncing.Tally) -> None:
    """What the next one is measured by; one that looks cut off is no measure until somebody approves it."""
    run.source.snapshot_opened_at = run.opened_at
    rows_guard = next(guard for guard in tally.guards if guard.code == "rows")
    if not rows_guard.is_tripped:
        run.source.snapshot_rows = rows_guard.found
    run.source.save(update_fields=["snapshot_rows", "snapshot_opened_at"])


def resume_stalled() -> int:
    """A worker was killed, or the queue lost the message: ask again. Returns how many."""
    count = 0
    for pk in Run.objects.stalled().in_turn().values_list("pk", flat=True):
        with transaction.atomic():
            if jobs.ask_again(Run.objects.all(), pk):
                send_later(APPLY_TASK, run_id=str(pk))
                count += 1
    return count


def tidy_runs() -> None:
    """Pages and questions that nobody needs any more and a crash left behind, and the details of old runs."""
    RunPage.objects.filter(run__in=Run.objects.read()).delete()
    RunChange.objects.held().filter(run__in=Run.objects.ended()).update(state=RunChange.State.DROPPED)
    old = Run.objects.ended().filter(opened_at__lt=timezone.now() - KEPT)
    RunProblem.objects.filter(run__in=old).delete()
    RunChange.objects.filter(run__in=old).delete()
