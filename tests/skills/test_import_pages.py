"""The pages of an import, from the file to what became of it."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from skills import actions, carrying
from skills.models import Import, Skill
from tests.make import make_account, make_designer, make_skill

pytestmark = pytest.mark.django_db
KNOWN = b"Skill Name,Skill Statement\nOpen a call,Open a call so that the buyer answers\nPrice talks,Hold the price\n"


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_designer("Maren Holt"))
    return client


def upload(client: Client, content: bytes) -> object:
    return client.post(reverse("import_add"), {"file": SimpleUploadedFile("academy.csv", content)}, follow=True)


def planned(content: bytes = KNOWN, name: str = "") -> Import:
    plan = actions.add_import(io.BytesIO(content), file_name="academy.csv", name=name, by=make_designer())
    carrying.work_on(plan.pk)
    return Import.objects.get(pk=plan.pk)


def text_of(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode()


def test_a_known_list_is_planned_without_a_question(client):
    response = upload(client, KNOWN)

    plan = Import.objects.get()
    assert response.redirect_chain == [(reverse("import_show", args=[plan.pk]), 302)]
    assert "Academy is being read." in text_of(response)


def test_any_other_table_is_asked_for_its_columns(client):
    response = upload(client, "Nr;Bezeichnung;Was man kann\n1;Preise;Den Preis halten\n".encode("cp1252"))

    assert "Which column is which?" in text_of(response)
    assert "Den Preis halten" in text_of(response)


def test_columns_are_chosen_and_the_plan_is_made(client):
    upload(client, b"Nr;Bezeichnung;Kann\n1;Preise;Den Preis halten\n")
    plan = Import.objects.get()

    fields = {"name_of_list": "Akademie", "name": "Bezeichnung", "statement": "Kann", "key": "Nr"}
    client.post(reverse("import_map", args=[plan.pk]), fields)
    carrying.work_on(plan.pk)

    plan.refresh_from_db()
    assert (plan.name, plan.state) == ("Akademie", "planned")
    assert plan.rows.get().statement == "Den Preis halten"


def test_columns_must_be_chosen(client):
    upload(client, b"Nr;Bezeichnung\n1;Preise\n")

    response = client.post(reverse("import_map", args=[Import.objects.get().pk]), {"name_of_list": "Akademie"})

    assert "Choose the column with the name, or the one with the statement." in text_of(response)


def test_a_table_without_a_header_may_say_so(client):
    upload(client, b"Opening,Open it\nPricing,Price it\n")
    plan = Import.objects.get()

    client.post(reverse("import_look", args=[plan.pk]), {"first_row": "no"})

    plan.refresh_from_db()
    assert plan.shape["header"] == ["Column A", "Column B"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"%PDF-1.7", "This is not a table."),
        (b"Skill Name,Skill Statement\n", "no rows under it"),
    ],
)
def test_a_refusal_stands_beside_the_file(client, content, sentence):
    response = upload(client, content)

    assert sentence in text_of(response)
    assert not Import.objects.exists()


def test_a_file_over_the_limit_is_refused_by_its_size_alone(client, monkeypatch):
    monkeypatch.setattr("base.uploads.MAX_UPLOAD", 1000)

    response = upload(client, b"name\n" + b"A skill\n" * 1000)

    assert response.status_code == 413
    assert "the limit is 50 MB" in text_of(response)
    assert not Import.objects.exists()


def test_progress_is_shown_until_it_is_done_and_then_the_page_is_fetched_anew(client):
    upload(client, KNOWN)
    plan = Import.objects.get()
    poll = {"HX-Request": "true", "HX-Target": "import"}

    assert 'id="import"' in text_of(client.get(reverse("import_show", args=[plan.pk]), headers=poll))
    carrying.work_on(plan.pk)
    assert client.get(reverse("import_show", args=[plan.pk]), headers=poll)["HX-Refresh"] == "true"


def test_a_plan_shows_each_verdict_with_its_count(client):
    plan = planned(KNOWN + b"---,\n")

    page = text_of(client.get(reverse("import_show", args=[plan.pk])))

    assert "Create <b>2</b>" in page
    assert "Rejected <b>1</b>" in page
    assert "Bring in 2" in page


def test_an_update_shows_before_and_after(client):
    first = planned()
    carrying.work_on(actions.apply_import(first, by=first.created_by).pk)
    plan = planned(KNOWN.replace(b"Hold the price", b"Hold it"))

    page = text_of(client.get(reverse("import_show", args=[plan.pk]), {"verdict": "update"}))

    assert "<del>Hold the price</del> <ins>Hold it</ins>" in page


def test_a_look_alike_stands_beside_the_skill_it_looks_like(client):
    here = make_skill("Hold the price!")
    plan = planned()

    page = text_of(client.get(reverse("import_show", args=[plan.pk]), {"verdict": "look_alike"}))

    assert "Hold the price!" in page
    assert reverse("skill_show", args=[here.pk]) in page
    assert "Use the existing one" in page


def test_what_is_ticked_is_kept(client):
    plan = planned()
    first, second = plan.rows.order_by("number")
    form = {"verdict": "create", "shown": [first.pk, second.pk], f"choice-{second.pk}": "apply"}

    response = client.post(
        reverse("import_choose", args=[plan.pk]), form, headers={"HX-Request": "true", "HX-Target": "deck"}
    )

    assert "<b>1</b> row chosen" in text_of(response)
    assert list(plan.rows.chosen()) == [second]


def test_a_whole_verdict_is_answered_at_once(client):
    plan = planned()

    client.post(reverse("import_choose", args=[plan.pk]), {"verdict": "create", "every": "leave"})

    assert not plan.rows.chosen().exists()


def test_rows_of_another_list_are_not_touched(client):
    plan, other = planned(), planned(name="Other")
    theirs = other.rows.first()

    client.post(reverse("import_choose", args=[plan.pk]), {"verdict": "create", "shown": [theirs.pk]})

    theirs.refresh_from_db()
    assert theirs.choice == "apply"


def test_a_list_is_brought_in_and_leads_to_what_is_flagged(client):
    plan = planned()
    client.post(reverse("import_apply", args=[plan.pk]))
    carrying.work_on(plan.pk)

    page = text_of(client.get(reverse("import_show", args=[plan.pk])))

    assert Skill.objects.count() == 2
    assert "2 created, 0 updated" in page
    assert f"{reverse('flag_list')}?origin=Academy" in page


def test_it_can_be_stopped_and_undone_from_its_page(client):
    plan = planned()
    client.post(reverse("import_apply", args=[plan.pk]))
    client.post(reverse("import_stop", args=[plan.pk]))
    assert "Stopped after 0 of 2 rows." in text_of(client.get(reverse("import_show", args=[plan.pk])))
    client.post(reverse("import_apply", args=[plan.pk]))
    carrying.work_on(plan.pk)

    client.post(reverse("import_undo", args=[plan.pk]))
    carrying.work_on(plan.pk)

    assert "2 taken back" in text_of(client.get(reverse("import_show", args=[plan.pk])))
    assert not Skill.objects.exists()


def test_rejected_rows_are_downloaded_as_they_came_with_their_reason(client):
    plan = planned(b"Skill Name,Skill Statement,Course\n,,=1+1\nA,Do a,one\n")

    response = client.get(reverse("import_rejected", args=[plan.pk]))

    assert list(csv.reader(io.StringIO(text_of(response).removeprefix("\ufeff")))) == [
        ["Row", "Why it was rejected", "Skill Name", "Skill Statement", "Course"],
        ["2", "It has neither a name nor a statement.", "", "", "'=1+1"],
    ]


def test_rows_are_found_by_their_words(client):
    plan = planned()

    page = text_of(client.get(reverse("import_show", args=[plan.pk]), {"verdict": "create", "q": "price"}))

    assert "Hold the price" in page
    assert "buyer answers" not in page


def test_rows_come_fifty_at_a_time(client):
    plan = planned(
        b"Skill Name,Skill Statement\n" + b"".join(b"Skill %d,Do thing number %d\n" % (n, n) for n in range(60))
    )
    show = reverse("import_show", args=[plan.pk])

    assert "after=51" in text_of(client.get(show))
    assert "Do thing number 59" in text_of(client.get(show, {"verdict": "create", "after": "51"}))


@pytest.mark.parametrize("count", [1, 3])
def test_a_plan_costs_the_same_for_one_and_for_three(client, count, django_assert_num_queries):
    text = "Skill Name,Skill Statement\n" + "".join(f"Skill {n},Do thing number {n}\n" for n in range(count))
    plan = planned(text.encode())

    with django_assert_num_queries(8):  # session, account, import, counts, rows, chosen, results, all rows
        client.get(reverse("import_show", args=[plan.pk]))


@pytest.mark.parametrize("name", ["import_list", "import_add"])
def test_only_designers_import(name):
    client = Client()
    client.force_login(make_account())

    assert client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", ["import_show", "import_map", "import_rejected"])
def test_nobody_else_sees_a_plan(name):
    client = Client()
    client.force_login(make_account())

    assert client.get(reverse(name, args=[planned().pk])).status_code == 403


@pytest.mark.parametrize("name", ["import_choose", "import_apply", "import_stop", "import_undo", "import_look"])
def test_nobody_else_acts_on_a_plan(name):
    client = Client()
    client.force_login(make_account())

    assert client.post(reverse(name, args=[planned().pk])).status_code == 403


def test_every_list_is_on_the_page_of_lists(client):
    planned()

    assert "Academy" in text_of(client.get(reverse("import_list")))
