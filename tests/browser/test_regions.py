"""What a region of a page does when its request fails, asks, or brings news."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import axe, sign_in
from tests.make import make_designer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def regions(page: Page, settings) -> Page:
    settings.ROOT_URLCONF = "tests.base.addresses"
    sign_in(page, make_designer())
    page.goto("/regions/")
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def region(page: Page):
    return page.locator("#region")


def test_a_bug_is_told_where_it_happened_and_can_be_tried_again(regions):
    press(regions, "breaks")
    note = region(regions).get_by_role("alert")
    expect(note).to_contain_text("What you sent was not saved")
    expect(region(regions)).to_contain_text("before")
    assert axe(regions) == []
    with regions.expect_response("**/breaks/"):
        note.get_by_role("button", name="Try again").click()
    expect(region(regions).get_by_role("alert")).to_have_count(1)


def test_a_refusal_says_whom_to_ask_and_offers_no_second_try(regions):
    press(regions, "refuses")
    note = region(regions).get_by_role("alert")
    expect(note).to_contain_text("Ask the owner, Maren Holt, to change this workflow.")
    expect(note.get_by_role("button")).to_be_hidden()


def test_a_fragment_is_an_answer_whatever_its_status(regions):
    press(regions, "conflicts")
    expect(region(regions)).to_have_text("Rafael Ortiz changed it first.")


def test_a_lost_connection_keeps_what_was_there(regions):
    regions.route("**/says/", lambda route: route.abort())
    press(regions, "says")
    expect(region(regions).get_by_role("alert")).to_contain_text("There is no connection")
    regions.unroute("**/says/")
    region(regions).get_by_role("button", name="Try again").click()
    expect(region(regions)).to_have_text("region")


def test_good_news_appears_in_the_corner(regions):
    press(regions, "says")
    toast = regions.get_by_role("status").get_by_text("“Prepare the account” is published.")
    expect(toast).to_be_visible()
    regions.get_by_role("button", name="Dismiss").click()
    expect(toast).to_be_hidden()


def test_a_question_waits_for_an_answer(regions):
    press(regions, "ask")
    question = regions.get_by_role("alertdialog")
    expect(question).to_contain_text("Two skills hang on it.")
    assert axe(regions) == []
    press(regions, "Cancel")
    expect(region(regions)).to_have_text("before")
    press(regions, "ask")
    press(regions, "Retire")
    expect(region(regions)).to_have_text("region")


def test_a_plain_form_asks_too(regions):
    press(regions, "Stop")
    question = regions.get_by_role("alertdialog")
    expect(question).to_contain_text("Stop the import?")
    question.get_by_role("button", name="Cancel").click()
    expect(regions.get_by_role("heading", name="Regions")).to_be_visible()
    press(regions, "Stop")
    question.get_by_role("button", name="Stop").click()
    expect(regions.get_by_role("heading", name="Something broke on our side")).to_be_visible()


def test_a_dialog_that_the_server_sends_opens(regions):
    press(regions, "opens")
    expect(regions.get_by_role("dialog", name="Place")).to_be_visible()


def test_whoever_was_signed_out_meanwhile_lands_at_the_door(regions):
    regions.request.get("/signs-out/")
    press(regions, "account/2fa")
    expect(regions.get_by_role("heading", name="Sign in")).to_be_visible()


def test_what_was_typed_is_not_lost_by_leaving(regions):
    regions.get_by_label("Why").fill("it is the wrong list")
    asked = []
    regions.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    regions.goto("/account/2fa/")
    assert asked == ["beforeunload"]
