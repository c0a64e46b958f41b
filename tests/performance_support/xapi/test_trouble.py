"""The record store hangs or refuses everything, the worker is killed, and somebody is erased meanwhile."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from base import outbox
from base.outward import Policy
from performance_support import actions, routines
from performance_support.actions import conveying
from performance_support.models import Lrs, Statement
from performance_support.xapi.posting import Reply
from tests.make import make_account, make_person, make_step
from workforce.actions import erase_person
from workforce.models import Account, Person

STATES = Statement.State
# It says when a batch has left, and waits there: the killing hits the same line every time.
WORKER = """
import sys, django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from performance_support import routines
from performance_support.actions import conveying

def stopped(*args):
    print("sent", flush=True)
    sys.stdin.readline()

conveying.taken = stopped
routines.send_statements()
"""


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = Policy(loopback=True, patience=0.3, deadline=0.6)
    monkeypatch.setattr(conveying, "policy", lambda: policy)


def told(count: int, by: Account | None = None) -> None:
    step, by = make_step(), by or make_account()
    for _ in range(count):
        actions.note_visit(step, quick=None, by=by)


def count_of(state: str) -> int:
    return Statement.objects.in_state(state).count()


def is_due() -> None:
    Lrs.objects.update(next_at=None, leased_until=None)


@pytest.mark.django_db
def test_a_store_that_hangs_is_left_after_its_time_and_keeps_nobody_waiting(store, lrs, impatient):
    store.answers = ["hang"]
    told(2)
    began = time.monotonic()
    assert routines.send_statements() == 0
    assert time.monotonic() - began < 10
    lrs.refresh_from_db()
    assert (lrs.attempts, lrs.leased_until, bool(lrs.failure)) == (1, None, True)
    # Whoever works meanwhile notices nothing, and it hears of that too once it is well.
    told(1)
    is_due()
    assert (routines.send_statements(), count_of(STATES.SENT)) == (3, 3)


@pytest.mark.django_db
def test_a_store_that_refuses_everything_is_asked_a_batch_s_worth_and_then_left_alone(store, lrs, monkeypatch):
    monkeypatch.setattr(conveying, "BATCH", 4)
    store.refuses_all = True
    told(12)
    assert routines.send_statements() == 0
    # Four, two, one, one, two, one, one: of three batches the first alone was halved down.
    assert (store.calls, count_of(STATES.REFUSED), count_of(STATES.WAITING)) == (7, 4, 8)
    lrs.refresh_from_db()
    assert lrs.failure == "It refuses whatever it is sent: I do not like it."
    assert (routines.send_statements(), store.calls) == (0, 7)

    store.refuses_all = False
    is_due()
    assert (routines.send_statements(), count_of(STATES.SENT)) == (8, 8)
    lrs.refresh_from_db()
    assert (lrs.failing_since, lrs.failure) == (None, "")
    assert actions.send_again(lrs, by=make_account()) == 4
    assert (routines.send_statements(), count_of(STATES.SENT)) == (4, 12)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_sends_leaves_everything_to_the_next_one_and_nothing_is_doubled(
    store, lrs, monkeypatch
):
    monkeypatch.setattr(outbox, "enqueue", lambda task, payload: None)
    told(3)
    worker = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WORKER, connection.settings_dict["NAME"]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(settings.BASE_DIR),
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        text=True,
    )
    assert worker.stdin
    assert worker.stdout
    assert worker.stdout.readline() == "sent\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdin.close()
    worker.stdout.close()

    assert (len(store.known), count_of(STATES.WAITING)) == (3, 3)
    told(1)
    assert routines.send_statements() == 0, "its lease still runs"
    Lrs.objects.update(leased_until=timezone.now() - conveying.jobs.LEASE)
    assert (routines.send_statements(), count_of(STATES.SENT), len(store.known)) == (4, 4, 4)


@pytest.mark.django_db
def test_whoever_is_erased_is_told_of_no_more(store, lrs, django_capture_on_commit_callbacks):
    tom = make_account(name="Tom Becker", person=make_person(display_name="Tom Becker"))
    told(2, by=tom)
    told(1)
    Person.objects.filter(pk=tom.person_id).update(status="inactive", left_at=timezone.now())
    with django_capture_on_commit_callbacks():
        erase_person(tom.person, reason="They asked for it.", by=make_account())

    assert (routines.send_statements(), len(store.known)) == (1, 1)
    assert str(tom.person_id) not in str(store.known)


@pytest.mark.django_db
def test_whoever_is_erased_while_a_batch_is_on_its_way_leaves_no_row(store, lrs, monkeypatch):
    tom = make_account(person=make_person())
    told(2, by=tom)
    post = conveying.post

    def erased_meanwhile(url: str, **facts: Any) -> Reply:
        Statement.objects.filter(about=tom).delete()
        return post(url, **facts)

    monkeypatch.setattr(conveying, "post", erased_meanwhile)
    routines.send_statements()
    assert not Statement.objects.exists()
    lrs.refresh_from_db()
    assert lrs.failing_since is None
