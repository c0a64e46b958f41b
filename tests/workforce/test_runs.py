"""A run from an HR system, from its opening to its end."""

import datetime as dt
from uuid import RFC_4122

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from base.errors import RuleBroken
from base.models import Change, OutboxMessage
from tests.make import make_account
from tests.workforce.feed import admin, deliver, finish, person, row, snapshot, staff
from workforce import actions
from workforce.actions import employment, runs
from workforce.models import Account, JobTitle, Person, Run, RunPage, Source, Team

pytestmark = pytest.mark.django_db


def results(run: Run) -> dict[str, int]:
    """The counts that are not zero."""
    return {name: count for name, count in run.counts.items() if count}


# --- what comes in ------------------------------------------------------------------------------


def test_joiners_come_with_title_team_and_manager_in_any_order():
    run = deliver([row(1, manager_source_id="E2")], [row(2)])

    assert (run.state, results(run)) == ("applied", {"created": 2})
    assert person(1).manager == person(2)
    assert person(1).job_title == JobTitle.objects.get(name="Clerk")
    assert person(1).team == Team.objects.get(name="Office")


def test_whoever_comes_later_stands_later_in_the_index():
    deliver(staff(3))
    deliver([row(n) for n in range(10, 13)], source="other")

    first, then = (set(Person.objects.of_source(name).values_list("pk", flat=True)) for name in ("hr", "other"))
    assert {(pk.version, pk.variant) for pk in first | then} == {(7, RFC_4122)}
    assert len(first | then) == 6
    assert max(first) < min(then)


def test_the_same_delivery_twice_changes_nothing():
    deliver(staff(3))
    before = list(Person.objects.values())

    run = deliver(staff(3))

    assert results(run) == {"unchanged": 3}
    assert list(Person.objects.values()) == before
    assert Change.objects.filter(scope=run.pk, noun="person").count() == 0


def test_a_change_names_its_fields_with_before_and_after():
    deliver(staff(2))

    run = deliver([row(0, job_title="Lead", location="Leeds"), row(1)])

    change = Change.objects.get(scope=run.pk, noun="person")
    assert results(run) == {"updated": 1, "unchanged": 1}
    assert (change.verb, change.subject) == ("change", person(0).pk)
    assert change.facts == {"job_title": ["Clerk", "Lead"], "location": ["", "Leeds"]}


def test_a_field_that_is_not_sent_stays_and_an_empty_one_is_cleared():
    deliver([row(1, location="Leeds", employee_number="7")])

    deliver([{"source_id": "E1", "location": None}])

    assert (person(1).location, person(1).employee_number) == ("", "7")


def test_a_title_in_other_letters_is_the_same_title():
    deliver([row(1, job_title="Sales Rep")])

    run = deliver([row(1, job_title="SALES REP"), row(2, job_title="sales rep")])

    assert results(run) == {"created": 1, "unchanged": 1}
    assert JobTitle.objects.count() == 1


def test_the_position_that_somebody_leaves_becomes_history():
    with time_machine.travel("2026-03-01", tick=False):
        deliver([row(1, job_title="Clerk")])
    with time_machine.travel("2026-05-01", tick=False):
        deliver([row(1, job_title="Lead")])

    position = person(1).positions.get()
    assert (position.job_title.name, position.started_on, position.ended_on) == (
        "Clerk",
        dt.date(2020, 1, 1),
        dt.date(2026, 5, 1),
    )
    assert person(1).position_since == dt.date(2026, 5, 1)


def test_two_titles_on_one_day_are_both_history():
    deliver([row(1, job_title="A")])
    deliver([row(1, job_title="B")])
    deliver([row(1, job_title="C")])

    assert [position.job_title.name for position in person(1).positions.newest_first()] == ["B", "A"]


def test_fields_that_are_not_accepted_are_dropped_and_counted():
    run = deliver([row(1, salary=80_000, gender="F"), row(2, salary=1)])

    assert run.dropped == {"salary": 2, "gender": 1}


def test_pages_of_a_run_that_is_done_are_gone():
    run = deliver(staff(2))

    assert not RunPage.objects.filter(run=run).exists()


# --- who leaves ---------------------------------------------------------------------------------


def test_a_delta_never_infers_leavers():
    deliver(staff(3))

    run = deliver([row(0)])

    assert results(run) == {"unchanged": 1}
    assert Person.objects.active().count() == 3


def test_whoever_is_missing_from_a_snapshot_has_left_and_is_kept():
    snapshot(staff(20))

    run = snapshot(staff(19))

    assert results(run) == {"left": 1, "unchanged": 19}
    assert (person(19).status, person(19).left_at is not None) == ("inactive", True)


def test_a_snapshot_takes_nobody_from_another_source():
    deliver([row("other")], source="contractors")
    snapshot(staff(20))

    snapshot(staff(20))

    assert person("other").status == "active"


def test_a_source_in_other_letters_is_the_same_source():
    snapshot(staff(3), source="Workday")

    run = snapshot(staff(3), source=" workday ")

    assert (run.counts["unchanged"], Person.objects.count()) == (3, 3)
    assert actions.put_person("WORKDAY", "E1", facts={"location": "Leeds"}, by=admin())[1] == "updated"
    assert set(Person.objects.values_list("source", flat=True)) == {"Workday"}


def test_the_same_id_in_two_sources_is_two_people():
    deliver([row(1)], source="a")
    deliver([row(1, display_name="Somebody else")], source="b")

    assert Person.objects.filter(source_id="E1").count() == 2


def test_an_inactive_flag_is_a_leaver():
    deliver(staff(2))

    run = deliver([row(0, status="terminated")])

    assert results(run) == {"left": 1}


def test_a_last_day_to_come_is_waited_for_whatever_the_status_says():
    later = timezone.localdate() + dt.timedelta(days=10)

    deliver([row(0, status="inactive", end_date=later.isoformat())])

    assert person(0).status == "active"


def test_a_last_day_to_come_is_waited_for_when_the_person_is_missing():
    later = (timezone.localdate() + dt.timedelta(days=10)).isoformat()
    snapshot([*staff(19), row(19, end_date=later)])

    snapshot(staff(19))

    assert person(19).status == "active"


def test_whoever_comes_back_is_restored():
    snapshot(staff(20))
    snapshot(staff(19))

    run = snapshot(staff(20))

    assert results(run) == {"restored": 1, "unchanged": 19}
    assert (person(19).status, person(19).left_at) == ("active", None)


def test_a_leaver_cannot_sign_in_and_whoever_comes_back_can():
    snapshot(staff(20))
    account = make_account(person=person(19))

    snapshot(staff(19))
    account.refresh_from_db()
    assert not account.is_active

    snapshot(staff(20))
    account.refresh_from_db()
    assert account.is_active


def test_a_joiner_who_came_while_a_snapshot_was_under_way_stays():
    by = admin()
    deliver(staff(20))
    slow = actions.open_run("hr", mode="snapshot", by=by)
    actions.add_page(slow, staff(20), by=by)
    deliver([row("new")])
    # In one transaction the database's clock stands still; in life it does not.
    Person.objects.filter(source_id="Enew").update(changed_at=timezone.now())

    run = finish(slow)

    assert results(run) == {"unchanged": 20}
    assert person("new").status == "active"


def test_an_older_snapshot_does_not_follow_a_newer_one():
    by = admin()
    deliver(staff(20))
    older = actions.open_run("hr", mode="snapshot", by=by)
    actions.add_page(older, staff(20, location="Leeds"), by=by)
    snapshot(staff(20, location="York"))

    run = finish(older)

    assert (run.state, person(0).location) == ("failed", "York")
    assert "newer snapshot" in run.failure


# --- days to come -------------------------------------------------------------------------------


def test_somebody_who_starts_later_is_pending_until_that_day():
    with time_machine.travel("2026-03-01", tick=False):
        deliver([row(1, start_date="2026-03-10")])
        assert person(1).status == "pending"
    with time_machine.travel("2026-03-10", tick=False):
        assert actions.honour_dates(by=admin()) == 1
        assert actions.honour_dates(by=admin()) == 0

    assert person(1).status == "active"


def test_somebody_leaves_on_their_last_day():
    with time_machine.travel("2026-03-01", tick=False):
        deliver([row(1, end_date="2026-03-31")])
    with time_machine.travel("2026-03-31", tick=False):
        actions.honour_dates(by=admin())

    assert person(1).status == "inactive"
    assert Change.objects.filter(subject=person(1).pk).order_by("id").last().verb == "leave"


def test_a_loop_in_the_data_keeps_nobody_from_starting():
    """E1 waited for E2, who came and was told to report to E1: closed here by hand, as an older version left it."""
    with time_machine.travel("2026-03-01", tick=False):
        deliver([row(1, start_date="2026-03-10", manager_source_id="E2"), row(3, start_date="2026-03-10")])
        deliver([row(2)])
        Person.objects.filter(source_id="E1").update(manager=None)
        deliver([row(2, manager_source_id="E1")])
    with time_machine.travel("2026-03-10", tick=False):
        assert actions.honour_dates(by=admin()) == 2

    assert (person(1).status, person(1).manager, person(3).status) == ("active", None, "active")


def test_a_source_that_cannot_begin_its_day_keeps_no_other_waiting(monkeypatch):
    with time_machine.travel("2026-03-01", tick=False):
        deliver([row(1, start_date="2026-03-10")], source="agency")
        deliver([row(2, start_date="2026-03-10")])
    begin_day = employment.begin_day

    def broken(source: Source, *, by: Account) -> int:
        return 1 / 0 if source.name == "agency" else begin_day(source, by=by)

    monkeypatch.setattr(employment, "begin_day", broken)
    with time_machine.travel("2026-03-10", tick=False):
        assert actions.honour_dates(by=admin()) == 1
    assert (person(1).status, person(2).status) == ("pending", "active")


# --- dry run ------------------------------------------------------------------------------------


def test_a_dry_run_says_what_it_would_do_and_does_nothing():
    snapshot(staff(20))
    before = list(Person.objects.values())

    run = snapshot([*staff(18), row("new"), row(18, job_title="Lead")], is_dry=True)

    assert run.state == "applied"
    assert results(run) == {"created": 1, "updated": 1, "left": 1, "unchanged": 18}
    assert list(Person.objects.values()) == before
    assert [(change.verb, change.source_id, change.state) for change in run.changes.order_by("id")] == [
        ("leave", "E19", "planned"),
        ("change", "E18", "planned"),
        ("add", "Enew", "planned"),
    ]
    assert JobTitle.objects.count() == 1


# --- closing and applying -----------------------------------------------------------------------


def test_closing_twice_applies_once():
    by = admin()
    run = actions.open_run("hr", mode="delta", by=by)
    actions.add_page(run, staff(1), by=by)

    actions.close_run(run, by=by)
    actions.close_run(run, by=by)

    assert OutboxMessage.objects.filter(topic=runs.APPLY_TASK).count() == 1
    assert runs.apply_run(run.pk)
    assert not runs.apply_run(run.pk)
    assert Change.objects.filter(noun="person").count() == 1


def test_a_closed_run_takes_no_more_pages():
    run = deliver(staff(1))

    with pytest.raises(RuleBroken, match="takes no more pages"):
        actions.add_page(run, staff(1), by=run.opened_by)


def test_closing_with_another_number_of_rows_is_refused():
    by = admin()
    run = actions.open_run("hr", mode="snapshot", by=by)
    actions.add_page(run, staff(2), by=by)

    with pytest.raises(RuleBroken, match=r"You sent 3 rows and 2 have come\. Send the missing pages"):
        actions.close_run(run, expected=3, by=by)
    with pytest.raises(RuleBroken, match=r"You sent 1 rows and 2 have come\. A page has come twice"):
        actions.close_run(run, expected=1, by=by)


def test_runs_of_one_source_are_applied_in_the_order_of_closing():
    by = admin()
    first, second = (actions.open_run("hr", mode="delta", by=by) for _ in range(2))
    actions.add_page(first, [row(1, location="old")], by=by)
    actions.add_page(second, [row(1, location="new")], by=by)
    actions.close_run(first, by=by)
    actions.close_run(second, by=by)

    assert not runs.apply_run(second.pk)
    assert runs.apply_run(first.pk)
    assert runs.apply_run(second.pk)

    assert person(1).location == "new"


def test_a_run_that_goes_wrong_on_our_side_changes_nothing_and_says_so(monkeypatch):
    deliver(staff(2))
    monkeypatch.setattr(runs.syncing.writing, "STAMP", "SELECT 1/0")

    run = deliver([row(0, location="Leeds")])

    assert run.state == "failed"
    assert "Nothing was changed" in run.failure
    assert person(0).location == ""


def test_a_run_that_is_never_closed_expires():
    by = admin()
    run = actions.open_run("hr", mode="delta", by=by)
    actions.add_page(run, staff(1), by=by)

    with time_machine.travel(timezone.now() + dt.timedelta(hours=73)):
        assert actions.expire_overdue(by=by) == 1

    run.refresh_from_db()
    assert (run.state, RunPage.objects.count(), Person.objects.count()) == ("expired", 0, 0)


def test_applying_costs_the_same_queries_for_one_person_and_for_three():
    def queries(count: int) -> int:
        by = admin()
        run = actions.open_run(f"hr{count}", mode="snapshot", by=by)
        actions.add_page(run, staff(count), by=by)
        actions.close_run(run, by=by)
        with CaptureQueriesContext(connection) as captured:
            runs.apply_run(run.pk)
        return len(captured)

    assert queries(1) == queries(3)
