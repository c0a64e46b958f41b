"""Every page of the room is looked at in both themes, on a desk and in a hand; nothing lies over anything else."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from base import outbox
from performance_support import actions
from tests.browser.steps import looked_at, sign_in
from tests.make import make_account, make_designer, make_person, make_resource, make_workflow
from workflows.models import Step
from workforce.models import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Pairs of a heading and a link or control beneath or above it that share more than a hair's breadth of the page.
LIES_OVER = """() => {
    const boxes = (what) => [...document.querySelectorAll(`main :is(${what})`)].filter((each) => each.checkVisibility())
        .map((each) => [each.textContent.trim().slice(0, 30), each.getBoundingClientRect(), each]);
    return boxes("h1, h2, h3, h4").flatMap(([words, above, heading]) => boxes("a, button, input, select, textarea")
        .filter(([, , control]) => !heading.contains(control) && !control.contains(heading))
        .filter(([, under]) => Math.min(above.bottom, under.bottom) - Math.max(above.top, under.top) > 2
            && Math.min(above.right, under.right) - Math.max(above.left, under.left) > 2)
        .map(([other]) => `${words} / ${other}`));
}"""


@pytest.fixture(autouse=True)
def no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "enqueue", lambda task, payload: None)


@pytest.fixture
def step() -> Step:
    """Support of two workflows, people to ask, a community, a cohort and a tip."""
    make_workflow("Returns and credits", steps=2)
    step = make_workflow("Customer onboarding", steps=3).steps.get(position=2)
    by = make_designer("Lena Fischer")
    lines = [{"text": "Open the request", "detail": "In the order system.", "rule": "Only qualified requests."}]
    make_resource("Prepare it", at=step, kind="quick_steps", text="", steps=lines, by=by)
    make_resource("Forms", at=step, text="| from | accepted |\n|---|---|\n| here | a photo |\n\n- one\n- two", by=by)
    community = actions.add_community(name="Circle", meets="Thursdays, room 3", steps=[step], by=by)
    assert community.steps.get() == step
    today = timezone.localdate()
    actions.add_cohort(
        name="First accounts",
        goal="Alone by May",
        meets="Tuesdays, room 3",
        starts_on=today,
        ends_on=today + dt.timedelta(days=30),
        steps=[step],
        by=by,
    )
    actions.leave_tip(step, text="Ask for the certificate in the first call.", by=by)
    return step


def test_every_page_of_support_stands_in_every_look(page: Page, step: Step) -> None:
    role = step.performed_by
    who = make_account(Role.DESIGNER, name="Tom Becker", person=make_person(role=role))
    other = make_workflow("Account changes", steps=1).steps.get()
    other.performed_by = role
    other.save()
    sign_in(page, who)
    for name, address in {
        "support": "/support/",
        "support-found": "/support/?q=reqest",
        "library": "/support/library/",
        "library-new": "/support/library/new/",
        "communities": "/support/communities/",
        "cohorts": "/support/cohorts/",
        "time": "/support/time/",
        "search": "/search/?q=prepare",
    }.items():
        page.goto(address)
        page.get_by_role("heading", level=1).wait_for()
        looked_at(page, name)
        assert page.evaluate(LIES_OVER) == [], name

    page.goto("/support/library/")
    page.get_by_role("link", name="Forms").click()
    page.get_by_role("heading", name="Forms").wait_for()
    looked_at(page, "resource")
    assert page.evaluate(LIES_OVER) == []


def test_what_is_printed_says_how_fresh_it_is(page: Page, step: Step) -> None:
    sign_in(page, make_account(person=make_person(role=step.performed_by)))
    page.goto(f"/support/steps/{step.pk}/")
    page.emulate_media(media="print")
    assert page.get_by_text("last found correct on").first.is_visible()
    assert page.get_by_text("In the order system.").is_visible()
    assert not page.get_by_role("button", name="Print").is_visible()
