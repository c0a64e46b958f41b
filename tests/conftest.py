"""What any test may ask for beyond pytest-django. Things to build are in tests/make.py."""

import copy
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer
from redis import ConnectionError as NotThereYet
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from config import celery_app
from tests.house import House, build

# What is slow on a busy machine is not wrong.
hypothesis_settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("suite")
QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync", "--disable-background-networking"]


def missing(program: str) -> NoReturn:
    """Skip where a program is not installed; in CI that would hide a gap, so there it fails."""
    say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
    say(f"{program} is not installed (on Debian: apt-get install {program})")


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """A real password hash takes 0.2 seconds on purpose, and nearly every test makes an account."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def queue_and_files_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What a test queues and stores stays out of reach of a demo that runs in the same folder."""
    celery_app.conf.update(broker_url="memory://", broker_transport_options={})
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")):
        yield


@pytest.fixture(scope="module")
def built_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is built within stands for every test of the module; what a test does to it is taken back with that test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def house_of_the_module(built_once: None) -> House:
    return build()


@pytest.fixture
def house(house_of_the_module: House) -> House:
    """Its things as they were built, whatever an earlier test made of them."""
    return copy.deepcopy(house_of_the_module)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A private redis-server, on a port of its own."""
    program = shutil.which("redis-server") or missing("redis-server")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path_factory.mktemp("redis")), "--save", ""]
    server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    try:
        patience = Retry(ConstantBackoff(0.05), 200)
        with Redis(port=port, retry=patience, retry_on_error=[NotThereYet]) as client:
            client.ping()
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(timeout=10)


@pytest.fixture(scope="session")
def start_browser() -> Iterator[Callable[[], Browser]]:
    """An installed Chromium, without a window: best the one that never has any, at half the work for each page."""
    programs = ("chromium-headless-shell", "chromium", "google-chrome")
    program = next(filter(None, map(shutil.which, programs)), None) or missing("chromium-headless-shell")
    # Playwright keeps an event loop in this thread, which Django takes for a reason to refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    running: list[Browser] = []

    def start() -> Browser:
        if not running or not running[-1].is_connected():
            running.append(playwright.chromium.launch(executable_path=Path(program), args=[*QUIET, *sandbox]))
        return running[-1]

    with sync_playwright() as playwright:
        yield start
        for chromium in running:
            chromium.close()


@pytest.fixture
def browser(start_browser: Callable[[], Browser]) -> Browser:
    """The one that runs, or a new one where it has died under an earlier test: that must not take the others along."""
    return start_browser()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page of a browser that nobody has used before; `page.goto("/")` opens the product."""
    with browser.new_context(base_url=live_server.url) as context:
        yield context.new_page()
