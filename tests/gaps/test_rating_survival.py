"""Workers that are killed over a list of ratings: what is in is whole, and the next worker ends it once."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from base import outbox
from gaps import actions, bringing, routines
from gaps.models import Evidence, RatingList, Standing, Withdrawal
from tests.gaps.test_ratings import people, planned, worked
from tests.make import make_account, make_skill

pytestmark = pytest.mark.django_db(transaction=True)

ROWS, PIECE = 7, 2

# It says where it is, and waits there to be let on: the killing hits the same line every time.
WORKER = """
import sys, django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from gaps import bringing
from gaps.queries import ratings

def stop(where):
    print("at", where, flush=True)
    sys.stdin.readline()

def stopping(name):
    work = getattr(ratings, name)
    def stopped(*args, **kwargs):
        stop("before " + name)
        found = work(*args, **kwargs)
        stop("after " + name)
        return found
    setattr(ratings, name, stopped)

bringing.PIECE = int(sys.argv[3])
for name in ("judge", "keep_what_is_told", "bring_in", "withdraw"):
    stopping(name)
bringing.work_on(sys.argv[2])
"""


@pytest.fixture(autouse=True)
def queued(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    told: list[str] = []
    monkeypatch.setattr(outbox, "enqueue", lambda task, payload: told.append(task))
    return told


def killed_at(where: str, plan: RatingList, *, times: int = 1) -> None:
    """A worker of its own, killed with -9 the moment it comes to that line for the so many-th time."""
    worker = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WORKER, connection.settings_dict["NAME"], str(plan.pk), str(PIECE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(settings.BASE_DIR),
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        text=True,
    )
    assert worker.stdin
    assert worker.stdout
    while True:
        line = worker.stdout.readline()
        assert line, f"the worker never came to “{where}”"
        times -= line == f"at {where}\n"
        if not times:
            break
        if line.startswith("at "):
            worker.stdin.write("go\n")
            worker.stdin.flush()
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdin.close()
    worker.stdout.close()


def after_its_lease(plan: RatingList) -> None:
    """Waits for the row until PostgreSQL has noticed that its holder is gone; then the clock asks again."""
    long_ago = timezone.now() - 3 * bringing.jobs.LEASE
    RatingList.objects.filter(pk=plan.pk).update(leased_until=long_ago, wanted_at=long_ago)
    assert routines.resume_ratings() == 1


def applied(rows: int = ROWS) -> RatingList:
    make_skill("Support the clerk by counting stock", name="Counting")
    return actions.apply_ratings(planned(people(rows)), by=make_account())


def said() -> list[tuple[str, int]]:
    return list(Evidence.objects.order_by("person__source_id").values_list("person__source_id", "level"))


# Where it dies, how often it has been there by then, and what is in.
MOMENTS = [
    ("after judge", 1, 0),
    ("before bring_in", 1, 0),
    ("after bring_in", 1, 0),
    ("before bring_in", 2, PIECE),
    ("after bring_in", 3, 2 * PIECE),
    ("after bring_in", 4, 3 * PIECE),
]


@pytest.mark.parametrize(("where", "times", "recorded"), MOMENTS)
def test_a_worker_killed_at_any_piece_leaves_whole_pieces_and_the_next_one_ends_it(
    where: str, times: int, recorded: int, queued: list[str]
) -> None:
    plan = applied()

    killed_at(where, plan, times=times)
    plan.refresh_from_db()
    assert (plan.state, plan.done) == ("applying", recorded)
    assert Evidence.objects.count() == Standing.objects.count() == recorded

    after_its_lease(plan)
    assert queued[-1] == "gaps.tasks.work_on_ratings"
    plan = worked(plan)

    assert (plan.state, plan.done, plan.total, plan.failure) == ("applied", ROWS, ROWS, "")
    assert said() == [(f"P{n}", 3) for n in range(ROWS)]
    assert Standing.objects.filter(level=3).count() == ROWS


def test_one_worker_after_the_other_is_killed_and_the_list_still_ends_once() -> None:
    plan = applied()

    for recorded in (0, PIECE, 2 * PIECE):
        killed_at("before bring_in", plan, times=2 if recorded else 1)
        assert Evidence.objects.count() == recorded
        after_its_lease(plan)

    assert worked(plan).state == "applied"
    assert said() == [(f"P{n}", 3) for n in range(ROWS)]


def test_a_worker_killed_while_a_list_is_read_leaves_no_half_plan() -> None:
    make_skill("Support the clerk by counting stock", name="Counting")
    plan = planned(people(3) + "E9,Counting,3\n")
    RatingList.objects.filter(pk=plan.pk).update(state="reading", counts={}, wanted_at=timezone.now())
    plan.rows.all().delete()

    killed_at("after keep_what_is_told", plan)
    plan.refresh_from_db()
    assert (plan.state, plan.counts, plan.rows.count()) == ("reading", {}, 0)

    after_its_lease(plan)
    plan = worked(plan)
    assert (plan.state, plan.counts) == ("planned", {"new": 3, "unknown_person": 1})


def test_a_worker_killed_while_a_list_is_taken_back_takes_each_back_once(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = worked(applied())
    plan = actions.undo_ratings(plan, reason="The wrong year", by=make_account())

    killed_at("after withdraw", plan, times=2)
    assert Withdrawal.objects.count() == PIECE

    after_its_lease(plan)
    monkeypatch.setattr(bringing, "PIECE", PIECE)
    plan = worked(plan)
    assert (plan.state, plan.done, Withdrawal.objects.count()) == ("undone", ROWS, ROWS)
    assert not Standing.objects.exclude(level=None).exists()
