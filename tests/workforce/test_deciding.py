"""An approval is carried out in the background: once, whoever asks twice, comes late or is killed; and who is told."""

import threading
from email.utils import getaddresses
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import connections

from base.models import Change, OutboxMessage
from tests.make import make_account
from tests.workforce.feed import admin, approve, deliver, finish, person, row, snapshot, staff
from workforce import actions, tasks
from workforce.actions import deciding, runs
from workforce.models import Person, Role, Run, RunChange, RunNotice
from workforce.queries import phases

db = pytest.mark.django_db


def held_run() -> Run:
    snapshot(staff(100))
    return snapshot(staff(80))


@db
def test_nothing_is_done_before_a_worker_has_done_it():
    run = actions.approve_run(held_run(), reason="The branch was closed", by=admin())

    assert (run.state, run.is_approved, Person.objects.active().count()) == ("applying", True, 100)
    assert OutboxMessage.objects.filter(topic=runs.APPLY_TASK, payload__run_id=str(run.pk)).count() == 2


@db
def test_two_who_approve_do_it_once_and_the_first_one_is_named():
    run, first = held_run(), admin()
    actions.approve_run(run, reason="Right", by=first)
    actions.approve_run(run, reason="Right as well", by=admin())
    runs.apply_run(run.pk)
    assert not runs.apply_run(run.pk)

    run = actions.approve_run(run, by=admin())

    assert (run.state, run.decided_by, run.reason, run.counts["left"]) == ("applied", first, "Right", 20)
    assert Change.objects.filter(scope=run.pk, verb="leave").count() == 20
    assert Change.objects.filter(subject=run.pk, verb="approve").count() == 1


@db
def test_what_a_worker_lost_is_asked_for_again_and_done_once(monkeypatch):
    run = actions.approve_run(held_run(), by=admin())
    monkeypatch.setattr(runs.syncing, "sync_staged", lambda *args, **facts: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        runs.apply_run(run.pk)
    monkeypatch.undo()
    assert Person.objects.active().count() == 100

    Run.objects.wanted().update(leased_until="2020-01-01T00:00Z", wanted_at="2020-01-01T00:00Z")
    assert runs.resume_stalled() == 1
    runs.apply_run(run.pk)

    assert Change.objects.filter(scope=run.pk, verb="leave").count() == 20


@db
def test_newer_news_answers_an_approval_that_is_still_waiting():
    run = actions.approve_run(held_run(), by=admin())
    run.changes.held().update(state="dropped")  # as a newer snapshot does, when it was first

    runs.apply_run(run.pk)

    run.refresh_from_db()
    assert (run.state, run.counts["held"], Person.objects.active().count()) == ("expired", 0, 100)


@db
def test_an_approval_is_done_before_what_came_after_it():
    run = actions.approve_run(held_run(), by=admin())
    by = admin()
    later = actions.open_run("hr", mode="snapshot", by=by)
    actions.add_page(later, staff(100), by=by)
    actions.close_run(later, by=by)

    assert not runs.apply_run(later.pk)
    runs.apply_run(run.pk)
    runs.apply_run(later.pk)

    assert Person.objects.active().count() == 100
    assert Change.objects.filter(verb="restore").count() == 20


@db
def test_an_approval_that_breaks_is_a_question_again(monkeypatch):
    run = actions.approve_run(held_run(), reason="Right", by=admin())
    monkeypatch.setattr(runs.syncing, "sync_staged", lambda *args, **facts: 1 / 0)

    runs.apply_run(run.pk)

    run.refresh_from_db()
    assert (run.state, run.decided_by, run.reason) == ("held", None, "")
    assert "decide again" in run.failure
    assert run.changes.held().count() == 20
    monkeypatch.undo()
    assert approve(run).counts["left"] == 20
    assert Run.objects.get(pk=run.pk).failure == ""


@db
def test_a_rejected_run_cannot_be_approved_nor_an_approved_one_rejected():
    run = actions.approve_run(held_run(), by=admin())

    with pytest.raises(runs.RuleBroken, match="nothing waits"):
        actions.reject_run(run, by=admin())


# --- who is told --------------------------------------------------------------------------------


def told(run: Run) -> list[str]:
    return sorted(run.notices.values_list("account__full_name", flat=True))


@db
def test_people_admins_hear_once_of_a_run_that_is_held():
    make_account(Role.PEOPLE_ADMIN, name="Ines")
    make_account(Role.ADMINISTRATOR, name="Owen")
    make_account(Role.PEOPLE_ADMIN, name="Gone", is_active=False)
    by = make_account(name="Feed")
    snapshot(staff(100), by=by)

    run = snapshot(staff(80), by=by)

    assert told(run) == ["Ines"]
    notice = RunNotice.objects.get()
    tasks.send_run_notice(notice.pk)
    tasks.send_run_notice(notice.pk)
    [letter] = mail.outbox
    assert letter.subject == "Sightline: a run of hr waits for your decision"
    assert "20 of 100 active people would leave" in letter.body
    html = letter.alternatives[0].content
    assert f"/people/runs/{run.pk}/" in letter.body
    assert f"/people/runs/{run.pk}/" in html
    assert "approve or reject it, with a reason" in html


@db
@pytest.mark.parametrize(
    "name", ["Holm, Anna", "x@evil.example, Bob", "Bob <x@evil.example>", "Zoë (HR); “A”", "a\nb: c"]
)
def test_whatever_somebody_is_called_the_letter_reaches_them_alone(name):
    make_account(Role.PEOPLE_ADMIN, name=name, email="ines@acme.example")
    by = make_account(name="Feed")
    snapshot(staff(100), source="Our\nHR", by=by)
    snapshot(staff(80), source="Our\nHR", by=by)

    tasks.send_run_notice(RunNotice.objects.get().pk)

    [letter] = mail.outbox
    [(_, address)] = getaddresses([str(letter.message()["To"])])
    assert (address, letter.subject) == ("ines@acme.example", "Sightline: a run of Our HR waits for your decision")


@db
def test_where_nobody_looks_after_people_the_administrators_hear():
    make_account(Role.ADMINISTRATOR, name="Owen")
    by = make_account(name="Feed")
    snapshot(staff(100), by=by)

    assert told(snapshot(staff(80), by=by)) == ["Owen"]


@db
def test_a_failed_run_is_told_with_what_went_wrong(monkeypatch):
    by = admin()
    monkeypatch.setattr(runs.syncing, "sync_run", lambda *args, **facts: 1 / 0)

    run = deliver(staff(1), by=by)

    tasks.send_run_notice(RunNotice.objects.get(run=run).pk)
    assert mail.outbox[0].subject == "Sightline: a run of hr failed"
    assert "Nothing was changed: send it again." in mail.outbox[0].body
    assert Change.objects.filter(subject=run.pk, verb="fail", by_name="Sightline").exists()


@db
def test_applied_and_dry_runs_write_to_nobody():
    admin()
    snapshot(staff(100))
    snapshot(staff(10), is_dry=True)

    assert not RunNotice.objects.exists()


@db
def test_a_mail_that_comes_too_late_is_not_sent():
    run = held_run()
    actions.reject_run(run, by=admin())

    tasks.send_run_notice(RunNotice.objects.filter(run=run).first().pk)

    assert mail.outbox == []


# --- how far it is ------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_phase_of_a_transaction_is_seen_from_outside_and_ends_with_it(monkeypatch):
    by, seen = admin(), []
    run = actions.open_run("hr", mode="delta", by=by)
    actions.add_page(run, [row(1)], by=by)

    def look() -> None:
        seen.append(phases.said(run.pk))
        connections.close_all()

    write = runs.syncing.writing.write

    def watched(*args: Any, **facts: Any) -> int:
        watcher = threading.Thread(target=look)
        watcher.start()
        watcher.join()
        return write(*args, **facts)

    monkeypatch.setattr(runs.syncing.writing, "write", watched)
    finish(run, by=by)

    assert [said.name for said in seen] == [phases.WRITING]
    assert phases.said(run.pk) is None
    assert person(1).display_name == "Person 1"


@db
def test_whoever_rejects_waits_for_none_of_it_and_a_worker_throws_it_away_once():
    snapshot(staff(100))
    run = snapshot(staff(80))

    run = actions.reject_run(run, reason="The export was cut off", by=admin())

    assert (run.state, run.changes.held().count()) == ("rejected", 20)
    message = OutboxMessage.objects.get(topic=deciding.DROP_TASK)
    deciding.drop_rejected(UUID(message.payload["run_id"]))
    assert run.changes.in_state(RunChange.State.DROPPED).count() == 20


@db
def test_what_waits_in_a_run_that_is_still_a_question_is_thrown_away_by_nobody():
    snapshot(staff(100))
    run = snapshot(staff(80))

    deciding.drop_rejected(run.pk)
    runs.tidy_runs()

    assert run.changes.held().count() == 20


@db
def test_what_a_lost_worker_did_not_throw_away_goes_with_the_next_hour():
    snapshot(staff(100))
    run = actions.reject_run(snapshot(staff(80)), by=admin())

    runs.tidy_runs()

    assert not run.changes.held().exists()
