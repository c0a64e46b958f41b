"""HR sources in the settings: thresholds in words, what they would have meant, and whose word stands in which field."""

import pytest

from base.models import Change
from tests.make import make_account
from tests.workforce.feed import deliver, row
from workforce.guards import would_trip
from workforce.models import Role, Source

pytestmark = pytest.mark.django_db
LIST = "/settings/sources/"
FACT = {"code": "leavers", "found": 12, "limit": 10, "of": 100, "is_tripped": True}


@pytest.fixture
def pia(client):
    pia = make_account(Role.PEOPLE_ADMIN, name="Pia Lund")
    client.force_login(pia)
    return pia


def make_source(**fields: object) -> Source:
    return Source.objects.create(**{"name": "hr", **fields})


def values(source: Source, **changed: object) -> dict[str, object]:
    percents = ["leavers", "rows", "managers", "titles", "blanks"]
    return {
        "seen": source.version,
        "leavers_number": source.leavers_number,
        **{f"{name}_percent": getattr(source, f"{name}_percent") for name in percents},
        "key_fields": source.key_fields,
        "corrections_stand": source.corrections_stand,
        **changed,
    }


def test_thresholds_are_said_in_words(client, pia):
    make_source(titles_percent=33)
    html = client.get(LIST).content.decode()
    assert "up to 10, or 5 % of its active people" in html
    assert "up to 33 %" in html


def test_a_threshold_is_moved_and_the_trail_says_by_whom(client, pia):
    source = make_source()
    client.post(f"{LIST}{source.pk}/change/", values(source, leavers_number=25))
    source.refresh_from_db()
    assert source.leavers_number == 25
    change = Change.objects.get(subject=source.pk)
    assert (change.by_name, change.facts) == ("Pia Lund", {"leavers_number": [10, 25]})


def test_whose_word_stands_is_a_rule_per_field_and_its_change_is_in_the_trail(client, pia):
    source = make_source()
    client.post(f"{LIST}{source.pk}/change/", values(source, corrections_stand=["job_title"]))
    source.refresh_from_db()
    assert source.corrections_stand == ["job_title"]
    assert Change.objects.get(subject=source.pk).facts["corrections_stand"][1] == ["job_title"]
    assert "job title" in client.get(LIST).content.decode()


def test_who_had_it_open_sees_what_somebody_else_saved(client, pia):
    source = make_source()
    client.post(f"{LIST}{source.pk}/change/", values(source, leavers_number=25))
    answer = client.post(f"{LIST}{source.pk}/change/", values(source, leavers_number=50))
    assert answer.status_code == 409
    source.refresh_from_db()
    assert source.leavers_number == 25


@pytest.mark.parametrize("wrong", [{"titles_percent": 101}, {"leavers_number": -1}, {"corrections_stand": ["status"]}])
def test_what_makes_no_sense_is_refused_in_the_form(client, pia, wrong):
    source = make_source()
    assert client.post(f"{LIST}{source.pk}/change/", values(source, **wrong)).status_code == 422


def test_the_form_says_what_the_numbers_would_have_meant_for_the_last_runs(client, pia):
    deliver([row(n) for n in range(1, 5)], mode="snapshot")
    source = Source.objects.get()
    deliver([row(1, job_title="Director"), *(row(n) for n in range(2, 5))], mode="snapshot")
    address = f"{LIST}{source.pk}/change/"

    before = client.get(address).content.decode()
    tried = client.get(address, values(source, rows_percent=100, titles_percent=0)).content.decode()

    assert "would have held <b>0</b>" in before
    assert "Of the last 2 runs" in tried


def test_a_guard_is_asked_again_under_other_numbers():
    assert would_trip(Source(leavers_number=10, leavers_percent=5), FACT)
    assert not would_trip(Source(leavers_number=12, leavers_percent=5), FACT)
    assert not would_trip(Source(leavers_number=0, leavers_percent=12), FACT)
    rows = {"code": "rows", "found": 85, "limit": 90, "of": 100, "is_tripped": True}
    assert would_trip(Source(rows_percent=90), rows)
    assert not would_trip(Source(rows_percent=85), rows)
    blank = {"code": "blank_job_title", "found": 3, "limit": 2, "of": 100, "is_tripped": True}
    assert would_trip(Source(), blank)
    assert not would_trip(Source(key_fields=[]), blank)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(client, pia, django_assert_num_queries, count):
    for n in range(count):
        make_source(name=f"hr {n}")
    with django_assert_num_queries(3):  # session, account, sources
        client.get(LIST)
