"""What journeys have in common."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from workforce.models import Account

# Every page is looked at in both themes, on a desk and in a hand: (colour scheme, width, height).
LOOKS = [("light", 1440, 900), ("dark", 1440, 900), ("light", 390, 844), ("dark", 390, 844)]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def sign_in(page: Page, account: Account) -> None:
    """Put the visitor behind the door without walking through it; test_sign_in.py walks."""
    client = Client()
    client.force_login(account)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address_of(page)}])


def address_of(page: Page) -> str:
    if page.url == "about:blank":
        page.goto("/health/")
    return "/".join(page.url.split("/")[:3])


def put_on(page: Page, look: tuple[str, int, int]) -> None:
    scheme, width, height = look
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": height})


def looked_at(page: Page, name: str) -> None:
    """In every look: nothing that axe finds, nothing wider than the window. Pictures are kept in `SCREENS`."""
    folder = os.environ.get("SCREENS", "")
    for look in LOOKS:
        put_on(page, look)
        if folder:
            page.screenshot(path=Path(folder) / f"{name}-{look[0]}-{look[1]}.png", full_page=True)
        found = axe(page)
        assert found == [], (name, look, found)
        assert not is_too_wide(page), (name, look)
    put_on(page, LOOKS[0])
    if folder:
        page.emulate_media(media="print")
        page.screenshot(path=Path(folder) / f"{name}-print.png", full_page=True)
        page.emulate_media(media="screen")


def axe(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA and good practice, one line for each: rule and where."""
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def is_too_wide(page: Page) -> bool:
    """Whether the page as a whole must be scrolled sideways."""
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
