"""A designer looks where help lacks, and where each step belongs."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from performance_support.models import Placement, PlanRule
from tests.browser.steps import LOOKS, axe, is_too_wide, put_on, sign_in
from tests.make import make_designer, make_resource, make_workflow
from workflows.models import Step

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEEN = os.environ.get("SCREENS", "")
EVERY = ["first", "deeper", "applying", "solving", "changing"]


@pytest.fixture
def steps(page: Page) -> list[Step]:
    found = list(make_workflow("Customer onboarding", steps=4).steps.in_process_order())
    for step, names, criticality in zip(
        found,
        ("Submit the customer information", "Prepare the account", "Load the prices", "Hand over to the account team"),
        (3, 6, 5, 2),
        strict=True,
    ):
        Step.objects.filter(pk=step.pk).update(name=names, criticality=criticality, rated_revision=1)
    make_resource("Prepare it", at=found[1], kind="quick_steps", text="", steps=[{"text": "Open the request"}])
    make_resource("The register, field by field", at=found[1])
    stale = make_resource("How prices were loaded", at=found[2])
    type(stale).objects.filter(pk=stale.pk).update(
        state="stale", stale_since="2026-01-01T00:00Z", stale_because=["review_due"]
    )
    make_resource("The price list", at=found[0])
    make_resource("Nobody meets this")
    sign_in(page, make_designer())
    return found


def look_at(page: Page, name: str) -> None:
    for look in LOOKS:
        put_on(page, look)
        keep(page, f"{name}-{look[0]}-{look[1]}")
        assert axe(page) == [], look
        assert not is_too_wide(page), look
    put_on(page, LOOKS[0])
    page.emulate_media(media="print")
    keep(page, f"{name}-print")
    page.emulate_media(media="screen")


def keep(page: Page, name: str) -> None:
    if SEEN:
        page.screenshot(path=Path(SEEN) / f"{name}.png", full_page=True)


def test_a_hole_is_found_by_keyboard_and_filled(page: Page, steps: list[Step]) -> None:
    page.goto("/support/coverage/")
    look_at(page, "coverage")
    cells = page.locator(".cover-grid td a")
    cells.first.focus()
    page.keyboard.press("ArrowRight")
    expect(cells.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Nothing helps here yet.").wait_for()
    keep(page, "coverage-cell")
    assert axe(page) == []
    dialog.get_by_role("button", name="Place Nobody meets this").click()
    page.get_by_text("Everything in use is placed somewhere.").wait_for()
    assert Placement.objects.get(resource__title="Nobody meets this").moments == ["deeper"]
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="Nobody meets this").wait_for()

    page.get_by_label("Only steps where help lacks").check()
    page.wait_for_url("**gaps=1")
    page.get_by_label("Criticality").select_option("5")
    expect(page.locator(".cover-grid tbody th[scope=row]")).to_have_count(2)


def test_a_step_is_decided_otherwise(page: Page, steps: list[Step]) -> None:
    PlanRule.objects.all().delete()
    PlanRule.objects.create(
        position=1, criticality_from=5, training="Targeted training", support="Quick steps at the step"
    )
    PlanRule.objects.create(position=2, criticality_to=4, support="Quick steps at the step")
    page.goto("/support/plan/rules/")
    look_at(page, "rules")
    page.get_by_role("link", name="Change Rule 1").click()
    page.get_by_role("dialog").get_by_label("In practice").fill("Recurring practice")
    assert axe(page) == []
    keep(page, "rule-form")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Rule 1 is changed.").wait_for()

    page.goto("/support/plan/")
    page.get_by_role("link", name="Decide… about Prepare the account").click()
    page.get_by_role("dialog").get_by_label("Why").fill("They do it every day.")
    page.get_by_role("button", name="Decide otherwise").click()
    page.get_by_text("They do it every day.").wait_for()
    Step.objects.filter(pk=steps[1].pk).update(criticality=7)
    page.goto("/support/plan/")
    page.get_by_text("the facts or the rule changed since").wait_for()
    look_at(page, "plan")
