"""Nightly figures against a new reckoning of the same day, and series against both."""

import datetime as dt
from typing import Any

import pytest
from django.db.utils import IntegrityError
from django.utils import timezone

from gaps import routines
from gaps.models import Evidence, FigurePeriod, SnapshotDay, Standing, Withdrawal
from gaps.queries import snapshot
from gaps.queries.reckoning import EVERYBODY, Whose
from gaps.queries.summing import sum_of_all, sums
from gaps.queries.trend import point_on, trend
from tests.gaps.test_past import ago, day, make_history
from tests.gaps.worlds import make_world
from tests.make import make_person
from workforce.models import Person

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def kept_on(whose: Whose, when: dt.date):
    """As it was kept, of today as well."""
    return trend(whose, days=2, until=when + dt.timedelta(days=1)).points[0]


def figures(of) -> tuple:
    return (of.people, of.counted, of.met, of.of, of.known, of.share, of.ready, of.upskill, of.reskill)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_kept_of_today_is_what_the_sums_say(seed):
    make_world(seed, people=12)

    kept = snapshot.take()

    assert kept.people == Person.objects.active().count()
    assert figures(kept_on(EVERYBODY, TODAY)) == figures(sum_of_all())
    for by in ("team", "job_role"):
        for each in sums(by=by):
            if each.key:
                assert figures(kept_on(Whose(**{by: each.key}), TODAY)) == figures(each)
                assert sum(FigurePeriod.objects.filter(**{by: each.key}).values_list("met", flat=True)) == each.met


@pytest.mark.parametrize("seed", range(4))
def test_every_kept_day_is_that_day_reckoned_again(seed):
    make_history(seed)
    for count in range(60, 0, -1):
        snapshot.take(day(count))

    series = trend(until=day(1), days=60).points

    assert [figures(point) for point in series] == [figures(sum_of_all(as_of=point.day)) for point in series]


def test_what_is_written_later_leaves_a_kept_day_as_it_was():
    world, _ = make_history(1)
    snapshot.take(day(1))
    before = point_on(EVERYBODY, day(1))

    Evidence.objects.create(
        person=world.people[0], skill=world.skills[0], level=4, type="exercise", observed_at=ago(40), source="Late",
        valid_until=TODAY, recorded_by=world.by,
    )  # fmt: skip
    Withdrawal.objects.create(evidence=Evidence.objects.first(), reason="No", withdrawn_by=world.by)

    assert point_on(EVERYBODY, day(1)) == before
    assert figures(before) == figures(sum_of_all(as_of=day(1)))


def test_keeping_a_day_twice_is_keeping_it_once():
    make_world(3, people=8)
    snapshot.take()
    kept = rows()

    snapshot.take()

    assert rows() == kept
    assert SnapshotDay.objects.count() == 1


def test_keeping_a_day_again_takes_the_newer_figures():
    make_world(3, people=8)
    snapshot.take()

    Standing.objects.all().delete()
    snapshot.take()

    assert kept_on(EVERYBODY, TODAY).met == 0
    assert figures(kept_on(EVERYBODY, TODAY)) == figures(sum_of_all())


def rows() -> set:
    return set(FigurePeriod.objects.values_list("person", "team", "job_role", "since", "until", "met", "upskill"))


def test_a_night_writes_only_who_moved():
    world, _ = make_history(2)
    snapshot.take(day(1))
    Person.objects.filter(pk=world.people[0].pk).update(status="inactive", left_at=timezone.now())

    kept = snapshot.take()

    assert kept.people == 2
    assert FigurePeriod.objects.get(person=world.people[0]).until == TODAY


def test_days_are_kept_in_their_order():
    make_person()
    snapshot.take()

    with pytest.raises(ValueError, match="later day"):
        snapshot.take(day(1))


def test_days_without_a_worker_are_made_up_for():
    make_history(0)
    snapshot.take(day(4))

    routines.keep_figures()

    assert sorted(SnapshotDay.objects.values_list("day", flat=True)) == [day(count) for count in (4, 3, 2, 1, 0)]


def test_a_long_silence_leaves_a_hole_that_the_series_shows():
    make_history(0)
    snapshot.take(day(20))

    routines.keep_figures()

    points = trend(days=30, until=TODAY).points
    assert [point.day for point in points if point.is_known] == [day(count) for count in (20, 7, 6, 5, 4, 3, 2, 1, 0)]


def test_a_person_counts_for_a_team_while_there():
    world, _ = make_history(1)
    here, there = (make_person(role=world.roles[0], team=team_named(name)).team for name in ("Here", "There"))
    mover = world.people[0]
    Person.objects.filter(pk=mover.pk).update(team=here)
    snapshot.take(day(0))
    FigurePeriod.objects.update(since=day(3))
    SnapshotDay.objects.update(day=day(3))
    Person.objects.filter(pk=mover.pk).update(team=there)
    snapshot.take()

    def people(team: Any, count: int) -> int:
        return kept_on(Whose(team=team.pk), day(count)).people

    assert (people(here, 3), people(there, 3)) == (2, 1)
    assert (people(here, 0), people(there, 0)) == (1, 2)


def team_named(name: str):
    return Person._meta.get_field("team").related_model.objects.get_or_create(name=name)[0]


def test_today_is_as_it_is_by_now():
    make_world(4, people=8)
    snapshot.take()
    Standing.objects.all().delete()

    assert figures(trend().points[-1]) == figures(sum_of_all())


def test_a_day_with_too_few_people_is_not_shown():
    make_history(1)
    snapshot.take(day(1))

    hidden = trend(until=day(1), days=1, told=[]).points[0]

    assert (hidden.is_known, hidden.people, hidden.met, hidden.share) == (False, 0, 0, None)
    assert trend(until=day(1), days=1, told=[day(1)]).points[0].is_known


@pytest.mark.parametrize("count", [1, 12])
def test_a_series_is_one_query(count, django_assert_num_queries):
    make_world(3, people=count)
    with django_assert_num_queries(1):
        trend(until=day(1))
    with django_assert_num_queries(3):
        trend()


def test_one_period_of_a_person_lasts():
    make_history(1)
    snapshot.take()
    period = FigurePeriod.objects.first()
    period.pk, period.since = None, period.since + dt.timedelta(days=1)

    with pytest.raises(IntegrityError, match="figureperiod_that_lasts_is_one_per_person"):
        period.save(force_insert=True)
