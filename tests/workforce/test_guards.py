"""When a run waits for a person's decision, and what waits."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from base.errors import RuleBroken
from base.models import Change
from tests.workforce.feed import admin, approve, deliver, person, row, snapshot, staff
from workforce import actions
from workforce.guards import Measured, looked
from workforce.models import Person, Run, RunChange, Source

# --- the arithmetic, without a database ---------------------------------------------------------


def tripped(*, is_snapshot: bool = True, last: int | None = 1000, **facts: int) -> set[str]:
    names = {"people": 1000, "rows": 1000, "leavers": 0, "managers": 0, "titles": 0, "active": 1000, "managed": 900}
    source = Source(name="hr", snapshot_rows=last)
    measured = Measured(**{**names, "blanks": {}, **facts})
    return {guard.code for guard in looked(source, measured, is_snapshot=is_snapshot) if guard.is_tripped}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"leavers": 50}, None),
        ({"leavers": 51}, "leavers"),
        ({"active": 100, "leavers": 10}, None),
        ({"active": 100, "leavers": 11}, "leavers"),
        ({"managers": 90}, None),
        ({"managers": 91}, "managers"),
        ({"titles": 200}, None),
        ({"titles": 201}, "titles"),
        ({"people": 900}, None),
        ({"people": 899}, "rows"),
        ({"blanks": {"job_title": 20}}, None),
        ({"blanks": {"job_title": 21}}, "blank_job_title"),
        ({"blanks": {"source_id": 21}}, "blank_source_id"),
        ({"blanks": {"location": 500}}, None),
        ({"last": None, "people": 0}, "rows"),
        ({"last": None, "people": 1}, None),
        ({"nameless": 1}, None),
        ({"nameless": 1, "leavers": 1}, "nameless_rows"),
    ],
)
def test_a_guard_trips_exactly_beyond_its_edge(facts, code):
    assert tripped(**facts) == ({code} if code else set())


def test_a_delta_is_not_measured_by_its_length():
    assert tripped(is_snapshot=False, people=1) == set()


# --- held, approved, rejected, expired ----------------------------------------------------------

db = pytest.mark.django_db


def held_run() -> Run:
    """Of 100 people 11 are missing; one has moved, and one is new."""
    snapshot(staff(100))
    return snapshot([*staff(88), row(88, location="Leeds"), row("new")])


@db
def test_leavers_wait_while_joiners_and_updates_flow():
    run = held_run()

    assert (run.state, run.counts["held"], run.counts["created"], run.counts["updated"]) == ("held", 11, 1, 1)
    assert Person.objects.active().count() == 101
    assert person(88).location == "Leeds"
    assert [(change.verb, change.facts) for change in run.changes.held()[:1]] == [
        ("leave", {"status": ["active", "inactive"]})
    ]


@db
def test_the_worst_stands_first_in_what_waits():
    people = [row(n, manager_source_id="E99" if n < 5 else "E98" if n < 7 else "") for n in range(100)]
    snapshot(people)

    run = snapshot(people[:80])

    assert list(run.changes.held().order_by("id").values_list("source_id", flat=True)[:2]) == ["E99", "E98"]


@db
def test_approving_does_what_waits_and_says_who_decided():
    run, by = held_run(), admin()

    run = approve(run, reason="The branch was closed", by=by)

    assert (run.state, run.decided_by, run.counts["left"], run.counts["held"]) == ("applied", by, 11, 0)
    assert Person.objects.active().count() == 90
    assert Change.objects.filter(scope=run.pk, verb="leave").count() == 11


@db
def test_a_person_who_changed_meanwhile_is_left_out_of_what_is_approved():
    run = held_run()
    actions.put_person("hr", "E99", facts={"location": "York"}, by=admin())

    run = approve(run)

    assert person(99).status == "active"
    assert run.changes.get(source_id="E99").state == RunChange.State.DROPPED


@db
def test_rejecting_does_nothing_of_what_waits():
    run = actions.reject_run(held_run(), reason="The export was cut off", by=admin())

    assert (run.state, run.reason) == ("rejected", "The export was cut off")
    assert Person.objects.active().count() == 101


@db
def test_a_decision_is_made_once():
    run = actions.reject_run(held_run(), by=admin())

    with pytest.raises(RuleBroken, match="nothing waits"):
        actions.approve_run(run, by=admin())


@db
def test_nobody_decides_within_72_hours_and_nothing_is_done():
    run = held_run()
    with time_machine.travel(timezone.now() + dt.timedelta(hours=71)):
        assert actions.expire_overdue(by=admin()) == 0
    with time_machine.travel(timezone.now() + dt.timedelta(hours=73)):
        assert actions.expire_overdue(by=admin()) == 1

    run.refresh_from_db()
    assert (run.state, Person.objects.active().count()) == ("expired", 101)


@db
def test_newer_news_takes_the_question_back():
    run = held_run()

    newer = snapshot([*staff(100), row("new")])

    run.refresh_from_db()
    assert run.state == "expired"
    assert not run.changes.held().exists()
    note = Change.objects.get(subject=run.pk, verb="expire")
    assert note.facts["answered_by"][1]["id"] == str(newer.pk)


@db
def test_a_delta_about_one_person_takes_back_the_question_about_that_person():
    run = held_run()

    deliver([row(99)])

    run.refresh_from_db()
    assert run.state == "held"
    assert run.changes.held().count() == 10


@db
def test_a_truncated_snapshot_does_not_become_the_measure_of_the_next():
    snapshot(staff(100))
    snapshot(staff(40))

    assert snapshot(staff(40)).state == "held"


@db
def test_an_approved_snapshot_becomes_the_measure_of_the_next():
    snapshot(staff(100))
    approve(snapshot(staff(40)))

    assert snapshot(staff(40)).state == "applied"


@db
def test_an_empty_snapshot_changes_nothing():
    deliver(staff(3))

    run = snapshot([])

    assert (run.state, Person.objects.active().count()) == ("held", 3)


@db
def test_nobody_leaves_because_a_row_lost_its_id():
    snapshot(staff(100))

    run = snapshot([*staff(99), row(99) | {"source_id": ""}])

    assert (run.state, person(99).status) == ("held", "active")


@db
def test_titles_wait_and_the_rest_of_their_rows_flows():
    deliver(staff(20))

    run = deliver([row(n, job_title="Lead", location="Leeds") for n in range(5)])

    assert (run.state, run.counts["held"], run.counts["updated"]) == ("held", 5, 5)
    assert (person(0).job_title.name, person(0).location) == ("Clerk", "Leeds")
    approve(run)
    assert person(0).job_title.name == "Lead"


@db
def test_managers_who_would_be_cleared_wait():
    deliver([row(n, manager_source_id="E0" if n else "") for n in range(21)])

    run = deliver([row(n, manager_source_id="") for n in range(1, 4)])

    assert (run.state, run.counts["held"]) == ("held", 3)
    assert person(1).manager == person(0)
    approve(run)
    assert person(1).manager is None


@db
def test_a_held_manager_and_a_new_one_close_no_loop():
    """E1 would lose E2 as manager, which waits; E2 would get E1, which must not be done meanwhile."""
    deliver([row(1, manager_source_id="E2"), *(row(n, manager_source_id="E9") for n in (3, 4, 5)), row(2), row(9)])

    cleared = [row(n, manager_source_id="") for n in (1, 3, 4, 5)]
    run = deliver([*cleared, row(2, manager_source_id="E1")])

    assert run.state == "held"
    assert (person(1).manager, person(2).manager) == (person(2), None)


@db
def test_key_fields_that_became_blank_wait():
    deliver(staff(50))

    run = deliver([row(n, job_title="") for n in range(3)])

    assert (run.state, person(0).job_title.name) == ("held", "Clerk")


@db
def test_thresholds_are_those_of_the_source():
    deliver(staff(20))
    Source.objects.update(leavers_number=0, leavers_percent=0)

    assert deliver([row(0, status="inactive")]).state == "held"


@db
def test_a_dry_run_waits_for_nobody_and_shows_what_would_be_held():
    snapshot(staff(100))

    run = snapshot(staff(20), is_dry=True)

    assert (run.state, Person.objects.active().count()) == ("applied", 100)
    assert {guard["code"] for guard in run.guards if guard["is_tripped"]} == {"leavers", "rows"}


def in_days(days: int) -> str:
    return (timezone.localdate() + dt.timedelta(days=days)).isoformat()


@db
def test_last_days_to_come_are_leavers_as_well_and_wait():
    """Nobody would leave today, and everybody tomorrow, when no run is there to be held."""
    snapshot(staff(100))

    run = snapshot([row(n, end_date=in_days(1), location="Leeds") for n in range(100)])

    assert (run.state, run.counts["held"], run.counts["updated"]) == ("held", 100, 100)
    assert set(run.changes.held().values_list("verb", flat=True)) == {"leave"}
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        actions.honour_dates(by=admin())
    assert Person.objects.active().count() == 100


@db
def test_a_last_day_to_come_that_was_approved_is_kept_and_honoured():
    snapshot(staff(100))
    run = approve(snapshot(staff(100, end_date=in_days(5))))

    assert (run.state, Person.objects.active().count()) == ("applied", 100)
    with time_machine.travel(timezone.now() + dt.timedelta(days=6)):
        actions.honour_dates(by=admin())
    assert not Person.objects.active().exists()


@db
@pytest.mark.parametrize(
    ("days", "state"), [(300, "applied"), (None, "applied"), (100, "applied"), (50, "held")], ids=str
)
def test_a_last_day_that_is_put_off_or_repeated_is_no_leaver_and_an_earlier_one_is(days, state):
    snapshot(staff(20))
    approve(snapshot(staff(20, end_date=in_days(100))))

    assert snapshot(staff(20, end_date=in_days(days) if days else None)).state == state


@db
def test_a_first_day_moved_ahead_sends_nobody_home_unasked():
    snapshot(staff(20))

    run = snapshot(staff(20, start_date=in_days(30)))

    assert (run.state, run.counts["held"], Person.objects.active().count()) == ("held", 20, 20)
    approve(run)
    assert not Person.objects.active().exists()


@db
def test_joiners_with_a_last_day_are_no_leavers():
    assert snapshot(staff(20, end_date=in_days(90))).state == "applied"


@db
def test_managers_whom_nobody_knows_wait_like_those_who_would_be_cleared():
    """A feed that names managers by another kind of id would take everybody's manager away."""
    snapshot([row(n, manager_source_id="E0" if n else "") for n in range(100)])

    run = snapshot([row(n, manager_source_id="00000" if n else "") for n in range(100)])

    assert (run.state, run.counts["held"]) == ("held", 99)
    assert Person.objects.filter(manager=person(0)).count() == 99
    approve(run)
    assert Person.objects.filter(manager=None).count() == 100


@db
def test_a_new_manager_for_everybody_who_comes_in_the_same_run_is_no_loss():
    snapshot([row(n, manager_source_id="E0" if n else "") for n in range(100)])

    run = deliver([row(n, manager_source_id="Enew" if n else "") for n in range(100)], [row("new")])

    assert run.state == "applied"
    assert Person.objects.filter(manager=person("new")).count() == 99


@db
def test_a_short_snapshot_by_which_nobody_leaves_is_the_measure_once_it_is_approved():
    """Those who are missing have left by other ways. Without an answer it would be held every night."""
    snapshot(staff(100))
    for beginning in range(0, 40, 10):
        deliver([row(n, status="inactive") for n in range(beginning, beginning + 10)])
    run = snapshot(staff(100)[40:])
    assert (run.state, run.counts["held"]) == ("held", 0)

    run = approve(run)

    assert run.state == "applied"
    assert snapshot(staff(100)[40:]).state == "applied"
