"""Webhooks in the settings: added, tried out, switched off and on, and what was given up sent again."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from tests.make import make_account
from tests.workforce.feed import deliver, row
from workforce import actions
from workforce.models import Delivery, DeliveryTry, Role, Webhook

pytestmark = pytest.mark.django_db
LIST, ADD = "/settings/webhooks/", "/settings/webhooks/add/"
URL = "https://receiver.example.com/hook"


@pytest.fixture
def pia(client):
    account = make_account(Role.PEOPLE_ADMIN, name="Pia Lund")
    client.force_login(account)
    return account


@pytest.fixture
def webhook(pia) -> Webhook:
    return actions.add_webhook(URL, kinds=["run.applied", "run.held"], by=pia)


def given_up(webhook: Webhook) -> Delivery:
    deliver([row(1)])
    delivery = webhook.deliveries.get()
    Delivery.objects.update(state="failed", wanted_at=None, next_at=None)
    DeliveryTry.objects.create(delivery=delivery, status=503, milliseconds=12)
    DeliveryTry.objects.create(delivery=delivery, failure="Nobody knows the name.", milliseconds=3)
    return delivery


def test_a_webhook_is_added_and_its_secret_shown_once(client, pia):
    answer = client.post(ADD, {"url": URL, "kinds": ["run.held"]})
    secret = re.search(r'id="secret" value="(whsec_[^"]+)"', answer.content.decode()).group(1)
    webhook = Webhook.objects.get()

    assert webhook.secret == secret
    assert "no-store" in answer["Cache-Control"]
    assert URL in client.get(LIST).content.decode()
    for page in (LIST, f"{LIST}{webhook.pk}/", f"{LIST}{webhook.pk}/change/"):
        assert secret not in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://receiver.example.com/", "Only https addresses are called."),
        ("https://10.0.0.1/", "10.0.0.1 is no address on the open internet."),
        ("https://a:b@example.com/", "Leave name and password out of the address."),
    ],
)
def test_an_address_that_nobody_may_call_is_refused_in_words(client, pia, url, says):
    answer = client.post(ADD, {"url": url, "kinds": ["run.held"]})

    assert (answer.status_code, says in answer.content.decode()) == (409, True)
    assert not Webhook.objects.exists()


def test_a_webhook_that_hears_of_nothing_is_refused(client, pia):
    assert client.post(ADD, {"url": URL}).status_code == 422


def test_two_editors_do_not_overwrite_each_other(client, webhook, pia):
    actions.change_webhook(webhook, url=f"{URL}/new", kinds=["run.held"], by=pia)

    answer = client.post(f"{LIST}{webhook.pk}/change/", {"url": URL, "kinds": ["run.failed"], "seen": 1})

    assert (answer.status_code, f"{URL}/new" in answer.content.decode()) == (409, True)


def test_every_call_stands_on_the_page_with_its_status_and_time(client, webhook):
    given_up(webhook)

    html = client.get(f"{LIST}{webhook.pk}/").content.decode()

    assert "2, the last: no answer" in html
    assert "<b>503</b>" in html
    assert "Nobody knows the name." in html
    assert "12 ms" in html


def test_events_are_found_by_their_state(client, webhook):
    given_up(webhook)

    assert "given up</span>" in client.get(f"{LIST}{webhook.pk}/?state=failed").content.decode()
    assert "No event is in that state." in client.get(f"{LIST}{webhook.pk}/?state=delivered").content.decode()


def test_what_was_given_up_is_sent_again_one_or_all(client, webhook):
    delivery = given_up(webhook)

    client.post(f"{LIST}{webhook.pk}/deliveries/{delivery.pk}/")
    assert Delivery.objects.get().state == "waiting"

    Delivery.objects.update(state="failed", wanted_at=None, next_at=None)
    since = (timezone.now() - dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    answer = client.post(f"{LIST}{webhook.pk}/replay/", {"since": since}, follow=True)
    assert "1 event is on the way again." in answer.content.decode()
    assert Delivery.objects.get().state == "waiting"


def test_nothing_to_send_again_is_said(client, webhook):
    answer = client.post(f"{LIST}{webhook.pk}/replay/", {"since": "2026-01-01T00:00"}, follow=True)

    assert "Nothing was given up since then." in answer.content.decode()


def test_it_is_switched_off_and_on(client, webhook):
    assert "Nobody is called:" in client.post(f"{LIST}{webhook.pk}/switch/", follow=True).content.decode()
    assert client.post(f"{LIST}{webhook.pk}/test/").status_code == 409

    client.post(f"{LIST}{webhook.pk}/switch/", {"on": "yes"})
    assert "Nobody is called:" not in client.get(f"{LIST}{webhook.pk}/").content.decode()


def test_a_test_is_sent(client, webhook):
    client.post(f"{LIST}{webhook.pk}/test/")

    assert webhook.deliveries.get().event.kind == "webhook.test"


def test_a_new_secret_is_shown_and_the_old_one_still_signs(client, webhook):
    html = client.post(f"{LIST}{webhook.pk}/rotate/").content.decode()

    again = Webhook.objects.get()
    assert again.secret in html
    assert again.secrets() == [again.secret, webhook.secret]


def test_one_that_is_removed_has_no_page_any_more(client, webhook):
    client.post(f"{LIST}{webhook.pk}/remove/")

    assert client.get(f"{LIST}{webhook.pk}/").status_code == 404
    assert "Nobody is called." in client.get(LIST).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(client, pia, django_assert_num_queries, count):
    for n in range(count):
        actions.add_webhook(f"{URL}/{n}", kinds=["run.held"], by=pia)

    with django_assert_num_queries(3):  # session, account, webhooks
        html = client.get(LIST).content.decode()

    assert html.count('<th role="rowheader"') == count


@pytest.mark.parametrize("count", [1, 3])
def test_a_webhook_costs_the_same_for_one_event_and_for_three(client, webhook, django_assert_num_queries, count):
    for n in range(count):
        deliver([row(n)])

    with django_assert_num_queries(7):  # session, account, webhook, is one waiting, count, events, tries
        html = client.get(f"{LIST}{webhook.pk}/").content.decode()

    assert html.count('<th role="rowheader"') == count
