"""The same Idempotency-Key from two connections at one time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import connection

from tests.api.client import Program
from tests.make import make_key
from workforce import actions
from workforce.models import Run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> tuple[Event, Event]:
    """Opening a run says when it is at work, and goes on when it is let."""
    at_work, may_go_on, open_run = Event(), Event(), actions.open_run

    def slowly(*args: Any, **facts: Any) -> Run:
        at_work.set()
        assert may_go_on.wait(timeout=60)
        return open_run(*args, **facts)

    monkeypatch.setattr(actions, "open_run", slowly)
    return at_work, may_go_on


def ask(secret: str) -> tuple[int, Any, bool]:
    """(status, body, whether it is the first answer again) on a connection of this thread."""
    program = Program(secret)
    program.defaults["HTTP_IDEMPOTENCY_KEY"] = "night"
    try:
        answer = program.ask("POST", "hris/runs/", {"source": "hr", "mode": "delta"})
        return answer.status_code, answer.body, "Idempotent-Replayed" in answer.headers
    finally:
        connection.close()


def test_who_asks_while_the_first_is_still_running_is_told_to_wait(begun):
    at_work, may_go_on = begun
    secret = make_key("hris")

    with ThreadPoolExecutor(1) as elsewhere:
        first = elsewhere.submit(ask, secret)
        try:
            assert at_work.wait(timeout=60)
            status, refusal, _ = ask(secret)
        finally:
            may_go_on.set()
        created, run, _ = first.result(timeout=60)

    assert (status, refusal["errors"][0]["code"]) == (409, "still_running")
    assert created == 201
    assert ask(secret) == (201, run, True)
    assert Run.objects.count() == 1
