"""The examples in docs/ are run as they stand, against a live server, and say what is written below them."""

import os
import queue
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from pytest_django.live_server_helper import LiveServer

from base import outbox, watch
from config.celery import app
from performance_support import actions as support
from performance_support import routines
from performance_support.models.lrs import Told
from tests.conftest import missing
from tests.make import make_account, make_key, make_resource, make_skill, make_step, make_workflow
from tests.workforce.feed import admin, deliver, row
from workforce import actions
from workforce.feeds.rows import FIELDS
from workforce.models import Role

pytestmark = pytest.mark.django_db(transaction=True)
DOCS = Path(settings.BASE_DIR) / "docs"
CONNECTED = ["Workday", "SAP SuccessFactors", "Oracle HCM Cloud", "BambooHR", "Okta", "Microsoft Entra ID"]


@dataclass(frozen=True)
class Example:
    language: str
    code: str
    says: str


def examples(page: str) -> list[Example]:
    """Blocks of code in their order, each with the block of text that follows it."""
    blocks = re.findall(r"^```([a-z ]+)\n(.*?)^```$", (DOCS / page).read_text(), re.MULTILINE | re.DOTALL)
    following = [*blocks[1:], ("", "")]
    return [
        Example(language, code, said if kind == "text" else "")
        for (language, code), (kind, said) in zip(blocks, following, strict=True)
        if language in {"sh", "python", "python receiver"}
    ]


@pytest.fixture
def worker(monkeypatch) -> Iterator[None]:
    """What is queued is done beside the server, as a worker does it."""
    tasks: queue.Queue[tuple[str, dict] | None] = queue.Queue()

    def work() -> None:
        try:
            while task := tasks.get():
                app.tasks[task[0]](**task[1])
        finally:
            connections.close_all()

    app.loader.import_default_modules()

    monkeypatch.setattr(outbox, "enqueue", lambda topic, payload: tasks.put((topic, payload)))
    thread = threading.Thread(target=work)
    thread.start()
    yield
    tasks.put(None)
    thread.join(timeout=30)


@pytest.fixture
def run_example(live_server: LiveServer, tmp_path: Path) -> Callable[[Example], str]:
    environment = {
        "PATH": os.environ["PATH"],
        "API": f"{live_server.url}/api/v1",
        "KEY": make_key("hris"),
        "READ_KEY": make_key("read"),
    }

    def run(example: Example) -> str:
        program = [sys.executable, "-c"] if example.language == "python" else ["bash", "-euo", "pipefail", "-c"]
        done = subprocess.run(
            [*program, example.code],
            check=False,
            cwd=tmp_path,
            env={**environment, "STEP": os.environ.get("STEP", "")},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def matches(said: str, written: str) -> bool:
    return bool(re.fullmatch(re.escape(written.strip()).replace("…", ".*"), said.strip(), re.DOTALL))


def test_every_example_in_the_guide_for_clients_says_what_is_written_below_it(worker, run_example):
    _ = shutil.which("curl") or missing("curl")
    workflow = make_workflow("Order to delivery", steps=2)
    step = workflow.steps.first()
    make_skill("Support the sales rep by checking the order", at=step, published=True)
    make_skill("Zorbify the quantities")
    support.note_use(make_resource(at=step), step=step, by=make_account())
    watch.run_through(watch.ask().pk)
    told = [one for one in examples("clients.md") if one.language != "python receiver"]

    wrong = {one.code: said for one in told if not matches(said := run_example(one), one.says)}

    assert len(told) >= 8
    assert [one.code for one in told if not one.says] == []
    assert not wrong, "\n\n".join(f"{code}\nsaid:\n{said}" for code, said in wrong.items())


def test_the_guide_to_embedding_says_what_happens(run_example, live_server, settings, monkeypatch):
    _ = shutil.which("curl") or missing("curl")
    settings.SITE_URL = live_server.url
    monkeypatch.setenv("STEP", str(make_workflow(steps=1).steps.get().pk))
    told = examples("embedding.md")

    wrong = {one.code: said for one in told if not matches(said := run_example(one), one.says)}

    assert len(told) == 2
    assert not wrong, "\n\n".join(f"{code}\nsaid:\n{said}" for code, said in wrong.items())


def test_the_receiver_in_the_guide_takes_what_we_sign_once_and_nothing_else(worker, tmp_path):
    [receiver] = [one for one in examples("clients.md") if one.language == "python receiver"]
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    webhook = actions.add_webhook(url, kinds=["run.applied"], by=admin())
    forger = actions.add_webhook(url + "forged", kinds=["run.applied"], by=admin())
    with subprocess.Popen(
        [sys.executable, "-c", receiver.code],
        env={"WEBHOOK_SECRET": webhook.secret, "PORT": str(port)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            wait_until(lambda: is_open(port))
            deliver([row(1)])
            wait_until(lambda: webhook.deliveries.filter(state="delivered").exists())
            actions.replay_delivery(webhook.deliveries.get(), by=admin())
            wait_until(lambda: webhook.deliveries.filter(state="delivered", tries__isnull=False).count() == 2)
            wait_until(lambda: forger.deliveries.get().tries.filter(status=401).exists())
        finally:
            process.terminate()
        said = process.stdout.read() if process.stdout else ""

    assert matches(said, receiver.says)


def test_the_store_in_the_guide_to_xapi_hears_what_is_written_below_it(monkeypatch):
    monkeypatch.setattr(outbox, "enqueue", lambda topic, payload: None)
    [store] = examples("xapi.md")
    step, admin, tom = make_step(name="Check the order"), make_account(Role.ADMINISTRATOR), make_account()
    resource = make_resource("How to read an order", at=step)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    lrs = support.connect_lrs(f"http://127.0.0.1:{port}/xapi", key="k", secret="s", kinds=Told.values, by=admin)
    support.switch_lrs(lrs, on=True, by=admin)
    support.note_visit(step, quick=None, by=tom)
    support.note_use(resource, step=step, by=tom)
    support.vote(resource, worked=False, wrong="incomplete", step=step, by=tom)
    with subprocess.Popen(
        [sys.executable, "-c", store.code], env={"PORT": str(port)}, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            wait_until(lambda: is_open(port))
            assert routines.send_statements() == 3
        finally:
            process.terminate()
        said = process.stdout.read() if process.stdout else ""

    assert matches(said, store.says)


def test_the_tests_that_the_documentation_names_exist():
    written = {name for page in DOCS.glob("*.md") for name in re.findall(r"`(test_\w+)`", page.read_text())}
    defined = {
        name
        for file in (DOCS.parent / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(), re.MULTILINE)
    }

    assert len(written) > 20
    assert written - defined == set()


@pytest.mark.parametrize("system", CONNECTED)
def test_the_guide_to_each_hr_system_says_where_every_accepted_field_comes_from(system):
    guide = (DOCS / "connect.md").read_text().split(f"\n## {system}\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in guide.splitlines() if line.startswith("| `")]

    assert sorted(name for ours in rows for name in re.findall(r"`(\w+)`", ours)) == sorted(FIELDS)


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(200):
        if is_so():
            return
        time.sleep(0.05)
    pytest.fail("It never came about.")
