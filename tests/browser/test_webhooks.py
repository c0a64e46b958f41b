"""A people admin adds a webhook, tries it out, and sees how every call went."""

import datetime as dt
import os
import socket
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.steps import LOOKS, axe, is_too_wide, put_on, sign_in
from tests.make import make_account
from tests.workforce.feed import deliver, row
from workforce import actions
from workforce.actions import delivering
from workforce.models import Account, Delivery, DeliveryTry, Role, Webhook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pia(page: Page) -> Account:
    account = make_account(Role.PEOPLE_ADMIN, name="Pia Lund")
    sign_in(page, account)
    return account


def test_a_webhook_is_added_tried_out_and_switched_off(page, pia):
    page.goto("/settings/webhooks/")
    page.get_by_role("link", name="Add a webhook").first.click()
    dialog = page.locator("#dialog dialog[open]")
    dialog.get_by_label("Address").fill("https://10.0.0.1/hook")
    dialog.locator("button.main").click()
    expect(dialog).to_contain_text("no address on the open internet")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]  # where nobody listens any more
    dialog.get_by_label("Address").fill(f"http://localhost:{port}/hook")
    dialog.locator("button.main").click()
    expect(dialog.get_by_label("Secret")).to_be_visible()
    expect(dialog.get_by_label("Secret")).to_have_value(Webhook.objects.get().secret)
    dialog.get_by_role("link", name="I have it").click()

    page.get_by_role("button", name="Send a test").click()
    row_of_test = page.get_by_role("row").filter(has_text="webhook.test")
    expect(row_of_test).to_contain_text("waits")
    assert delivering.deliver(Delivery.objects.get().pk)
    # The page asks again by itself while something waits.
    expect(row_of_test).to_contain_text("1, the last: no answer")
    row_of_test.get_by_text("1, the last").click()
    expect(row_of_test).to_contain_text("could not be reached")

    page.get_by_role("button", name="Switch off").click()
    expect(page.get_by_text("Nobody is called:")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="webhook.test")).to_contain_text("given up")


def some_history(pia: Account) -> Webhook:
    address = "https://receiver.example.com/a/rather/long/path/to/the/hook?tenant=northwind"
    webhook = actions.add_webhook(address, kinds=["run.applied", "run.held", "run.failed"], by=pia)
    actions.add_webhook("https://other.example.com/", kinds=["run.held"], by=pia)
    for n, state in enumerate(["delivered", "failed", "waiting"]):
        deliver([row(n)])
        delivery = webhook.deliveries.order_by("-event__created_at").first()
        for status in [None, 503, 200][: n + 1]:
            failure = "" if status else "receiver.example.com did not answer in time."
            DeliveryTry.objects.create(delivery=delivery, status=status, failure=failure, milliseconds=20 * n)
        if state != "waiting":
            Delivery.objects.filter(pk=delivery.pk).update(state=state, next_at=None, wanted_at=None)
    Webhook.objects.filter(pk=webhook.pk).update(failing_since=timezone.now() - dt.timedelta(hours=3))
    return webhook


def test_the_pages_are_for_everybody_in_every_light_and_on_every_screen(page, pia):
    webhook = some_history(pia)
    here = f"/settings/webhooks/{webhook.pk}/"
    for path in ("/settings/webhooks/", here, f"{here}change/", f"{here}replay/", f"{here}remove/"):
        for look in LOOKS:
            put_on(page, look)
            page.goto(path)
            if path == here:
                page.locator("details.more summary").first.click()
            if shots := os.environ.get("SHOTS"):
                name = f"{path.strip('/').split('/')[-1][:8]}-{look[0]}-{look[1]}.png"
                page.screenshot(path=Path(shots) / name, full_page=True)
            assert axe(page) == [], (path, look)
            assert not is_too_wide(page), (path, look)
