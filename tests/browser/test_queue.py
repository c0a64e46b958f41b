"""The queue of flags and the home page in a browser: with the mouse, with the keyboard, in both themes, in a hand."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from base import watch
from skills.models import Context, Skill, SkillFlag
from tests.browser.steps import LOOKS, axe, is_too_wide, put_on, sign_in
from tests.make import make_designer, make_job_role, make_outcome, make_person, make_skill, make_step, make_workflow
from workforce.models import Account, JobTitle, Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CUSTOMER = "Complete and submit the customer information"


@pytest.fixture
def maren(page: Page) -> Account:
    """A designer with one step worth placing at, and labels of one list that wait."""
    maren = make_designer("Maren Holt")
    step = make_step(
        make_workflow("Customer onboarding", by=maren), name="Prepare the account", criticality=4, by=maren
    )
    make_outcome(step, statement="Sales rep has complete customer information", by=maren)
    for statement in (CUSTOMER, "Customer information: complete and submit!", "Python"):
        make_skill(statement, by=maren, origin="Skills list 2026")
    sign_in(page, maren)
    return maren


def row_of(page: Page, statement: str):
    return page.locator("tbody tr").filter(has=page.get_by_role("link", name=statement, exact=True))


def test_many_are_placed_together_with_the_keyboard_alone(page: Page, maren: Account):
    page.goto("/skills/flags/")
    for statement in (CUSTOMER, "Python"):
        page.get_by_label(f"Choose “{statement}”").focus()
        page.keyboard.press("Space")
    expect(page.get_by_text("2 chosen")).to_be_visible()

    page.get_by_role("button", name="Place…").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Place 2 skills together")
    expect(dialog).to_be_visible()
    page.get_by_label("At which step?").focus()
    page.keyboard.type("1 Prepare")
    expect(page.get_by_label("For which outcome?")).to_contain_text("Sales rep has complete")
    page.get_by_label("For which outcome?").select_option("Sales rep has complete customer information")
    dialog.get_by_role("button", name="Place").press("Enter")

    expect(page.get_by_text("2 skills are placed at “Prepare the account”")).to_be_visible()
    expect(dialog).not_to_be_visible()
    expect(row_of(page, CUSTOMER)).to_have_count(0)
    assert Context.objects.count() == 2
    page.get_by_role("button", name="Undo").press("Enter")
    expect(row_of(page, CUSTOMER)).to_have_count(1)
    assert not Context.objects.exists()


def test_look_alikes_become_one(page: Page, maren: Account):
    page.goto("/skills/flags/?reason=looks_alike")
    page.get_by_label("Choose all shown of Looks alike").check()
    page.get_by_role("button", name="Place…").click()
    expect(page.get_by_text("These look alike.")).to_be_visible()
    page.get_by_label("At which step?").select_option("1 Prepare the account, Customer onboarding")
    page.get_by_label("For which outcome?").select_option("Sales rep has complete customer information")
    page.get_by_role("dialog").get_by_role("button", name="Place").click()

    expect(page.get_by_text("2 skills are one now")).to_be_visible()
    assert Skill.objects.in_use().count() == 2


def test_a_suggestion_is_taken_with_one_click(page: Page, maren: Account):
    page.goto("/skills/flags/")
    row_of(page, CUSTOMER).get_by_role("button", name="Accept").click()

    expect(page.get_by_text("1 skill is placed at “Prepare the account”")).to_be_visible()


def test_a_flag_is_snoozed_with_its_reason_and_found_again(page: Page, maren: Account):
    page.goto("/skills/flags/")
    page.get_by_role("button", name="More for “Python”").click()
    page.get_by_role("link", name="Snooze…").click()
    dialog = page.get_by_role("dialog", name="Snooze a flag")
    until = timezone.localdate() + dt.timedelta(days=20)
    dialog.get_by_label("Snooze until").fill(until.isoformat())
    dialog.get_by_label("Why it can wait").fill("The IT team is asked")
    dialog.get_by_role("button", name="Snooze").click()

    expect(page.get_by_text("1 flag is snoozed until")).to_be_visible()
    expect(row_of(page, "Python")).to_have_count(0)
    page.get_by_role("link", name="Snoozed 1").click()
    expect(page.get_by_text("The IT team is asked")).to_be_visible()
    assert SkillFlag.objects.asleep().count() == 1


def test_a_group_opens_on_demand(page: Page, maren: Account):
    page.goto("/skills/flags/?reason=no_context")
    page.locator("#says_little > summary").click()

    expect(page.locator("#says_little tbody tr")).to_have_count(1)


def test_check_now_tells_when_it_is_through(page: Page, maren: Account, monkeypatch):
    monkeypatch.setattr("base.outbox.enqueue", lambda task, payload: None)
    page.goto("/skills/flags/")
    SkillFlag.objects.all().delete()
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_text("The check waits to begin")).to_be_visible()

    watch.run_through(watch.expected_run().pk)

    expect(page.get_by_text(": 6 new, 0 mended.")).to_be_visible()
    expect(row_of(page, CUSTOMER)).to_have_count(1)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_axe_finds_nothing(page: Page, maren: Account, look):
    make_person(job_title=JobTitle.objects.create(name="Go-live Engineer"))
    make_job_role("Implementation specialist")
    Account.objects.filter(pk=maren.pk).update(roles=[Role.ADMINISTRATOR])
    flag = SkillFlag.objects.first()
    put_on(page, look)
    own = [f"/skills/flags/{flag.pk}/", f"/skills/flags/snooze/?flag={flag.pk}"]
    for address in ["/", "/words/", "/people/", "/skills/flags/", *own]:
        page.goto(address)
        assert axe(page) == [], address
        assert not is_too_wide(page), address


def test_the_keyboard_goes_on_with_the_next_row_once_one_is_dealt_with(page: Page, maren: Account):
    page.goto("/skills/flags/?reason=no_context")
    page.get_by_role("button", name=f"Accept the place suggested for “{CUSTOMER}”").press("Enter")

    expect(row_of(page, CUSTOMER)).to_have_count(0)
    expect(page.get_by_role("link", name="Customer information: complete and submit!")).to_be_focused()
