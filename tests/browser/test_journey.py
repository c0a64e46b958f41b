"""The main job from end to end: a list comes in, is placed on real work, published, and in sight of its outcome."""

import threading
import time

import pytest
from django.core.cache import cache
from django.db import connection
from playwright.sync_api import Locator, Page, expect

from base import outbox
from skills import carrying
from skills.models import Import, Skill
from tests.browser.steps import sign_in
from tests.make import make_account, make_designer, make_handoff, make_job_role, make_outcome, make_step
from workforce.models import Role

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


LIST = b"""RSD Name;Skill Statement
Customer information;Complete and submit the customer information
Signatory;Confirm who may sign for the customer
"""


def work() -> None:
    """The worker comes: in a thread of its own, because Playwright keeps this one."""

    def run() -> None:
        carrying.work_on(Import.objects.get().pk)
        connection.close()

    worker = threading.Thread(target=run)
    worker.start()
    worker.join()


def test_a_designer_brings_in_a_list_places_it_by_drag_and_by_keyboard_and_publishes(page, monkeypatch):
    monkeypatch.setattr(outbox, "enqueue", lambda task, payload: None)
    cache.clear()
    maren = make_account(Role.DESIGNER, name="Maren Holt", email="maren@example.com")
    role = make_job_role("Customer service rep")
    prepare = make_step(name="Prepare the account", performed_by=role, criticality=4, by=maren)
    agree = make_step(prepare.workflow, name="Agree the terms", performed_by=role, criticality=5, by=maren)
    complete = make_outcome(prepare, statement="The sales rep has complete customer information", by=maren)
    make_outcome(agree, statement="The first order is live", by=maren)
    make_handoff(complete, agree, by=maren)

    page.goto("/account/login/?next=/skills/imports/add/")
    page.get_by_label("Work e-mail").fill("maren@example.com")
    page.get_by_label("Password").fill("a-long-password")
    page.get_by_role("button", name="Sign in").click()

    page.get_by_label("File", exact=True).set_input_files(
        {"name": "skills.csv", "mimeType": "text/csv", "buffer": LIST}
    )
    page.get_by_role("button", name="Make the plan").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    work()
    page.get_by_role("button", name="Bring in 2").click()
    expect(page.get_by_text("0 of 2 rows done")).to_be_visible()
    work()
    expect(page.get_by_text("2 created, 0 updated")).to_be_visible()

    page.goto(prepare.workflow.get_absolute_url())
    first = page.locator(".loose", has_text="Confirm who may sign")
    first.drag_to(page.locator(".cell", has=page.get_by_role("heading", name="Prepare the account")).locator(".step"))
    place = page.get_by_role("dialog", name="Place this skill")
    place.get_by_role("button", name="Place", exact=True).click()
    expect(place).to_be_hidden()
    expect(page.locator(".loose")).to_have_count(1)

    page.get_by_role("button", name="Place…").focus()
    page.keyboard.press("Enter")
    expect(place.get_by_role("radio", name="1 Prepare the account")).to_be_focused()
    page.keyboard.press("Enter")
    expect(place).to_be_hidden()
    expect(page.locator(".loose")).to_have_count(0)

    page.locator("#map").get_by_role("link", name="Complete and submit the customer information").first.click()
    page.locator("#sight").get_by_role("link", name="Edit").click()
    page.get_by_label("Who or what does it serve?").fill("the sales rep")
    statement = "Support the sales rep by completing and submitting the customer information"
    expect(page.locator("#sentence output")).to_contain_text(statement)
    page.wait_for_timeout(1_500)  # the look-alikes come later than the sentence; leaving earlier would break them off
    page.get_by_role("button", name="Publish").click()

    expect(page.get_by_role("heading", name=statement)).to_be_visible()
    expect(page.locator(".sight .end")).to_contain_text("The first order is live")
