"""Whoever keeps resources fresh, at the desk: by keyboard, in every look, on a phone."""

import datetime as dt
import os
import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from base import outbox
from performance_support import actions
from performance_support.models import FreshnessDay, Resource
from performance_support.queries import use
from tests.browser.steps import LOOKS, axe, is_too_wide, put_on, sign_in
from tests.make import make_account, make_designer, make_resource, make_workflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEEN = os.environ.get("SCREENS", "")


@pytest.fixture
def stale(monkeypatch: pytest.MonkeyPatch) -> list[Resource]:
    """Two that people voted down, one of them read far more often; and a past that the desk can draw."""
    monkeypatch.setattr(outbox, "enqueue", lambda task, payload: None)
    step, made = make_workflow("Order to delivery", steps=1).steps.get(), []
    for title, views in (("Price list", 5), ("Tax certificate", 1)):
        resource = make_resource(title, at=step)
        for _ in range(views):
            use.count_view(resource.pk, step.pk)
        for _ in range(2):
            actions.vote(resource, worked=False, by=make_account())
        made.append(resource)
    for days in range(1, 8):
        day = timezone.localdate() - dt.timedelta(days=days)
        FreshnessDay.objects.create(day=day, views=10, fresh_views=days, resources=2, fresh=1)
    return made


def test_what_is_read_most_is_read_and_verified_by_keyboard(page: Page, stale: list[Resource]) -> None:
    sign_in(page, make_designer())
    page.goto("/support/freshness/")
    rows = page.get_by_role("table", name="What waits").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("Price list")
    expect(page.get_by_role("img", name="Fresh by use, from 70 %")).to_be_visible()
    for look in LOOKS:
        put_on(page, look)
        if SEEN:
            page.screenshot(path=Path(SEEN) / f"desk-{look[0]}-{look[1]}.png", full_page=True)
        assert axe(page) == [], look
        assert not is_too_wide(page), look

    put_on(page, LOOKS[0])
    page.get_by_label("Because").focus()
    page.keyboard.type("People say")
    expect(page).to_have_url(re.compile("because=voted_down"))
    page.get_by_label("Choose Price list").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Still correct").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 resource is still correct.")).to_be_visible()
    expect(rows).to_have_count(2)
    # The link that was kept still says what was asked.
    assert "because=voted_down" in page.url
    assert Resource.objects.get(pk=stale[0].pk).state == "verified"
    assert Resource.objects.get(pk=stale[1].pk).state == "stale"


def test_an_empty_desk_teaches_in_every_look(page: Page) -> None:
    sign_in(page, make_account())
    page.goto("/support/freshness/")
    expect(page.get_by_text("Nothing that fits waits.")).to_be_visible()
    for look in LOOKS:
        put_on(page, look)
        assert axe(page) == [], look
        assert not is_too_wide(page), look
