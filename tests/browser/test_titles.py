"""Mapping job titles by keyboard alone, in a browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import axe, is_too_wide, put_on, sign_in
from tests.make import make_account, make_job_role, make_person
from workforce.models import JobTitle, Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def make_title(name: str, people: int) -> JobTitle:
    title = JobTitle.objects.create(name=name)
    for _ in range(people):
        make_person(job_title=title)
    return title


def test_titles_are_mapped_and_taken_back_with_the_keyboard_alone(page: Page):
    role = make_job_role("Warehouse lead")
    titles = [make_title(name, people) for name, people in (("Night lead", 3), ("Day lead", 2), ("Pilot", 1))]
    sign_in(page, make_account(Role.PEOPLE_ADMIN))
    put_on(page, ("dark", 390, 844))
    page.goto("/people/titles/")
    assert axe(page) == []
    assert not is_too_wide(page)

    page.get_by_label("Choose “Night lead”").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.get_by_text("2 chosen")).to_be_visible()
    page.keyboard.type("warehouse lead")
    expect(page.locator("#role")).to_have_value("warehouse lead")
    page.keyboard.press("Enter")

    expect(page.get_by_text("2 titles stand for Warehouse lead now.")).to_be_visible()
    expect(page.get_by_label("Choose “Pilot”")).to_be_focused()
    assert set(JobTitle.objects.mapped()) == {titles[0], titles[1]}
    assert role.titles.count() == 2
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_label("Choose “Night lead”")).to_be_visible()
    assert not JobTitle.objects.mapped().exists()
