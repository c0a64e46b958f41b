"""Pages about people and the questions on them, as people admins and administrators see them."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from base import outbox
from tests.browser.steps import looked_at, sign_in
from tests.make import make_account, make_job_role
from tests.workforce.feed import admin, deliver, person, row, snapshot
from tests.workforce.test_retention import NAME, make_leaver
from workforce import actions
from workforce.actions import runs
from workforce.models import Account, JobTitle, Role, Run, Source

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "enqueue", lambda task, payload: None)


@pytest.fixture
def ines() -> Account:
    return make_account(Role.PEOPLE_ADMIN, name="Ines Duarte")


def staff() -> list[dict[str, object]]:
    return [
        row(n, manager_source_id="E0" if n else "", department="Warehouse Leeds" if n > 24 else "Order Desk")
        for n in range(40)
    ]


def moved_and_corrected() -> str:
    """Somebody with a past, a correction and a manager; the address of their page."""
    snapshot(staff())
    deliver([row(3, job_title="Senior clerk", department="Claims", manager_source_id="E1", location="Leeds")])
    actions.correct_person(person(3), field="location", value="York", reason="They moved in May", by=admin())
    return f"/people/{person(3).pk}/"


def test_the_page_of_a_person_and_its_questions(page: Page, ines: Account) -> None:
    address = moved_and_corrected()
    sign_in(page, ines)
    page.goto(address)
    expect(page.get_by_text("put right here", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Positions")).to_be_visible()
    looked_at(page, "person")
    page.get_by_role("link", name="Put right… Location").click()
    expect(page.get_by_role("dialog").get_by_role("heading")).to_be_visible()
    looked_at(page, "person-correct")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="They leave…").click()
    looked_at(page, "person-leaves")
    page.get_by_role("dialog").locator("button.stop").click()
    expect(page.get_by_text("They can come back whole until")).to_be_visible()
    looked_at(page, "person-left")

    page.get_by_role("button", name="Take them back").click()
    looked_at(page, "person-restore")
    page.get_by_role("alertdialog").get_by_role("button", name="Take them back").click()
    expect(page.get_by_role("link", name="They leave…")).to_be_visible()


def test_lists_of_people_teams_and_titles(page: Page, ines: Account) -> None:
    moved_and_corrected()
    JobTitle.objects.filter(name="Clerk").update(job_role=make_job_role("Order clerk"))
    sign_in(page, ines)
    for name in ("people", "people/teams", "people/titles", "people/roles"):
        page.goto(f"/{name}/")
        looked_at(page, name.replace("/", "-"))
    page.goto("/people/titles/")
    page.get_by_label("Choose “Senior clerk”").check()
    looked_at(page, "titles-chosen")


def test_a_held_run_is_approved_with_a_reason_and_then_taken_back(page: Page, ines: Account) -> None:
    snapshot(staff())
    run = snapshot(staff()[:25])
    sign_in(page, ines)
    page.goto(run.get_absolute_url())
    page.get_by_role("link", name="Approve…").click()
    expect(page.get_by_text("15 people leave.")).to_be_visible()
    looked_at(page, "approve")
    page.get_by_label("Why?").fill("Leeds was closed")
    page.get_by_role("dialog").get_by_role("button", name="Approve").click()
    expect(page.get_by_text("What was approved is being done")).to_be_visible()
    looked_at(page, "approved-under-way")

    runs.apply_run(run.pk)
    expect(page.get_by_role("heading", name="What changed")).to_be_visible()
    looked_at(page, "approved")
    page.get_by_role("link", name="Take them all back…").click()
    looked_at(page, "take-back")
    page.get_by_label("Why?").fill("Leeds is open")
    page.get_by_role("dialog").get_by_role("button", name="Take them back").click()
    expect(page.get_by_text("They are being taken back.")).to_be_visible()
    looked_at(page, "taking-back")
    runs.apply_run(run.returns.get().pk)
    expect(page.get_by_text("came back", exact=True)).to_be_visible()
    looked_at(page, "return")
    page.get_by_role("link", name="a wrong delivery").click()
    expect(page.get_by_text("Ines Duarte took back 15")).to_be_visible()
    looked_at(page, "taken-back")
    assert Run.objects.get(pk=run.pk).state == "applied"


def test_what_a_brake_stopped_is_allowed_for_a_day(page: Page, ines: Account) -> None:
    snapshot(staff())
    Source.objects.update(leavers_braked_at=timezone.now())
    sign_in(page, ines)
    page.goto("/settings/sources/")
    looked_at(page, "sources")
    page.get_by_role("link", name="Allow for 24 hours… hr").click()
    looked_at(page, "allow")
    page.get_by_role("button", name="Allow it").click()
    expect(page.get_by_text("as many as they like until")).to_be_visible()


def test_somebody_is_erased_by_name(page: Page) -> None:
    leaver = make_leaver()
    sign_in(page, make_account(Role.ADMINISTRATOR, name="Ada Berg"))
    page.goto(f"/settings/privacy/?q={NAME.split()[0]}")
    looked_at(page, "privacy")
    page.goto(f"/settings/privacy/erase/{leaver.pk}/")
    looked_at(page, "erase")
    page.get_by_role("button", name="Erase them").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    looked_at(page, "erase-wrong")
