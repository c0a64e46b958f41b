"""A manager plans a programme, sees what is missing, grants time, and the fact turns."""

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from base import outbox
from tests.browser.steps import LOOKS, axe, is_too_wide, put_on, sign_in
from tests.make import make_account, make_person, make_resource, make_workflow
from workforce.models import Account, Team

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEEN = os.environ.get("SCREENS", "")


@pytest.fixture(autouse=True)
def no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "enqueue", lambda task, payload: None)


@pytest.fixture
def manager() -> Account:
    step = make_workflow("Customer onboarding", steps=1).steps.get()
    make_resource("How to prepare it", at=step)
    boss = make_person(display_name="Priya Raman")
    team = Team.objects.create(name="Customer Operations North")
    make_account(name="Tom Becker", person=make_person(display_name="Tom Becker", manager=boss, team=team))
    return make_account(name="Priya Raman", person=boss)


def look(page: Page, name: str) -> None:
    for each in LOOKS:
        put_on(page, each)
        assert axe(page) == []
        assert not is_too_wide(page)
        if SEEN:
            page.screenshot(path=Path(SEEN) / f"{name}-{each[0]}-{each[1]}.png", full_page=True)
    put_on(page, LOOKS[0])


def test_a_manager_sees_what_is_missing_and_mends_it(page: Page, manager: Account):
    sign_in(page, manager)
    page.goto("/support/programmes/")
    expect(page.get_by_text("Training is an event")).to_be_visible()
    look(page, "programmes-empty")

    page.get_by_role("link", name="Plan one").click()
    page.get_by_label("Name").fill("Accounts in two days")
    today = timezone.localdate().isoformat()
    page.get_by_label("From").fill(today)
    page.get_by_label("Until", exact=True).fill(today)
    page.get_by_label("Who takes part?").select_option(label="Tom Becker, Customer Operations North")
    page.get_by_label("For which steps?").select_option(index=0)
    look(page, "programme-form")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("1 of 10 facts hold")).to_be_visible()
    expect(page.get_by_text("1 of 1 have no time granted.")).to_be_visible()
    look(page, "programme")
    page.get_by_role("link", name="Grant time").click()
    page.get_by_role("button", name="Grant it").click()
    expect(page.get_by_text("2 of 10 facts hold")).to_be_visible()

    page.get_by_role("link", name="Say what is arranged… A safe place to practise").click()
    page.get_by_label("Who does what, where and when?").fill("The test system, every Monday")
    page.get_by_role("button", name="Say so").click()
    expect(page.get_by_text("3 of 10 facts hold")).to_be_visible()
    page.get_by_role("button", name="I talked with all of mine before").click()
    expect(page.get_by_text("4 of 10 facts hold")).to_be_visible()

    page.goto("/support/time/")
    look(page, "time")
    if SEEN:
        page.emulate_media(media="print")
        page.screenshot(path=Path(SEEN) / "time-print.png", full_page=True)
