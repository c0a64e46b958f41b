"""A list is brought in by somebody at a browser: file, columns, plan, progress, rejected rows."""

import io
import threading
import time

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from base import outbox
from skills import actions, carrying
from skills.models import Import, Skill
from tests.browser.steps import LOOKS, axe, is_too_wide, put_on, sign_in
from tests.make import make_designer, make_skill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "Nr;Fähigkeit;Was man kann\n1;Preise;Den Preis halten\n2;Eröffnen;Ein Gespräch eröffnen\n3;;\n4;...;\n".encode(
    "cp1252"
)


@pytest.fixture(autouse=True)
def no_queue(monkeypatch) -> None:
    """The journey says itself when the worker comes."""
    monkeypatch.setattr(outbox, "enqueue", lambda task, payload: None)


@pytest.fixture
def designer(page: Page):
    designer = make_designer("Maren Holt")
    sign_in(page, designer)
    return designer


def work(plan: Import) -> None:
    """A worker of its own, in a thread: Playwright keeps this one."""

    def run() -> None:
        carrying.work_on(plan.pk)
        connection.close()

    worker = threading.Thread(target=run)
    worker.start()
    worker.join()


def test_from_the_file_to_the_skills(page: Page, designer):
    page.goto("/skills/imports/add/")
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "academy.csv", "mimeType": "text/csv", "buffer": LIST}
    )
    page.get_by_role("button", name="Make the plan").click()

    expect(page.get_by_role("heading", name="Which column is which?")).to_be_visible()
    expect(page.get_by_role("cell", name="Den Preis halten")).to_be_visible()
    page.get_by_label("Name optional").select_option("Fähigkeit")
    page.get_by_label("Statement optional").select_option("Was man kann")
    page.get_by_role("button", name="Make the plan").click()

    expect(page.get_by_text("Academy is being read.")).to_be_visible()
    plan = Import.objects.get()
    page.reload()
    expect(page.get_by_role("progressbar")).to_be_visible()
    work(plan)
    expect(page.get_by_role("button", name="Bring in 2")).to_be_visible()

    page.get_by_label("Bring in row 2").uncheck()
    expect(page.get_by_role("button", name="Bring in 1")).to_be_visible()
    page.get_by_label("Bring in row 2").check()
    page.get_by_role("button", name="Bring in 2").click()
    expect(page.get_by_text("0 of 2 rows done")).to_be_visible()
    page.reload()
    expect(page.get_by_text("0 of 2 rows done")).to_be_visible()
    work(plan)
    expect(page.get_by_text("2 created, 0 updated")).to_be_visible()
    assert Skill.objects.count() == 2

    page.get_by_role("link", name="Rejected 2").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the rejected rows").click()
    assert "It has neither a name nor a statement." in download.value.path().read_text(encoding="utf-8-sig")


def test_a_file_is_dropped(page: Page, designer):
    page.goto("/skills/imports/add/")
    page.evaluate(
        """() => {
            const files = new DataTransfer();
            files.items.add(new File(["Skill Name,Skill Statement\\nA,Do a\\n"], "dropped.csv"));
            const event = new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true });
            document.querySelector("[data-drop]").dispatchEvent(event);
        }"""
    )
    page.get_by_role("button", name="Make the plan").click()

    expect(page.get_by_text("Dropped is being read.")).to_be_visible()


def pages_to_look_at(designer) -> list[str]:
    make_skill("Hold the price!", by=designer)
    known = "RSD Name,Skill Statement\nPrice talks,Hold the price\nOpening,Open so that the buyer answers\n---,\n"
    first = actions.add_import(io.BytesIO(known.encode()), file_name="academy.csv", by=designer)
    work(first)
    applied = actions.apply_import(first, by=designer)
    work(applied)
    changed = known.replace("buyer answers", "buyer wants to answer")
    second = actions.add_import(io.BytesIO(changed.encode()), file_name="academy.csv", by=designer)
    work(second)
    mapping = actions.add_import(io.BytesIO(LIST), file_name="liste.csv", by=designer)
    under_way = actions.add_import(io.BytesIO(known.encode()), file_name="under way.csv", by=designer)
    show = f"/skills/imports/{second.pk}/"
    return [
        "/skills/imports/",
        "/skills/imports/add/",
        f"/skills/imports/{mapping.pk}/columns/",
        f"/skills/imports/{first.pk}/",
        *(f"{show}?verdict={verdict}" for verdict in ("update", "look_alike", "rejected", "unchanged", "create")),
        f"/skills/imports/{under_way.pk}/",
    ]


def test_every_page_of_an_import_is_for_everybody(page: Page, designer, tmp_path):
    addresses = pages_to_look_at(designer)
    for look in LOOKS:
        put_on(page, look)
        for number, address in enumerate(addresses):
            page.goto(address)
            time.sleep(0.1)
            page.screenshot(path=tmp_path / f"{number}-{look[0]}-{look[1]}.png", full_page=True)
            assert axe(page) == [], address
            assert not is_too_wide(page), address
