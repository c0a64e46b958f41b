"""`reconcile` against a history kept by hand, and against itself in another thread."""

import datetime as dt
import random
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from base.rules import Reconciled, Rules, Severity, reconcile, reconcile_together
from skills.models import Skill, SkillFlag
from tests.make import make_designer, make_skill

CODE = "worded_by_hand"


def failing(subjects):
    return Skill.objects.filter(pk__in=[skill.pk for skill in subjects])


def open_flags(code: str):
    return SkillFlag.objects.open().coded(code).values_list("about", flat=True)


def open_now() -> dict:
    """{skill: what must not change while its flag is open}"""
    flags = SkillFlag.objects.open().coded(CODE)
    return {f.about_id: (f.pk, f.opened_at, f.assigned_to_id, f.snoozed_until, f.snooze_reason) for f in flags}


@pytest.mark.django_db
def test_what_is_new_opens_what_stands_stays_and_what_is_gone_clears():
    one, two, three = (make_skill() for _ in range(3))
    assert reconcile(SkillFlag, CODE, failing([one, two])) == Reconciled(opened=2, cleared=0, standing=0)
    before = open_now()

    assert reconcile(SkillFlag, CODE, failing([two, three])) == Reconciled(opened=1, cleared=1, standing=1)
    assert set(open_now()) == {two.pk, three.pk}
    assert open_now()[two.pk] == before[two.pk]


@pytest.mark.django_db
def test_a_second_time_writes_nothing():
    skills = [make_skill() for _ in range(3)]
    reconcile(SkillFlag, CODE, failing(skills))
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(xmin::text ORDER BY id) FROM skills_skillflag")
        rows = cursor.fetchone()

        assert reconcile(SkillFlag, CODE, failing(skills)) == Reconciled(opened=0, cleared=0, standing=3)
        cursor.execute("SELECT array_agg(xmin::text ORDER BY id) FROM skills_skillflag")
        assert cursor.fetchone() == rows


@pytest.mark.django_db
def test_what_comes_back_is_a_new_flag_and_the_old_one_stays_in_the_history():
    skill = make_skill()
    for subjects in ([skill], [], [skill]):
        reconcile(SkillFlag, CODE, failing(subjects))

    old, new = SkillFlag.objects.coded(CODE).order_by("cleared_at")
    assert (old.cleared_at is None, new.cleared_at) == (False, None)


@pytest.mark.django_db
def test_an_edit_looks_only_at_what_it_touched():
    touched, other = make_skill(), make_skill()
    reconcile(SkillFlag, CODE, failing([touched, other]))

    assert reconcile(SkillFlag, CODE, failing([]), among=[touched.pk]) == Reconciled(opened=0, cleared=1, standing=0)
    assert set(open_now()) == {other.pk}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(5))
def test_any_history_equals_the_one_kept_by_hand(seed):
    chance, by = random.Random(seed), make_designer()
    skills = [make_skill() for _ in range(6)]
    by_hand: dict = {}  # {skill: [flag, assignee, snoozed until]}
    cleared = 0

    for _ in range(20):
        fails = {s.pk for s in skills if chance.random() < 0.5}
        among = chance.choice([None, {s.pk for s in chance.sample(skills, chance.randint(0, 6))}])
        looked_at = {s.pk for s in skills} if among is None else among
        expected = Reconciled(
            opened=len((fails & looked_at) - by_hand.keys()),
            cleared=len((by_hand.keys() & looked_at) - fails),
            standing=len(by_hand.keys() & looked_at & fails),
        )

        assert reconcile(SkillFlag, CODE, Skill.objects.filter(pk__in=fails), among=among) == expected

        cleared += expected.cleared
        now = open_now()
        by_hand = {pk: f for pk, f in by_hand.items() if pk not in looked_at or pk in fails}
        assert now == by_hand | {pk: now[pk] for pk in (fails & looked_at) - by_hand.keys()}
        if now and chance.random() < 0.6:
            flag = SkillFlag.objects.open().filter(about=chance.choice(sorted(now)), code=CODE)
            until = timezone.localdate() + dt.timedelta(days=chance.randint(0, 9))
            flag.update(assigned_to=by, snoozed_until=until, snooze_reason="It can wait", snoozed_by=by)
        by_hand = open_now()

    assert SkillFlag.objects.cleared().coded(CODE).count() == cleared


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_several_rules_together_find_what_each_finds_alone(seed):
    chance = random.Random(seed)
    skills = [make_skill() for _ in range(6)]

    for _ in range(6):
        fails = {code: {s.pk for s in skills if chance.random() < 0.5} for code in ("one", "other")}
        among = {s.pk for s in chance.sample(skills, chance.randint(0, 6))}
        before = {code: set(open_flags(code)) for code in fails}

        found = reconcile_together(
            SkillFlag, {code: Skill.objects.filter(pk__in=pks) for code, pks in fails.items()}, among=among
        )

        for code, pks in fails.items():
            now = (before[code] - among) | (pks & among)
            assert set(open_flags(code)) == now
            opened, standing = len(now - before[code]), len(now & before[code] & among)
            assert found[code] == Reconciled(opened=opened, cleared=len(before[code] - now), standing=standing)


@pytest.mark.django_db
def test_a_rule_that_fails_in_an_edit_stops_no_other(caplog, monkeypatch):
    monkeypatch.setattr(Rules, "watched", {})
    rules, words = Rules("skill", SkillFlag), {"title": "t", "sentence": "s", "remedy": "r"}
    rules.rule("divides", Severity.WARNS, **words)(lambda skills: skills.extra(where=["1 / (length(name) - 4) > 0"]))
    rules.rule("everything", Severity.WARNS, **words)(lambda skills: skills)
    skill = make_skill(name="four")

    found = rules.check_all(among=[skill.pk])

    assert found == {"divides": None, "everything": Reconciled(opened=1, cleared=0, standing=0)}
    assert "The rule divides about a skill failed" in caplog.text


@pytest.mark.django_db
def test_a_snooze_ends_on_its_day():
    flag = make_skill().flags.get(code="no_context")
    day, by = dt.date(2026, 5, 4), make_designer()
    SkillFlag.objects.filter(pk=flag.pk).update(snoozed_until=day, snooze_reason="Waits for May", snoozed_by=by)

    before, mine = day - dt.timedelta(days=1), SkillFlag.objects.filter(pk=flag.pk)
    assert (mine.awake(before).count(), mine.asleep(before).count()) == (0, 1)
    assert (mine.awake(day).count(), mine.asleep(day).count()) == (1, 0)


@pytest.mark.django_db
def test_a_rule_that_fails_is_logged_and_stops_no_other(caplog, monkeypatch):
    monkeypatch.setattr(Rules, "watched", {})
    rules = Rules("skill", SkillFlag)
    words = {"title": "t", "sentence": "s", "remedy": "r"}
    rules.rule("divides", Severity.WARNS, **words)(lambda skills: skills.extra(where=["1 / (length(name) - 4) > 0"]))
    rules.rule("everything", Severity.WARNS, **words)(lambda skills: skills)
    make_skill(name="four")

    assert rules.check_all() == {"divides": None, "everything": Reconciled(opened=1, cleared=0, standing=0)}
    assert "The rule divides about a skill failed" in caplog.text
    assert "division by zero" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_two_at_once_write_what_one_would():
    skills = [make_skill() for _ in range(10)]
    start, results = Barrier(2), []

    def check() -> None:
        start.wait()
        results.append(reconcile(SkillFlag, CODE, failing(skills)))
        connection.close()

    threads = [Thread(target=check) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted((r.opened, r.cleared, r.opened + r.standing) for r in results) == [(0, 0, 10), (10, 0, 10)]
    assert SkillFlag.objects.coded(CODE).count() == 10
