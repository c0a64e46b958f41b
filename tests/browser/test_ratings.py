"""A list of ratings is brought by somebody at a browser: file, scale, plan, recorded, taken back."""

import threading

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from base import outbox
from gaps import bringing
from gaps.models import Evidence, RatingList, Standing
from tests.browser.steps import LOOKS, axe, is_too_wide, put_on, sign_in
from tests.make import make_account, make_person, make_skill
from workforce.models import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = (
    b"Employee,Skill,Rating,Team\n"
    b"ana@example.com,Counting stock,4,Warehouse\n"
    b"ben@example.com,Counting stock,9,Warehouse\n"
    b"nobody@example.com,Counting stock,3,Warehouse\n"
)


@pytest.fixture(autouse=True)
def no_queue(monkeypatch) -> None:
    """The journey says itself when the worker comes."""
    monkeypatch.setattr(outbox, "enqueue", lambda task, payload: None)


@pytest.fixture
def admin(page: Page):
    admin = make_account(Role.PEOPLE_ADMIN, name="Pia Lund")
    make_skill("Support the clerk by counting stock", name="Counting stock")
    for name in ("Ana", "Ben"):
        make_person(display_name=name, work_email=f"{name.lower()}@example.com")
    sign_in(page, admin)
    return admin


def work() -> None:
    """A worker of its own, in a thread: Playwright keeps this one."""

    def run() -> None:
        bringing.work_on(RatingList.objects.get().pk)
        connection.close()

    worker = threading.Thread(target=run)
    worker.start()
    worker.join()


def bring(page: Page) -> None:
    page.goto("/gaps/ratings/add/")
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "survey.csv", "mimeType": "text/csv", "buffer": LIST}
    )
    page.get_by_role("button", name="Go on to its scale").click()
    expect(page.get_by_role("heading", name="What do these ratings mean?")).to_be_visible()


def test_from_the_file_to_the_records_and_back(page: Page, admin):
    bring(page)
    expect(page.get_by_label("Level", exact=True)).to_have_value("Rating")
    page.get_by_label("What the ratings are called").fill("Survey 2026")
    page.get_by_label("On whose word").select_option("manager")
    page.get_by_role("button", name="Make the plan").click()
    expect(page.get_by_text("Choose the scale of the list. It is never guessed.")).to_be_visible()

    page.get_by_label("1 to 5").check()
    expect(page.get_by_role("combobox", name="5")).to_have_value("4")
    page.get_by_role("combobox", name="4").select_option("2")
    page.get_by_role("button", name="Make the plan").click()
    expect(page.get_by_text("0 rows read")).to_be_visible()
    work()

    expect(page.get_by_role("button", name="Record 1")).to_be_visible()
    page.get_by_role("link", name="Nobody of that name 1").click()
    expect(page.get_by_role("rowheader", name="nobody@example.com")).to_be_visible()
    page.get_by_role("button", name="Record 1").click()
    work()
    expect(page.get_by_text("1 rating recorded")).to_be_visible()
    assert Standing.objects.get().level == 2

    page.get_by_role("link", name="Take all of it back…").click()
    page.get_by_label("Why?").fill("The wrong year")
    page.get_by_role("button", name="Take all of it back", exact=True).click()
    expect(page.get_by_text("being taken back")).to_be_visible()
    work()
    expect(page.get_by_text("The wrong year")).to_be_visible()
    assert not Standing.objects.exists()
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def test_nothing_is_wrong_with_these_pages(page: Page, admin, look):
    put_on(page, look)
    faults = []
    page.goto("/gaps/ratings/")
    faults += seen(page)
    bring(page)
    page.get_by_label("SFIA, 1 to 7").check()
    expect(page.get_by_role("combobox", name="7")).to_be_visible()
    faults += seen(page)
    page.get_by_label("What the ratings are called").fill("Survey 2026")
    page.get_by_role("button", name="Make the plan").click()
    expect(page.get_by_text("0 rows read")).to_be_visible()
    faults += seen(page)
    work()
    expect(page.get_by_role("button", name="Record 1")).to_be_visible()
    faults += seen(page)
    page.goto("/gaps/ratings/")
    faults += seen(page)
    assert faults == []


def seen(page: Page) -> list[str]:
    return [*axe(page), *(["too wide"] if is_too_wide(page) else [])]
