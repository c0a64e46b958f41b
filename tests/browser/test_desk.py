"""A people admin at the sync desk: a bad snapshot by hand, held, read and rejected; then a good one, applied."""

import pytest
from playwright.sync_api import Page, expect

from base import outbox
from tests.browser.steps import looked_at, sign_in
from tests.make import make_account
from tests.workforce.feed import admin, row, snapshot
from workforce import actions
from workforce.actions import runs, uploading
from workforce.models import Person, Role, Run, Upload

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """The journey says itself when the workers come."""
    monkeypatch.setattr(outbox, "enqueue", lambda task, payload: None)


@pytest.fixture
def keeper(page: Page) -> None:
    sign_in(page, make_account(Role.PEOPLE_ADMIN, name="Ines Duarte"))


def work() -> None:
    """What the workers do."""
    for upload in Upload.objects.wanted():
        uploading.work_on_upload(upload.pk)
    for run in Run.objects.wanted().in_turn():
        runs.apply_run(run.pk)


def staff() -> list[dict[str, object]]:
    return [
        row(n, manager_source_id="E0" if n else "", department="Warehouse Leeds" if n > 24 else "Order Desk")
        for n in range(40)
    ]


def as_csv(people: list[dict[str, object]]) -> bytes:
    lines = ["Employee ID;Name;Job title;Department;Manager ID;Salary"]
    lines += [
        f"{p['source_id']};{p['display_name']};{p['job_title']};{p['department']};{p['manager_source_id']};1"
        for p in people
    ]
    return "\n".join(lines).encode()


def upload(page: Page, content: bytes) -> None:
    page.goto("/people/runs/")
    page.get_by_role("link", name="Upload a file").click()
    page.locator("[type=file]").set_input_files({"name": "staff.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_label("Whose people are they?").fill("hr")
    page.get_by_label("Everybody of this source").check()
    page.get_by_role("button", name="Go on to the columns").click()
    expect(page.get_by_role("heading", name="Which column is which?")).to_be_visible()


def check(page: Page) -> None:
    page.get_by_role("button", name="Check it in a dry run").click()
    expect(page.get_by_text("is being read for its dry run")).to_be_visible()
    work()
    work()
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()


def apply(page: Page) -> None:
    page.get_by_role("button", name="Apply this file").click()
    expect(page.get_by_text("is being sent")).to_be_visible()
    work()
    work()
    expect(page.get_by_role("button", name="Apply this file")).to_have_count(0)


def test_a_bad_snapshot_is_held_read_and_rejected_and_a_good_one_applied(page: Page, keeper: None) -> None:
    snapshot(staff())

    upload(page, as_csv(staff()[:25]))
    expect(page.get_by_label("Person’s id")).to_have_value("Employee ID")
    expect(page.get_by_text("nothing is taken from Salary")).to_be_visible()
    looked_at(page, "columns")
    check(page)
    expect(page.get_by_text("All 15 people of Warehouse Leeds would leave.")).to_be_visible()
    looked_at(page, "dry-run")

    apply(page)
    expect(page.get_by_role("heading", name="15 changes wait. Somebody must decide.")).to_be_visible()
    looked_at(page, "held")
    page.get_by_label("Name or source id").fill("person 33")
    expect(page.locator("#change-rows tbody tr")).to_have_count(1)

    page.get_by_role("link", name="Reject…").click()
    page.get_by_role("button", name="Reject", exact=True).click()
    expect(page.get_by_text("Say why, in a few words")).to_be_visible()
    looked_at(page, "reject")
    page.get_by_label("Why?").fill("Warehouse Leeds is missing")
    page.get_by_role("button", name="Reject", exact=True).click()
    expect(page.get_by_text("“Warehouse Leeds is missing”")).to_be_visible()
    assert Person.objects.active().count() == 40

    upload(page, as_csv([*staff(), row("new", display_name="Ada Osei", manager_source_id="E0")]))
    check(page)
    expect(page.get_by_text("No guard would hold anything.")).to_be_visible()
    apply(page)
    expect(page.locator("dl.tally")).to_contain_text("joined")
    assert Person.objects.active().count() == 41
    page.goto("/people/runs/")
    looked_at(page, "list")


def test_a_run_shows_how_far_it_is_and_then_stops_asking(page: Page, keeper: None) -> None:
    by = admin()
    run = actions.open_run("hr", mode="delta", by=by)
    actions.add_page(run, staff(), by=by)
    actions.close_run(run, by=by)
    page.goto(run.get_absolute_url())
    expect(page.get_by_text("It waits for a worker.")).to_be_visible()
    looked_at(page, "under-way")

    runs.apply_run(run.pk)

    expect(page.get_by_role("heading", name="What changed")).to_be_visible()
    expect(page.locator("#run-progress")).to_have_count(0)
    looked_at(page, "applied")


def test_a_file_that_is_dropped_and_is_none_is_answered_in_place(page: Page, keeper: None) -> None:
    page.goto("/people/runs/upload/")
    looked_at(page, "upload")
    page.locator("[type=file]").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": b"%PDF-1.7 no table"}
    )
    page.get_by_label("Whose people are they?").fill("hr")

    page.get_by_role("button", name="Go on to the columns").click()

    expect(page.get_by_text("This is not a table.")).to_be_visible()
    expect(page.get_by_label("Whose people are they?")).to_have_value("hr")
