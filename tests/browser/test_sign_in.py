"""Journey: through the door, and out again."""

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from tests.browser.steps import LOOKS, axe, is_too_wide, put_on, sign_in
from tests.make import make_account, make_designer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def nobody_tried_before():
    cache.clear()


def type_in(page: Page, email: str, password: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("Work e-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_somebody_comes_in_and_goes_out(page):
    make_account(name="Maren Holt", email="maren@example.com")
    type_in(page, "maren@example.com", "a-long-password")
    page.goto("/account/2fa/")
    page.get_by_role("button", name="Maren Holt: account and appearance").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def test_a_wrong_password_is_said_and_can_be_mended(page):
    make_account(email="maren@example.com")
    type_in(page, "maren@example.com", "not-the-password")
    expect(page.get_by_role("alert")).to_contain_text("That e-mail and password do not go together.")
    assert page.get_by_label("Work e-mail").input_value() == "maren@example.com"
    assert axe(page) == []


def test_the_keyboard_alone_opens_the_door(page):
    make_account(email="maren@example.com")
    page.goto("/account/login/?next=/account/2fa/")
    page.keyboard.type("maren@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type("a-long-password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("address", ["/account/login/", "/account/password/reset/", "/account/password/reset/done/"])
def test_the_door_is_readable_by_everyone(page, address, look):
    put_on(page, look)
    page.goto(address)
    assert axe(page) == []
    assert not is_too_wide(page)


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("address", ["/account/password/change/", "/account/2fa/", "/nowhere/"])
def test_the_pages_of_an_account_are_readable_by_everyone(page, address, look):
    sign_in(page, make_designer())
    put_on(page, look)
    page.goto(address)
    assert axe(page) == []
    assert not is_too_wide(page)


def test_a_chosen_theme_stays_without_a_flash(page):
    sign_in(page, make_designer(name="Maren Holt"))
    put_on(page, LOOKS[0])
    page.goto("/account/2fa/")
    page.get_by_role("button", name="Maren Holt: account and appearance").click()
    page.get_by_label("Dark").check()
    page.goto("/account/password/change/", wait_until="commit")
    page.wait_for_selector("h1")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 22, 26)"


def test_the_door_opens_without_scripts(browser, live_server):
    make_account(email="maren@example.com")
    with browser.new_context(base_url=live_server.url, java_script_enabled=False) as context:
        page = context.new_page()
        type_in(page, "maren@example.com", "a-long-password")
        page.goto("/account/2fa/")
        expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
