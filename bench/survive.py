"""`make survive`: the worker and PostgreSQL are killed in the middle of a run; every end equals the undisturbed one.

    make survive ARGS="--people 100000 --workers 50 --databases 10"

The blows meet in turn a first load, a night of changes, and a night that a guard holds. A round starts from a copy of
the same database, is interrupted once, and goes on as queue and clock would have it. Then people, positions, trail,
problems, run and outbox are compared with those of a run that nobody disturbed. The moment is by turns any at all, one
within the commit, and one between the commit and the end: left to chance alone, these two are too short to be met.
Leases are a second long here, so that the wait for a dead worker's lease is not most of the time.
"""

import argparse
import logging
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import dj_database_url
import psutil
from django.core.management import call_command
from django.db import Error, connection, connections

import base.jobs
import base.models.job
from base import outbox
from bench.people import in_pages, people
from config import celery_app, embedded
from workforce import actions
from workforce.actions import runs
from workforce.models import Account, Run
from workforce.queries import phases

base.jobs.LEASE = base.models.job.LEASE = timedelta(seconds=1)
PATIENCE = 600  # seconds; a run that has not ended by then is lost
SCENES = ["first load", "night of changes", "night that is held"]
ANYWHERE, COMMIT, AFTERWARDS = "anywhere", "commit", "afterwards"
AIMS = [ANYWHERE, COMMIT, ANYWHERE, AFTERWARDS]
# Without what is drawn anew on every try, or is only the number of a row; names stand in for what they refer to.
ROWS = {
    "people": """
        SELECT to_jsonb(person) - '{id,changed_at,created_at,left_at,manager_id,job_title_id,team_id}'::text[]
            || jsonb_build_object('manager', manager.source_id, 'title', title.name, 'team', team.name)
        FROM workforce_person person LEFT JOIN workforce_person manager ON manager.id = person.manager_id
        LEFT JOIN workforce_jobtitle title ON title.id = person.job_title_id
        LEFT JOIN workforce_team team ON team.id = person.team_id""",
    "positions": """
        SELECT to_jsonb(position) - '{id,person_id,job_title_id,team_id}'::text[]
            || jsonb_build_object('person', person.source_id, 'title', title.name, 'team', team.name)
        FROM workforce_position position JOIN workforce_person person ON person.id = position.person_id
        LEFT JOIN workforce_jobtitle title ON title.id = position.job_title_id
        LEFT JOIN workforce_team team ON team.id = position.team_id""",
    "trail": """
        SELECT to_jsonb(change) - '{id,at,subject}'::text[]
            || jsonb_build_object('subject', coalesce(person.source_id, change.subject::text))
        FROM base_change change LEFT JOIN workforce_person person ON person.id = change.subject""",
    "held changes": "SELECT to_jsonb(held) - '{id,person}'::text[] FROM workforce_runchange held",
    "problems": "SELECT to_jsonb(problem) - '{id,page}'::text[] FROM workforce_runproblem problem",
    "runs": """
        SELECT to_jsonb(run) - '{applied_at,expires_at,wanted_at,leased_until,fence}'::text[] FROM workforce_run run""",
    "sources": "SELECT to_jsonb(source) FROM workforce_source source",
    "pages": "SELECT to_jsonb(page.id) FROM workforce_runpage page",
    # A run may be asked for twice; everything else leaves once, and nothing waits for ever.
    "outbox": f"""
        SELECT jsonb_build_object('topic', topic, 'waits', sent_at IS NULL) FROM base_outboxmessage
        WHERE topic <> '{runs.APPLY_TASK}' OR sent_at IS NULL""",
}
# Written in one transaction: at any moment these are as before, or as at the end.
AT_ONCE = ["people", "positions", "trail", "held changes"]
State = dict[str, tuple[int, int]]


# --- the scenes ------------------------------------------------------------------------------


@contextmanager
def server_of_its_own() -> Iterator[Path]:
    """A PostgreSQL that may be killed, because nobody else is on it."""
    with tempfile.TemporaryDirectory(prefix="survive-") as folder:
        connections.close_all()
        connection.settings_dict.update(dj_database_url.parse(embedded.database_url(Path(folder))))
        data = Path(folder).resolve() / "postgres"
        with connection.cursor() as cursor:
            # A killed process loses nothing that the kernel has. Power cuts are not tried here.
            cursor.execute("ALTER SYSTEM SET fsync = off")
            cursor.execute("SELECT pg_reload_conf()")
        try:
            yield data
        finally:
            connections.close_all()
            embedded.leave(data, os.getpid())


def go_to(name: str, *, copy_of: str) -> None:
    """Everything from here on happens in a fresh copy of a database."""
    connections.close_all()
    connection.settings_dict["NAME"] = "postgres"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{copy_of}" STRATEGY file_copy')
    connections.close_all()
    connection.settings_dict["NAME"] = name


def prepare(count: int) -> None:
    """One database per scene, each with a run that is closed and waits to be applied."""
    first, night, held = SCENES
    go_to(first, copy_of="template1")
    call_command("migrate", verbosity=0)
    send(people(count))
    go_to("settled", copy_of=first)
    work()
    for scene, one_leaves_of in ((night, 25), (held, 12)):
        go_to(scene, copy_of="settled")
        send(a_night_later(count, one_leaves_of=one_leaves_of))


def send(rows: Iterable[dict[str, Any]]) -> None:
    by = Account.objects.system()
    run = actions.open_run("survive", mode="snapshot", by=by)
    for page in in_pages(rows):
        actions.add_page(run, page, by=by)
    actions.close_run(run, by=by)


def a_night_later(count: int, *, one_leaves_of: int) -> Iterator[dict[str, Any]]:
    """Some have left, some have another place, title or manager; one in twenty is new, and some rows are no good."""
    for n, person in enumerate(people(count + count // 20)):
        if n < count and n % one_leaves_of == one_leaves_of - 1:
            continue
        if n % 5 == 0:
            person["location"] = "York"
        if n % 40 == 3:
            person["job_title"] = "Another title"
        if n % 50 == 7:
            person["manager_source_id"] = "E0"
        if n % 500 == 8:
            person["start_date"] = "soon"
        yield person


def state() -> State:
    """{what: (rows, sum of their hashes)}"""
    found = {}
    with connection.cursor() as cursor:
        # Nobody has counted these tables yet, and a nested loop over all people never ends.
        cursor.execute("SET enable_nestloop = off")
        for what, rows in ROWS.items():
            cursor.execute(f"SELECT count(*), coalesce(sum(hashtextextended(fact::text, 0)), 0) FROM ({rows}) r (fact)")
            found[what] = cursor.fetchone()
    return found


# --- queue and clock -------------------------------------------------------------------------


def work() -> None:
    """Be a worker until nothing is left to do: what is in the outbox is done, what was lost is asked for again.

    What was taken from the outbox lives in this process alone: a kill loses it, as a queue may lose a message.
    """
    queue: list[tuple[str, dict[str, Any]]] = []
    outbox.enqueue = lambda task, payload: queue.append((task, payload))
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        # As with a queue: a task that fails is lost, and the worker takes the next one.
        with suppress(Error):
            runs.resume_stalled()
            outbox.deliver_waiting()
            while queue:
                task, payload = queue.pop(0)
                celery_app.tasks[task](**payload)
            if not Run.objects.wanted().exists():
                runs.tidy_runs()
                return
        connections.close_all()
        time.sleep(0.05)
    raise SystemExit(f"A run still waits after {PATIENCE} seconds.")


def begin_to_work() -> int:
    """Another process at work: its id."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    # What it says about a database that is gone is no news here.
    logging.disable()
    status = 1
    try:
        work()
        status = 0
    finally:
        os._exit(status)


def has_ended(pid: int) -> bool:
    return os.waitpid(pid, os.WNOHANG) != (0, 0)


def see_to_the_end(pid: int) -> None:
    if os.waitpid(pid, 0)[1]:
        raise SystemExit("A worker gave up.")


# --- blows -----------------------------------------------------------------------------------


@dataclass
class Tally:
    """What became of the blows of one kind."""

    what: str
    met: Counter[str] = field(default_factory=Counter)
    differ: int = 0
    answers: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)

    @property
    def hits(self) -> int:
        return len(self.ends)

    def __str__(self) -> str:
        when = ", ".join(f"{count} {phase}" for phase, count in self.met.most_common())
        if self.answers:
            when += f"; it answers after {median(self.answers):.1f} s, at most {max(self.answers):.1f}"
        ends = f"all is done after {median(self.ends):.1f} s, at most {max(self.ends):.1f}" if self.ends else ""
        return f"{self.hits} × {self.what} at work ({when}): {ends}; {self.differ} ends differ"


AT_WORK = """
SELECT CASE WHEN query = 'COMMIT' THEN 'commit' ELSE split_part(application_name, ' ', 3) END FROM pg_stat_activity
WHERE datname = current_database() AND state <> 'idle' AND starts_with(application_name, 'run ')
"""


def phase_now() -> str:
    """What some worker is at: a phase of the one transaction, its commit, or what comes before it and after."""
    with connection.cursor() as cursor:
        cursor.execute(AT_WORK)
        if found := cursor.fetchone():
            return str(found[0])
        cursor.execute("SELECT EXISTS (SELECT FROM workforce_run WHERE wanted_at IS NOT NULL)")
        return phases.STAGING if cursor.fetchone()[0] else AFTERWARDS


@dataclass
class Round:
    """A run in a fresh copy of a scene, to be met by one blow while `first` is at work."""

    scene: str
    tally: Tally
    before: State
    after: State
    seconds: float

    def begin(self) -> int:
        go_to("round", copy_of=self.scene)
        return begin_to_work()

    def wait(self, pid: int) -> None:
        """Until the moment of the blow has come, or the worker has nothing more to do."""
        aim = AIMS[self.tally.hits // len(SCENES) % len(AIMS)]
        if aim == ANYWHERE:
            time.sleep(random.uniform(0, self.seconds))
            return
        while phase_now() not in {aim, AFTERWARDS} and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.002)
        time.sleep(random.expovariate(1 / (0.1 if aim == COMMIT else 0.01)))

    def kill_worker(self) -> bool:
        """Whether it met anything. Another worker is there already, or comes afterwards."""
        first = self.begin()
        self.wait(first)
        other = begin_to_work() if random.random() < 0.5 else None
        met = phase_now()
        if has_ended(first):
            if other:
                see_to_the_end(other)
            return False
        os.kill(first, signal.SIGKILL)
        os.waitpid(first, 0)
        struck = time.perf_counter()
        self.look(met)
        see_to_the_end(other or begin_to_work())
        return self.compare(struck)

    def kill_database(self, data: Path) -> bool:
        """Whether it met anything. The worker lives on, and finds its connection gone."""
        first = self.begin()
        self.wait(first)
        met = phase_now()
        if has_ended(first):
            return False
        stop_at_once(data, with_kill=bool(self.tally.hits % 2))
        struck = time.perf_counter()
        embedded.ensure_running(data)
        self.tally.answers.append(time.perf_counter() - struck)
        self.look(met)
        see_to_the_end(first)
        return self.compare(struck)

    def look(self, met: str) -> None:
        self.tally.met[met] += 1
        found = state()
        if halves := [what for what in AT_ONCE if found[what] not in (self.before[what], self.after[what])]:
            self.tally.differ += 1
            print(f"  {self.scene}: half of the {' and '.join(halves)} right after the blow ({met})", flush=True)

    def compare(self, struck: float) -> bool:
        self.tally.ends.append(time.perf_counter() - struck)
        found = state()
        for what in ROWS:
            if found[what] != self.after[what]:
                print(f"  {self.scene}: {what} {found[what]}, undisturbed {self.after[what]}", flush=True)
        self.tally.differ += found != self.after
        return True


def stop_at_once(data: Path, *, with_kill: bool) -> None:
    connections.close_all()
    if not with_kill:
        return embedded.run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    postmaster = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
    processes = [postmaster, *postmaster.children(recursive=True)]
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=30)
    return None


def undisturbed(scene: str) -> Callable[[Tally], Round]:
    """Look at a run from its beginning to its end; later rounds are measured by it."""
    go_to("round", copy_of=scene)
    before, began = state(), time.perf_counter()
    see_to_the_end(begin_to_work())
    seconds, after = time.perf_counter() - began, state()
    print(f"{scene}: {seconds:.1f} s undisturbed, {after['trail'][0] - before['trail'][0]:,} rows of trail", flush=True)
    return lambda tally: Round(scene, tally, before, after, seconds)


def main() -> int:
    """1 where an end differs."""
    asked = argparse.ArgumentParser(description="Kill the worker and PostgreSQL in the middle of runs.")
    asked.add_argument("--people", type=int, default=100_000)
    asked.add_argument("--workers", type=int, default=50, help="how often a worker is killed at work")
    asked.add_argument("--databases", type=int, default=10, help="how often PostgreSQL is")
    asked.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the random moments")
    wanted = asked.parse_args()
    random.seed(wanted.seed)
    print(f"{wanted.people:,} people, seed {wanted.seed}", flush=True)
    celery_app.loader.import_default_modules()
    workers, databases = Tally("the worker killed"), Tally("PostgreSQL killed")
    with server_of_its_own() as data:
        prepare(wanted.people)
        rounds = [undisturbed(scene) for scene in SCENES]
        while workers.hits < wanted.workers:
            if rounds[workers.hits % len(rounds)](workers).kill_worker() and workers.hits % 10 == 0:
                print(f"  {workers}", flush=True)
        print(workers, flush=True)
        while databases.hits < wanted.databases:
            rounds[databases.hits % len(rounds)](databases).kill_database(data)
        print(databases, flush=True)
    return 1 if workers.differ + databases.differ else 0


if __name__ == "__main__":
    raise SystemExit(main())
