"""From an outcome at risk to what is done about it, by keyboard alone; and every page about the work in every look."""

import pytest
from playwright.sync_api import Page, expect

from base import outbox
from gaps.models import Cause, Goal
from tests.browser.steps import LOOKS, axe, is_too_wide, put_on, sign_in
from tests.gaps.test_work_pages import Place
from tests.make import make_person
from workforce.models import Account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = [
    "risk_list", "outcome_show", "cover_list", "workflow_cover", "what_if", "what_if leaves", "roles",
    "requirement_show", "role_choose", "role_compare", "role_reach",
]  # fmt: skip


@pytest.fixture(autouse=True)
def no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "enqueue", lambda task, payload: None)


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what begins with these words has the focus."""
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate("(document.activeElement.innerText ?? '').trim()").startswith(words):
            return
    raise AssertionError(f"Tab never came to “{words}”")


def follow(page: Page, words: str) -> None:
    tab_to(page, words)
    page.keyboard.press("Enter")


def make_danger() -> tuple[Place, Account]:
    """One who can, one who lacks it; both are needed."""
    place = Place(2)
    make_person(role=place.role, display_name="Sofia Lind", manager=place.boss)
    place.people[1].manager = None
    place.people[1].save()
    return place, Account.objects.get(person=place.boss)


def test_a_manager_goes_from_an_outcome_at_risk_to_its_cause_and_a_goal_by_keyboard(page: Page) -> None:
    _, boss = make_danger()
    sign_in(page, boss)
    page.goto("/gaps/")
    follow(page, "Outcomes")
    expect(page.get_by_role("heading", name="Outcomes at risk")).to_be_visible()
    follow(page, "Limit 0 is set")
    expect(page.get_by_role("rowheader", name="weakest link").first).to_be_visible()

    follow(page, "Cause first…")
    page.get_by_role("dialog").get_by_label("They know how, and lack practice").wait_for()
    page.get_by_role("dialog").get_by_label("They know how, and lack practice").focus()
    page.keyboard.press("Space")
    follow(page, "Name the cause")
    expect(page.get_by_text("Learning closes this gap.")).to_be_visible()
    assert Cause.objects.get().kind == "skill"

    follow(page, "Sofia Lind")
    expect(page.get_by_role("heading", name="Sofia Lind")).to_be_visible()
    follow(page, "Propose a target role…")
    page.get_by_role("dialog").locator("select").first.focus()
    page.keyboard.type("Auditor")
    follow(page, "Propose")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert str(Goal.objects.get().job_role) == "Auditor 2"


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def test_the_pages_about_the_work_are_fit_for_everybody(page: Page, look) -> None:
    place, boss = make_danger()
    sign_in(page, boss)
    put_on(page, look)
    for name in PAGES:
        page.goto(place.address(name))
        assert axe(page) == [], name
        assert not is_too_wide(page), name


def test_what_if_is_asked_by_a_link_that_holds_the_question(page: Page) -> None:
    _, boss = make_danger()
    sign_in(page, boss)
    page.goto("/gaps/what-if/")
    page.get_by_role("link", name="What if Hugh Bradley 0 leaves?").first.click()

    expect(page.get_by_role("heading", name="What if Hugh Bradley 0 leaves?")).to_be_visible()
    expect(
        page.get_by_role("table", name="Cover of each step before and after").get_by_text("None").first
    ).to_be_visible()
    assert "what=leaves" in page.url
