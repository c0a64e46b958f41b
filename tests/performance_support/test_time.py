"""Time to learn is granted by managers and noted for oneself; nobody is compared by it."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from base.errors import RuleBroken
from performance_support import actions
from performance_support.models import Learning, TimeGrant
from performance_support.queries import time
from tests.house import House, build
from tests.make import make_account, make_person, make_step
from tests.test_role_matrix import PAGES, ROLES, rows
from workforce.models import Account, Person

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 3, 2)


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel("2026-03-04 10:00+00:00", tick=False):
        yield


@pytest.fixture
def boss() -> Person:
    return make_person(display_name="Ines Vogt")


@pytest.fixture
def manager(boss) -> Account:
    return make_account(name="Ines Vogt", person=boss)


@pytest.fixture
def learner(boss) -> Account:
    return make_account(name="Tom Becker", person=make_person(manager=boss, display_name="Tom Becker"))


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def shown(account: Account, page: str = "time_show", *parts: object) -> str:
    return signed_in(account).get(reverse(page, args=parts)).content.decode()


def note(account: Account, minutes: int = 30, *, days_ago: int = 0, form: str = "reading") -> Learning:
    day = timezone.localdate() - dt.timedelta(days=days_ago)
    return actions.log_learning(account.person, form=form, minutes=minutes, learnt_on=day, by=account)


# --- what is granted --------------------------------------------------------------------------


def test_what_a_manager_grants_is_a_permission_at_every_step(manager, learner):
    actions.grant_time(manager.person, minutes=90, since=MONDAY, by=manager)

    assert "You may use 90 minutes a week." in shown(learner, "step_support", make_step().pk)
    assert "You may use 90 minutes a week." in shown(learner, "support_home")


def test_nobody_grants_to_themselves(manager, learner):
    actions.grant_time(manager.person, minutes=90, since=MONDAY, by=manager)

    assert time.granted_to(manager.person, MONDAY) is None


def test_the_nearest_manager_decides_and_the_next_one_where_nobody_nearer_has(manager, learner):
    below = make_person(manager=learner.person)
    above = actions.grant_time(manager.person, minutes=30, since=MONDAY, by=manager)
    assert time.granted_to(below, MONDAY) == above

    near = actions.grant_time(learner.person, minutes=60, since=MONDAY, by=learner)

    assert time.grants_of([below.pk, learner.person.pk], MONDAY) == {below.pk: near, learner.person.pk: above}


@pytest.mark.parametrize(("day", "holds"), [(-1, False), (0, True), (6, True), (7, False)])
def test_a_permission_holds_from_its_first_day_to_its_last(manager, learner, day, holds):
    until = MONDAY + dt.timedelta(days=6)
    actions.grant_time(manager.person, minutes=60, since=MONDAY, until=until, by=manager)

    assert (time.granted_to(learner.person, MONDAY + dt.timedelta(days=day)) is not None) is holds


def test_only_whoever_leads_people_grants(learner):
    with pytest.raises(RuleBroken, match="Nobody reports to Tom Becker"):
        actions.grant_time(learner.person, minutes=60, since=MONDAY, by=learner)


def test_a_manager_grants_on_the_page_and_ends_it_there(manager, learner):
    client = signed_in(manager)
    client.post(reverse("time_grant"), {"minutes": 45, "since": "2026-03-02", "until": ""})
    grant = TimeGrant.objects.get()
    assert (grant.minutes, grant.since, grant.until, grant.granted_by) == (45, MONDAY, None, manager)

    client.post(reverse("time_end", args=[grant.pk]))

    grant.refresh_from_db()
    assert grant.until == dt.date(2026, 3, 3)
    assert "Nobody has granted time" in shown(learner)


def test_what_has_not_held_for_a_day_is_taken_back_whole(manager, learner):
    actions.end_grant(
        actions.grant_time(manager.person, minutes=60, since=timezone.localdate(), by=manager), by=manager
    )

    assert not TimeGrant.objects.exists()


def test_days_that_are_granted_already_are_refused_in_words(manager, learner):
    actions.grant_time(manager.person, minutes=45, since=MONDAY, by=manager)

    answer = signed_in(manager).post(reverse("time_grant"), {"minutes": 60, "since": "2026-03-09"})

    assert answer.status_code == 422
    assert "Time is granted for some of these days already." in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "kept_by"),
    [
        ({"minutes": 14}, "timegrant_minutes_is_15_to_2400"),
        ({"minutes": 2401}, "timegrant_minutes_is_15_to_2400"),
        ({"until": MONDAY - dt.timedelta(days=1)}, "timegrant_begins_before_it_ends"),
        ({"since": MONDAY + dt.timedelta(days=9)}, "timegrant_overlaps_no_other_of_its_manager"),
    ],
)
def test_postgresql_keeps_what_is_granted(manager, learner, fields, kept_by):
    usual = {"manager": manager.person, "minutes": 60, "since": MONDAY, "granted_by": manager}
    if "since" in fields:
        TimeGrant.objects.create(**usual)

    with pytest.raises(IntegrityError, match=kept_by), transaction.atomic():
        TimeGrant.objects.bulk_create([TimeGrant(**{**usual, **fields})])


# --- what one notes ---------------------------------------------------------------------------


def test_one_click_notes_a_quarter_of_an_hour_and_another_takes_it_back(learner):
    client, step = signed_in(learner), make_step()

    answer = client.post(reverse("learning_log"), {"form": "asking", "step": step.pk}, headers={"HX-Request": "true"})

    noted = Learning.objects.get()
    assert (noted.person, noted.form, noted.minutes, noted.step) == (learner.person, "asking", 15, step)
    undo = reverse("learning_forget", args=[noted.pk])
    assert undo in answer["HX-Trigger"]
    client.post(undo)
    assert not Learning.objects.exists()


@pytest.mark.parametrize("back", ["/support/", "https://elsewhere.example/", "//elsewhere.example/", ""])
def test_without_a_script_one_is_led_back_to_our_own_pages_only(learner, back):
    answer = signed_in(learner).post(reverse("learning_log"), {"form": "reading", "back": back})

    assert answer["Location"] == ("/support/" if back == "/support/" else reverse("time_show"))


@pytest.mark.parametrize(
    "sent", [{"form": "bribery"}, {"form": "reading", "minutes": "481"}, {"form": "reading", "learnt_on": "2026-03-05"}]
)
def test_what_is_wrong_is_said_and_nothing_is_noted(learner, sent):
    answer = signed_in(learner).post(reverse("learning_log"), sent, follow=True)

    assert "Nothing was noted." in answer.content.decode()
    assert not Learning.objects.exists()


def test_nobody_notes_for_others(manager, learner):
    with pytest.raises(RuleBroken, match="Only the person themselves"):
        actions.log_learning(learner.person, form="reading", minutes=10, by=manager)


@pytest.mark.parametrize("wrong", [{"minutes": 0}, {"minutes": 481}, {"form": "x"}])
def test_postgresql_keeps_what_is_noted(learner, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Learning.objects.create(
            **{"person": learner.person, "form": "reading", "minutes": 5, "learnt_on": MONDAY, **wrong}
        )


def test_one_sees_the_own_weeks(learner):
    for days_ago, minutes in ((0, 30), (1, 15), (7, 20), (70, 99)):
        note(learner, minutes, days_ago=days_ago)

    weeks = time.own_weeks(learner.person)

    assert [week.minutes for week in weeks] == [45, 20, 0, 0, 0, 0, 0, 0]
    assert weeks[0].monday == MONDAY


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(manager, learner, count, django_assert_num_queries):
    for n in range(count):
        note(manager, days_ago=n)
        since = MONDAY + dt.timedelta(days=7 * n)
        actions.grant_time(manager.person, minutes=60, since=since, until=since + dt.timedelta(days=6), by=manager)
    client = signed_in(manager)

    with django_assert_num_queries(9):
        html = client.get(reverse("time_show")).content.decode()

    assert html.count("minutes a week</b>") == count


# --- nobody is compared by it -----------------------------------------------------------------


@pytest.mark.parametrize(("people", "said"), [(4, "Not shown: fewer than 5"), (5, "together")])
def test_a_manager_sees_one_sum_and_only_of_five_who_noted_something(manager, boss, people, said):
    for n in range(6):
        account = make_account(person=make_person(manager=boss))
        if n < people:
            note(account, 60, days_ago=7)

    html = shown(manager)

    assert said in html
    assert ("5.0 hours" in html) is (people == 5)


def test_this_week_is_not_in_the_sum_so_that_nobody_is_watched_while_noting(manager, boss):
    for _ in range(5):
        note(make_account(person=make_person(manager=boss)), 60)

    assert "Not shown" in shown(manager)


def test_the_order_of_the_constraints_message_is_kept_for_people(learner):
    with pytest.raises(ValidationError, match="from 1 to 480"):
        actions.log_learning(learner.person, form="reading", minutes=500, by=learner)


def test_no_page_shows_or_orders_others_by_what_they_noted():
    """Every page and endpoint names two people in the same order, whoever of them noted much and whoever little."""
    house = build()
    busy = house.people["employee"].person
    idle = make_person(display_name="Uwe Idle", manager=busy.manager)
    worlds = []
    for much, little in ((busy, idle), (idle, busy)):
        Learning.objects.all().delete()
        day = timezone.localdate() - dt.timedelta(days=8)
        Learning.objects.create(person=much, form="reading", minutes=437, learnt_on=day)
        Learning.objects.create(person=little, form="reading", minutes=3, learnt_on=day)
        worlds.append(seen_by_others(house))

    orders = [
        {name: [*dict.fromkeys(re.findall(f"{busy}|{idle}", html))] for name, html in world.items()} for world in worlds
    ]
    assert len([names for names in orders[0].values() if {*names} == {str(busy), str(idle)}]) > 5
    assert orders[0] == orders[1]
    assert [name for name, html in worlds[0].items() if re.search(r"\b437\b", html)] == []


def seen_by_others(house: House) -> dict[str, str]:
    found = {}
    for route, of, sees, _ in rows(PAGES):
        for role in set(ROLES) & {"manager", "administrator"} if sees != "-" else ():
            if not route.startswith(("account_", "mfa_", "sign_on")):
                found[f"{route} {of} {role}"] = html_of(house.client(role).get(house.address(route, of)))
    for address in ("api-person-list", "api-gap-list", "api-cover-list", "api-team-list"):
        found[address] = str(house.program("all").ask("GET", reverse(address)).body)
    return found


def html_of(answer: HttpResponse) -> str:
    is_html = answer.headers.get("Content-Type", "").startswith("text/html")
    return answer.content.decode() if is_html and not answer.streaming else ""
