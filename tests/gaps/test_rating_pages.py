"""Lists of ratings at a browser's address: file, scale, plan, rows, taking back."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from base import outbox
from gaps import bringing
from gaps.models import Evidence, RatingList
from gaps.ratings import NAMES
from tests.make import make_account, make_person, make_skill
from workforce.models import Person, Role

pytestmark = pytest.mark.django_db
HEAD = "Employee ID;Skill;Note der Fähigkeit\n"
COLUMNS = {"person": "Employee ID", "skill": "Skill", "level": "Note der Fähigkeit"}


@pytest.fixture(autouse=True)
def no_queue(monkeypatch) -> None:
    monkeypatch.setattr(outbox, "enqueue", lambda task, payload: None)


@pytest.fixture
def admin(client):
    admin = make_account(Role.PEOPLE_ADMIN, name="Pia Lund")
    client.force_login(admin)
    Person.objects.filter(pk=make_person().pk).update(source_id="E1")
    make_skill("Support the clerk by counting stock", name="Counting")
    return admin


def upload(client, content: bytes, name: str = "list.csv"):
    return client.post(reverse("rating_add"), {"file": SimpleUploadedFile(name, content)})


def brought(client, rows: str, *, encoding: str = "utf-8") -> RatingList:
    upload(client, (HEAD + rows).encode(encoding))
    return RatingList.objects.newest_first().first()


def said(**more: object) -> dict[str, object]:
    table = {f"1-5-{number}": number for number in range(5)}
    return {"source": "Survey", "type": "manager", "scale": "1-5", **COLUMNS, **table, **more}


def planned(client, rows: str, **more: object) -> RatingList:
    plan = brought(client, rows)
    assert client.post(reverse("rating_plan", args=[plan.pk]), said(**more)).status_code == 302
    bringing.work_on(plan.pk)
    plan.refresh_from_db()
    return plan


def test_columns_are_guessed_and_shown(client, admin):
    plan = brought(client, "E1;Counting;4\n", encoding="cp1252")
    assert plan.mapping == {"person": "Employee ID", "skill": "Skill"}
    html = client.get(reverse("rating_plan", args=[plan.pk])).content.decode()
    assert "The encoding was found out, not told." in html
    assert "Note der Fähigkeit" in html


def test_a_scale_that_nobody_saw_is_not_taken(client, admin):
    plan = brought(client, "E1;Counting;4\n")
    unseen = {name: value for name, value in said().items() if not name.startswith("1-5-")}

    answer = client.post(reverse("rating_plan", args=[plan.pk]), unseen)

    assert answer.status_code == 422
    assert "Look at what each point of the scale means here" in answer.content.decode()
    assert 'name="1-5-4"' in answer.content.decode()
    plan.refresh_from_db()
    assert (plan.state, plan.bands) == ("mapping", [])


def test_choosing_a_scale_shows_its_table(client, admin):
    plan = brought(client, "E1;Counting;4\n")
    header = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "scale"}
    html = client.get(reverse("rating_plan", args=[plan.pk]), {"scale": "sfia"}, **header).content.decode()
    assert html.count("<select") == 7
    assert "<html" not in html


def test_a_point_that_is_set_otherwise_is_what_counts(client, admin):
    plan = planned(client, "E1;Counting;4\n", **{"1-5-3": 1})
    client.post(reverse("rating_apply", args=[plan.pk]))
    bringing.work_on(plan.pk)

    evidence = Evidence.objects.get()
    assert (evidence.level, evidence.type, evidence.source, evidence.rating_list) == (1, "manager", "Survey", plan)
    assert "1 rating recorded" in client.get(plan.get_absolute_url()).content.decode()


def test_the_plan_shows_rows_reasons_and_the_scale(client, admin):
    plan = planned(client, "E1;Counting;4\nE9;Counting;4\n")
    html = client.get(plan.get_absolute_url(), {"verdict": "unknown_person"}).content.decode()
    assert "E9" in html
    assert "Nobody has this id, e-mail or employee number." in html
    assert "The scale that is applied" in html
    assert "Record 1" in html


@pytest.mark.parametrize("count", [1, 3])
def test_a_plan_costs_the_same_for_one_row_and_for_three(client, admin, count, django_assert_num_queries):
    plan = planned(client, "".join(f"E{9 + n};Counting;4\n" for n in range(count)))
    client.get(plan.get_absolute_url())
    with django_assert_num_queries(4):  # session, account, the list, its rows
        client.get(plan.get_absolute_url())


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_rejected_rows_leave_with_their_reasons(client, admin, kind):
    plan = planned(client, "=1+1;Counting;4\n")
    answer = client.get(reverse("rating_rejected", args=[plan.pk, kind]))
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if kind == "csv":
        row = list(csv.reader(content.decode("utf-8-sig").splitlines()))[1]
    else:
        row = [cell.value for cell in list(load_workbook(io.BytesIO(content)).active)[1]]
    assert row[0] == "2"
    assert row[1].startswith("Nobody of that name.")
    assert row[-4] == "'=1+1"


def test_taking_back_asks_why(client, admin):
    plan = planned(client, "E1;Counting;4\n")
    client.post(reverse("rating_apply", args=[plan.pk]))
    bringing.work_on(plan.pk)

    assert client.post(reverse("rating_undo", args=[plan.pk]), {"reason": " "}).status_code == 422
    client.post(reverse("rating_undo", args=[plan.pk]), {"reason": "The wrong year"})
    bringing.work_on(plan.pk)

    assert "The wrong year" in client.get(plan.get_absolute_url()).content.decode()
    assert Evidence.objects.get().withdrawal.reason == "The wrong year"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"%PDF-1.7 and so on", "This is not a table."),
        (b"person,skill,level\n", "no rows under it"),
        (b"a\x00b\x01c", "not all in one encoding"),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(client, admin, content, sentence):
    answer = upload(client, content)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not RatingList.objects.exists()


def test_a_file_that_is_too_large_is_told_so(client, admin, monkeypatch):
    monkeypatch.setattr("base.uploads.MAX_UPLOAD", 100)
    answer = upload(client, (HEAD + "E1;Counting;4\n" * 20).encode())
    assert answer.status_code == 413
    assert "the limit is 50 MB. Split the list" in answer.content.decode()


def test_the_list_of_lists_tells_where_each_stands(client, admin):
    assert "No list of ratings was brought yet." in client.get(reverse("rating_list")).content.decode()
    planned(client, "E1;Counting;4\n")
    assert "1 to decide on" in client.get(reverse("rating_list")).content.decode()


def test_the_list_of_lists_leaves_as_a_file(client, admin):
    plan = planned(client, "E1;Counting;4\n")
    answer = client.get(reverse("rating_list_export", args=["csv"]))
    row = next(iter(csv.DictReader(answer.getvalue().decode("utf-8-sig").splitlines())))

    assert (row["List"], row["Scale"], row["State"]) == (str(plan), NAMES[plan.scale], "Planned")
