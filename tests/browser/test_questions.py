"""Every question that a page can ask opens over it, also after the region around its link has drawn itself anew."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Page, expect

from tests.browser.steps import sign_in
from tests.house import House, build
from tests.test_role_matrix import PAGES, address_and_data, rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LINK = re.compile(r'<\w+[^>]* hx-target="#dialog"[^>]*>')
DRAWN_ANEW = """() => new Promise((settled) => {
  const regions = document.querySelectorAll("[hx-trigger*=work-changed]");
  let left = regions.length;
  if (!left) return settled();
  document.addEventListener("htmx:afterSettle", () => --left || settled());
  htmx.trigger(document.body, "work-changed");
})"""


def pages_with_questions(house: House, role: str, known: set[tuple[str, str]]) -> dict[str, list[str]]:
    """{page: addresses of its questions}; of a list of equal links the first one, and none that is known already."""
    client, found = house.client(role), {}
    for route, of, sees, _ in rows(PAGES):
        if sees == "-" or "export" in route:
            continue
        address = address_and_data(house, route, of)[0]
        for question in questions_on(client, address):
            if (kind := (route, resolve(question.partition("?")[0]).url_name)) not in known:
                known.add(kind)
                found.setdefault(address, []).append(question)
    return found


def questions_on(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    if answer.streaming or answer.status_code != 200:
        return []
    links = LINK.findall(answer.content.decode(errors="replace"))
    return [unescape(asked[1]) for link in links if (asked := re.search(r' hx-get="([^"]+)"', link))]


def test_every_question_opens_over_its_page(page: Page) -> None:
    house = build()
    known: set[tuple[str, str]] = set()
    mute = {}
    for role in ["administrator", "designer", "people admin", "manager", "employee"]:
        asked = pages_with_questions(house, role, known)
        sign_in(page, house.people[role])
        for address, questions in asked.items():
            mute |= unheard(page, address, questions)
    assert len(known) > 60, "too few to be all of them"
    assert mute == {}


def unheard(page: Page, address: str, questions: list[str]) -> dict[str, str]:
    """Those that do not open, or take the place of the page, with the reason."""
    wrong = {}
    page.goto(address)
    page.evaluate(DRAWN_ANEW)
    here = page.url
    for question in questions:
        page.locator(f'[hx-get="{question}"][hx-target="#dialog"]').first.evaluate("link => link.click()")
        try:
            expect(page.locator("#dialog dialog[open]")).to_have_count(1, timeout=5_000)
            assert page.locator("#dialog dialog[open] :is(h1, h2)").count(), "nothing is in it"
            assert page.url == here, "it took the page's place in the address"
            page.evaluate("document.querySelector('#dialog dialog').close()")
        except AssertionError as why:
            wrong[question] = f"{address}: {str(why).splitlines()[0]}"
            page.goto(address)
    return wrong
