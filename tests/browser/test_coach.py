"""Somebody who works and needs help: two clicks, no connection, and inside another system."""

import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from base import outbox
from performance_support import embedding
from performance_support.models import Vote
from tests.browser.steps import LOOKS, address_of, axe, is_too_wide, put_on, sign_in
from tests.make import make_account, make_designer, make_person, make_resource, make_workflow
from workflows.models import Step

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEEN = os.environ.get("SCREENS", "")
LINES = [
    {"text": "Open the request", "detail": "In the order system.", "rule": "Only qualified requests are opened."},
    {"text": "Submit it to the sales rep", "detail": ""},
]


@pytest.fixture(autouse=True)
def no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "enqueue", lambda task, payload: None)


@pytest.fixture
def step() -> Step:
    step = make_workflow("Customer onboarding", steps=3).steps.get(position=2)
    make_resource("Prepare it", at=step, kind="quick_steps", text="", steps=LINES)
    make_resource("The register, field by field", at=step)
    return step


@pytest.fixture
def worker(page: Page, step: Step) -> None:
    sign_in(page, make_account(name="Tom Becker", person=make_person(role=step.performed_by)))


def until(page: Page, what: str) -> None:
    """Wait for what the browser only tells when asked; the page's policy forbids asking from inside."""
    for _ in range(100):
        if page.evaluate(what):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"never: {what}")


def test_help_is_two_clicks_and_less_than_ten_seconds_away(page: Page, step: Step, worker: None) -> None:
    page.goto("/")
    began = time.monotonic()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Support").click()
    page.get_by_role("link", name=step.name).first.click()
    expect(page.get_by_text("Open the request")).to_be_visible()
    assert time.monotonic() - began < 10
    for look in LOOKS:
        put_on(page, look)
        if SEEN:
            page.screenshot(path=Path(SEEN) / f"coach-{look[0]}-{look[1]}.png", full_page=True)
        assert axe(page) == [], look
        assert not is_too_wide(page), look

    put_on(page, LOOKS[0])
    page.get_by_role("button", name="It did not work").click()
    page.get_by_label("A step is missing").check()
    page.get_by_role("button", name="Tell ").click()
    expect(page.get_by_text("You said that it did not work.")).to_be_visible()
    assert Vote.objects.get().wrong == "incomplete"


def test_the_last_steps_open_without_a_connection_and_nothing_stays_behind(
    page: Page, step: Step, worker: None
) -> None:
    address = f"/support/steps/{step.pk}/"
    page.goto(address)
    until(page, "navigator.serviceWorker.controller !== null")
    until(page, "caches.open('coach-pages').then((kept) => kept.keys()).then((keys) => keys.length > 0)")
    page.get_by_label("Done: Open the request").check()
    page.reload()
    expect(page.get_by_label("Done: Open the request")).to_be_checked()

    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("There is no connection.")).to_be_visible()
    expect(page.get_by_label("Done: Open the request")).to_be_checked()
    page.goto("/support/freshness/")
    expect(page.get_by_role("heading", name="There is no connection")).to_be_visible()
    page.get_by_role("link", name=step.name).click()
    expect(page.get_by_text("Open the request")).to_be_visible()

    page.context.set_offline(False)
    page.context.clear_cookies()
    page.goto("/account/login/")
    until(page, "caches.keys().then((names) => names.length === 0)")


@pytest.fixture
def foreign() -> Iterator[ThreadingHTTPServer]:
    """Another system's page, on another port: a frame around whatever address it is asked for."""

    class Shows(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f'<!doctype html><title>CRM</title><iframe title="Help" src="{unquote(self.path[1:])}"></iframe>'
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shows)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_another_system_shows_the_step_where_it_may(
    page: Page, step: Step, foreign: ThreadingHTTPServer, settings
) -> None:
    origin = f"http://127.0.0.1:{foreign.server_port}"
    settings.EMBED_ORIGINS, settings.SITE_URL = [origin], address_of(page)
    page.goto(f"{origin}/{embedding.link_to(step, by=make_account())}")
    expect(page.frame_locator("iframe").get_by_text("Open the request")).to_be_visible()

    # By the script, and with the session of whoever is signed in: ports of one host are one site to the browser.
    origin = f"http://localhost:{foreign.server_port}"
    settings.EMBED_ORIGINS = [origin]
    page.goto(f"{settings.SITE_URL}/health/")
    sign_in(page, make_account())
    held = f"<div data-sightline-step='{step.pk}'></div><script src='{settings.SITE_URL}/support/embed.js'></script>"
    page.goto(f'{origin}/"></iframe>{held}')
    expect(page.frame_locator("[data-sightline-step] iframe").get_by_text("Open the request")).to_be_visible()
    page.goto(f'{origin}/"></iframe>{held.replace(str(step.pk), str(uuid4()))}')
    expect(page.frame_locator("[data-sightline-step] iframe").get_by_text("There is no such step.")).to_be_visible()


@pytest.mark.parametrize("origins", [["https://crm.example.com"], []])
def test_a_page_that_is_not_allowed_sees_nothing_but_a_word(
    page: Page, step: Step, foreign: ThreadingHTTPServer, settings, origins
) -> None:
    """Neither by a signed link, nor by the script and the session of whoever is signed in."""
    settings.EMBED_ORIGINS, settings.SITE_URL = origins, address_of(page)
    sign_in(page, make_account())
    held = f"<div data-sightline-step='{step.pk}'></div><script src='{settings.SITE_URL}/support/embed.js'></script>"
    for inside in (embedding.link_to(step, by=make_account()), f'"></iframe>{held}'):
        page.goto(f"http://localhost:{foreign.server_port}/{inside}")
        frame = page.frame_locator("iframe[src*='/support/embed/']")
        expect(frame.get_by_role("alert")).to_have_text(
            "This place may not show support. Ask an administrator of Sightline to allow its origin."
        )
        assert not [each for each in page.frames if step.name in each.content() or "Open the request" in each.content()]


def test_what_is_to_be_copied_is_fit_for_everybody(page: Page, step: Step) -> None:
    sign_in(page, make_designer())
    page.goto(f"/support/steps/{step.pk}/")
    page.get_by_role("link", name="Show elsewhere").click()
    page.get_by_role("heading", name="Show this step in another system").wait_for()
    for look in LOOKS:
        put_on(page, look)
        if SEEN:
            page.screenshot(path=Path(SEEN) / f"embed-{look[0]}-{look[1]}.png", full_page=True)
        assert axe(page) == [], look
        assert not is_too_wide(page), look
