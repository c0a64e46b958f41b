import datetime as dt
import json
from io import StringIO
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.utils import timezone

from base import routines, watch
from base.models import OutboxMessage, WatchRun
from base.rules import Rules
from skills.models import SkillFlag
from tests.make import make_designer, make_skill, make_workflow


def everything() -> list:
    return [list(rules.flags.objects.order_by("pk").values_list()) for rules in Rules.watched.values()]


def run_command(capsys) -> dict:
    call_command("run_watch")
    return json.loads(capsys.readouterr().out.splitlines()[-1])


@pytest.mark.django_db
def test_the_command_prints_the_open_flags_of_every_rule(capsys):
    make_workflow(steps=1)
    make_skill("Support the sales rep by completing the form")
    SkillFlag.objects.all().delete()

    assert run_command(capsys) == {
        "no_context": 1, "path_broken": 0, "work_retired": 0, "nobody_performs": 0, "outcome_unmeasured": 0,
        "step_unrated": 0, "looks_alike": 0, "says_little": 0, "no_outcome": 0, "no_role": 0, "nobody_receives": 0,
        "step_changed": 0, "link_broken": 0, "voted_down": 0, "owner_left": 0, "review_due": 0, "unplaced": 0,
        "unused": 0, "environment_before": 0, "environment_after_30": 0, "environment_after_60": 0,
        "environment_after_90": 0,
    }  # fmt: skip


@pytest.mark.django_db
def test_running_it_twice_changes_nothing(capsys):
    make_workflow(steps=2)
    make_skill()
    first = run_command(capsys)
    rows = everything()

    assert run_command(capsys) == first
    assert everything() == rows


@pytest.mark.django_db(transaction=True)
def test_two_at_once_change_what_one_would():
    for _ in range(5):
        make_skill()
    SkillFlag.objects.all().delete()

    def run() -> None:
        call_command("run_watch", stdout=StringIO())
        connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [run.opened for run in WatchRun.objects.order_by("id")] == [5, 0]
    assert SkillFlag.objects.count() == 5


@pytest.mark.django_db
def test_there_is_room_for_one_run_under_way():
    WatchRun.objects.create()

    with pytest.raises(IntegrityError, match="watchrun_is_under_way_once"):
        WatchRun.objects.create()


@pytest.mark.django_db
def test_whoever_asks_meanwhile_joins_the_run():
    maren = make_designer("Maren Holt")

    assert watch.ask(by=maren) == watch.ask(by=make_designer())
    assert WatchRun.objects.get().asked_by_name == "Maren Holt"


@pytest.mark.django_db
def test_a_run_is_worked_on_by_one_and_finished_once():
    run = watch.ask()

    assert [watch.run_through(run.pk), watch.run_through(run.pk)] == [True, False]


@pytest.mark.django_db
def test_a_run_that_its_worker_lost_is_taken_up_again():
    run = watch.ask()
    WatchRun.objects.update(started_at=timezone.now(), leased_until=timezone.now() + dt.timedelta(minutes=1))
    assert not watch.run_through(run.pk)

    WatchRun.objects.update(leased_until=timezone.now() - dt.timedelta(seconds=1))
    assert watch.run_through(run.pk)


@pytest.mark.django_db
def test_the_run_tells_what_it_found_and_which_rule_failed(monkeypatch):
    make_skill()
    SkillFlag.objects.all().delete()
    looks_alike = Rules.watched["skill"]["looks_alike"]
    monkeypatch.setattr(
        Rules, "check", lambda rules, rule, check=Rules.check: rule != looks_alike and check(rules, rule)
    )
    run = watch.ask()

    watch.run_through(run.pk)

    run.refresh_from_db()
    assert (run.failures, run.done, run.total) == (["looks_alike"], 22, 22)
    assert run.found["no_context"] == {"opened": 1, "cleared": 0, "standing": 0}
    assert SkillFlag.objects.filter(code="no_context").exists()


@pytest.mark.django_db
def test_every_night_the_clock_asks_for_a_run():
    routines.keep_watch()

    message = OutboxMessage.objects.get()
    assert (message.topic, message.payload) == ("base.routines.run_watch", {"run": WatchRun.objects.get().pk})
