"""The acceptance story: from an empty workflow to a published skill in sight of its outcome, in under a minute."""

import time

import pytest
from playwright.sync_api import Locator, Page, expect

from skills.models import Skill
from tests.browser.steps import sign_in
from tests.make import make_designer, make_job_role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def designer(page: Page):
    account = make_designer("Maren Holt")
    make_job_role("Customer service rep")
    make_job_role("Sales rep")
    sign_in(page, account)
    return account


def dialog(page: Page) -> Locator:
    return page.locator("#dialog dialog[open]")


def fill(page: Page, opener: str, answers: dict[str, str]) -> None:
    """Open a dialog by its button or link, answer its fields, and leave it by its main button."""
    page.locator(f"main :is(a, button):has-text('{opener}')").first.click()
    expect(dialog(page)).to_be_visible()
    for label, answer in answers.items():
        field = dialog(page).get_by_label(label).first
        is_choice = field.evaluate("field => field.tagName") == "SELECT"
        field.select_option(label=answer) if is_choice else field.fill(answer)
    dialog(page).locator("button.main").click()
    expect(dialog(page)).to_have_count(0)


def test_the_articles_second_statement_is_published_from_an_empty_workflow_in_under_a_minute(page, designer):
    start = time.monotonic()
    page.goto("/workflows/")
    fill(page, "Add a workflow", {"Name": "Customer onboarding"})
    step = {"Verb": "Prepare", "Object": "the account", "Performed by": "Customer service rep"}
    fill(page, "Add the first step", step)
    fill(page, "Add a step", {"Verb": "Agree", "Object": "the terms", "Performed by": "Sales rep"})

    page.get_by_role("link", name="Prepare the account").first.click()
    outcome = {"Outcome": "The sales rep has complete customer information", "Or somebody outside": "the customer"}
    fill(page, "Add an outcome…", outcome)
    page.get_by_role("link", name="The sales rep has complete").first.click()
    page.get_by_role("button", name="Hand it on…").click()
    dialog(page).get_by_label("Agree the terms").check()
    dialog(page).locator("button.main").click()
    expect(dialog(page)).to_have_count(0)

    page.get_by_role("link", name="Add a skill").first.click()
    page.get_by_label("Who or what does it serve?").fill("the sales rep")
    page.get_by_label("What would you see someone do?").fill("completing and submitting the customer information")
    page.get_by_label("At which step?").select_option(label="1 Prepare the account")
    outcome_field = page.get_by_label("So that which outcome is reached?")
    expect(outcome_field.locator("option")).to_have_count(2)
    outcome_field.select_option(index=1)
    expect(page.locator("#why-not")).to_contain_text("Nothing stands in the way")
    page.get_by_role("button", name="Publish").click()

    statement = "Support the sales rep by completing and submitting the customer information"
    expect(page.get_by_role("heading", name=statement)).to_be_visible()
    assert time.monotonic() - start < 60
    assert Skill.objects.get().is_published
