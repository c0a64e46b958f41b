"""A file on a resource: chosen by keyboard, refused in words, shown with its words, and found at the step."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from base import outbox
from performance_support.models import Resource
from tests.browser.steps import LOOKS, address_of, axe, is_too_wide, put_on, sign_in
from tests.make import PICTURE, make_designer, make_workflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEEN = os.environ.get("SCREENS", "")
WITH_SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = "taken"</script></svg>'


def test_a_picture_is_refused_chosen_described_and_shown(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "enqueue", lambda task, payload: None)
    step = make_workflow("Order to delivery", steps=1).steps.get()
    sign_in(page, make_designer())
    page.goto(f"/support/library/new/?step={step.pk}&kind=job_aid")
    page.get_by_label("Title").fill("Where the stamp goes")
    page.locator("input[type=file]").set_input_files(
        {"name": "stamp.svg", "mimeType": "image/svg+xml", "buffer": WITH_SCRIPT}
    )
    page.get_by_label("What the picture shows").fill("A stamp in the upper right corner")
    save = page.get_by_role("main").locator("form button.main")
    save.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("script", exact=False).first).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Where the stamp goes")
    looks_well(page, "file-refused")
    assert not Resource.objects.exists()

    page.locator("input[type=file]").set_input_files({"name": "stamp.png", "mimeType": "image/png", "buffer": PICTURE})
    save.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Applying").check()
    page.get_by_role("main").locator("form button.main").press("Enter")
    page.get_by_role("button", name="Correct: offer it").press("Enter")
    picture = page.get_by_role("img", name="A stamp in the upper right corner")
    expect(picture).to_be_visible()
    page.wait_for_function("document.querySelector('main img').naturalWidth > 0")
    looks_well(page, "file-shown")

    page.goto(f"/support/steps/{step.pk}/")
    page.get_by_role("link", name="Where the stamp goes").press("Enter")
    expect(picture).to_be_visible()
    address = page.get_by_role("link", name="Open stamp.png").get_attribute("href")
    assert page.request.get(f"{address_of(page)}{address}").body() == PICTURE


def looks_well(page: Page, name: str) -> None:
    for look in LOOKS:
        put_on(page, look)
        if SEEN:
            page.screenshot(path=Path(SEEN) / f"{name}-{look[0]}-{look[1]}.png", full_page=True)
        assert axe(page) == [], look
        assert not is_too_wide(page), look
