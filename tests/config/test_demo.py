"""`make demo` as a newcomer meets it: a copy of the project, its own database, its own processes."""

import fcntl
import json
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg2
import pytest
from django.conf import settings

from config import embedded
from config.demo import SIGN_INS

HOUSE = Path(settings.BASE_DIR)


@pytest.fixture
def house(tmp_path):
    """What git would commit."""
    list_files = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(list_files, cwd=HOUSE, check=True, capture_output=True, text=True).stdout.splitlines()
    for name in names:
        if (HOUSE / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(HOUSE / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def taken():
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def demo(folder: Path, argument: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "config.demo", str(argument)]
    with (folder / "said").open("w") as said:
        return subprocess.Popen(command, cwd=folder, stdout=said, stderr=said, text=True)


def words_of(folder: Path, argument: object) -> str:
    """What a demo that refuses has to say."""
    assert demo(folder, argument).wait(timeout=60) == 1
    return (folder / "said").read_text().strip()


def wait_until(happens: Callable[[], object]) -> None:
    give_up = time.monotonic() + 180
    while not happens():
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.2)


def get(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        return answer.read()


def test_from_start_to_stop(house):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    running = demo(house, port)
    try:
        wait_until(lambda: running.poll() is not None or "Ctrl-C stops" in (house / "said").read_text())
        said = (house / "said").read_text()
        assert f"http://127.0.0.1:{port}/" in said
        assert [email for email in SIGN_INS if email not in said] == []
        assert json.loads(get(port, "/health/"))["ok"]
        assert b"password" in get(port, "/account/login/")
        assert get(port, "/static/css/base.css")
        # The clock asks every ten seconds, the queue carries it, the worker does it.
        left = "SELECT count(*) FROM base_outboxmessage WHERE sent_at IS NULL"
        tell(house, "INSERT INTO base_outboxmessage (topic, payload) VALUES ('base.routines.empty_outbox', '{}')")
        wait_until(lambda: tell(house, left) == 0)
        book = (house / ".sightline" / "demo.processes").read_text().split()
        server = int((house / ".sightline/postgres/postmaster.pid").read_text().split()[0])
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=60)

    assert running.returncode == 0
    assert [line for line in book if psutil.pid_exists(int(line.split("@")[0]))] == []
    # Whoever leaves last stops it, which may be a moment after the demo itself.
    wait_until(lambda: not psutil.pid_exists(server) or psutil.Process(server).status() == psutil.STATUS_ZOMBIE)
    assert "The data stays" in (house / "said").read_text()


def tell(folder: Path, statement: str) -> int | None:
    socket_folder = embedded.socket_folder(folder / ".sightline" / "postgres")
    connection = psycopg2.connect(host=str(socket_folder), user="postgres", dbname="postgres")
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def test_a_port_in_use_is_one_sentence(house, taken):
    assert words_of(house, taken) == f"Port {taken} is in use. Choose another: make demo PORT={taken + 1}"


def test_a_port_that_is_none_is_one_sentence(house):
    assert words_of(house, "80x") == "“80x” is no port. Choose a number up to 65535, for example: make demo PORT=8001"


def test_a_second_demo_in_one_folder_is_one_sentence(house):
    (house / ".sightline").mkdir()
    with (house / ".sightline" / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("4711")
        lock.flush()

        words = words_of(house, 8000)

    assert words.startswith("The demo of this folder already runs.")
    assert words.endswith("kill 4711")


def test_a_folder_that_cannot_be_written_to_is_one_sentence(house):
    # Not by permissions, which root passes by.
    (house / ".sightline").write_text("in the way")

    assert words_of(house, 8000).startswith(f"Cannot write to {house / '.sightline'}.")
