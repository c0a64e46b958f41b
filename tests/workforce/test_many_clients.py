"""Twenty clients at once, over real HTTP to gunicorn with two workers: the same end as one after another."""

import http.client
import json
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from base.models import Change
from bench.web import Web, web
from tests.make import make_key
from tests.workforce.feed import admin, row, snapshot, staff
from workforce import actions
from workforce.actions import runs
from workforce.models import Account, Person, Run

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS, PAGES, PEOPLE = 20, 4, 40
SOURCES = ["hr", "agency"]
QUIETLY = " quietly"  # what the sources are called to which everything is sent in turn


class Sender:
    """One client with one connection; what it is answered is counted."""

    def __init__(self, number: int, port: int, secret: str) -> None:
        self.number, self.random = number, random.Random(number)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        self.statuses: Counter[int] = Counter()

    def ask(self, path: str, body: Any, key: str = "") -> tuple[int, Any]:
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        self.connection.request("POST", f"/api/v1/hris/runs/{path}", json.dumps(body), headers)
        answer = self.connection.getresponse()
        self.statuses[answer.status] += 1
        return answer.status, json.loads(answer.read())

    def open(self) -> str:
        """The same key over and over: one run."""
        wanted = {"source": source_of(self.number), "mode": mode_of(self.number)}
        answers = [self.ask("", wanted, key=f"run {self.number}") for _ in range(2)]
        assert [status for status, _ in answers] == [201, 201]
        assert answers[0] == answers[1]
        return str(answers[0][1]["id"])

    def send(self, run: str) -> None:
        """Every page twice, in an order of its own, with a key and without one."""
        order = list(range(PAGES)) * 2
        self.random.shuffle(order)
        for page in order:
            key = self.random.choice(["", f"{self.number} page {page}"])
            status, told = self.ask(f"{run}/people/", people_of(self.number, page), key)
            assert (status, told["accepted"]) == (200, PEOPLE // PAGES)

    def close(self, run: str) -> None:
        assert [self.ask(f"{run}/close/", {})[0] for _ in range(2)] == [202, 202]
        assert self.ask(f"{run}/people/", people_of(self.number, 0))[0] == 409


def source_of(client: int) -> str:
    return SOURCES[client % 2]


def mode_of(client: int) -> str:
    return "snapshot" if client % 4 < 2 else "delta"


def people_of(client: int, page: int) -> list[dict[str, Any]]:
    """They overlap: neighbours tell of the same people, and each says something else about them."""
    numbers = range(client * 5 + page, client * 5 + PEOPLE, PAGES)
    return [
        row(n, location=f"Town {client}", job_title=f"Title {client % 3}", manager_source_id=f"E{n // 7}" if n else "")
        for n in numbers
    ]


def apply_all() -> None:
    while waiting := Run.objects.wanted().in_turn().first():
        runs.apply_run(waiting.pk)


def end(suffix: str = "") -> tuple[list[Any], list[Any], Counter[Any]]:
    """Runs as they were opened, people, and how often what was done to whom."""
    sources = [source + suffix for source in SOURCES]
    ended = Run.objects.filter(source__name__in=sources).order_by("opened_at")
    people = Person.objects.filter(source__in=sources)
    told = Change.objects.filter(subject__in=people.values("pk")).values_list("name", "verb")
    facts = ("source_id", "display_name", "job_title__name", "location", "status", "version", "manager__source_id")
    return (
        list(ended.values_list("mode", "state", "counts", "failure")),
        list(people.order_by("source", "source_id").values_list(*facts)),
        Counter(told),
    )


def at_once(server: Web, secret: str) -> Counter[int]:
    """They open in turn, so that one snapshot is newer than another, and send at the same time; {status: answers}."""
    senders = [Sender(number, server.port, secret) for number in range(CLIENTS)]
    opened = [sender.open() for sender in senders]
    with ThreadPoolExecutor(CLIENTS) as threads:
        list(threads.map(Sender.send, senders, opened))
        list(threads.map(Sender.close, senders, opened))
    for sender in senders:
        sender.connection.close()
    return sum((sender.statuses for sender in senders), Counter())


def one_after_another(closed: list[int], *, by: Account) -> None:
    """Each page once; closed in the same order, for that is the order in which they are applied."""
    opened = [actions.open_run(source_of(n) + QUIETLY, mode=mode_of(n), by=by) for n in range(CLIENTS)]
    for number, run in enumerate(opened):
        for page in range(PAGES):
            actions.add_page(run, people_of(number, page), by=by)
    for number in closed:
        actions.close_run(opened[number], by=by)


def test_twenty_clients_that_send_and_repeat_everything_at_once_end_as_one_after_another():
    secret, by = make_key("hris"), admin()
    for source in SOURCES:
        for suffix in ("", QUIETLY):
            snapshot(staff(100), source=source + suffix, by=by)
    with web(workers=2, threads=4) as server:
        statuses = at_once(server, secret)
    mine = Run.objects.filter(opened_at__gt=Run.objects.filter(state="applied").latest("opened_at").opened_at)
    opened = list(mine.order_by("opened_at").values_list("pk", flat=True))
    closed = list(mine.in_turn().values_list("pk", flat=True))
    apply_all()

    one_after_another([opened.index(pk) for pk in closed], by=by)
    apply_all()

    assert statuses == {201: 2 * CLIENTS, 200: 2 * PAGES * CLIENTS, 202: 2 * CLIENTS, 409: CLIENTS}
    assert end() == end(QUIETLY)
    assert {state for _, state, _, _ in end()[0]} >= {"applied", "expired"}
