"""What HR systems really send. Every one of them gets a clear answer, and nobody leaves because of it."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.workforce.feed import deliver, person, problems, row, snapshot, staff
from workforce.models import Person

pytestmark = pytest.mark.django_db


def test_the_same_person_twice_with_the_same_values_is_one():
    run = deliver([row(1)], [row(1)])

    assert (problems(run), run.counts["created"]) == ([], 1)


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_rows_about_one_person_the_newer_wins_in_any_order(turned):
    pages = [
        [row(1, location="old", updated_at="2026-01-01T00:00:00Z")],
        [row(1, location="new", updated_at="2026-01-02T00:00:00Z")],
    ]
    deliver(*(reversed(pages) if turned else pages))

    assert person(1).location == "new"


def test_two_rows_that_contradict_each_other_are_both_turned_away():
    snapshot(staff(20))

    run = snapshot(staff(20), [row(1, location="Leeds")])

    assert problems(run) == [("E1", "twice")]
    assert (run.counts["rejected"], run.counts["unchanged"]) == (1, 19)
    assert (person(1).location, person(1).status) == ("", "active")


def test_an_unknown_manager_is_waited_for():
    run = deliver([row(1, manager_source_id="E2")])
    assert problems(run) == [("E1", "manager_unknown")]
    assert Person.objects.awaiting_a_manager().get() == person(1)

    run = deliver([row(2)])

    assert person(1).manager == person(2)
    assert run.counts["managers_found"] == 1


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_loop_of_managers_is_reported_and_not_applied(length):
    loop = [row(n, manager_source_id=f"E{(n + 1) % length}", location="Leeds") for n in range(length)]

    run = deliver([*loop, row("below", manager_source_id="E0")])

    assert problems(run) == [(f"E{n}", "manager_loop") for n in range(length)]
    assert [person(n).manager for n in range(length)] == [None] * length
    assert person("below").manager == person(0)
    assert person(0).location == "Leeds"


def test_a_new_manager_who_closes_a_loop_is_not_taken_and_the_former_stays():
    deliver([row(0), row(1, manager_source_id="E0"), row(2, manager_source_id="E1")])

    run = deliver([row(0, manager_source_id="E2")])

    assert problems(run) == [("E0", "manager_loop")]
    assert run.counts["unchanged"] == 1
    assert person(0).manager is None


def test_a_reorganisation_may_turn_a_chain_around():
    deliver([row(0), row(1, manager_source_id="E0"), row(2, manager_source_id="E1")])

    run = deliver([row(2, manager_source_id=""), row(1, manager_source_id="E2"), row(0, manager_source_id="E1")])

    assert problems(run) == []
    assert (person(0).manager, person(1).manager, person(2).manager) == (person(1), person(2), None)


def test_a_loop_through_somebody_who_waited_for_a_manager_is_seen():
    deliver([row(1, manager_source_id="E2")])

    run = deliver([row(2, manager_source_id="E1")])

    assert problems(run) == [("E2", "manager_loop")]
    assert (person(1).manager, person(2).manager) == (person(2), None)


def test_a_loop_that_is_sent_again_every_night_is_reported_every_night_and_ends_when_it_is_mended():
    deliver([row(1, manager_source_id="E2")])
    for _ in range(2):
        run = deliver([row(2, manager_source_id="E1")], [row(1, manager_source_id="E2", location="Leeds")])
        assert problems(run) == [("E2", "manager_loop")]

    run = deliver([row(3)], [row(2, manager_source_id="E3")])

    assert problems(run) == []
    assert (person(1).manager, person(2).manager) == (person(2), person(3))


def test_somebody_who_is_their_own_manager_has_none():
    run = deliver([row(1, manager_source_id="E1")])

    assert problems(run) == [("E1", "manager_loop")]
    assert person(1).manager is None


def test_an_address_of_87_people_is_nobody_s():
    shared = [row(n, work_email="Shared@example.com") for n in range(87)]

    run = deliver([*shared, row("own", work_email="own@example.com")])

    assert [code for _, code in problems(run)] == ["email_shared"] * 87
    assert run.counts["created"] == 88
    assert set(Person.objects.values_list("work_email", flat=True)) == {"", "own@example.com"}


def test_an_address_that_somebody_has_already_stays_theirs():
    deliver([row(1, work_email="a@example.com")])

    run = deliver([row(2, work_email="A@example.com")])

    assert problems(run) == [("E2", "email_shared")]
    assert (person(1).work_email, person(2).work_email) == ("a@example.com", "")


def test_two_people_may_exchange_their_addresses():
    deliver([row(1, work_email="a@example.com"), row(2, work_email="b@example.com")])

    run = deliver([row(1, work_email="b@example.com"), row(2, work_email="a@example.com")])

    assert problems(run) == []
    assert person(1).work_email == "b@example.com"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"display_name": ""}, "no_name"),
        ({"display_name": "\u00a0\u200b "}, "no_name"),
        ({"display_name": "a\x00b"}, "unreadable"),
        ({"display_name": "half \ud83d"}, "unreadable"),
        ({"display_name": "x" * 201}, "too_long"),
        ({"display_name": {"first": "A"}}, "not_text"),
        ({"department": ["Sales"]}, "not_text"),
        ({"work_email": "nobody"}, "bad_email"),
        ({"status": "gone fishing"}, "bad_status"),
        ({"start_date": "12/31/2020"}, "bad_date"),
        ({"start_date": "2020-02-30"}, "bad_date"),
        ({"start_date": "9999-01-01"}, "bad_date"),
        ({"end_date": "2019-12-31"}, "ends_before_start"),
        ({"updated_at": "yesterday"}, "bad_date"),
        ({"updated_at": "2999-01-01T00:00:00Z"}, "future_stamp"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_and_nobody_leaves(facts, code):
    snapshot(staff(20))

    run = snapshot([*staff(19), row(19, **facts)])

    assert problems(run) == [("E19", code)]
    assert (run.state, run.counts["rejected"], run.counts["left"]) == ("applied", 1, 0)
    assert (person(19).display_name, person(19).status) == ("Person 19", "active")


@pytest.mark.parametrize("blank", ["", "  ", None, "\u00a0"])
def test_a_row_without_an_id_is_turned_away(blank):
    run = deliver([row(1), row(2) | {"source_id": blank}])

    assert problems(run) == [("", "blank_source_id")]
    assert (run.counts["created"], run.counts["rejected"]) == (1, 1)


@pytest.mark.parametrize("what", ["text", 7, None, ["list"]])
def test_what_is_no_person_is_turned_away(what):
    run = deliver([row(1), what])

    assert problems(run) == [("", "not_a_person")]


def test_people_without_an_address_are_people():
    run = deliver([row(1, work_email=""), row(2, work_email=None)])

    assert (problems(run), run.counts["created"]) == ([], 2)


def test_a_new_person_without_a_name_is_turned_away_and_a_known_one_keeps_theirs():
    deliver([row(1)])

    run = deliver([{"source_id": "E1", "location": "Leeds"}, {"source_id": "E2", "location": "Leeds"}])

    assert problems(run) == [("E2", "no_name")]
    assert (person(1).display_name, person(1).location) == ("Person 1", "Leeds")


def test_a_name_is_made_of_its_parts_where_it_is_missing():
    deliver([{"source_id": "E1", "given_name": "Ada", "family_name": "Lovelace"}])

    assert person(1).display_name == "Ada Lovelace"


@pytest.mark.parametrize(
    "day", ["4712-12-31", "9999-01-01", "9999-12-31", "1900-01-01", "0001-01-01", "0000-00-00", "", None]
)
def test_a_placeholder_is_no_last_day(day):
    deliver([row(1, end_date=day)])

    assert (person(1).end_date, person(1).status) == (None, "active")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2019-12-27", dt.date(2019, 12, 27)),
        ("2019-12-27T00:00:00Z", dt.date(2019, 12, 27)),
        ("1998-01-01 00:00:00.0", dt.date(1998, 1, 1)),
        ("/Date(1577485482000+0000)/", dt.date(2019, 12, 27)),
        ("/Date(1577485482000)/", dt.date(2019, 12, 27)),
        ("31.12.2025", dt.date(2025, 12, 31)),
        ("1. 2. 2025", dt.date(2025, 2, 1)),
        ("1900-01-01", None),
    ],
)
def test_days_as_systems_write_them(written, day):
    deliver([row(1, start_date=written)])

    assert person(1).start_date == day


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("محمد عبد الله", "محمد عبد الله"),
        ("山田 太郎", "山田 太郎"),
        ("𠮷野家 👩🏽‍💻", "𠮷野家 👩🏽‍💻"),
        ("نیم‌فاصله", "نیم‌فاصله"),
        ("Anna\u00a0 Lena", "Anna Lena"),
        ("O'Neil \\ Sons\t", "O'Neil \\ Sons"),
        ("\\N", "\\N"),
    ],
)
def test_names_of_all_the_world_come_in_as_they_are(sent, kept):
    deliver([row(1, display_name=sent)])

    assert person(1).display_name == kept


def test_a_delta_older_than_what_is_here_changes_nothing():
    deliver([row(1, location="new", updated_at="2026-02-01T00:00:00Z")])

    run = deliver([row(1, location="old", updated_at="2026-01-01T00:00:00Z")])

    assert problems(run) == [("E1", "older")]
    assert (person(1).location, run.counts["rejected"]) == ("new", 1)


def test_a_row_without_a_stamp_locks_nothing_out():
    deliver([row(1, location="first")])

    deliver([row(1, location="second", updated_at="2026-01-01T00:00:00Z")])

    assert person(1).location == "second"


def test_a_newer_stamp_alone_is_remembered_and_is_no_change():
    deliver([row(1, location="kept", updated_at="2026-02-01T00:00:00Z")])
    run = deliver([row(1, location="kept", updated_at="2026-03-01T00:00:00Z")])
    assert (run.counts["unchanged"], person(1).version) == (1, 1)

    run = deliver([row(1, location="late", updated_at="2026-02-15T00:00:00Z")])

    assert (problems(run), person(1).location) == ([("E1", "older")], "kept")


def test_a_clock_that_is_a_little_ahead_does_not_lock_out_what_comes_next():
    ahead = (timezone.now() + dt.timedelta(hours=5)).isoformat()
    deliver([row(1, location="first", updated_at=ahead)])
    now = (timezone.now() + dt.timedelta(seconds=5)).isoformat()

    deliver([row(1, location="second", updated_at=now)])

    assert person(1).location == "second"
