"""What the first view of a step costs on the wire, in a browser that was never here, served as production serves.

Counted is every byte that comes back until nothing is on its way any more: the page, styles, scripts, what the worker
asks for so that the page opens without a connection, and the headers of each. Only pictures are left out.
"""

from collections import Counter
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from bench.web import web
from performance_support import actions
from performance_support.models import Moment, Use
from tests.browser.wire import relay
from tests.make import (
    make_account,
    make_designer,
    make_handoff,
    make_outcome,
    make_person,
    make_resource,
    make_workflow,
)
from workflows.models import Step
from workforce.models import Account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST = 60 * 1024
LINES = [
    {"text": f"Do thing {n} and see that it holds", "detail": f"In screen {n}, field by field.", "rule": f"Rule {n}."}
    for n in range(8)
]


@pytest.fixture
def step() -> Step:
    """A step with more than most have."""
    step = make_workflow("Customer onboarding", steps=8).steps.get(position=2)
    designer, moments = make_designer(), list(Moment)
    make_resource("Prepare it", at=step, kind="quick_steps", text="", steps=LINES)
    for n in range(12):
        help_ = make_resource(f"The register of customers, part {n}", text="What stands where. " * 40)
        actions.place_resource(help_, at=step, moments=[moments[n % 5], moments[n % 3]], by=designer)
    make_handoff(make_outcome(step), make_workflow("Selling", steps=1).steps.get(), accepted_when="Name and number")
    for n in range(4):
        actions.leave_tip(step, text=f"Ask for the number first, way {n}", by=make_account(name=f"Teller {n}"))
        actions.add_community(name=f"Circle {n}", meets="Thursdays", steps=[step], by=designer)
        champion = actions.ask_champion(step, account=make_account(name=f"Knower {n}"), by=designer)
        actions.answer_champion(champion, accepts=True, by=champion.account)
    return step


@pytest.fixture
def worker(step: Step) -> Account:
    return make_account(name="Tom Becker", person=make_person(role=step.performed_by))


def cookies_of(account: Account, address: str) -> list[dict[str, str]]:
    """All that signing in leaves behind, without the files of the pages on that way."""
    client = Client()
    client.force_login(account)
    client.get("/")
    return [{"name": each.key, "value": each.value, "url": address} for each in client.cookies.values()]


def open_kept(page: Page, path: str) -> None:
    """Until the page is there, its worker has taken over and keeps it, and nothing is on its way any more."""
    page.goto(path)
    page.evaluate("""async () => {
        const later = () => new Promise((come) => setTimeout(come, 50));
        while (!navigator.serviceWorker.controller) await later();
        while (!(await (await caches.open("coach-pages")).keys()).length) await later();
    }""")
    page.wait_for_load_state("networkidle")


def test_the_first_view_of_a_step_takes_sixty_kilobytes_at_most(
    browser: Browser, step: Step, worker: Account, tmp_path: Path
) -> None:
    path = f"/support/steps/{step.pk}/"
    with (
        web(shipped=tmp_path) as server,
        relay(server.port) as wire,
        browser.new_context(base_url=wire.address) as context,
    ):
        context.add_cookies(cookies_of(worker, wire.address))
        open_kept(context.new_page(), path)
        sent = {asked: count for asked, count in wire.sent.items() if not asked.startswith("/static/img/")}
    assert Use.objects.get().views == 1
    assert {path, "/support/worker.js"} <= set(sent)
    assert any(asked.startswith("/static/css/") for asked in sent)

    assert sum(sent.values()) <= MOST, f"{sum(sent.values()):,} bytes: {Counter(sent).most_common()}"
