"""An administrator connects a learning record store, sees what became of what was told, and forgets it."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from base import outbox
from performance_support import actions
from performance_support.actions import conveying
from performance_support.models import Lrs, Statement
from tests.browser.steps import LOOKS, axe, is_too_wide, put_on, sign_in
from tests.make import make_account, make_step, make_workflow
from tests.performance_support.xapi.store import storing
from workforce.models import Role

SEEN = os.environ.get("SCREENS", "")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def administrator(page: Page, monkeypatch: pytest.MonkeyPatch):
    # What waits is sent when this test says so.
    monkeypatch.setattr(outbox, "enqueue", lambda task, payload: None)
    account = make_account(Role.ADMINISTRATOR, name="Grace Hopper")
    sign_in(page, account)
    return account


def looks_well(page: Page, name: str = "") -> None:
    for look in LOOKS:
        put_on(page, look)
        if SEEN and name:
            page.screenshot(path=Path(SEEN) / f"{name}-{look[0]}-{look[1]}.png", full_page=True)
        assert axe(page) == []
        assert not is_too_wide(page), look


def tell(count: int) -> None:
    step, worker = make_step(), make_account()
    for _ in range(count):
        actions.note_visit(step, quick=None, by=worker)


def test_a_record_store_is_connected_heard_of_and_forgotten(page: Page, administrator) -> None:
    with storing() as store:
        page.goto("/settings/lrs/")
        expect(page.get_by_text("nothing about support leaves Sightline")).to_be_visible()
        looks_well(page)

        page.get_by_role("link", name="Connect a record store").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Address of the LRS").fill(store.url)
        dialog.get_by_label("Key").fill("sightline")
        dialog.get_by_role("button", name="Connect it").click()
        expect(dialog.get_by_text("it belongs to this address alone")).to_be_visible()
        assert axe(page) == []
        dialog.get_by_label("Secret").fill("secret")
        dialog.get_by_role("button", name="Connect it").click()
        page.get_by_role("button", name="Switch on").click()
        expect(page.get_by_role("button", name="Switch off")).to_be_visible()

        tell(4)
        store.refuses = {str(Statement.objects.waiting()[1].pk)}
        conveying.convey(by=administrator)
        tell(1)
        page.reload()
        expect(page.get_by_text("It is well.")).to_be_visible()
        expect(page.get_by_text("1 wait, 3 sent, 1 refused, 0 given up")).to_be_visible()
        looks_well(page, "lrs")

        page.get_by_role("link", name="Refused").click()
        expect(page.get_by_text("I do not like it.")).to_be_visible()
        page.get_by_role("button", name="Send again what was refused").click()
        expect(page.get_by_text("2 wait, 3 sent, 0 refused")).to_be_visible()

        page.get_by_role("link", name="Forget").click()
        page.get_by_role("dialog").get_by_role("button", name="Forget").click()
        expect(page.get_by_text("nothing about support leaves Sightline")).to_be_visible()
        assert not Lrs.objects.exists()


def test_whoever_is_told_of_reads_what_it_hears(page: Page, administrator) -> None:
    page.goto("/support/told/")
    expect(page.get_by_text("Nothing is told about you.")).to_be_visible()
    lrs = actions.connect_lrs("https://lrs.example.com/", key="k", secret="s", kinds=["step"], by=administrator)
    actions.switch_lrs(lrs, on=True, by=administrator)
    page.goto(f"/support/steps/{make_workflow(steps=1).steps.get().pk}/")
    page.get_by_role("link", name="What it hears of you").click()
    expect(page.get_by_text("not by your name")).to_be_visible()
    expect(page.get_by_text("Step opened: Do step 1")).to_be_visible()
    looks_well(page, "told")
