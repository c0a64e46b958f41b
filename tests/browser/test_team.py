"""A manager on the own page: what is in danger, levels for the team by keyboard, a cause first."""

import pytest
from playwright.sync_api import Page, expect

from gaps.models import Cause, Standing
from tests.browser.paper import plain, printed
from tests.browser.steps import LOOKS, axe, put_on, sign_in
from tests.gaps.test_team_pages import make_asked
from tests.make import make_skill
from workforce.models import Account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def make_many_skills(count: int, *names: str) -> tuple[Account, list[str], list[str]]:
    """(boss, skills, people): one step asks so many things of people with these names."""
    boss, first, step, _ = make_asked(*names)
    more = [
        make_skill(f"Support the clerk by settling matter {n:02} at the counter", at=step, published=True)
        for n in range(1, count)
    ]
    return boss, [skill.name for skill in (first, *more)], list(names)


def test_a_manager_enters_levels_by_keyboard_and_takes_them_back(page: Page):
    boss, *_ = make_asked("Ann Lee", "Ben Oak", "Cai Fox")
    sign_in(page, boss)
    page.goto("/gaps/enter/")

    page.locator(".entry input").first.focus()
    page.keyboard.type("32")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".entry input").nth(1)).to_be_focused()
    page.get_by_role("button", name="Save what was typed").click()

    page.get_by_text("2 levels recorded.").wait_for()
    assert sorted(Standing.objects.values_list("level", flat=True)) == [2, 3]
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("2 levels taken back.").wait_for()
    assert not Standing.objects.exists()


def test_a_manager_opens_a_cell_and_names_a_cause(page: Page):
    boss, *_ = make_asked("Ann Lee", "Ben Oak")
    sign_in(page, boss)
    page.goto("/gaps/")

    page.locator(".heat td a").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".heat td a").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_text("that is not level 0").wait_for()
    page.get_by_role("button", name="Close").click()
    page.get_by_role("link", name="Cause first…").first.click()
    page.get_by_label("Tools, time or process stand in the way").check()
    page.get_by_role("button", name="Name the cause").click()

    expect(page.get_by_role("heading", name="Training not built 1")).to_be_visible()
    assert Cause.objects.get().kind == "tools"


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def test_the_pages_of_a_team_are_fit_for_everybody(page: Page, look):
    boss, *_ = make_asked("Ann Lee", "Ben Oak", "Cai Fox")
    sign_in(page, boss)
    put_on(page, look)
    for address in ("/gaps/", "/gaps/heatmap/", "/gaps/enter/"):
        page.goto(address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_a_heatmap_by_skills_is_whole_and_readable_on_paper(page: Page):
    """Forty columns are more than a sheet is wide: told in three tables, each with everybody and its own headers."""
    boss, skills, people = make_many_skills(31, "Ann Lee", "Ben Oak", "Cai Fox")
    sign_in(page, boss)
    page.goto("/gaps/heatmap/?across=skills")

    sheets = printed(page)
    everything = "".join(sheet.words for sheet in sheets)

    assert {(round(sheet.width), round(sheet.height)) for sheet in sheets} == {(842, 595)}, "A4 across"
    assert [name for name in skills if plain(name) not in everything] == []
    assert [everything.count(plain(name)) for name in people] == [3, 3, 3]
    assert everything.count("needs") == 31 * 3
    assert "Columns1to11of31" in everything
    assert "Columns23to31of31" in everything
    assert min(run.size for sheet in sheets for run in sheet.runs if run.words.strip()) > 5
    assert all(0 < run.x < sheet.width - 20 and 0 < run.y < sheet.height for sheet in sheets for run in sheet.runs)
    # On the screen it is one again.
    expect(page.locator(".heat")).to_have_count(1)
