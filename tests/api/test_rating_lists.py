"""Lists of ratings for programs: the same plan, the same verdicts and the same end as by hand."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gaps import bringing
from gaps.models import Evidence, RatingList, Standing, Withdrawal
from tests.api.client import Program
from tests.make import make_key, make_person, make_skill

pytestmark = pytest.mark.django_db
PLAN = {"source": "Spring survey", "type": "manager", "scale": "1-5"}


@pytest.fixture
def program() -> Program:
    return Program(make_key("hris"))


@pytest.fixture(autouse=True)
def company() -> None:
    make_skill("Support the clerk by counting stock", name="Counting")
    for n in (1, 2):
        make_person(employee_number=f"E{n}")


def brought(program: Program, rows: str = "E1,Counting,4\nE2,Counting,5\n", *, name: str = "list.csv") -> Any:
    file = SimpleUploadedFile(name, f"person,skill,level\n{rows}".encode())
    answer = program.post("/api/v1/rating-lists/", {"file": file})
    answer.body = answer.json()
    return answer


def work(program: Program, pk: str) -> dict[str, Any]:
    assert bringing.work_on(RatingList.objects.get(pk=pk).pk)
    body: dict[str, Any] = program.ask("GET", f"rating-lists/{pk}/").body
    return body


def test_a_list_is_brought_planned_applied_and_taken_back(program: Program) -> None:
    answer = brought(program)
    assert (answer.status_code, answer.body["state"], answer.body["columns"]) == (
        201,
        "mapping",
        ["person", "skill", "level"],
    )
    at = f"rating-lists/{answer.body['id']}/"

    asked = program.ask("POST", f"{at}plan/", PLAN)
    assert (asked.status_code, asked.body["state"], asked.body["is_under_way"]) == (200, "reading", True)
    planned = work(program, answer.body["id"])
    assert (planned["state"], planned["counts"], planned["values"]) == ("planned", {"new": 2}, {"4": 1, "5": 1})
    assert planned["scale_applied"][3] == {"low": 4.0, "high": 4.0, "is_open": False, "level": 3}
    assert not Evidence.objects.exists()

    assert program.ask("POST", f"{at}apply/").body["state"] == "applying"
    applied = work(program, answer.body["id"])
    assert (applied["state"], applied["done"], applied["is_under_way"]) == ("applied", 2, False)
    assert sorted(Standing.objects.values_list("level", flat=True)) == [3, 4]
    assert set(Evidence.objects.values_list("source", "recorded_by__kind")) == {("Spring survey", "key")}

    assert program.ask("POST", f"{at}undo/", {"reason": "The wrong year"}).body["state"] == "undoing"
    assert work(program, answer.body["id"])["state"] == "undone"
    assert set(Withdrawal.objects.values_list("reason", flat=True)) == {"The wrong year"}


def test_a_scale_may_be_read_otherwise_and_columns_be_named(program: Program) -> None:
    file = SimpleUploadedFile("list.csv", b"Who,Counting what,Stars\nE1,Counting,3\n")
    pk = program.post("/api/v1/rating-lists/", {"file": file}).json()["id"]
    mapping = {"person": "Who", "skill": "Counting what", "level": "Stars"}

    answer = program.ask("POST", f"rating-lists/{pk}/plan/", PLAN | {"levels": ["3=4"], "mapping": mapping})

    assert (answer.status_code, answer.body["mapping"]) == (200, mapping)
    assert [band["level"] for band in answer.body["scale_applied"]] == [0, 1, 4, 3, 4]


def test_what_cannot_be_brought_in_is_told_row_by_row(program: Program) -> None:
    pk = brought(program, "E1,Counting,3\nE9,Counting,3\nE1,Flying,3\nE1,Counting,9\n").body["id"]
    program.ask("POST", f"rating-lists/{pk}/plan/", PLAN)
    work(program, pk)

    rows = program.ask("GET", f"rating-lists/{pk}/rows/").body["results"]
    assert sorted((row["number"], row["verdict"]) for row in rows) == [
        (3, "unknown_person"),
        (4, "unknown_skill"),
        (5, "bad_level"),
    ]
    assert all(row["remedy"] for row in rows)
    only = program.ask("GET", f"rating-lists/{pk}/rows/?verdict=unknown_skill&page_size=1").body
    assert [row["skill"] for row in only["results"]] == ["Flying"]
    assert program.ask("GET", f"rating-lists/{pk}/rows/?verdict=odd").status_code == 400


@pytest.mark.parametrize(
    ("facts", "status", "attr"),
    [
        ({"scale": "1-6"}, 400, "scale"),
        ({"type": "observed"}, 400, "type"),
        ({"levels": ["9=9"]}, 400, "levels"),
        ({"mapping": {"shoe": "person"}}, 400, "mapping"),
        ({"mapping": {"person": "Nobody's column"}}, 409, None),
        ({"source": ""}, 400, "source"),
    ],
)
def test_a_plan_that_cannot_be_made_says_why(program: Program, facts: dict[str, Any], status: int, attr: str) -> None:
    pk = brought(program).body["id"]

    answer = program.ask("POST", f"rating-lists/{pk}/plan/", PLAN | facts)

    assert (answer.status_code, (answer.body["errors"][0]["attr"] or "").split(".")[0] or None) == (status, attr)
    assert RatingList.objects.get().state == "mapping"


def test_what_is_no_list_is_refused_and_nothing_is_kept(program: Program) -> None:
    nothing = program.post("/api/v1/rating-lists/", {})
    assert (nothing.status_code, nothing.json()["errors"][0]["attr"]) == (400, "file")

    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w") as archive:
        archive.writestr("a.txt", "x")
        archive.writestr("b.txt", "x")
    refused = program.post("/api/v1/rating-lists/", {"file": SimpleUploadedFile("list.zip", bomb.getvalue())})
    assert refused.status_code == 409

    endless = program.generic(
        "POST", "/api/v1/rating-lists/", b"x", content_type="multipart/form-data; boundary=b", CONTENT_LENGTH=10**9
    )
    assert endless.status_code == 413
    assert not RatingList.objects.exists()


def test_an_act_out_of_turn_is_refused_with_where_the_list_stands(program: Program) -> None:
    pk = brought(program).body["id"]

    for act, body in (("apply", None), ("stop", None), ("undo", {"reason": "Why not"})):
        answer = program.ask("POST", f"rating-lists/{pk}/{act}/", body)
        assert (answer.status_code, answer.body["errors"][0]["code"]) == (409, "wrong_state"), act


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_cost_the_same_for_one_and_for_three(
    program: Program, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        brought(program)
    program.ask("GET", "rating-lists/")

    with django_assert_num_queries(2):  # the key, the lists
        found = program.ask("GET", "rating-lists/").body["results"]
    assert len(found) == count
