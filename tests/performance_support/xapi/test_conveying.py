"""What waits reaches the LRS over real HTTP, once, whatever it answers on the way."""

import datetime as dt
import json

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from performance_support import actions, tasks
from performance_support.actions import conveying
from performance_support.models import Lrs, Statement
from tests.make import make_account, make_step

pytestmark = pytest.mark.django_db


def told(count: int) -> None:
    step, by = make_step(), make_account()
    for _ in range(count):
        actions.note_visit(step, quick=None, by=by)


def convey() -> int:
    return conveying.convey(by=make_account())


def states() -> list[str]:
    return sorted(Statement.objects.values_list("state", flat=True))


def test_a_batch_is_taken_and_nobody_is_named_here_any_more(store, lrs):
    told(3)
    assert (convey(), len(store.known), store.calls) == (3, 3, 1)
    assert states() == ["sent"] * 3
    assert store.headers[0]["X-Experience-API-Version"] == "1.0.3"
    assert store.headers[0]["Authorization"] == "Basic azpz"


@pytest.mark.parametrize("answer", [500, 503, 401, 307, "reset"])
def test_a_store_that_is_not_well_is_tried_later_and_then_takes_it_once(store, lrs, answer):
    store.answers = [answer]
    told(2)
    assert convey() == 0
    assert (states(), convey()) == (["waiting"] * 2, 0)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2), tick=False):
        Lrs.objects.update(next_at=None)
        assert convey() == 2
    assert len(store.known) == 2


def test_it_waits_as_long_as_it_is_asked_to(store, lrs):
    store.answers, store.retry_after = [429], "600"
    told(1)
    convey()
    assert Lrs.objects.get().next_at > timezone.now() + dt.timedelta(seconds=590)


def test_one_that_is_refused_blocks_no_other_and_says_why(store, lrs):
    told(5)
    bad = Statement.objects.waiting()[3]
    store.refuses = {str(bad.pk)}
    assert convey() == 4
    refused = Statement.objects.get(state="refused")
    assert (refused.pk, refused.status, refused.reason) == (bad.pk, 400, "I do not like it.")


def test_after_a_kill_the_same_statements_double_nothing(store, lrs, monkeypatch):
    told(3)
    monkeypatch.setattr(conveying, "taken", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        convey()
    monkeypatch.undo()
    assert (len(store.known), states()) == (3, ["waiting"] * 3)
    Lrs.objects.update(leased_until=None)
    told(1)
    assert (convey(), len(store.known), states()) == (4, 4, ["sent"] * 4)


def test_after_three_days_it_is_given_up_told_once_and_sent_again(store, lrs, monkeypatch):
    monkeypatch.setattr("base.outbox.enqueue", lambda task, payload: None)
    store.answers = [500] * 2
    told(1)
    convey()
    with time_machine.travel(timezone.now() + dt.timedelta(days=3, minutes=1), tick=False):
        for _ in range(2):
            Lrs.objects.update(next_at=None, leased_until=None)
            convey()
        assert states() == ["given_up"]
        tasks.tell_of_lrs(str(lrs.pk))
        assert "takes nothing" in mail.outbox[0].subject
        assert actions.send_again(Lrs.objects.get(), by=make_account()) == 1
        assert (convey(), states()) == (1, ["sent"])


def test_a_test_says_at_once_how_it_went(store, lrs):
    by = make_account()
    store.answers = [401]
    for state in ("refused", "sent"):
        test = actions.test_lrs(lrs, by=by)
        conveying.try_out(test.pk, by=by)
        assert Statement.objects.get(pk=test.pk).state == state
    assert "does not know this key" in Statement.objects.get(state="refused").reason
    assert json.dumps([*store.known.values()]).count("experienced") == 2
