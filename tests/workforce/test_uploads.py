"""A file of people by hand: its columns, a dry run, and the same guards as every delivery."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from base.errors import RuleBroken
from tests.make import make_account
from tests.workforce.feed import admin, person, snapshot, staff
from workforce import actions
from workforce.actions import runs, uploading
from workforce.feeds import columns
from workforce.models import Account, Person, Role, Run, Upload

HEAD = "Employee ID,Name,Job title,Manager ID,Salary,Hire date"
ROWS = ["E1,Ada Osei,Head,,100,2019-03-04", "E2,Jonas Weiß,Lead,E1,90,2020-06-15"]


# --- columns, without a database ----------------------------------------------------------------


def test_usual_names_of_columns_are_guessed():
    assert columns.guess([*HEAD.split(","), "First name", "E-Mail"], {}) == {
        "source_id": "Employee ID",
        "display_name": "Name",
        "job_title": "Job title",
        "manager_source_id": "Manager ID",
        "start_date": "Hire date",
        "given_name": "First name",
        "work_email": "E-Mail",
    }


def test_what_was_chosen_last_time_goes_before_what_names_say():
    assert columns.guess(["ID", "Badge", "Name"], {"source_id": "Badge", "status": "Gone"}) == {"source_id": "Badge"}


def test_a_column_that_nobody_chose_slips_in_under_no_field():
    reader = columns.Reader(["id", "name", "status", "salary"], {"source_id": "id", "display_name": "name"})

    row = reader.row_of(["E1", "Ada", "inactive", "100"])

    assert row == {"source_id": "E1", "display_name": "Ada", "status (not chosen)": "inactive", "salary": "100"}


def test_excels_way_to_keep_zeros_is_undone_and_other_formulas_stay_text():
    reader = columns.Reader(["source_id", "display_name"], {"source_id": "source_id", "display_name": "display_name"})

    assert reader.row_of(['="00123"', '=HYPERLINK("x")']) == {"source_id": "00123", "display_name": '=HYPERLINK("x")'}


# --- the way of a file --------------------------------------------------------------------------

db = pytest.mark.django_db


def uploaded(content: str | bytes, *, by: Account | None = None, mode: str = "delta", source: str = "hr") -> Upload:
    raw = content.encode() if isinstance(content, str) else content
    return actions.add_upload(BytesIO(raw), file_name="staff.csv", source=source, mode=mode, by=by or admin())


def table(*rows: str, head: str = HEAD) -> str:
    return "\n".join([head, *rows])


def checked(upload: Upload) -> Run:
    """Through its dry run."""
    actions.map_upload(upload, mapping=upload.mapping, by=upload.created_by)
    return worked(upload).dry_run


def applied(upload: Upload) -> Run:
    actions.apply_upload(upload, by=upload.created_by)
    return worked(upload).run


def worked(upload: Upload) -> Upload:
    uploading.work_on_upload(upload.pk)
    upload.refresh_from_db()
    for run in (upload.dry_run, upload.run):
        if run:
            runs.apply_run(run.pk)
            run.refresh_from_db()
    return upload


@db
def test_a_file_is_checked_first_and_applied_after():
    upload = uploaded(table(*ROWS))

    dry = checked(upload)
    assert (dry.is_dry, dry.state, dry.counts["created"], Person.objects.count()) == (True, "applied", 2, 0)

    run = applied(upload)
    assert (run.is_dry, run.state, run.counts["created"], run.dropped) == (False, "applied", 2, {"Salary": 2})
    assert person(2).manager == person(1)
    assert not upload.pieces.exists()


@db
def test_the_same_guards_hold_a_file_that_would_do_much_harm():
    snapshot(staff(100))
    upload = uploaded("source_id,display_name\nE1,Person 1", mode="snapshot")

    dry = checked(upload)
    assert [guard["code"] for guard in dry.tripped] == ["leavers", "rows"]
    run = applied(upload)

    assert (run.state, run.counts["held"], Person.objects.active().count()) == ("held", 99, 100)


@db
def test_the_columns_are_remembered_for_the_source_alone():
    first = uploaded("Badge,Called,ID\nE1,Ada,9")
    actions.map_upload(first, mapping={"source_id": "Badge", "display_name": "Called"}, by=first.created_by)

    assert uploaded("Badge,Called,ID\nE2,Jon,8").mapping == {"source_id": "Badge", "display_name": "Called"}
    assert uploaded("Badge,Called,ID\nE2,Jon,8", source="other").mapping == {"source_id": "ID"}


@db
def test_semicolons_western_letters_and_tabs_are_found_out():
    checked(upload := uploaded(table(*ROWS).replace(",", ";").encode("cp1252")))
    applied(upload)
    checked(other := uploaded(table(*ROWS).replace(",", "\t").encode("utf-16"), source="tabs"))
    applied(other)

    assert list(Person.objects.order_by("source").filter(source_id="E2").values_list("display_name", flat=True)) == [
        "Jonas Weiß",
        "Jonas Weiß",
    ]


@db
def test_a_workbook_is_read_by_its_values():
    book = Workbook()
    for row in [["Employee ID", "Name", "Hire date"], [1001, "Ada Osei", "2019-03-04"]]:
        book.active.append(row)
    content = BytesIO()
    book.save(content)

    checked(upload := uploaded(content.getvalue()))
    applied(upload)

    assert Person.objects.get(source_id="1001").display_name == "Ada Osei"


@db
def test_rows_with_too_many_cells_are_named_by_their_place_in_the_file():
    run = checked(uploaded(table(ROWS[0], "E2,Jonas,Lead,E1,90,2020-06-15,more", ROWS[1])))

    assert list(run.problems.values_list("row", "code")) == [(3, "not_a_person")]


@db
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"Employee ID,Name\n", "no rows under it"),
        (b"%PDF-1.7 and so on", "This is not a table."),
        (b"PK\x03\x04 broken", "damaged"),
        (b"a\x00b\x01c", "not all in one encoding"),
    ],
)
def test_what_is_no_list_of_people_is_refused_with_what_to_do(content, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        uploaded(content)


@db
@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"display_name": "Name"}, "tells people apart"),
        ({"source_id": "Employee ID"}, "with the name"),
        ({"source_id": "Employee ID", "display_name": "Employee ID"}, "one thing only"),
        ({"source_id": "Employee ID", "display_name": "Gone"}, "no column “Gone”"),
    ],
)
def test_columns_that_cannot_be_are_refused(mapping, sentence):
    upload = uploaded(table(*ROWS))

    with pytest.raises(RuleBroken, match=sentence):
        actions.map_upload(upload, mapping=mapping, by=upload.created_by)


@db
def test_asked_twice_a_file_is_sent_once():
    checked(upload := uploaded(table(*ROWS)))

    run = applied(upload)
    actions.apply_upload(upload, by=upload.created_by)
    assert not uploading.work_on_upload(upload.pk)

    assert Run.objects.filter(is_dry=False).get() == run


@db
def test_a_worker_that_dies_in_the_middle_leaves_no_run_and_the_next_one_makes_one(monkeypatch):
    upload = uploaded(table(*ROWS))
    actions.map_upload(upload, mapping=upload.mapping, by=upload.created_by)
    monkeypatch.setattr(uploading, "close_run", lambda *args, **facts: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        uploading.work_on_upload(upload.pk)
    assert not Run.objects.exists()
    monkeypatch.undo()

    Upload.objects.update(leased_until="2020-01-01T00:00Z", wanted_at="2020-01-01T00:00Z")
    assert uploading.resume_uploads() == 1
    assert worked(upload).dry_run.counts["created"] == 2


@db
def test_a_file_that_nobody_sent_is_forgotten_after_three_days():
    upload = uploaded(table(*ROWS))
    assert uploading.forget_files() == 0
    Upload.objects.update(created_at="2020-01-01T00:00Z")

    assert uploading.forget_files() == 1
    with pytest.raises(RuleBroken, match="Upload it again"):
        actions.map_upload(upload, mapping=upload.mapping, by=upload.created_by)


# --- the pages ----------------------------------------------------------------------------------


@pytest.fixture
def keeper(client, db):
    account = make_account(Role.PEOPLE_ADMIN)
    client.force_login(account)
    return account


def sent(client, content: str | bytes, **facts: str):
    raw = content.encode() if isinstance(content, str) else content
    data = {"file": SimpleUploadedFile("staff.csv", raw), "source": "hr", "mode": "delta", **facts}
    return client.post("/people/runs/upload/", data)


def test_a_file_leads_to_its_columns_and_these_to_the_dry_run(client, keeper):
    answer = sent(client, table(*ROWS))
    upload = Upload.objects.get()
    assert answer["Location"] == upload.get_absolute_url()

    html = client.get(answer["Location"]).content.decode()
    assert "nothing is taken from <b>Salary</b>" in html
    assert '<option value="Employee ID" selected>' in html

    client.post(answer["Location"], upload.mapping)
    assert "is being read for its dry run" in client.get(answer["Location"]).content.decode()
    dry = worked(upload).dry_run
    shown = client.get(answer["Location"], follow=True)
    assert shown.redirect_chain == [(dry.get_absolute_url(), 302)]
    assert "No guard would hold anything." in shown.content.decode()

    client.post(f"/people/runs/upload/{upload.pk}/apply/")
    assert client.get(worked(upload).get_absolute_url())["Location"] == upload.run.get_absolute_url()
    assert Person.objects.count() == 2


def test_what_a_form_lacks_is_said_at_the_field(client, keeper):
    answer = client.post("/people/runs/upload/", {"mode": "delta"})

    assert answer.status_code == 422
    assert "Choose a file first." in answer.content.decode()
    assert "Name the system that these people come from." in answer.content.decode()


def test_a_file_that_is_too_large_is_told_so_and_where_to_go(client, keeper, monkeypatch):
    monkeypatch.setattr("base.uploads.MAX_UPLOAD", 100)

    answer = sent(client, table(*ROWS * 20))

    assert answer.status_code == 413
    assert "the limit is 50 MB. Send it over the API instead, in pages." in answer.content.decode()


def test_columns_that_cannot_be_are_refused_on_the_page(client, keeper):
    upload = uploaded(table(*ROWS), by=keeper)

    answer = client.post(upload.get_absolute_url(), {"display_name": "Name"})

    assert answer.status_code == 409
    assert "tells people apart for good" in answer.content.decode()
