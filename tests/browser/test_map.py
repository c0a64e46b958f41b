"""The map in a real browser: choosing, placing by drag and by keyboard, undoing, and how it looks to axe."""

import pytest
from playwright.sync_api import Page, expect

from skills.models import Context
from tests.browser.steps import LOOKS, axe, is_too_wide, put_on, sign_in
from tests.make import (
    make_account,
    make_context,
    make_designer,
    make_handoff,
    make_job_role,
    make_outcome,
    make_skill,
    make_step,
)
from tests.make import make_workflow as make_chain
from workflows import actions as work
from workflows.models import Workflow
from workforce.models import Account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOSE = "Complete and submit the customer information"


@pytest.fixture
def designer() -> Account:
    return make_designer("Maren Holt")


@pytest.fixture
def workflow(designer: Account) -> Workflow:
    """Three steps in two lanes, work that is sent back, a draft and a context-free skill."""
    workflow = work.add_workflow("Customer onboarding", area="Sales and service", by=designer)
    sales, service = make_job_role("Sales rep"), make_job_role("Customer service rep")
    steps = [
        make_step(workflow, name=name, performed_by=role, criticality=criticality, by=designer)
        for name, role, criticality in (
            ("Qualify the request", sales, 3),
            ("Prepare the account", service, 4),
            ("Agree the terms", sales, 6),
        )
    ]
    known = make_outcome(steps[0], statement="Customer service knows the need", by=designer)
    complete = make_outcome(steps[1], statement="Sales rep has complete customer information", by=designer)
    make_outcome(steps[2], statement="First order live", target=5, current=9, unit="days", by=designer)
    missing = make_outcome(steps[2], statement="What is missing is known", by=designer)
    make_handoff(known, steps[1], share_complete_and_accurate=92, by=designer)
    make_handoff(complete, steps[2], share_complete_and_accurate=78, by=designer)
    make_handoff(missing, steps[1], by=designer)
    placed = make_skill("Spare the sales rep a second call by confirming who may sign", by=designer)
    make_context(placed, steps[1], complete, by=designer)
    make_skill(LOOSE, by=designer)
    return workflow


@pytest.fixture
def desk(page: Page, designer: Account, workflow: Workflow) -> Page:
    sign_in(page, designer)
    page.goto(workflow.get_absolute_url())
    return page


def step(page: Page, name: str):
    return page.locator(".cell", has=page.get_by_role("heading", name=name))


def sight(page: Page):
    return page.locator("#sight")


def choose(page: Page, words: str) -> None:
    page.locator("#map").get_by_role("link", name=words).first.click()


def test_a_chosen_skill_draws_its_line_and_the_address_keeps_it(desk):
    choose(desk, "Spare the sales rep")

    expect(sight(desk)).to_contain_text("at step 2, Customer service rep")
    expect(sight(desk)).to_contain_text("final outcome, for the customer")
    expect(desk.locator(".links .sightline path")).not_to_have_count(0)
    expect(step(desk, "Agree the terms")).to_have_class("cell on")
    expect(step(desk, "Qualify the request")).to_have_class("cell")

    desk.reload()
    expect(sight(desk)).to_contain_text("at step 2")
    desk.go_back()
    expect(sight(desk)).to_contain_text("Nothing is chosen")


def test_the_focus_stays_where_it_was_while_the_lines_are_drawn_again(desk):
    skill = desk.locator("#map").get_by_role("link", name="Spare the sales rep")
    skill.focus()
    desk.keyboard.press("Enter")

    expect(sight(desk)).to_contain_text("at step 2")
    expect(skill).to_be_focused()


def test_a_skill_is_placed_by_dragging_it_onto_a_step_and_taken_back(desk):
    desk.locator(".loose", has_text=LOOSE).drag_to(step(desk, "Agree the terms").locator(".step"))

    dialog = desk.get_by_role("dialog", name="Place this skill")
    expect(dialog.get_by_role("radio", name="3 Agree the terms")).to_be_checked()
    dialog.get_by_role("button", name="Place", exact=True).click()

    expect(dialog).to_be_hidden()
    expect(step(desk, "Agree the terms").get_by_role("link", name=LOOSE)).to_be_visible()
    expect(desk.locator("#tray")).to_contain_text("Every skill has its place")
    expect(sight(desk)).to_contain_text("Placed.")

    sight(desk).get_by_role("button", name="Undo").click()
    expect(desk.locator(".loose", has_text=LOOSE)).to_be_visible()
    expect(step(desk, "Agree the terms").get_by_role("link", name=LOOSE)).to_have_count(0)


def test_a_skill_is_placed_with_the_keyboard_alone(desk):
    place = desk.get_by_role("button", name="Place…")
    place.focus()
    desk.keyboard.press("Enter")
    dialog = desk.get_by_role("dialog", name="Place this skill")
    # “customer information” is in the outcome of step 2: it is chosen already, and the way there is the arrow keys.
    likely = dialog.get_by_role("radio", name="2 Prepare the account")
    expect(likely).to_be_checked()
    expect(likely).to_be_focused()
    desk.keyboard.press("ArrowUp")
    expect(dialog.get_by_role("radio", name="1 Qualify the request")).to_be_checked()
    expect(dialog.get_by_label("For which outcome?")).to_contain_text("Customer service knows the need")
    desk.keyboard.press("Enter")

    expect(dialog).to_be_hidden()
    expect(step(desk, "Qualify the request").get_by_role("link", name=LOOSE)).to_be_visible()
    undo = sight(desk).get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator(".loose", has_text=LOOSE)).to_be_visible()


def test_choosing_another_step_offers_its_outcomes(desk):
    desk.get_by_role("button", name="Place…").click()
    dialog = desk.get_by_role("dialog", name="Place this skill")
    dialog.get_by_role("radio", name="3 Agree the terms").check()

    offered = dialog.get_by_label("For which outcome?")
    expect(offered).to_contain_text("First order live (final)")
    expect(offered).not_to_contain_text("Customer service knows the need")


def test_a_placed_skill_is_moved_by_dragging_it_to_another_step(desk):
    chip = desk.locator("#map").get_by_role("link", name="Spare the sales rep")
    chip.drag_to(step(desk, "Agree the terms").locator(".step"))
    desk.get_by_role("dialog", name="Move this skill").get_by_role("button", name="Move").click()

    expect(step(desk, "Agree the terms").get_by_role("link", name="Spare the sales rep")).to_be_visible()


def test_map_and_list_change_places_and_keep_what_is_chosen(desk):
    choose(desk, "Spare the sales rep")
    expect(sight(desk)).to_contain_text("at step 2")
    desk.get_by_role("link", name="List").click()

    expect(desk.get_by_role("rowheader", name="2 Prepare the account")).to_be_visible()
    expect(sight(desk)).to_contain_text("at step 2")
    assert "view=list" in desk.url
    desk.get_by_role("link", name="Map", exact=True).click()
    expect(step(desk, "Prepare the account")).to_be_visible()


def test_the_tray_filters_while_typing(desk, designer):
    make_skill("Drive a forklift truck", by=designer)
    desk.reload()
    expect(desk.locator(".loose")).to_have_count(2)
    desk.get_by_label("Words in the skill").press_sequentially("forkl")

    expect(desk.locator(".loose")).to_have_count(1)
    expect(desk.get_by_label("Words in the skill")).to_be_focused()
    expect(desk.get_by_label("Words in the skill")).to_have_value("forkl")


def test_adding_a_step_shows_it_on_the_map_at_once(desk):
    desk.get_by_role("link", name="Add a step").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("Verb").fill("Check")
    dialog.get_by_label("Object").fill("credit")
    dialog.get_by_role("button", name="Add the step").click()

    expect(dialog).to_be_hidden()
    expect(step(desk, "Check credit")).to_be_visible()
    expect(desk.locator("#ruler")).to_contain_text("Check credit")
    expect(desk.locator("#head")).to_contain_text("4 steps")


def test_everything_works_without_scripts(browser, live_server, designer, workflow):
    with browser.new_context(base_url=live_server.url, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, designer)
        page.goto(workflow.get_absolute_url())
        page.locator(".loose", has_text=LOOSE).get_by_text("Place…").click()
        page.get_by_role("radio", name="3 Agree the terms").check()
        page.get_by_role("button", name="Show what lies downstream").click()
        page.get_by_label("For which outcome?").select_option(label="First order live (final)")
        page.get_by_role("button", name="Place", exact=True).click()
        expect(step(page, "Agree the terms").get_by_role("link", name=LOOSE)).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(".loose", has_text=LOOSE)).to_be_visible()


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look[0]} {look[1]}")
def test_axe_finds_nothing_on_the_map(page, designer, workflow, look):
    put_on(page, look)
    sign_in(page, designer)
    placed = Context.objects.get()
    address = workflow.get_absolute_url()
    for query in (
        "",
        f"?skill={placed.skill_id}",
        f"?step={placed.step_id}",
        f"?outcome={placed.outcome_id}",
        "?view=list",
    ):
        page.goto(address + query)
        assert axe(page) == [], query
        assert not is_too_wide(page), query
    page.goto(address)
    page.get_by_role("button", name="Place…").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert axe(page) == []


@pytest.mark.parametrize("look", LOOKS[:1] + LOOKS[3:], ids=lambda look: f"{look[0]} {look[1]}")
def test_axe_finds_nothing_on_an_employees_map_and_on_an_empty_one(page, workflow, look):
    put_on(page, look)
    sign_in(page, make_account())
    for address in (workflow.get_absolute_url(), make_chain().get_absolute_url()):
        page.goto(address)
        assert axe(page) == []
