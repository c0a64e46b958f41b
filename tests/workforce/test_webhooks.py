"""Whoever wants to hear what became of a run hears it: at least once, signed, and nothing about people."""

import base64
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from base import outbox
from base.errors import RuleBroken
from base.models import Change, OutboxMessage
from base.outward import NotAllowed
from tests.make import make_account
from tests.workforce.feed import admin, approve, deliver, row, snapshot, staff
from tests.workforce.receiver import Receiver, receiving
from workforce import actions, routines, tasks, webhooks
from workforce.actions import delivering, runs
from workforce.actions.webhooks import DELIVER_TASK, LETTER_TASK
from workforce.models import Delivery, DeliveryTry, Role, Run, Webhook, WebhookEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as there:
        yield there


@pytest.fixture
def webhook(receiver) -> Webhook:
    return hook_to(receiver)


def hook_to(receiver: Receiver, *kinds: str) -> Webhook:
    made = actions.add_webhook(receiver.url, kinds=kinds or ["run.applied", "run.held", "run.failed"], by=admin())
    receiver.secret = made.secret
    return made


def work_off() -> int:
    """What the clock does every ten seconds, until nothing is due. Returns how many calls."""
    count = 0
    while due := delivering.due():
        count += sum(delivering.deliver(pk) for pk in due)
    return count


def only() -> Delivery:
    return Delivery.objects.get()


def statuses() -> list[int | None]:
    return list(DeliveryTry.objects.order_by("id").values_list("status", flat=True))


# --- what is told -----------------------------------------------------------------------------


def test_an_applied_run_is_told_in_a_small_body_without_people(receiver, webhook):
    run = deliver([row(1, display_name="Ada Lovelace", work_email="ada@example.com")])

    assert work_off() == 1
    [call] = receiver.calls
    assert call["body"]["type"] == "run.applied"
    assert call["body"]["id"] == call["id"]
    assert call["body"]["data"] == {
        "run": str(run.pk),
        "source": "hr",
        "mode": "delta",
        "state": "applied",
        "counts": run.counts,
        "link": f"http://127.0.0.1:8000/api/v1/hris/runs/{run.pk}/",
    }
    assert set(call["body"]) == {"id", "type", "created_at", "data"}
    assert "Ada" not in json.dumps(call["body"])
    assert (receiver.forged, only().state, statuses()) == (0, "delivered", [204])


def told_of(receiver: Receiver) -> list[str]:
    return [call["body"]["type"] for call in receiver.calls]


def test_a_held_run_is_told_and_then_what_somebody_decided(receiver):
    actions.add_webhook(receiver.url, kinds=["run.held", "run.rejected", "run.applied"], by=admin())
    snapshot(staff(40))
    first, second = snapshot(staff(10)), None
    actions.reject_run(first, by=admin())
    second = snapshot(staff(10))
    approve(second)
    work_off()

    assert sorted(told_of(receiver)) == ["run.applied", "run.applied", "run.held", "run.held", "run.rejected"]


def test_a_run_that_goes_wrong_and_one_that_nobody_closes_are_told(receiver, monkeypatch):
    actions.add_webhook(receiver.url, kinds=["run.failed", "run.expired"], by=admin())
    open_one = actions.open_run("hr", mode="delta", by=admin())
    Run.objects.filter(pk=open_one.pk).update(expires_at=timezone.now())
    actions.expire_overdue(by=admin())
    monkeypatch.setattr(runs.syncing, "sync_run", lambda *args, **kwargs: 1 / 0)
    deliver([row(1)])
    work_off()

    assert sorted(told_of(receiver)) == ["run.expired", "run.failed"]


def test_a_question_that_newer_news_has_answered_is_told(receiver):
    hook_to(receiver, "run.expired")
    snapshot(staff(40))
    held = snapshot(staff(10))
    snapshot(staff(40))
    work_off()

    assert [(call["body"]["type"], call["body"]["data"]["run"]) for call in receiver.calls] == [
        ("run.expired", str(held.pk))
    ]


def test_a_dry_run_is_nobody_s_news(receiver, webhook):
    deliver([row(1)], is_dry=True)

    assert WebhookEvent.objects.count() == 0


def test_a_webhook_hears_only_what_it_asked_for(receiver):
    hook_to(receiver, "run.held")
    deliver([row(1)])

    assert (WebhookEvent.objects.count(), work_off()) == (0, 0)


# --- how it is signed -------------------------------------------------------------------------


def test_the_signature_is_that_of_standard_webhooks():
    """The example of the specification, reckoned by hand."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    signed = b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330." + body
    right = base64.b64encode(hmac.new(base64.b64decode(secret[6:]), signed, hashlib.sha256).digest()).decode()

    assert right == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    said = webhooks.signature(secret, message="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330, body=body)
    assert said == f"v1,{right}"


def test_after_a_change_of_the_secret_both_hold_for_a_day(receiver, webhook):
    old = webhook.secret
    new = actions.rotate_webhook(webhook, by=admin()).secret
    assert old != new
    deliver([row(1)])
    work_off()
    assert (receiver.secret, receiver.forged, len(receiver.calls)) == (old, 0, 1)

    Webhook.objects.update(rotated_at=timezone.now() - dt.timedelta(hours=25))
    deliver([row(2)])
    work_off()
    assert receiver.forged == 1

    receiver.secret = new
    actions.replay_delivery(Delivery.objects.get(state="waiting"), by=admin())
    work_off()
    assert len(receiver.calls) == 2


def test_no_secret_is_in_the_database_and_no_two_are_alike(receiver):
    one, other = hook_to(receiver), hook_to(receiver)

    assert len({one.secret, other.secret, one.secret_of(2)}) == 3
    kept = json.dumps(list(Webhook.objects.values()) + list(Change.objects.values()), default=str)
    assert one.secret.removeprefix("whsec_") not in kept


# --- where it may go --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "https://10.0.0.1/", "https://169.254.169.254/", "https://localhost./", "ftp://x.com"],
)
def test_an_address_inside_is_refused_when_it_is_typed(url):
    with pytest.raises(NotAllowed):
        actions.add_webhook(url, kinds=["run.held"], by=admin())

    assert Webhook.objects.count() == 0


def test_this_machine_is_called_in_a_trial_only(receiver, webhook, settings):
    settings.CALLS_LOOPBACK = False
    with pytest.raises(NotAllowed):
        actions.add_webhook(receiver.url, kinds=["run.held"], by=admin())
    deliver([row(1)])
    work_off()

    assert receiver.calls == []
    assert DeliveryTry.objects.get().failure == "Only https addresses are called."


def test_a_redirect_is_a_failure(receiver, webhook):
    receiver.answers = [(302, {"Location": receiver.url})]
    deliver([row(1)])
    work_off()

    assert (len(receiver.calls), statuses(), only().state) == (1, [302], "waiting")


# --- again and again --------------------------------------------------------------------------


def test_whoever_fails_is_called_for_a_day_and_then_given_up(receiver, webhook):
    receiver.answers = [(500, {})]
    receiver.secret = ""
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        deliver([row(1)])
        moments = []
        while (delivery := only()).state == "waiting":
            clock.move_to(delivery.next_at + dt.timedelta(seconds=1))
            moments.append(timezone.now())
            # The database has a clock of its own.
            Delivery.objects.update(next_at=start - dt.timedelta(minutes=1))
            assert delivering.deliver(delivery.pk)

    assert len(moments) == len(webhooks.BACK_OFF) + 1 == 9
    assert dt.timedelta(hours=22) < moments[-1] - moments[0] < dt.timedelta(hours=30)
    assert (only().state, statuses()) == ("failed", [500] * 9)
    assert len(receiver.events) == 1


def test_one_that_comes_back_is_delivered_once_it_does(receiver, webhook):
    receiver.answers = [(503, {}), (429, {}), (200, {})]
    deliver([row(1)])
    for _ in range(3):
        Delivery.objects.filter(state="waiting").update(next_at=timezone.now())
        work_off()

    assert (only().state, only().attempts, statuses()) == ("delivered", 3, [503, 429, 200])
    webhook.refresh_from_db()
    assert webhook.failing_since is None


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("120", 120), ("0", 1), ("999999999", 86400), ("Fri, 13 Nov 2026 08:01:30 GMT", 90), ("soon", None), ("", None)],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(said, seconds):
    now = dt.datetime(2026, 11, 13, 8, tzinfo=dt.UTC)

    pause = webhooks.retry_after(said, now=now)

    assert (pause and pause.total_seconds()) == seconds


def test_whoever_asks_for_a_pause_gets_it(receiver, webhook):
    receiver.answers = [(429, {"Retry-After": "7200"})]
    deliver([row(1)])
    work_off()

    assert dt.timedelta(minutes=119) < only().next_at - timezone.now() < dt.timedelta(minutes=121)


def test_gone_is_gone_and_its_owner_hears_of_it(receiver, webhook):
    receiver.answers = [(410, {})]
    deliver([row(1)], [row(2)])
    work_off()
    webhook.refresh_from_db()

    assert (webhook.off_why, only().state, len(receiver.calls)) == ("gone", "failed", 1)
    letter = OutboxMessage.objects.get(topic=LETTER_TASK)
    tasks.send_webhook_letter(**letter.payload)
    assert mail.outbox[0].to == [webhook.owner.email]
    assert "it answered 410 Gone" in mail.outbox[0].body


def test_one_that_fails_for_three_days_is_switched_off(receiver, webhook):
    receiver.answers = [(500, {})]
    Webhook.objects.update(failing_since=timezone.now() - dt.timedelta(days=2, hours=23))
    deliver([row(1)])
    work_off()
    webhook.refresh_from_db()
    assert webhook.is_on

    Webhook.objects.update(failing_since=timezone.now() - dt.timedelta(days=3))
    deliver([row(2)])
    work_off()
    webhook.refresh_from_db()

    assert (webhook.off_why, set(Delivery.objects.values_list("state", flat=True))) == ("failing", {"failed"})
    assert Change.objects.get(verb="switch_off").by_name == "Sightline"


def test_what_was_missed_while_it_was_off_can_be_sent_again(receiver, webhook):
    actions.switch_off(webhook, by=admin())
    deliver([row(1)])
    deliver([row(2)])
    assert (work_off(), Delivery.objects.undelivered().count()) == (0, 2)
    with pytest.raises(RuleBroken, match="Switch it on first"):
        actions.replay_undelivered(webhook, since=timezone.now() - dt.timedelta(hours=1), by=admin())

    webhook = actions.switch_on(webhook, by=admin())
    WebhookEvent.objects.filter(pk=Delivery.objects.first().event_id).update(created_at="2020-01-01T00:00Z")

    assert actions.replay_undelivered(webhook, since=timezone.now() - dt.timedelta(hours=1), by=admin()) == 1
    assert (work_off(), len(receiver.events)) == (1, 1)


def test_a_delivered_event_can_be_sent_again_with_its_id(receiver, webhook):
    deliver([row(1)])
    work_off()

    actions.replay_delivery(only(), by=admin())
    work_off()

    assert (len(receiver.calls), len(receiver.events)) == (2, 1)


def test_a_test_event_means_nothing_and_goes_to_one(receiver, webhook):
    hook_to(receiver)
    receiver.secret = webhook.secret

    actions.test_webhook(webhook, by=admin())
    work_off()

    assert told_of(receiver) == ["webhook.test"]


def test_one_that_was_removed_is_called_no_more(receiver, webhook):
    deliver([row(1)])
    actions.remove_webhook(webhook, by=admin())
    deliver([row(2)])

    assert (work_off(), receiver.calls, only().state) == (0, [], "failed")


# --- whoever dies, and when -------------------------------------------------------------------


class Killed(BaseException):
    """As kill -9 ends a worker: no handler of ours sees it."""


def test_killed_before_the_commit_nothing_was_done_and_nothing_is_told(receiver, webhook):
    def killed_within() -> None:
        with transaction.atomic():
            deliver([row(1)])
            raise Killed

    with pytest.raises(Killed):
        killed_within()

    assert (Run.objects.count(), WebhookEvent.objects.count(), work_off()) == (0, 0, 0)


def test_killed_after_the_commit_the_clock_tells_it(receiver, webhook, monkeypatch):
    monkeypatch.setattr(outbox, "enqueue", lambda topic, payload: (_ for _ in ()).throw(Killed))
    run = deliver([row(1)])

    asked = []
    monkeypatch.setattr(outbox, "enqueue", lambda topic, payload: asked.append((topic, payload)))
    routines.send_webhooks()
    assert asked == [(DELIVER_TASK, {"delivery_id": str(only().pk)})]
    routines.deliver_webhook(**asked[0][1])

    assert [one["data"]["run"] for one in receiver.events.values()] == [str(run.pk)]


@pytest.mark.parametrize("place", ["call", "note"])
def test_killed_before_or_after_the_call_the_next_worker_calls_and_a_careful_receiver_has_it_once(
    receiver, webhook, monkeypatch, place
):
    real = getattr(delivering, place)

    def killed(*args: object) -> None:
        raise Killed

    deliver([row(1)])
    monkeypatch.setattr(delivering, place, killed)
    with pytest.raises(Killed):
        delivering.deliver(only().pk)
    calls = len(receiver.calls)
    assert (calls, only().state) == ({"call": 0, "note": 1}[place], "waiting")

    monkeypatch.setattr(delivering, place, real)
    assert work_off() == 0  # its lease still runs
    Delivery.objects.update(leased_until=timezone.now() - dt.timedelta(seconds=1))
    assert work_off() == 1

    assert (len(receiver.calls), len(receiver.events), only().state) == (calls + 1, 1, "delivered")


def test_killed_while_it_is_noted_nothing_is_noted(receiver, webhook, monkeypatch):
    monkeypatch.setattr(delivering, "set_failing", lambda *args: (_ for _ in ()).throw(Killed))
    deliver([row(1)])

    with pytest.raises(Killed), transaction.atomic():
        delivering.deliver(only().pk)

    assert (DeliveryTry.objects.count(), only().state) == (0, "waiting")


def test_killed_after_it_is_noted_nobody_calls_again(receiver, webhook):
    deliver([row(1)])
    delivering.deliver(only().pk)

    assert not delivering.deliver(only().pk)
    assert (work_off(), len(receiver.calls)) == (0, 1)


def test_a_slow_worker_whose_lease_was_taken_notes_nothing(receiver, webhook, monkeypatch):
    real = delivering.call

    def slow(delivery: Delivery) -> delivering.Result:
        result = real(delivery)
        monkeypatch.setattr(delivering, "call", real)
        Delivery.objects.update(leased_until=timezone.now() - dt.timedelta(seconds=1))
        assert delivering.deliver(delivery.pk)
        return result

    deliver([row(1)])
    monkeypatch.setattr(delivering, "call", slow)

    assert delivering.deliver(only().pk) is False
    assert (statuses(), len(receiver.calls), len(receiver.events)) == ([204], 2, 1)


# --- what must never be false -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"kinds": ["run.danced"]}, "webhook_hears_of_something_known"),
        ({"kinds": []}, "webhook_hears_of_something_known"),
        ({"off_why": "gone"}, "webhook_that_is_off_says_why"),
        ({"url": " "}, "webhook_url_says_something"),
        ({"retired_at": "2026-01-01T00:00Z"}, "webhook_retired_at_goes_with_retired_by"),
    ],
)
def test_a_webhook_makes_sense(webhook, facts, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Webhook.objects.update(**facts)


@pytest.mark.parametrize(
    ("model", "facts", "name"),
    [
        (Delivery, {"next_at": None}, "delivery_that_waits_has_its_time"),
        (DeliveryTry, {"status": None, "failure": ""}, "deliverytry_ends_in_a_status_or_a_reason"),
        (WebhookEvent, {"kind": ""}, "webhookevent_kind_says_something"),
    ],
)
def test_a_delivery_makes_sense(receiver, webhook, model, facts, name):
    receiver.answers = [(500, {})]
    deliver([row(1)])
    work_off()

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.update(**facts)


def test_delivery_is_once_per_webhook_and_event(webhook):
    deliver([row(1)])

    with pytest.raises(IntegrityError, match="delivery_is_once_per_webhook_and_event"), transaction.atomic():
        Delivery.objects.create(webhook=webhook, event=only().event, state="failed")


def test_old_events_are_forgotten_with_their_tries_and_what_still_waits_is_kept(receiver, webhook):
    deliver([row(1)])
    work_off()
    deliver([row(2)])
    WebhookEvent.objects.update(created_at=timezone.now() - delivering.KEPT - dt.timedelta(days=1))

    delivering.forget_old_events()

    assert (only().state, DeliveryTry.objects.count()) == ("waiting", 0)


def test_no_more_webhooks_than_anybody_needs(monkeypatch):
    monkeypatch.setattr(actions.webhooks, "MOST_WEBHOOKS", 1)
    by = make_account(Role.ADMINISTRATOR)
    actions.add_webhook("https://example.com/a", kinds=["run.held"], by=by)

    with pytest.raises(RuleBroken, match="Remove one first"):
        actions.add_webhook("https://example.com/b", kinds=["run.held"], by=by)
