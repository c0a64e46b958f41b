"""Review intervals: what they would do is shown before they are set, and setting them is taken back."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from base.errors import RuleBroken
from base.models import Change
from performance_support import actions, drawing, routines
from performance_support.models import FreshnessDay, Resource, ReviewInterval
from performance_support.models.freshness import REVIEWED_EVERY, intervals
from performance_support.queries import freshness
from tests.make import make_account, make_designer, make_resource, make_workflow
from workflows import actions as work
from workforce.models import Role

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def admin():
    return make_account(Role.ADMINISTRATOR)


@pytest.fixture
def client(admin):
    client = Client()
    client.force_login(admin)
    return client


def rated(criticality: int) -> Resource:
    step = make_workflow(steps=1).steps.get()
    return make_resource(at=work.change_step(step, criticality=criticality, by=make_designer()))


def typed(**changed: int) -> dict[str, object]:
    return {f"days_{n}": days for n, days in intervals().items()} | changed


def test_what_they_would_do_is_counted_and_nothing_is_done(clock, client):
    due, soon, stays = rated(3), rated(5), rated(7)
    clock.move_to(START + dt.timedelta(days=10))
    answer = client.post(reverse("review_intervals"), typed(days_3=10, days_5=24, days_7=30, days_1=400))
    assert answer.context["consequence"] == (1, 1, 2, 0)
    assert "1 resource would become due at once" in answer.content.decode()
    assert not ReviewInterval.objects.exists()
    assert [Resource.objects.get(pk=r.pk).due_on for r in (due, soon, stays)] == [
        START.date() + dt.timedelta(days=days) for days in (90, 60, 30)
    ]


def test_what_is_stale_already_is_not_counted_again(clock):
    rated(7)
    clock.move_to(START + dt.timedelta(days=31))
    routines.keep_fresh()
    assert freshness.would_be_due(REVIEWED_EVERY | {7: 5}) == (0, 0, 0, 0)


def test_only_those_are_set_whose_consequences_were_shown(client):
    resource, address = rated(7), reverse("review_intervals")
    shown = client.post(address, typed(days_7=60)).context["looked"]
    client.post(address, typed(days_7=61) | {"looked": shown, "save": "1"})
    assert not ReviewInterval.objects.exists()
    answer = client.post(address, typed(days_7=60) | {"looked": shown, "save": "1"}, follow=True)
    assert intervals() == REVIEWED_EVERY | {7: 60}
    assert Resource.objects.get(pk=resource.pk).due_on == START.date() + dt.timedelta(days=60)
    change = Change.objects.get(noun="reviewinterval")
    assert (change.facts, change.verb) == ({"days": [30, 60]}, "set")
    undo = reverse("review_intervals_undo", args=[change.scope])
    assert undo in answer.content.decode()
    client.post(undo)
    assert intervals() == REVIEWED_EVERY
    assert Resource.objects.get(pk=resource.pk).due_on == START.date() + dt.timedelta(days=30)


def test_what_somebody_set_since_is_not_taken_back(admin):
    batch = actions.set_intervals({7: 60}, by=admin)
    actions.set_intervals({7: 45}, by=admin)
    with pytest.raises(RuleBroken, match="set again since"):
        actions.undo_intervals(batch, by=admin)
    assert intervals()[7] == 45


def test_nothing_is_written_where_nothing_changes(admin):
    assert actions.set_intervals(REVIEWED_EVERY, by=admin) is None
    assert not Change.objects.filter(noun="reviewinterval").exists()


@pytest.mark.parametrize("days", ["0", "1001", "", "often"])
def test_a_number_that_makes_no_sense_says_so_at_its_field(client, days):
    answer = client.post(reverse("review_intervals"), typed() | {"days_4": days})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["days_4"]


# --- the trend on the desk --------------------------------------------------------------------


def day(number: int, fresh: int | None) -> FreshnessDay:
    views = 0 if fresh is None else 100
    return FreshnessDay(
        day=dt.date(2026, 3, number), views=views, fresh_views=fresh or 0, resources=10, fresh=(fresh or 0) // 10
    )


def test_the_line_has_holes_where_no_day_was_kept():
    drawn = drawing.trend([day(1, 50), day(2, 50), day(3, None), day(4, 80), day(6, 100)])
    assert [part[0] for part in drawn.path.replace("M", "|M").replace("L", "|L").split("|")[1:]] == ["M", "L", "M", "M"]
    assert [kept.day.day for kept in drawn.days] == [1, 4, 6]
    assert drawn.words == "Fresh by use, from 50 % on 1 March to 100 % on 6 March"
    assert drawing.trend([day(1, 50), day(2, None)]) is None


def test_the_desk_draws_it_and_says_it_in_a_table(client):
    assert '<svg class="spark"' not in client.get(reverse("freshness_desk")).content.decode()
    for kept in (day(1, 60), day(2, 75)):
        kept.save()
    html = client.get(reverse("freshness_desk")).content.decode()
    assert 'aria-label="Fresh by use, from 60 % on 1 March to 75 % on 2 March"' in html
    assert html.count('<td class="num">75 %</td>') == 1
