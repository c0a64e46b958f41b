"""The embedded PostgreSQL survives what happens to trials. Each test has a server of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import psycopg2
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import embedded

USER = """
import sys, pathlib
from config import embedded
print(embedded.database_url(pathlib.Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def use():
    """Start processes that use a folder's server until their input ends, and wait until each has it."""
    users: list[subprocess.Popen[str]] = []

    def start(folder: Path, count: int = 1) -> list[subprocess.Popen[str]]:
        command = [sys.executable, "-c", USER, str(folder)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        new = [subprocess.Popen(command, cwd=settings.BASE_DIR, **pipes) for _ in range(count)]
        users.extend(new)
        for user in new:
            user.url = user.stdout.readline().strip()
        return new

    yield start
    for user in users:
        user.communicate(timeout=30)


def ask(url: str, question: str) -> object:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0]
    finally:
        connection.close()


def server_of(folder: Path) -> psutil.Process:
    return psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]))


def kill(user: subprocess.Popen[str]) -> None:
    user.kill()
    user.wait(timeout=30)


def test_it_stops_with_the_last_process_that_uses_it(use, tmp_path):
    first, second = use(tmp_path, 2)

    first.communicate(timeout=30)
    assert embedded.answers(tmp_path / "postgres")

    second.communicate(timeout=30)
    assert not embedded.answers(tmp_path / "postgres")


@pytest.mark.parametrize(
    ("machine", "pages", "journal"),
    [(0.25, 128, 1024), (2, 512, 1024), (4, 1024, 1024), (16, 1024, 2048), (64, 1024, 4096)],
)
def test_pages_and_journal_are_as_large_as_the_machine_lets_them(machine, pages, journal, monkeypatch):
    monkeypatch.delenv("POSTGRES_MEMORY", raising=False)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(total=int(machine * 2**30)))

    assert f"shared_buffers={pages}MB" in embedded.machine()
    assert f"max_wal_size={journal}MB" in embedded.machine()


def test_the_server_has_the_memory_that_it_is_given(use, tmp_path, monkeypatch):
    monkeypatch.setenv("POSTGRES_MEMORY", "96MB")
    [user] = use(tmp_path)

    kept = ask(user.url, "SELECT setting FROM pg_settings WHERE name = 'shared_buffers'")

    assert int(str(kept)) * 8 // 1024 == 96


def test_four_that_come_at_once_share_one_server(use, tmp_path):
    users = use(tmp_path, 4)

    assert len({user.url for user in users}) == 1
    assert ask(users[0].url, "SELECT 1") == 1


def test_a_user_that_was_killed_does_not_keep_it_running(use, tmp_path):
    killed, last = use(tmp_path, 2)
    kill(killed)

    last.communicate(timeout=30)

    assert not embedded.answers(tmp_path / "postgres")


def test_a_server_that_was_killed_starts_again_with_its_data(use, tmp_path):
    [user] = use(tmp_path)
    ask(user.url, "CREATE TABLE kept AS SELECT 7 AS n; COMMIT; SELECT 1")
    server_of(tmp_path).send_signal(signal.SIGKILL)
    kill(user)

    [again] = use(tmp_path)

    assert ask(again.url, "SELECT n FROM kept") == 7


def test_a_process_id_that_came_again_is_not_taken_for_the_server(use, tmp_path):
    [user] = use(tmp_path)
    server_of(tmp_path).send_signal(signal.SIGKILL)
    kill(user)
    trace = tmp_path / "postgres" / "postmaster.pid"
    trace.write_text("\n".join([str(os.getpid()), *trace.read_text().splitlines()[1:]]) + "\n")

    [again] = use(tmp_path)

    assert ask(again.url, "SELECT 1") == 1


@pytest.mark.parametrize("name", ["with space", "with, comma", "with 'quote' & 50%", "größer", "long" * 30])
def test_any_name_of_a_folder_will_do(use, tmp_path, name):
    [user] = use(tmp_path / name)

    assert ask(user.url, "SELECT 1") == 1


def test_letters_beyond_ascii_have_capitals_and_trigrams(use, tmp_path):
    [user] = use(tmp_path)

    assert ask(user.url, "SELECT lower('ÄRGER')") == "ärger"
    assert ask(user.url, "CREATE EXTENSION pg_trgm; SELECT similarity('Ärger', 'ärger')") == 1


def test_a_cluster_that_was_never_finished_is_made_again(use, tmp_path):
    half = tmp_path / "postgres.unfinished"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")

    [user] = use(tmp_path)

    assert ask(user.url, "SELECT 1") == 1


def test_a_server_that_cannot_start_says_so_in_one_sentence(tmp_path):
    (tmp_path / "postgres").mkdir()

    with pytest.raises(ImproperlyConfigured, match=r"does not start: .*make demo-reset"):
        embedded.database_url(tmp_path)


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path, monkeypatch):
    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    began = time.monotonic()

    with pytest.raises(ImproperlyConfigured, match=f"Cannot write to {tmp_path}"):
        embedded.database_url(tmp_path)

    assert time.monotonic() - began < 1
