"""An employee on their own page: they read why, contest, add an own view and propose a target role."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from base import outbox
from gaps import actions
from gaps.models import Contest, Evidence, Goal, Type
from tests.browser.steps import looked_at, sign_in
from tests.gaps.test_record_pages import Company, make_job_role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "enqueue", lambda task, payload: None)


def test_an_employee_reads_contests_adds_a_view_and_proposes_a_goal(page: Page) -> None:
    company = Company(skills=3)
    company.say(2, note="Often asks twice")
    company.say(3, Type.OWN)
    actions.withdraw_evidence(company.say(4, skill=company.skills[1]), reason="Another Tom", by=company.bosses)
    make_job_role("Planner")
    sign_in(page, company.toms)
    page.goto("/gaps/me/")
    expect(page.get_by_role("heading", name="What I do, and who waits for it")).to_be_visible()
    looked_at(page, "my-page")

    page.get_by_role("link", name=company.skill.statement, exact=True).first.click()
    expect(page.get_by_role("dialog").get_by_text("Does not decide: trusted less, 30 % against 60 %.")).to_be_visible()
    looked_at(page, "why")
    page.get_by_role("button", name="Close").click()

    page.get_by_role("link", name="Contest… level 2").click()
    page.get_by_label("Why?").fill("That was in my first weeks.")
    page.get_by_role("button", name="Contest", exact=True).click()
    expect(page.get_by_text("“That was in my first weeks.”")).to_be_visible()
    assert Contest.objects.count() == 1

    page.get_by_role("link", name="Add my own view…").click()
    page.get_by_label("Which skill?").select_option(label=company.skills[2].statement)
    looked_at(page, "own-view")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    page.get_by_label("2 · alone on routine").check()
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert Evidence.objects.about(company.tom).standing().count() == 3

    page.get_by_role("link", name="Propose a target role…").click()
    page.get_by_label("Which role?").select_option(label="Planner")
    looked_at(page, "goal")
    page.get_by_role("button", name="Propose", exact=True).click()
    expect(page.get_by_text("it waits for your manager")).to_be_visible()
    assert Goal.objects.get().waits_for_manager


def test_a_manager_answers_confirms_and_agrees(page: Page) -> None:
    company = Company(skills=2)
    company.say(3, Type.EXERCISE)
    said = company.say(1, skill=company.skills[1])
    actions.contest(said, reason="Long ago", by=company.toms)
    actions.propose_goal(company.tom, job_role=make_job_role("Planner"), by=company.toms)
    sign_in(page, company.bosses)
    page.goto(f"/gaps/people/{company.tom.pk}/")
    looked_at(page, "person")

    page.get_by_role("button", name="Agree to Planner").click()
    expect(page.get_by_text("agreed by both")).to_be_visible()

    page.get_by_role("link", name="Another day… for Planner").click()
    page.get_by_role("textbox", name="Until when").fill((timezone.localdate() + timedelta(days=90)).isoformat())
    looked_at(page, "redate")
    page.get_by_role("button", name="Propose", exact=True).click()
    expect(page.get_by_text("until then the old day stands")).to_be_visible()
    looked_at(page, "redated")

    page.get_by_role("button", name="Still doing it at level 3").click()
    expect(page.get_by_text("“Still doing it.”")).to_be_visible()

    page.get_by_role("link", name="Answer… the contest").click()
    page.get_by_label("The evidence is withdrawn").check()
    page.get_by_label("Why?").fill("You are right.")
    looked_at(page, "answer")
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_text("“You are right.”").first).to_be_visible()

    page.get_by_role("link", name="Record evidence…", exact=True).click()
    expect(page.get_by_label("How do you know?")).to_be_visible()
    looked_at(page, "record")
