"""Journey: the pair of statements from the article, from an empty workflow to a published skill."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import LOOKS, axe, is_too_wide, put_on, sign_in
from tests.make import make_designer, make_handoff, make_job_role, make_outcome, make_skill, make_step

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LABEL = "Complete and submit the customer information"
SUPPORT = "Support the sales rep by completing and submitting the customer information"


@pytest.fixture
def designer(page):
    designer = make_designer("Maren Holt")
    sign_in(page, designer)
    return designer


@pytest.fixture
def prepare(designer):
    """Prepare the account → complete customer information → Agree the terms → terms agreed."""
    service, sales = make_job_role("Customer service rep"), make_job_role("Sales rep")
    step = make_step(name="Prepare the account", performed_by=service, criticality=4, by=designer)
    agree = make_step(step.workflow, name="Agree the terms", performed_by=sales, criticality=5, by=designer)
    complete = make_outcome(step, statement="the sales rep has complete customer information", by=designer)
    make_outcome(agree, statement="the terms are agreed", by=designer)
    make_handoff(complete, agree, by=designer)
    return step


def test_the_first_statement_cannot_be_published_as_it_stands(page, designer):
    skill = make_skill(LABEL, by=designer)
    page.goto(f"/skills/{skill.pk}/word/")

    publish = page.get_by_role("button", name="Publish")
    expect(publish).to_have_attribute("aria-disabled", "true")
    why = page.locator("#why-not").inner_text().removeprefix("You cannot publish yet. ")
    # It stays focusable and answers; only the browser's driver takes aria-disabled for a wall.
    publish.click(force=True)

    expect(page.get_by_role("alert").locator("[data-sentence]")).to_have_text(why.partition(" The warning")[0])
    skill.refresh_from_db()
    assert skill.is_draft


def test_the_second_statement_is_composed_and_published_in_under_a_minute(page, designer, prepare):
    skill = make_skill(LABEL, by=designer)
    start = time.monotonic()
    page.goto(f"/skills/{skill.pk}/word/")
    expect(page.get_by_label("What would you see someone do?")).to_have_value(
        "completing and submitting the customer information"
    )

    page.get_by_label("At which step?").select_option(label="1 Prepare the account")
    outcome = page.get_by_label("So that which outcome is reached?")
    expect(outcome.locator("option")).to_have_count(3)
    outcome.select_option(label="the sales rep has complete customer information")
    page.get_by_label("Who or what does it serve?").fill("the sales rep")

    expect(page.locator("#sentence output")).to_contain_text(f"{SUPPORT}, so that the sales rep has complete")
    expect(page.locator("#preview .end")).to_contain_text("the terms are agreed")
    expect(page.locator("#why-not")).to_contain_text("Nothing stands in the way")
    page.get_by_role("button", name="Publish").click()

    expect(page.get_by_role("heading", name=SUPPORT)).to_be_visible()
    expect(page.locator(".sight .end")).to_contain_text("the terms are agreed")
    assert time.monotonic() - start < 60


def test_typing_keeps_the_focus_and_the_words(page, designer, prepare):
    page.goto(f"/skills/new/?step={prepare.pk}")
    serves = page.get_by_label("Who or what does it serve?")
    serves.press_sequentially("the sales rep", delay=40)

    expect(page.locator("#sentence")).to_contain_text("the sales rep")
    expect(serves).to_be_focused()
    expect(serves).to_have_value("the sales rep")


def test_look_alikes_come_while_one_types_and_an_existing_one_can_be_used(page, designer, prepare):
    existing = make_skill(SUPPORT, by=designer)
    outcome = prepare.outcomes.get()
    page.goto(f"/skills/new/?step={prepare.pk}&outcome={outcome.pk}")
    page.get_by_label("What would you see someone do?").fill("completing and submitting customer information")

    page.get_by_role("button", name="Use this one at step 1").click()

    expect(page.get_by_role("heading", name=SUPPORT)).to_be_visible()
    assert existing.contexts.get().outcome == outcome


def test_everything_works_without_scripts(browser, live_server, designer, prepare):
    with browser.new_context(base_url=live_server.url, java_script_enabled=False) as context:
        page: Page = context.new_page()
        sign_in(page, designer)
        page.goto("/skills/new/")
        page.get_by_label("At which step?").select_option(label="1 Prepare the account")
        page.get_by_role("button", name="Show its outcomes").click()
        page.get_by_label("So that which outcome is reached?").select_option(label="the terms are agreed")
        page.get_by_label("What would you see someone do?").fill("reading the register")
        page.get_by_role("button", name="Publish").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Reading the register")).to_be_visible()


def test_search_answers_under_the_box(page, designer, prepare):
    make_skill(LABEL, by=designer)
    page.goto("/skills/")
    page.get_by_label("Find a step, skill or person").press_sequentially("custmer inf", delay=30)

    expect(page.locator("#found").get_by_role("link", name=LABEL)).to_be_visible()


def test_the_list_narrows_as_one_types_and_keeps_its_address(page, designer):
    make_skill(LABEL, by=designer)
    make_skill("Match part numbers", by=designer)
    page.goto("/skills/")
    page.get_by_label("Words").press_sequentially("part", delay=30)

    expect(page.locator("#skills tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=part"))


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_pages_of_skills_are_sound_in_every_look(page, designer, prepare, look):
    skill = make_skill(LABEL, by=designer)
    make_skill(SUPPORT, at=prepare, published=True, by=designer)
    put_on(page, look)
    for path in (
        "/skills/",
        "/search/?q=custmer",
        f"/skills/{skill.pk}/",
        f"/skills/{skill.pk}/word/",
        f"/skills/{skill.pk}/word/?step={prepare.pk}&outcome={prepare.outcomes.get().pk}",
    ):
        page.goto(path)
        assert axe(page) == [], path
        assert not is_too_wide(page), path
