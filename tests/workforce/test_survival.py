"""Workers that are killed, workers that come twice, clients that send at once: the same end, once."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.models import F

from base import jobs
from base.models import Answer, Change
from tests.api.client import Program
from tests.make import make_key
from tests.workforce.feed import admin, person, row, staff
from workforce import actions
from workforce.actions import runs
from workforce.models import Person, Run
from workforce.queries import locks

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Everything starts together; each thread gives its connection back."""
    ready = threading.Barrier(len(works))

    def begin(work: Callable[[], Any]) -> Any:
        ready.wait()
        return as_another(work)

    with ThreadPoolExecutor(len(works)) as threads:
        return [done.result() for done in [threads.submit(begin, work) for work in works]]


def as_another(work: Callable[[], Any]) -> Any:
    """On a connection of its own, given back at the end."""
    try:
        return work()
    finally:
        connections.close_all()


def closed_run(people: list, mode: str = "snapshot") -> Run:
    by = admin()
    run = actions.open_run("hr", mode=mode, by=by)
    for start in range(0, len(people), 500):
        actions.add_page(run, people[start : start + 500], by=by)
    return actions.close_run(run, by=by)


def state(source: str = "hr") -> list[tuple]:
    """Everything about the people but what is drawn anew on every try."""
    facts = ("source_id", "display_name", "job_title__name", "team__name", "status", "version", "location")
    people = Person.objects.of_source(source).order_by("source_id")
    return list(people.values_list(*facts, "manager__source_id"))


def test_two_workers_apply_a_run_once():
    run = closed_run(staff(200))

    done = at_once(*[lambda: runs.apply_run(run.pk)] * 2)

    assert sorted(done) == [False, True]
    assert Change.objects.filter(noun="person").count() == 200


def test_two_runs_of_one_source_side_by_side_end_as_the_last_that_was_closed():
    first = closed_run([row(n, location="first") for n in range(100)], mode="delta")
    second = closed_run([row(n, location="second") for n in range(100)], mode="delta")

    at_once(lambda: runs.apply_run(first.pk), lambda: runs.apply_run(second.pk))
    for run in (first, second):
        runs.apply_run(run.pk)

    assert set(Person.objects.values_list("location", flat=True)) == {"second"}


def test_two_closes_at_once_queue_one_job():
    by = admin()
    run = actions.open_run("hr", mode="delta", by=by)
    actions.add_page(run, staff(3), by=by)

    at_once(*[lambda: actions.close_run(run, by=by)] * 2)

    assert Change.objects.filter(verb="close").count() == 1


def test_pages_that_come_while_the_run_is_closed_are_in_it_or_refused():
    by = admin()
    run = actions.open_run("hr", mode="delta", by=by)

    def send(n: int) -> int:
        try:
            actions.add_page(run, [row(n)], by=by)
        except runs.RuleBroken:
            return 0
        return 1

    taken = at_once(*[lambda n=n: send(n) for n in range(6)], lambda: actions.close_run(run, by=by) and 0)
    runs.apply_run(run.pk)

    assert Person.objects.count() == sum(taken)


def test_the_same_request_ten_times_at_once_happens_once():
    secret, by = make_key("hris"), admin()
    run = actions.open_run("hr", mode="delta", by=by)

    def send() -> Any:
        program = Program(secret)
        program.defaults["HTTP_IDEMPOTENCY_KEY"] = "page-1"
        return program.ask("POST", f"hris/runs/{run.pk}/people/", staff(3))

    answers = at_once(*[send] * 10)

    assert {answer.status_code for answer in answers} <= {200, 409}
    assert len({str(answer.body) for answer in answers if answer.status_code == 200}) == 1
    assert {answer.body["errors"][0]["code"] for answer in answers if answer.status_code == 409} <= {"still_running"}
    assert (run.pages.count(), Answer.objects.count()) == (1, 1)


def test_nobody_waits_for_a_run_that_is_being_applied(monkeypatch):
    """The worker holds the run and the people of its source to its end, which for a million takes a minute."""
    monkeypatch.setattr(locks, "PATIENCE", "300ms")
    run, secret = closed_run(staff(3)), make_key("hris")

    def hold(work: Callable[[], Any]) -> Any:
        with transaction.atomic():
            Run.objects.filter(pk=run.pk).update(done=1)
            locks.alone_with(run.source)
            with ThreadPoolExecutor(1) as thread:
                return thread.submit(as_another, work).result(timeout=10)

    def ask(method: str, path: str, body: Any = None) -> Any:
        answer = hold(lambda: Program(secret).ask(method, path, body))
        return answer.status_code, answer.body.get("errors", [{}])[0].get("code")

    assert ask("POST", f"hris/runs/{run.pk}/people/", staff(1)) == (409, "run_closed")
    assert ask("POST", f"hris/runs/{run.pk}/close/") == (202, None)
    assert ask("POST", f"hris/runs/{run.pk}/approve/") == (409, "not_held")
    assert ask("POST", f"hris/runs/{run.pk}/reject/") == (409, "not_held")
    assert ask("PUT", "people/E1/?source=hr", {"display_name": "Other"}) == (409, "busy")
    assert not hold(lambda: runs.apply_run(run.pk))


def test_a_slow_worker_that_was_given_up_writes_nothing(monkeypatch):
    run = closed_run(staff(20))
    taken_over = runs.incoming.stage_pages

    def slow(run: Run, *, on_piece: Callable[[int], None]) -> None:
        taken_over(run, on_piece=on_piece)
        Run.objects.filter(pk=run.pk).update(fence=F("fence") + 1)

    monkeypatch.setattr(runs.incoming, "stage_pages", slow)
    assert not runs.apply_run(run.pk)
    assert not Person.objects.exists()

    monkeypatch.undo()
    Run.objects.update(leased_until=None)
    assert runs.apply_run(run.pk)
    assert Person.objects.count() == 20


WORKER = """
import sys, django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from workforce.actions import runs
print("ready", flush=True)
sys.stdin.readline()
runs.apply_run(sys.argv[2])
"""


def killed_after(seconds: float, run: Run) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WORKER, connection.settings_dict["NAME"], str(run.pk)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(settings.BASE_DIR),
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        text=True,
    )
    while "ready" not in (line := worker.stdout.readline()):
        assert line, "the worker did not start"
    worker.stdin.write("go\n")
    worker.stdin.flush()
    time.sleep(seconds)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdin.close()
    worker.stdout.close()


def test_a_worker_killed_at_any_moment_leaves_all_or_nothing_and_the_next_one_ends_it():
    people = [row(n, manager_source_id=f"E{n // 10}" if n else "") for n in range(3000)]
    run = closed_run(people)

    for tenths in (0, 1, 3, 6):
        killed_after(tenths / 10, run)
        assert Person.objects.count() in {0, 3000}
        # The lease of a killed worker runs out; the clock then asks again (look_after_runs).
        Run.objects.filter(pk=run.pk).update(leased_until=None)
    runs.apply_run(run.pk)

    run.refresh_from_db()
    assert (run.state, run.counts["created"]) == ("applied", 3000)
    assert Change.objects.filter(noun="person", verb="add").count() == 3000
    assert Person.objects.exclude(manager=None).count() == 2999
    assert person(42).manager == person(4)


def test_killing_workers_and_postgresql_at_random_moments_changes_no_end():
    """`make survive`, but short: on a PostgreSQL of its own."""
    short = ["--people", "1500", "--workers", "3", "--databases", "2"]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bench.survive", *short],
        cwd=Path(settings.BASE_DIR),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("0 ends differ") == 2


@pytest.mark.parametrize("seed", range(5))
def test_every_page_twice_and_in_any_order_ends_the_same(seed):
    any_order = [*range(6)] * 2
    Random(seed).shuffle(any_order)
    pages = [[row(n, manager_source_id=f"E{n // 3}" if n else "") for n in range(k, 60, 6)] for k in range(6)]
    ends = []
    # Each in a source of its own: what is here already would hide what the order did.
    for source, order in (("in turn", [*range(6)]), ("in any order", any_order)):
        by = admin()
        run = actions.open_run(source, mode="snapshot", by=by)
        for number in order:
            actions.add_page(run, pages[number], by=by)
        actions.close_run(run, by=by)
        runs.apply_run(run.pk)
        ends.append(state(source))

    assert ends[0] == ends[1]
    assert len(ends[0]) == 60


def test_twenty_clients_with_overlapping_snapshots_end_as_the_newest():
    by = admin()
    opened = []
    for n in range(20):
        run = actions.open_run("hr", mode="snapshot", by=by)
        actions.add_page(run, [row(k, location=f"run {n}") for k in range(30)], by=by)
        opened.append(run)

    def deliver(run: Run) -> None:
        actions.close_run(run, by=by)
        runs.apply_run(run.pk)

    at_once(*[lambda run=run: deliver(run) for run in opened[:10]])
    at_once(*[lambda run=run: deliver(run) for run in opened[10:]])
    while waiting := Run.objects.wanted().in_turn().first():
        runs.apply_run(waiting.pk)

    newest = max(run.opened_at for run in Run.objects.filter(state="applied"))
    assert set(Run.objects.values_list("state", flat=True)) <= {"applied", "failed"}
    assert newest == opened[-1].opened_at
    assert set(Person.objects.values_list("location", flat=True)) == {"run 19"}
    # Every version of a person has its record, whoever was first.
    versions = dict(Person.objects.values_list("pk", "version"))
    assert {pk: Change.objects.filter(subject=pk).count() for pk in versions} == versions


@pytest.mark.parametrize(("coming", "state"), [(staff(20), "applied"), ([row("new")], "held")])
def test_pages_that_a_worker_left_by_dying_right_after_the_commit_are_cleared(coming, state):
    runs.apply_run(closed_run(staff(20)).pk)
    run = closed_run(coming)
    run = jobs.claim(Run.objects.all(), run.pk)
    runs.incoming.stage_pages(run, on_piece=lambda done: None)
    runs.carry_out(run)
    assert (run.state, run.pages.count()) == (state, 1)

    runs.tidy_runs()

    assert not run.pages.exists()
