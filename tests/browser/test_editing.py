"""A designer builds a workflow from nothing with the keyboard alone, and two designers meet in one step."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import LOOKS, axe, is_too_wide, put_on, sign_in
from tests.make import make_context, make_designer, make_job_role, make_skill, make_workflow
from workflows import actions
from workflows.models import Handoff, Outcome, Step, Workflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def maren(page: Page):
    account = make_designer("Maren Holt")
    sign_in(page, account)
    return account


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the thing of this name has the focus, once what was drawn last has settled."""
    page.wait_for_timeout(200)
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.innerText || ''").strip().startswith(name):
            return
    raise AssertionError(f"Tab never reaches {name!r}")


def dialog(page: Page):
    return page.locator("#dialog dialog[open]")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.name || document.activeElement.innerText || document.activeElement.id")


def save(page: Page) -> None:
    """Enter in a field is the dialog's own button."""
    page.keyboard.press("Enter")
    expect(dialog(page)).to_have_count(0)


def add_step(page: Page, verb: str, rest: str, role: str = "") -> None:
    tab_to(page, "Add a step" if Step.objects.exists() else "Add the first step")
    page.keyboard.press("Enter")
    expect(dialog(page).get_by_role("heading", name="Add a step")).to_be_visible()
    assert focused(page) == "verb"
    page.keyboard.type(verb)
    page.keyboard.press("Tab")
    page.keyboard.type(rest)
    if role:
        dialog(page).get_by_label("Performed by").focus()
        page.keyboard.type(role)
    dialog(page).get_by_label("Object").focus()
    save(page)
    expect(page.get_by_role("link", name=f"{verb} {rest}").first).to_be_visible()


def test_a_workflow_grows_from_nothing_by_keyboard(page, maren):
    make_job_role("Sales rep")
    page.goto("/workflows/")
    tab_to(page, "Add a workflow")
    page.keyboard.press("Enter")
    expect(dialog(page)).to_be_visible()
    page.keyboard.type("Customer onboarding")
    assert axe(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Customer onboarding", level=1)).to_be_visible()

    add_step(page, "Prepare", "the account", "Sales rep")
    add_step(page, "Check", "credit")
    assert list(Workflow.objects.get().steps.values_list("position", "name", "performed_by__name")) == [
        (1, "Prepare the account", "Sales rep"),
        (2, "Check credit", None),
    ]

    page.get_by_role("link", name="Prepare the account").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Add an outcome…")).to_be_visible()
    tab_to(page, "Add an outcome…")
    page.keyboard.press("Enter")
    expect(dialog(page)).to_be_visible()
    page.keyboard.type("The sales rep has complete customer information")
    dialog(page).get_by_label("Or somebody outside").focus()
    page.keyboard.type("the customer")
    save(page)

    outcome = Outcome.objects.get()
    page.get_by_role("link", name="The sales rep has complete").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Hand it on…")).to_be_visible()
    tab_to(page, "Hand it on…")
    page.keyboard.press("Enter")
    expect(dialog(page)).to_be_visible()
    page.keyboard.press("Space")
    dialog(page).get_by_label("Share complete and accurate").focus()
    page.keyboard.type("78")
    save(page)
    assert Handoff.objects.get(outcome=outcome).to_step.name == "Check credit"


def test_focus_comes_back_and_escape_guards_what_was_typed(page, maren):
    workflow = make_workflow("Onboarding", steps=1, by=maren)
    page.goto(workflow.get_absolute_url())
    tab_to(page, "Add a step")
    page.keyboard.press("Enter")
    expect(dialog(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    assert focused(page).startswith("Add a step")

    page.keyboard.press("Enter")
    expect(dialog(page)).to_be_visible()
    page.keyboard.type("Prepare")
    page.keyboard.press("Escape")
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("What you typed here is not saved yet.")
    question.get_by_role("button", name="Cancel").click()
    expect(dialog(page).get_by_label("Verb")).to_have_value("Prepare")

    page.keyboard.press("Escape")
    question.get_by_role("button", name="Leave without saving").click()
    expect(dialog(page)).to_have_count(0)


def test_what_is_wrong_is_said_at_its_field_which_has_the_focus(page, maren):
    workflow = make_workflow("Onboarding", steps=1, by=maren)
    page.goto(workflow.get_absolute_url())
    page.get_by_role("link", name="Add a step").click()
    dialog(page).get_by_label("Verb").fill("Prepare")
    dialog(page).get_by_role("button", name="Add the step").click()

    expect(dialog(page).get_by_label("Object")).to_have_attribute("aria-invalid", "true")
    expect(dialog(page).get_by_label("Object")).to_be_focused()
    expect(dialog(page).get_by_label("Verb")).to_have_value("Prepare")
    assert axe(page) == []


def test_two_designers_in_one_step_both_keep_what_they_did(page, maren, browser, live_server):
    workflow = make_workflow("Onboarding", steps=1, by=maren)
    step = workflow.steps.get()
    with browser.new_context(base_url=live_server.url) as elsewhere:
        other = elsewhere.new_page()
        sign_in(other, make_designer("Rafael Ortiz"))
        for each in (page, other):
            each.goto(f"{workflow.get_absolute_url()}?step={step.pk}")
            each.locator(f'[hx-get="/workflows/steps/{step.pk}/change/"]').first.click()
            expect(dialog(each)).to_be_visible()

        dialog(other).get_by_label("Object").fill("the customer")
        dialog(other).get_by_role("button", name="Save").click()
        expect(dialog(other)).to_have_count(0)

    dialog(page).get_by_label("Verb").fill("Prepare")
    dialog(page).get_by_label("How often").select_option("5")
    dialog(page).get_by_role("button", name="Save").click()
    expect(dialog(page).get_by_role("alert")).to_contain_text("Rafael Ortiz changed “Do the customer”")
    expect(dialog(page).get_by_role("row", name="Name")).to_contain_text("Prepare step 1")
    expect(dialog(page).get_by_role("row", name="Name")).to_contain_text("Do the customer")
    assert axe(page) == []
    step.refresh_from_db()
    assert step.name == "Do the customer"

    dialog(page).get_by_role("button", name="Save mine over it").click()
    expect(dialog(page)).to_have_count(0)
    step.refresh_from_db()
    assert (step.name, step.frequency) == ("Prepare step 1", 5)


def test_theirs_can_be_kept(page, maren):
    step = make_workflow("Onboarding", steps=1, by=maren).steps.get()
    page.goto(f"{step.workflow.get_absolute_url()}?step={step.pk}")
    page.locator(f'[hx-get="/workflows/steps/{step.pk}/change/"]').first.click()
    expect(dialog(page)).to_be_visible()
    actions.change_step(step, name="Open the account", by=make_designer("Rafael Ortiz"))
    dialog(page).get_by_label("Object").fill("the customer")
    dialog(page).get_by_role("button", name="Save").click()
    dialog(page).get_by_role("button", name="Keep theirs").click()
    expect(dialog(page)).to_have_count(0)
    expect(page.get_by_text("“Open the account” stays as it is.")).to_be_visible()


def test_retiring_shows_the_ripple_and_undo_takes_it_back(page, maren):
    workflow = make_workflow("Onboarding", steps=2, by=maren)
    first, last = workflow.steps.all()
    make_context(make_skill("Support the sales rep by submitting the form", by=maren), first, last.outcomes.get())
    page.goto(f"/workflows/steps/{last.pk}/retire/")
    expect(page.get_by_text("1 skill loses 1 line of sight.")).to_be_visible()

    page.goto(f"{workflow.get_absolute_url()}?step={last.pk}")
    page.locator(f'[hx-get="/workflows/steps/{last.pk}/retire/"]').first.click()
    expect(dialog(page)).to_contain_text("1 of them is context-free then")
    assert axe(page) == []
    dialog(page).get_by_role("button", name="Retire").click()
    expect(dialog(page)).to_have_count(0)
    last.refresh_from_db()
    assert last.is_retired

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("“Do step 2” is in use again.")).to_be_visible()
    last.refresh_from_db()
    assert not last.is_retired


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def test_the_list_the_history_and_a_dialog_are_for_everybody(page, maren, look):
    workflow = make_workflow("Customer onboarding", steps=3, by=maren)
    step = workflow.steps.first()
    actions.change_step(step, criticality=6, by=maren)
    actions.retire_outcome(step.outcomes.get(), by=maren)
    put_on(page, look)
    for address in ("/workflows/", f"/workflows/{workflow.pk}/history/", f"/workflows/steps/{step.pk}/change/"):
        page.goto(address)
        assert axe(page) == [], address
        assert not is_too_wide(page), address
