"""Real workers on one import: killed in the middle, and two at once."""

import datetime as dt
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from base import outbox
from skills import actions, carrying, routines
from skills.models import Import, Skill, SkillFlag
from tests.make import make_designer

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 1_500

# Small pieces, and a breath after each, so that there is a middle to be killed in.
WORKER = """
import sys, time
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from skills import carrying
carrying.PIECE = 100
pieces = carrying.count
carrying.count = lambda: (number for number in pieces() if not time.sleep(number and float(sys.argv[3])))
sys.exit(0 if carrying.work_on(sys.argv[2]) else 3)
"""


@pytest.fixture(autouse=True)
def no_queue(monkeypatch) -> None:
    monkeypatch.setattr(outbox, "enqueue", lambda task, payload: None)


def make_applying() -> Import:
    rows = "".join(f"Skill {n},Do the thing numbered {n}\n" for n in range(ROWS))
    text = f"Skill Name,Skill Statement\n{rows}"
    plan = actions.add_import(io.BytesIO(text.encode()), file_name="list.csv", by=make_designer())
    carrying.work_on(plan.pk)
    return actions.apply_import(plan, by=plan.created_by)


@pytest.fixture
def start_worker() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts a process that works on an import; none outlives the test."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(settings.BASE_DIR)}
    started: list[subprocess.Popen[bytes]] = []

    def start(plan: Import, *, breath: float = 0) -> subprocess.Popen[bytes]:
        arguments = [sys.executable, "-c", WORKER, str(connection.settings_dict["NAME"]), str(plan.pk), str(breath)]
        started.append(subprocess.Popen(arguments, env=environment, cwd=settings.BASE_DIR))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()
        worker.wait(timeout=10)


def wait_until_some_are_in(plan: Import) -> None:
    for _ in range(600):
        plan.refresh_from_db()
        if plan.done:
            return
        time.sleep(0.05)
    pytest.fail("the worker never began")


def is_whole(plan: Import) -> None:
    plan.refresh_from_db()
    assert (plan.state, plan.done) == ("applied", ROWS)
    assert plan.rows.results() == {"created": ROWS}
    assert Skill.objects.count() == ROWS == SkillFlag.objects.open().coded("no_context").count()


def test_an_import_whose_worker_is_killed_goes_on_to_the_same_end(start_worker):
    plan = make_applying()
    worker = start_worker(plan, breath=0.3)
    wait_until_some_are_in(plan)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait(timeout=10)

    plan.refresh_from_db()
    assert 0 < plan.done < ROWS
    # A killed process lets go of its connection a moment later, and its last piece is rolled back whole.
    time.sleep(0.5)
    assert Skill.objects.count() == plan.done == plan.rows.results()["created"]

    assert not carrying.work_on(plan.pk), "the lease of the dead worker still holds"
    long_ago = timezone.now() - dt.timedelta(minutes=2)
    Import.objects.update(wanted_at=long_ago, leased_until=long_ago)
    assert routines.resume_imports() == 1
    assert start_worker(plan).wait(timeout=60) == 0
    is_whole(plan)


def test_of_two_workers_at_once_one_does_the_work(start_worker):
    plan = make_applying()

    workers = [start_worker(plan, breath=0.02) for _ in range(2)]

    assert sorted(worker.wait(timeout=60) for worker in workers) == [0, 3]
    is_whole(plan)


def test_a_worker_that_was_thought_dead_writes_nothing_after_its_successor(start_worker):
    plan = make_applying()
    late = start_worker(plan, breath=3)
    wait_until_some_are_in(plan)
    os.kill(late.pid, signal.SIGSTOP)
    Import.objects.update(leased_until=timezone.now() - dt.timedelta(seconds=1))

    assert start_worker(plan).wait(timeout=60) == 0
    os.kill(late.pid, signal.SIGCONT)

    assert late.wait(timeout=60) == 3
    is_whole(plan)


def test_somebody_who_stops_it_is_obeyed_after_the_piece_under_way(start_worker):
    plan = make_applying()
    worker = start_worker(plan, breath=0.3)
    wait_until_some_are_in(plan)

    stopped = actions.stop_import(plan, by=plan.created_by)

    assert worker.wait(timeout=60) == 3
    assert stopped.state == "stopped"
    stopped.refresh_from_db()
    assert Skill.objects.count() == stopped.done < ROWS
