"""Deliveries from HR systems, as a program makes them."""

import gzip
import json

import pytest

from tests.api.client import Program
from tests.make import make_key
from tests.workforce.feed import row, staff
from workforce.actions import runs
from workforce.models import Person, Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return Program(make_key("hris"))


def opened(program: Program, mode: str = "delta", **facts: object) -> str:
    answer = program.ask("POST", "hris/runs/", {"source": "hr", "mode": mode, **facts})
    assert answer.status_code == 201, answer.body
    return f"hris/runs/{answer.body['id']}/"


def send(program: Program, run: str, body: bytes, kind: str = "application/json", **headers: str):
    answer = program.generic(
        "POST", f"/api/v1/{run}people/", data=body, content_type=kind, headers={**program_key(program), **headers}
    )
    answer.body = answer.json()
    return answer


def program_key(program: Program) -> dict[str, str]:
    return {"Authorization": program.defaults["HTTP_AUTHORIZATION"]}


def closed(program: Program, run: str):
    answer = program.ask("POST", f"{run}close/", {})
    assert answer.status_code == 202, answer.body
    runs.apply_run(Run.objects.get(pk=answer.body["id"]).pk)
    return program.ask("GET", run).body


def test_a_delivery_from_its_opening_to_its_end(program):
    run = opened(program, "snapshot")
    page = program.ask("POST", f"{run}people/", staff(3)).body
    assert (page["rows"], page["accepted"], page["rejected"]) == (3, 3, 0)

    told = closed(program, run)

    assert (told["state"], told["counts"]["created"]) == ("applied", 3)
    assert told["progress"] == {"done": 3, "total": 3}
    changes = program.ask("GET", f"{run}changes/").body["results"]
    assert {(change["result"], change["source_id"]) for change in changes} == {
        ("created", "E0"),
        ("created", "E1"),
        ("created", "E2"),
    }


@pytest.mark.parametrize("kind", ["application/x-ndjson", "application/ndjson"])
def test_a_page_may_be_json_lines(program, kind):
    run = opened(program)

    page = send(program, run, b"\n".join(json.dumps(one).encode() for one in staff(3)) + b"\n", kind)

    assert (page.status_code, page.body["accepted"]) == (200, 3)


def test_a_page_may_be_csv(program):
    run = opened(program)

    page = send(program, run, "source_id;display_name;salary\r\nE1;Zoë;1\r\n".encode(), "text/csv")

    assert (page.body["accepted"], page.body["dropped_fields"]) == (1, {"salary": 1})
    closed(program, run)
    assert Person.objects.get().display_name == "Zoë"


def test_a_page_may_be_packed(program):
    run = opened(program)

    page = send(program, run, gzip.compress(json.dumps(staff(3)).encode()), **{"Content-Encoding": "gzip"})

    assert (page.status_code, page.body["accepted"]) == (200, 3)


def test_rejected_rows_are_told_at_once_and_later(program):
    run = opened(program)

    page = program.ask("POST", f"{run}people/", [row(1), {"source_id": " ", "display_name": "Nobody"}]).body

    told = [(error["row"], error["code"]) for error in page["errors"]]
    assert told == [(2, "blank_source_id")]
    errors = program.ask("GET", f"{run}errors/").body["results"]
    assert [(error["row"], error["code"], error["is_rejected"]) for error in errors] == [(2, "blank_source_id", True)]
    assert closed(program, run)["counts"]["rejected"] == 1


# --- sent again ---------------------------------------------------------------------------------


def test_the_same_key_with_the_same_body_gets_the_first_answer(program):
    run = opened(program)
    body = json.dumps(staff(2)).encode()

    first = send(program, run, body, **{"Idempotency-Key": "page-1"})
    again = send(program, run, body, **{"Idempotency-Key": "page-1"})

    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Run.objects.get().pages.count() == 1


def test_the_same_key_gets_the_first_answer_even_when_the_run_is_closed(program):
    run = opened(program)
    body = json.dumps(staff(2)).encode()
    first = send(program, run, body, **{"Idempotency-Key": "page-1"})
    closed(program, run)

    assert send(program, run, body, **{"Idempotency-Key": "page-1"}).body == first.body


def test_the_same_key_with_another_body_is_422(program):
    run = opened(program)
    send(program, run, json.dumps(staff(2)).encode(), **{"Idempotency-Key": "page-1"})

    answer = send(program, run, json.dumps(staff(3)).encode(), **{"Idempotency-Key": "page-1"})

    assert (answer.status_code, answer.body["errors"][0]["code"]) == (422, "key_used_otherwise")
    assert Run.objects.get().pages.count() == 1


def test_a_run_is_opened_once_for_one_key(program):
    answers = [
        program.generic(
            "POST",
            "/api/v1/hris/runs/",
            data=json.dumps({"source": "hr", "mode": "delta"}),
            content_type="application/json",
            headers={**program_key(program), "Idempotency-Key": "night"},
        ).json()
        for _ in range(2)
    ]

    assert answers[0] == answers[1]
    assert Run.objects.count() == 1


def test_every_page_sent_twice_without_a_key_ends_the_same(program):
    run = opened(program, "snapshot")
    for page in (staff(2), [row(7)], staff(2), [row(7)]):
        program.ask("POST", f"{run}people/", page)

    assert closed(program, run)["counts"]["created"] == 3


# --- refusals -----------------------------------------------------------------------------------


def test_a_page_for_a_closed_run_is_refused(program):
    run = opened(program)
    closed(program, run)

    answer = program.ask("POST", f"{run}people/", staff(1))

    assert (answer.status_code, answer.body["errors"][0]["code"]) == (409, "run_closed")


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"", "application/json", "bad_json"),
        (b"{}", "application/json", "not_an_array"),
        (b"[1,", "application/json", "bad_json"),
        (b"[" * 100_000, "application/json", "too_deep"),
        (b"[" + b"1" * 10_000 + b"]", "application/json", "bad_json"),
        ("Müller".encode("latin-1"), "text/csv", "bad_charset"),
        (b"\xff\xfe", "application/json", "bad_charset"),
        (b"name\nx\n", "text/csv", "no_header"),
        (b"source_id,source_id\n1,2\n", "text/csv", "twice_in_header"),
        (b'source_id\n"x\n', "text/csv", "bad_csv"),
        (b"source_id\nx\n", "text/csv; charset=klingon", "bad_charset"),
    ],
)
def test_a_page_that_cannot_be_read_is_refused_whole(program, body, kind, code):
    run = opened(program)

    answer = send(program, run, body, kind)

    assert (answer.status_code, answer.body["errors"][0]["code"]) == (400, code)
    assert Run.objects.get().pages.count() == 0


def test_another_charset_is_read_when_it_is_named(program):
    run = opened(program)

    send(program, run, "source_id,display_name\nE1,Müller\n".encode("cp1252"), "text/csv; charset=windows-1252")

    closed(program, run)
    assert Person.objects.get().display_name == "Müller"


def test_a_page_that_unpacks_to_too_much_is_refused_before_it_is_all_unpacked(program):
    run = opened(program)

    answer = send(program, run, gzip.compress(b" " * 40_000_000), **{"Content-Encoding": "gzip"})

    assert (answer.status_code, answer.body["errors"][0]["code"]) == (413, "too_large")


def test_a_page_of_300_mb_is_refused_by_its_length_alone(program):
    run = opened(program)

    answer = program.generic(
        "POST",
        f"/api/v1/{run}people/",
        data=b"[]",
        content_type="application/json",
        headers={**program_key(program)},
        CONTENT_LENGTH="300000000",
    )

    assert answer.status_code == 413


def test_a_broken_gzip_is_refused(program):
    run = opened(program)
    whole = gzip.compress(json.dumps(staff(3)).encode())

    for body in (whole[:-9], b"no gzip"):
        answer = send(program, run, body, **{"Content-Encoding": "gzip"})
        assert (answer.status_code, answer.body["errors"][0]["code"]) == (400, "bad_gzip")


@pytest.mark.parametrize("scopes", [["read"], ["design"]])
def test_other_keys_neither_see_nor_make_runs(scopes):
    program = Program(make_key(*scopes))

    assert program.ask("GET", "hris/runs/").status_code == 403
    assert program.ask("POST", "hris/runs/", {"source": "hr", "mode": "delta"}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_lists_of_runs_cost_the_same_for_one_and_for_three(program, django_assert_num_queries, count):
    for _ in range(count):
        opened(program)

    with django_assert_num_queries(2):  # key, runs
        assert len(program.ask("GET", "hris/runs/").body["results"]) == count
