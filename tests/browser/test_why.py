"""From a figure to what moved it."""

import pytest
from playwright.sync_api import Page, expect

from gaps.queries import snapshot
from tests.browser.steps import LOOKS, axe, is_too_wide, put_on, sign_in
from tests.gaps.test_past import day
from tests.gaps.test_why import make_asked_of, say

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def make_year():
    boss, skill, _, (ann, ben, cai) = make_asked_of("Ann Lee", "Ben Oak", "Cai Fox")
    say(ann, skill, days=40)
    say(ben, skill, days=80, valid=60)
    say(cai, skill, days=10)
    for count in range(60, 0, -10):
        snapshot.take(day(count))
    return boss


def test_a_manager_asks_why_a_point_of_the_line_is_where_it_is(page: Page):
    sign_in(page, make_year())
    page.goto("/gaps/")
    page.get_by_text("Readiness over 90 days, as a table").click()
    page.get_by_role("link", name="Why it changed").first.click()

    expect(page.get_by_role("rowheader", name="Ann Lee")).to_be_visible()
    page.get_by_label("Figure", exact=True).select_option("reskill")
    expect(page.get_by_text("Nothing moved these figures")).to_be_visible()
    page.get_by_label("Figure", exact=True).select_option("met")
    page.get_by_label("From the end of").fill(str(day(70)))
    page.get_by_label("Together by").select_option("kind")
    expect(page.get_by_role("rowheader", name="Evidence recorded")).to_be_visible()
    assert "figure=met" in page.url
    assert "by=kind" in page.url


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def test_why_is_fit_for_everybody(page: Page, look):
    sign_in(page, make_year())
    put_on(page, look)
    page.goto(f"/gaps/why/?from={day(70)}")
    assert axe(page) == []
    assert not is_too_wide(page)
