"""Anything that sources, people and the clock may do, in any order, beside a plain model that shares no code with it.

A hundred times as many histories: HISTORIES=1500 pytest tests/workforce/test_state_machine.py
"""

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from base.errors import RuleBroken
from base.models import Change
from tests.workforce.feed import admin, approve, finish
from workforce import actions
from workforce.actions import deciding
from workforce.models import Correction, Person, Run, Source

pytestmark = pytest.mark.django_db
HISTORIES = int(os.environ.get("HISTORIES", "15"))
PATIENCE = 3  # days
# A correction of the first stands, of the second yields.
CORRECTED = ["location", "employment_type"]
Key = tuple[str, str]
SOURCE = st.sampled_from(["hr", "agency"])
NUMBER = st.integers(0, 4)
TOWN = st.sampled_from(["", "Leeds", "York"])
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "location": TOWN,
        "employment_type": st.sampled_from(["", "full", "part"]),
        "status": st.sampled_from(["active", "leave", "inactive"]),
        "ends_in": st.sampled_from([None, 4, 7]),
        "updated_at": st.sampled_from([f"2025-0{month}-01T00:00:00+00:00" for month in range(1, 5)]),
    },
)
ROWS = st.lists(st.tuples(NUMBER, FACTS), max_size=5)


# --- the plain model ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """One person."""

    start: int
    status: str = ""
    location: str = ""
    employment_type: str = ""
    end: int | None = None
    stamp: str = ""
    version: int = 0


@dataclass
class Plan:
    """One run: what it was told, and what waits in it: {source_id: (version then, what would be set)}."""

    source: str
    mode: str
    is_dry: bool
    opened: int
    opened_on: int
    rows: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    state: str = "open"
    held_on: int = 0
    waits: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    has_few_rows: bool = False


class Model:
    def __init__(self) -> None:
        self.today = 0
        self.people: dict[Key, Known] = {}
        # {(person, field): (value here, what the source says)}
        self.corrections: dict[tuple[Key, str], tuple[str, str]] = {}
        self.plans: list[Plan] = []
        self.newest: dict[str, int] = {}
        self.has_measure: set[str] = set()

    def status(self, was: Known, said: str, end: int | None) -> str:
        if end is not None and end <= self.today:
            return "inactive"
        if said == "inactive":
            return "inactive" if end is None else was.status if was.status not in {"", "inactive"} else "active"
        if was.start > self.today:
            return "pending"
        return "active" if said == "pending" else said

    def changed(self, key: Key, facts: dict[str, Any], *, is_snapshot: bool = False) -> Known:
        """As the person would be afterwards."""
        was = self.people.get(key) or Known(start=START[key[1]])
        said = facts.get("status") or was.status or "active"
        if is_snapshot and "status" not in facts and was.status == "inactive":
            said = "active"
        end = facts.get("end", was.end)
        texts = {name: facts[name] for name in CORRECTED if name in facts}
        return replace(was, status=self.status(was, said, end), end=end, **texts)

    def put(self, key: Key, now: Known, stamp: str = "") -> None:
        was = self.people.get(key)
        version = was.version if was else 0
        is_other = was is None or replace(now, version=0, stamp="") != replace(was, version=0, stamp="")
        self.people[key] = replace(now, version=version + is_other, stamp=max(stamp, was.stamp if was else ""))

    def is_older(self, key: Key, facts: dict[str, Any]) -> bool:
        was, stamp = self.people.get(key), facts.get("stamp", "")
        return bool(was and stamp and stamp < was.stamp)

    def heeded(self, key: Key, facts: dict[str, Any]) -> dict[str, Any]:
        """What is left of a row beside the corrections, which learn from it."""
        for name in CORRECTED:
            if name not in facts or (key, name) not in self.corrections:
                continue
            value, _ = self.corrections.pop((key, name))
            if name == "location" and facts[name] != value:
                self.corrections[key, name] = (value, facts[name])
                facts = {name: what for name, what in facts.items() if name != "location"}
        return facts

    def tell(self, key: Key, facts: dict[str, Any]) -> None:
        self.put(key, self.changed(key, facts))

    def correct(self, key: Key, name: str, value: str) -> None:
        says = self.corrections.pop((key, name), (None, getattr(self.people[key], name)))[1]
        self.tell(key, {name: value})
        if value != says:
            self.corrections[key, name] = (value, says)

    def apply(self, plan: Plan) -> None:
        is_snapshot = plan.mode == "snapshot"
        if is_snapshot and plan.opened < self.newest.get(plan.source, -1):
            plan.state = "failed"
            return
        plan.state = "applied"
        if plan.is_dry:
            return
        told = newest_of(plan.rows)
        come = {}
        for source_id, facts in told.items():
            key = (plan.source, source_id)
            if facts is not None and not self.is_older(key, facts):
                taken = self.heeded(key, facts)
                come[key] = (self.changed(key, taken, is_snapshot=is_snapshot), facts.get("stamp", ""))
        if is_snapshot:
            for key, known in self.people.items():
                if key[0] == plan.source and key[1] not in told and known.status != "inactive":
                    come[key] = (self.changed(key, {"status": "inactive"}), "")
        self.hold(plan, come, people=len(told))
        for key, (now, stamp) in come.items():
            self.put(key, now, stamp)
        for source_id, (_, facts) in plan.waits.items():
            plan.waits[source_id] = (self.people[plan.source, source_id].version, facts)

    def hold(self, plan: Plan, come: dict[Key, tuple[Known, str]], *, people: int) -> None:
        """More than one leaver, or a first snapshot without anybody: whoever would leave waits."""
        for other in self.plans:
            if other is plan or other.state != "held" or other.source != plan.source:
                continue
            gone = [one for one in other.waits if plan.mode == "snapshot" or one in newest_of(plan.rows)]
            for one in gone:
                del other.waits[one]
            if gone and not other.waits:
                other.state = "expired"
        here = {key: one for key, one in self.people.items() if key[0] == plan.source}
        leavers = [key for key, (now, _) in come.items() if key in here and goes(here[key], now)]
        if plan.mode == "snapshot":
            at_work = any(one.status in {"active", "leave"} for one in here.values())
            plan.has_few_rows = plan.source not in self.has_measure and at_work and not people
            self.newest[plan.source] = plan.opened
            self.has_measure |= set() if plan.has_few_rows else {plan.source}
        if len(leavers) <= 1 and not plan.has_few_rows:
            return
        plan.state, plan.held_on = "held", self.today
        for key in leavers:
            now, stamp = come[key]
            was = here[key]
            is_now = now.status == "inactive"
            facts = {**({"status": "inactive"} if is_now else {}), **({"end": now.end} if now.end != was.end else {})}
            plan.waits[key[1]] = (0, facts)
            come[key] = (replace(now, status=was.status if is_now else now.status, end=was.end), stamp)

    def approve(self, plan: Plan) -> None:
        plan.state = "applied"
        for source_id, (version, facts) in plan.waits.items():
            if self.people[plan.source, source_id].version == version:
                self.tell((plan.source, source_id), facts)
        self.has_measure |= {plan.source} if plan.has_few_rows else set()
        plan.waits = {}

    def next_day(self) -> None:
        for key, known in self.people.items():
            begins = known.status == "pending" and known.start <= self.today
            if begins or (known.status != "inactive" and known.end is not None and known.end <= self.today):
                self.tell(key, {})
        for plan in self.plans:
            since = {"open": plan.opened_on, "held": plan.held_on}.get(plan.state, self.today)
            if self.today - since >= PATIENCE:
                plan.state, plan.waits = "expired", {}


START = {f"E{n}": 2 if n == 0 else -100 for n in range(5)}


def goes(was: Known, now: Known) -> bool:
    """Now, or on a day that was not known or lay later."""
    is_sooner = now.end is not None and (was.end is None or now.end < was.end)
    return was.status != "inactive" and (now.status == "inactive" or is_sooner)


def newest_of(rows: list[tuple[str, dict[str, Any]]]) -> dict[str, dict[str, Any] | None]:
    """{source_id: the newest row about them}; None where equally new ones contradict each other."""
    found: dict[str, dict[str, Any] | None] = {}
    for source_id in {source_id for source_id, _ in rows}:
        mine = [facts for one, facts in rows if one == source_id]
        newest = max(facts.get("stamp", "") for facts in mine)
        top = [facts for facts in mine if facts.get("stamp", "") == newest]
        found[source_id] = top[0] if all(facts == top[0] for facts in top) else None
    return found


def code_of(work: Callable[[], Any]) -> str:
    """Of the refusal; empty where it was done."""
    try:
        work()
    except RuleBroken as refusal:
        return refusal.code
    return ""


# --- both, side by side ------------------------------------------------------------------------


class Histories(RuleBasedStateMachine):
    runs = Bundle("runs")
    held = Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self.world = transaction.atomic()
        self.world.__enter__()
        # Later than anything that the database calls now, and far from midnight.
        self.noon = (timezone.now() + dt.timedelta(days=1)).replace(hour=8, minute=0)
        self.clock: Any = None
        self.model = Model()
        self.go_on_to(0)
        self.by = admin()
        for name in ("hr", "agency"):
            Source.objects.create(name=name, leavers_number=1, leavers_percent=0, rows_percent=0, key_fields=[])

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)

    def go_on_to(self, day: int) -> None:
        if self.clock:
            self.clock.stop()
        self.model.today = day
        # An hour later every day: what was begun a day before is then more than a day old.
        self.clock = time_machine.travel(self.noon + dt.timedelta(days=day, minutes=10 * day), tick=True)
        self.clock.start()

    def day(self, number: int | None) -> str | None:
        return None if number is None else (timezone.localdate(self.noon) + dt.timedelta(days=number)).isoformat()

    def both(self, number: int, facts: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """A row as it is sent, and as the model takes it."""
        plain = {{"ends_in": "end", "updated_at": "stamp"}.get(name, name): what for name, what in facts.items()}
        sent = {name: what for name, what in facts.items() if name != "ends_in"}
        if "ends_in" in facts:
            sent["end_date"] = self.day(facts["ends_in"])
        start = self.day(START[f"E{number}"])
        return {"source_id": f"E{number}", "display_name": f"Person {number}", "start_date": start, **sent}, plain

    @rule(
        target=runs,
        source=SOURCE,
        mode=st.sampled_from(["delta", "snapshot"]),
        is_dry=st.sampled_from([False] * 4 + [True]),
    )
    def open(self, source: str, mode: str, is_dry: bool) -> Any:
        run = actions.open_run(source, mode=mode, is_dry=is_dry, by=self.by)
        plan = Plan(source, mode, is_dry, opened=len(self.model.plans), opened_on=self.model.today)
        self.model.plans.append(plan)
        return run.pk, plan

    @rule(one=runs, rows=ROWS)
    def send(self, one: tuple[Any, Plan], rows: list[tuple[int, dict[str, Any]]]) -> None:
        pk, plan = one
        pairs = [self.both(number, facts) for number, facts in rows]
        is_open = plan.state == "open"
        code = code_of(lambda: actions.add_page(Run.objects.get(pk=pk), [sent for sent, _ in pairs], by=self.by))
        assert code == ("" if is_open else "run_closed")
        plan.rows += [(sent["source_id"], plain) for sent, plain in pairs if is_open]

    @rule(target=held, one=consumes(runs))
    def close(self, one: tuple[Any, Plan]) -> Any:
        pk, plan = one
        code = code_of(lambda: finish(Run.objects.get(pk=pk), by=self.by))
        assert code == ("" if plan.state == "open" else "run_closed")
        if plan.state == "open":
            self.model.apply(plan)
        return one if plan.state == "held" else multiple()

    @rule(target=held, source=SOURCE, mode=st.sampled_from(["delta", "snapshot"]), rows=ROWS)
    def deliver(self, source: str, mode: str, rows: list[tuple[int, dict[str, Any]]]) -> Any:
        one = self.open(source, mode, False)
        self.send(one, rows)
        return self.close(one)

    @rule(one=held)
    def approve(self, one: tuple[Any, Plan]) -> None:
        pk, plan = one
        code = code_of(lambda: approve(Run.objects.get(pk=pk), by=self.by))
        assert code in {"", "not_held"}
        assert plan.state != "held" or not code
        if plan.state == "held":
            self.model.approve(plan)

    @rule(one=st.one_of(held, runs))
    def reject(self, one: tuple[Any, Plan]) -> None:
        pk, plan = one
        code = code_of(lambda: actions.reject_run(Run.objects.get(pk=pk), reason="no", by=self.by))
        assert code == ("" if plan.state in {"held", "open"} else "not_held")
        if not code:
            deciding.drop_rejected(pk)
            plan.state, plan.waits = "rejected", {}

    @rule(source=SOURCE, number=NUMBER, facts=FACTS)
    def put(self, source: str, number: int, facts: dict[str, Any]) -> None:
        sent, plain = self.both(number, facts)
        key = (source, sent.pop("source_id"))
        is_older = self.model.is_older(key, plain)
        code = code_of(lambda: actions.put_person(source, key[1], facts=sent, by=self.by))
        # Old news that is no news is no reason to refuse.
        assert code in ({"", "older"} if is_older else {""})
        if not is_older:
            taken = self.model.heeded(key, plain)
            self.model.put(key, self.model.changed(key, taken), plain.get("stamp", ""))

    @rule(source=SOURCE, number=NUMBER, ends_in=st.sampled_from([None, 0, 5]))
    def terminate(self, source: str, number: int, ends_in: int | None) -> None:
        if person := self.known(source, number):
            last = self.model.today if ends_in is None else ends_in
            end_date = None if ends_in is None else dt.date.fromisoformat(self.day(ends_in) or "")
            code = code_of(lambda: actions.terminate_person(person, end_date=end_date, by=self.by))
            assert code == ("ends_before_start" if last < START[person.source_id] else "")
            if not code:
                self.model.tell((source, person.source_id), {"end": last})

    @rule(source=SOURCE, number=NUMBER)
    def restore(self, source: str, number: int) -> None:
        if person := self.known(source, number):
            key = (source, person.source_id)
            actions.restore_person(person, by=self.by)
            if self.model.people[key].status == "inactive":
                self.model.tell(key, {"status": "active", "end": None})

    @rule(source=SOURCE, number=NUMBER, name=st.sampled_from(CORRECTED), value=TOWN)
    def correct(self, source: str, number: int, name: str, value: str) -> None:
        if person := self.known(source, number):
            actions.correct_person(person, field=name, value=value, by=self.by)
            self.model.correct((source, person.source_id), name, value)

    @rule(source=SOURCE, number=NUMBER, name=st.sampled_from(CORRECTED))
    def take_back(self, source: str, number: int, name: str) -> None:
        if person := self.known(source, number):
            key = (source, person.source_id)
            actions.take_back_correction(person, field=name, by=self.by)
            if (key, name) in self.model.corrections:
                self.model.correct(key, name, self.model.corrections[key, name][1])

    def known(self, source: str, number: int) -> Person | None:
        return Person.objects.filter(source=source, source_id=f"E{number}").first()

    @rule(days=st.integers(1, 3))
    def pass_days(self, days: int) -> None:
        if self.model.today + days <= 20:
            self.go_on_to(self.model.today + days)
            actions.honour_dates(by=self.by)
            actions.expire_overdue(by=self.by)
            self.model.next_day()

    @invariant()
    def people_are_as_the_model_says(self) -> None:
        people = {
            (one.source, one.source_id): Known(
                start=START[one.source_id],
                status=one.status,
                location=one.location,
                employment_type=one.employment_type,
                end=(one.end_date - timezone.localdate(self.noon)).days if one.end_date else None,
                stamp=one.updated_at.isoformat() if one.updated_at else "",
                version=one.version,
            )
            for one in Person.objects.all()
        }
        assert people == self.model.people

    @invariant()
    def corrections_are_as_the_model_says(self) -> None:
        found = {
            ((one.person.source, one.person.source_id), one.field): (one.value, one.source_value)
            for one in Correction.objects.select_related("person")
        }
        assert found == self.model.corrections

    @invariant()
    def runs_and_what_waits_are_as_the_model_says(self) -> None:
        found = [
            (run.state, set(run.changes.held().values_list("source_id", flat=True)))
            for run in Run.objects.order_by("opened_at")
        ]
        assert found == [(plan.state, set(plan.waits)) for plan in self.model.plans]

    @invariant()
    def every_version_has_its_record(self) -> None:
        told = Change.objects.filter(noun="person", verb__in=["add", "change", "leave", "restore"])
        versions = {one.pk: one.version for one in Person.objects.all()}
        assert versions == {pk: told.filter(subject=pk).count() for pk in versions}


def test_anything_in_any_order_ends_as_the_plain_model_says():
    effort = settings(
        max_examples=HISTORIES,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        # A shorter example is worth its time to whoever looks for faults, not to everybody.
        phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink] if HISTORIES > 15 else [Phase.generate],
    )
    run_state_machine_as_test(Histories, settings=effort)
