"""People, titles and teams, as a program reads and puts them."""

import datetime as dt

import httpx
import pytest
from django.db import connection
from django.utils import timezone

from tests.api.client import Program
from tests.make import make_job_role, make_key
from tests.workforce.feed import deliver, person, row, staff
from workforce.models import JobTitle, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return Program(make_key("hris"))


def test_a_person_is_put_and_put_again(program):
    first = program.ask("PUT", "people/E1/?source=hr", {**row(1), "salary": 5})
    again = program.ask("PUT", "people/E1/?source=hr", row(1))
    moved = program.ask("PUT", "people/E1/?source=hr", {"location": "Leeds"})

    assert [(a.status_code, a.body["result"]) for a in (first, again, moved)] == [
        (201, "created"),
        (200, "unchanged"),
        (200, "updated"),
    ]
    assert first.body["dropped_fields"] == ["salary"]
    assert (moved.body["job_title"], moved.body["location"], moved.body["version"]) == ("Clerk", "Leeds", 2)


def test_a_person_is_put_where_the_source_is_known(program):
    deliver([row(1)], source="workday")

    program.ask("PUT", "people/E1/", {"location": "Leeds"})
    program.ask("PUT", "people/E2/", {"display_name": "New"})

    assert set(Person.objects.values_list("source", "source_id")) == {("workday", "E1"), ("workday", "E2")}


def test_two_systems_with_the_same_id_are_told_apart(program):
    deliver([row(1)], source="a")
    deliver([row(1)], source="b")

    answer = program.ask("GET", "people/E1/")

    assert (answer.status_code, answer.body["errors"][0]["code"]) == (409, "which_source")
    assert program.ask("GET", "people/E1/?source=b").body["source"] == "b"


@pytest.mark.parametrize(
    ("facts", "field", "code"),
    [
        ({"display_name": ""}, "display_name", "no_name"),
        ({"start_date": "soon"}, "start_date", "bad_date"),
        ({"department": ["a"]}, "department", "not_text"),
    ],
)
def test_a_person_who_cannot_be_taken_is_refused_by_field(program, facts, field, code):
    answer = program.ask("PUT", "people/E1/?source=hr", row(1, **facts))

    assert (answer.status_code, answer.body["errors"][0]["attr"], answer.body["errors"][0]["code"]) == (
        400,
        field,
        code,
    )
    assert not Person.objects.exists()


def test_older_news_about_one_person_is_refused(program):
    deliver([row(1, updated_at="2026-02-01T00:00:00Z")])

    answer = program.ask("PUT", "people/E1/", row(1, location="x", updated_at="2026-01-01T00:00:00Z"))

    assert (answer.status_code, answer.body["errors"][0]["code"]) == (409, "older")


def test_somebody_leaves_and_comes_back(program):
    deliver([row(1)])

    gone = program.ask("POST", "people/E1/terminate/", {}).body
    back = program.ask("POST", "people/E1/restore/").body

    assert (gone["status"], back["status"], back["end_date"]) == ("inactive", "active", None)


def test_a_day_to_come_is_kept_until_then(program):
    deliver([row(1)])
    later = (timezone.localdate() + dt.timedelta(days=3)).isoformat()

    told = program.ask("POST", "people/E1/terminate/", {"end_date": later}).body

    assert (told["status"], told["end_date"]) == ("active", later)


def test_what_was_put_right_stands_against_the_next_run(program):
    deliver([row(1)])

    program.ask("POST", "people/E1/correct/", {"field": "department", "value": "Sales", "reason": "Moved"})
    deliver([row(1)])

    told = program.ask("GET", "people/E1/").body
    assert (told["department"], told["positions"][0]["department"]) == ("Sales", "Office")


def ids(answer) -> list[str]:
    return sorted(one["source_id"] for one in answer.body["results"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("source=hr", ["E0", "E1", "E2"]),
        ("status=inactive", ["E2"]),
        ("job_title=LEAD", ["E1"]),
        ("department=office", ["E0", "E1", "E2"]),
        ("manager_source_id=E0", ["E1"]),
        ("work_email=A@example.com", ["E0"]),
        ("q=person%201", ["E1"]),
        ("q=E2", ["E2"]),
        ("source=elsewhere", []),
    ],
)
def test_people_are_found(program, query, found):
    deliver(
        [
            row(0, work_email="a@example.com"),
            row(1, job_title="Lead", manager_source_id="E0"),
            row(2, status="inactive"),
        ]
    )

    assert ids(program.ask("GET", f"people/?{query}")) == found


def test_people_who_changed_since_are_found(program):
    deliver(staff(3))
    Person.objects.update(changed_at=timezone.now() - dt.timedelta(days=2))
    deliver([row(1, location="Leeds")])
    yesterday = (timezone.now() - dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")

    assert ids(program.ask("GET", f"people/?updated_since={yesterday}")) == ["E1"]


@pytest.mark.django_db(transaction=True)
def test_whoever_asks_from_next_since_on_misses_nobody_of_a_run_that_was_under_way():
    """A run bears the moment at which it began, and is seen a minute later."""
    program = Program(make_key("hris"))
    run = connection.copy()
    run.set_autocommit(False)
    with run.cursor() as cursor:
        cursor.execute("SELECT now()")
        began = cursor.fetchone()[0]

    under_way = dt.datetime.fromisoformat(program.ask("GET", "people/").headers["Next-Since"])
    run.rollback()
    run.close()
    afterwards = dt.datetime.fromisoformat(program.ask("GET", "people/").headers["Next-Since"])

    assert under_way <= began < afterwards


def test_a_system_is_found_in_whichever_letters_somebody_writes_it(program):
    assert program.ask("PUT", "people/9/?source=Workday", {"display_name": "Ada"}).status_code == 201
    assert program.ask("PUT", "people/9/?source=workday", {"display_name": "Ada"}).status_code == 200

    assert program.ask("GET", "people/9/?source=WORKDAY").body["source"] == "Workday"
    assert [one["source_id"] for one in program.ask("GET", "people/?source=workday").body["results"]] == ["9"]
    assert program.ask("GET", "people/?source=nobody").body["results"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_people_costs_the_same_for_one_and_for_three(program, django_assert_num_queries, count):
    deliver([row(n, job_title=f"Title {n}", department=f"Team {n}") for n in range(count)])
    program.ask("GET", "people/")

    with django_assert_num_queries(3):  # key, what is settled, people
        assert len(program.ask("GET", "people/").body["results"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_changes_of_a_run_cost_the_same_for_one_and_for_three(program, django_assert_num_queries, count):
    run = deliver(staff(count))
    program.ask("GET", "people/")

    with django_assert_num_queries(4):  # key, run, changes, whose
        assert len(program.ask("GET", f"hris/runs/{run.pk}/changes/").body["results"]) == count


@pytest.mark.parametrize(("scopes", "status"), [(["read"], 200), (["hris"], 200), (["design"], 403)])
def test_who_may_look_people_up(scopes, status):
    assert Program(make_key(*scopes)).ask("GET", "people/").status_code == status


@pytest.mark.parametrize("scopes", [["read"], ["design"]])
def test_other_keys_put_nobody(scopes):
    answer = Program(make_key(*scopes)).ask("PUT", "people/E1/?source=hr", row(1))

    assert (answer.status_code, Person.objects.count()) == (403, 0)


# --- titles and teams ---------------------------------------------------------------------------


def test_titles_without_a_role_are_listed_and_mapped(program):
    deliver([*staff(3), row(9, job_title="Lead")])
    role = make_job_role("Order clerk")

    [open_title] = program.ask("GET", "job-titles/?is_mapped=false&name=clerk").body["results"]
    assert open_title["people_count"] == 3
    told = program.ask("PATCH", f"job-titles/{open_title['id']}/", {"job_role": str(role.pk)}).body

    assert told["job_role"] == str(role.pk)
    assert program.ask("GET", "people/E1/").body["job_role"] == str(role.pk)
    assert [title["name"] for title in program.ask("GET", "job-titles/?is_mapped=false").body["results"]] == ["Lead"]


def test_a_title_is_mapped_before_anybody_has_it(program):
    role = make_job_role("Order clerk")

    answer = program.ask("POST", "job-titles/", {"name": "Clerk", "job_role": str(role.pk)})

    assert answer.status_code == 201
    deliver([row(1)])
    assert person(1).job_title.job_role == role
    assert JobTitle.objects.count() == 1


def test_teams_are_departments(program):
    deliver(staff(2))

    [team] = program.ask("GET", "teams/").body["results"]

    assert (team["name"], team["people_count"]) == ("Office", 2)
    assert program.ask("POST", "teams/", {"name": "x"}).status_code == 405


@pytest.mark.parametrize("moment", ["1881-02-28T12:06:18-18:47", "0001-01-01T00:00:00%2B10:00"])
def test_a_moment_that_only_iso_8601_allows_is_understood(program, moment):
    assert program.ask("GET", f"people/?updated_since={moment}").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_an_id_with_a_slash_is_reached_through_a_real_server(live_server):
    """The test client hands the path over as it is; a server unpacks it first."""
    secret = make_key("hris")
    address = f"{live_server.url}/api/v1/people/-/"
    who = {"source": "hr", "source_id": "A/1"}
    with httpx.Client(headers={"Authorization": f"Bearer {secret}"}, params=who) as program:
        added = program.put(address, json={"display_name": "Maren Holt"})
        read = program.get(address)
        gone = program.post(f"{address}terminate/", json={})

    assert [answer.status_code for answer in (added, read, gone)] == [201, 200, 200]
    assert (read.json()["source_id"], gone.json()["status"]) == ("A/1", "inactive")


def test_somebody_called_by_the_sign_itself_is_reached_too(program):
    program.ask("PUT", "people/-/?source=hr", {"display_name": "Dash"})
    assert program.ask("GET", "people/-/").body["display_name"] == "Dash"


def test_two_sources_with_one_id_are_told_apart(program):
    for source in ("hr", "temps"):
        program.ask("PUT", f"people/E1/?source={source}", {"display_name": f"From {source}"})
    assert program.ask("GET", "people/E1/").status_code == 409
    assert program.ask("GET", "people/E1/?source=temps").body["display_name"] == "From temps"
    assert len(program.ask("GET", "people/?source_id=E1").body["results"]) == 2
