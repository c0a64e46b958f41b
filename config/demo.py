"""`make demo`: everything that a trial needs, started and stopped together.

Settings stay what they are for anybody without a DATABASE_URL; see docs/architecture.md.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import django
import psutil
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands

HOUSE = Path(__file__).resolve().parent.parent
FOLDER = HOUSE / ".sightline"
LOADED = FOLDER / "sample-company-loaded"
CHILDREN = FOLDER / "demo.processes"
PATIENCE = 60.0  # seconds for the pages to answer
LONG_ENOUGH = 20.0  # seconds that a process has to live to be started again

SIGN_INS = {
    "designer@demo.example": "maps skills onto workflows",
    "manager@demo.example": "looks after the own people",
    "employee@demo.example": "finds support while working",
    "people-admin@demo.example": "keeps people, titles and keys",
    "admin@demo.example": "may do everything",
}
PASSWORD = "sightline-demo"  # noqa: S105 - printed for everybody; these accounts exist in the sample company only


class Refused(Exception):  # noqa: N818 - as everywhere here, the sentence is the point
    """Something stands in the way; the message says what to do."""


def main(argument: str) -> None:
    with only_one_here():
        end_leftovers()
        if argument == "reset":
            start_over()
        else:
            serve(port_from(argument))


def serve(port: int) -> None:
    refuse_taken(port)
    # Letters lead to where these pages are.
    os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{port}")
    prepare()
    running: dict[str, psutil.Popen] = {}
    try:
        for name, command in commands(port).items():
            (FOLDER / f"{name}.log").unlink(missing_ok=True)
            running[name] = start(name, command)
        wait_for_pages(port, running["web"])
        print(welcome(port), flush=True)
        while True:
            time.sleep(0.5)
            for name in (name for name, process in running.items() if process.poll() is not None):
                running[name] = start_again(name, running[name], commands(port)[name])
    finally:
        end([*running.values()])
        CHILDREN.unlink(missing_ok=True)


def start_over() -> None:
    for thing in FOLDER.iterdir():
        if thing.name != "demo.lock":
            shutil.rmtree(thing) if thing.is_dir() else thing.unlink()
    prepare()
    print("The sample company is as new. Start it with: make demo")


def prepare() -> None:
    """Bring the database up to date and, once, load the sample company. PostgreSQL stops with this process."""
    print("Starting PostgreSQL ...", flush=True)
    django.setup()
    call_command("migrate", verbosity=0)
    if not LOADED.exists() and "load_demo" in get_commands():
        print("Loading the sample company (once) ...", flush=True)
        call_command("load_demo")
        LOADED.touch()


# --- what could stand in the way --------------------------------------------------------------


def port_from(argument: str) -> int:
    if not argument.isdecimal() or not 0 < int(argument) < 65536:
        raise Refused(f"“{argument}” is no port. Choose a number up to 65535, for example: make demo PORT=8001")
    return int(argument)


@contextmanager
def only_one_here() -> Iterator[None]:
    try:
        FOLDER.mkdir(exist_ok=True)
        lock = (FOLDER / "demo.lock").open("a")
    except OSError as error:
        raise Refused(
            f"Cannot write to {FOLDER}. Make it writable for you, or copy the project to a folder of your own."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(
                "The demo of this folder already runs. Stop it first, with Ctrl-C in its window "
                f"or with: kill {(FOLDER / 'demo.lock').read_text()}"
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise Refused(f"Port {port} needs an administrator. Choose another: make demo PORT=8001") from error
        except OSError as error:
            raise Refused(f"Port {port} is in use. Choose another: make demo PORT={port + 1}") from error


def end_leftovers() -> None:
    """End what an earlier demo left behind when it was killed. A number alone may be somebody else's by now."""
    lines = CHILDREN.read_text().split() if CHILDREN.exists() else []
    left = []
    for number, born in (line.split("@") for line in lines):
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(int(number))
            left += [process] if f"{process.create_time():.2f}" == born else []
    end(left)
    CHILDREN.unlink(missing_ok=True)


# --- the children -----------------------------------------------------------------------------


def commands(port: int) -> dict[str, list[str]]:
    celery = ["celery", "--app", "config", "--workdir", str(HOUSE)]
    # Talk among workers, of which a trial has one.
    alone = ["--without-mingle", "--without-gossip", "--without-heartbeat"]
    return {
        "worker": [*celery, "worker", "--loglevel", "INFO", "--concurrency", "2", *alone],
        "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile", ""],
        "web": [
            "gunicorn",
            "config.wsgi",
            "--bind",
            f"127.0.0.1:{port}",
            "--workers",
            "2",
            "--threads",
            "4",
            "--no-control-socket",
        ],
    }


def start(name: str, command: list[str]) -> psutil.Popen:
    """Run one process of the product; its words go to a file, so that the address stays in sight."""
    with (FOLDER / f"{name}.log").open("ab") as log:
        process = psutil.Popen(
            [sys.executable, "-m", *command],
            cwd=HOUSE,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # In a group of its own, Ctrl-C reaches this process only, which then ends them all.
            start_new_session=True,
        )
    with CHILDREN.open("a") as book:
        book.write(f"{process.pid}@{process.create_time():.2f}\n")
    return process


def start_again(name: str, ended: psutil.Popen, command: list[str]) -> psutil.Popen:
    """A process that did its work and fell over gets up again; one that cannot work would fall for ever."""
    if time.time() - ended.create_time() < LONG_ENOUGH:
        raise Refused(f"The {name} process ends by itself. {FOLDER / name}.log says why; mend that and run it again.")
    return start(name, command)


def end(processes: Sequence[psutil.Process | psutil.Popen]) -> None:
    """Ask them all, wait, then insist; their own children go with them."""
    family: list[psutil.Process | psutil.Popen] = [*processes]
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            family += process.children(recursive=True)
            process.terminate()
    _, deaf = psutil.wait_procs(family, timeout=10)
    for one in deaf:
        one.kill()
    psutil.wait_procs(deaf, timeout=5)


def wait_for_pages(port: int, web: psutil.Popen) -> None:
    give_up = time.monotonic() + PATIENCE
    while not answers(port):
        if web.poll() is not None or time.monotonic() > give_up:
            raise Refused(f"The pages do not come up. {FOLDER / 'web.log'} says why; mend that and run it again.")
        time.sleep(0.1)


def answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=10).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def welcome(port: int) -> str:
    people = "\n".join(f"  {email:<27}{what}" for email, what in SIGN_INS.items())
    return (
        f"\nSightline is ready at http://127.0.0.1:{port}/\n\n"
        f"Sign in as one of these, all with the password {PASSWORD}\n{people}\n\n"
        "Ctrl-C stops everything and keeps the data; `make demo-reset` starts over.\n"
    )


def interrupted(signum: int, frame: FrameType | None) -> None:
    # Once is enough: a second Ctrl-C must not stop the stopping.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        print("\nStopped. The data stays; `make demo` goes on with it.")
    except (Refused, ImproperlyConfigured) as refused:
        sys.exit(str(refused))
