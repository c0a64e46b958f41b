"""The pictures in docs/, from a fresh demo: `python -m tests.browser.screens http://127.0.0.1:8000`."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HOUSE = Path(__file__).resolve().parents[2]
DOCS = HOUSE / "docs"
ARGS = ["--no-sandbox", "--disable-gpu"]
DESK, HAND = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# A4, at the 96 points to the inch that a browser prints with.
SHEET = {"width": 794, "height": 1123}


def take(browser: Browser, address: str) -> None:
    """Walk through the sample company as its designer and write every picture."""
    (DOCS / "screens").mkdir(exist_ok=True)
    page = browser.new_context(base_url=address, reduced_motion="reduce").new_page()
    page.set_viewport_size(DESK)
    sign_in(page)
    keep(page, "screens/home")
    on_the_map(page)
    keep(page, "map")
    page.emulate_media(color_scheme="dark")
    keep(page, "screens/map-dark")
    page.set_viewport_size(HAND)
    page.emulate_media(color_scheme="light")
    keep(page, "screens/map-phone")
    page.set_viewport_size(DESK)
    flagged(page)
    composer(page)
    plan(page)
    desks(page)
    at_the_step(browser.new_context(base_url=address, reduced_motion="reduce").new_page())
    around_a_programme(browser.new_context(base_url=address, reduced_motion="reduce").new_page())


def sign_in(page: Page, who: str = "designer") -> None:
    page.set_viewport_size(DESK)
    page.goto("/")
    page.get_by_label("Work e-mail").fill(f"{who}@demo.example")
    page.get_by_label("Password").fill("sightline-demo")
    page.get_by_label("Password").press("Enter")
    page.get_by_role("heading", name="Hello").wait_for()


def on_the_map(page: Page) -> None:
    page.goto("/workflows/")
    page.get_by_role("link", name="Customer onboarding", exact=True).click()
    page.locator(".map .skill", has_text="Support the sales rep").click()
    page.locator("#sight .skill").wait_for()


def flagged(page: Page) -> None:
    page.goto("/skills/flags/")
    keep(page, "screens/flagged")


def composer(page: Page) -> None:
    page.goto("/skills/?q=complete+and+submit")
    page.get_by_role("link", name="Complete and submit the customer information", exact=True).click()
    page.get_by_role("link", name="Word it", exact=True).click()
    page.get_by_label("Who or what does it serve?").fill("the sales rep")
    page.get_by_label("At which step?").select_option(label="2 Prepare the account")
    reached = page.get_by_label("So that which outcome is reached?")
    reached.select_option(label="Sales rep has complete customer information")
    page.locator("#publish:not([aria-disabled=true])").wait_for()
    keep(page, "screens/composer")


def plan(page: Page) -> None:
    page.goto("/skills/imports/add/")
    page.locator("[type=file]").set_input_files(HOUSE / "demo/lists/sales-academy.csv")
    page.get_by_role("button", name="Make the plan").click()
    page.get_by_role("heading", name="Which column is which?").wait_for()
    page.get_by_role("button", name="Make the plan").click()
    page.locator("#deck").wait_for()
    keep(page, "screens/plan")


def desks(page: Page) -> None:
    """Where help is, what belongs where, what to look at first."""
    page.goto("/support/coverage/")
    page.get_by_label("Workflow", exact=True).select_option(label="Customer onboarding")
    page.locator("tr.band").first.wait_for(state="detached")
    keep(page, "screens/coverage")
    page.goto("/support/plan/")
    page.get_by_label("Workflow", exact=True).select_option(label="Customer onboarding")
    page.get_by_role("link", name="Take the change", exact=True).wait_for(state="detached")
    page.get_by_text("Two visits beside a colleague").scroll_into_view_if_needed()
    keep(page, "screens/plan-grid")
    page.goto("/support/freshness/")
    keep(page, "screens/freshness")


def at_the_step(page: Page) -> None:
    """Two clicks from home, as somebody who works; then in the hand, and on paper."""
    sign_in(page, "employee")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Support").click()
    page.get_by_role("link", name="Prepare the account").first.click()
    page.get_by_role("heading", name="Quick steps").wait_for()
    keep(page, "screens/coach")
    page.set_viewport_size(HAND)
    keep(page, "screens/coach-phone")
    page.set_viewport_size(SHEET)
    page.emulate_media(media="print")
    keep(page, "screens/coach-print")


def around_a_programme(page: Page) -> None:
    sign_in(page, "manager")
    page.goto("/support/programmes/")
    page.get_by_role("link", name="Terms without a second call").click()
    page.get_by_role("heading", name="What surrounds it").wait_for()
    keep(page, "screens/programme")


def keep(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=DOCS / f"{name}.png")


if __name__ == "__main__":
    with sync_playwright() as playwright:
        take(playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGS), sys.argv[1])
