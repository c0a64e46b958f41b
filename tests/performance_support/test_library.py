"""Finding support, and keeping one resource, through the pages."""

import csv

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from performance_support import actions
from performance_support.forms import StepsField, as_lines
from performance_support.models import Resource, Use
from performance_support.queries import use
from tests.make import make_account, make_designer, make_resource, make_skill, make_workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def designer():
    return make_designer()


@pytest.fixture
def client(designer):
    client = Client()
    client.force_login(designer)
    return client


def found(client: Client, **asked: str) -> list[str]:
    answer = client.get(reverse("resource_list"), asked)
    assert answer.status_code == 200
    return [resource.title for resource in answer.context["found"].resources]


def test_typing_errors_are_forgiven(client):
    make_resource("Price list, field by field")
    make_resource("Tax certificate")
    assert found(client, q="pricce") == ["Price list, field by field"]
    assert found(client, q="certifcate tax") == ["Tax certificate"]
    assert found(client, q="elephants") == []


def test_whatever_it_says_is_searched_the_lines_of_its_steps_among_it(client):
    lines = [{"text": "Ask who may sign", "detail": "One signatory is enough.", "rule": "Above 10,000 in writing."}]
    make_resource("Prepare it", kind="quick_steps", text="", steps=lines)
    for words in ("sign", "signatory", "writing", "singatory"):
        assert found(client, q=words) == ["Prepare it"], words
    # What is a name in the data is no word of it.
    assert found(client, q="detail") == []


def test_the_bar_finds_it_and_says_that_it_is_stale(client):
    stale = make_resource("Load the price list")
    make_resource("How long a price list as it is sent to all of our customers stays in force")
    make_resource("Terms", text="The price list is sent with them.")
    make_resource("The price list of next year", verified=False)
    for _ in range(2):
        actions.vote(stale, worked=False, by=make_account())
    answer = client.get(reverse("search"), {"q": "pirce lits"})
    (found_here,) = [hits for words, hits in answer.context["groups"] if words == "Support"]
    assert [(hit.says, hit.where) for hit in found_here] == [
        ("Load the price list", "Job aid, stale"),
        ("How long a price list as it is sent to all of our customers stays in force", "Job aid"),
        ("Terms", "Job aid"),
    ]
    assert f'href="{reverse("resource_show", args=[stale.pk])}"' in answer.content.decode()


def test_the_list_narrows(client, designer):
    step = make_workflow(steps=1).steps.get()
    make_resource("At the step", at=step)
    make_resource("Mine", owner=designer)
    make_resource("A draft", verified=False, kind="video")
    assert found(client) == ["At the step", "Mine"]
    assert found(client, whose="mine") == ["Mine"]
    assert found(client, workflow=str(step.workflow_id)) == ["At the step"]
    assert found(client, unplaced="1") == ["Mine"]
    assert found(client, state="draft", kind="video") == ["A draft"]
    assert found(client, workflow="nonsense", state="nonsense", after="nonsense") == ["At the step", "Mine"]


def test_a_draft_that_is_verified_is_offered_and_said_so(client):
    resource = make_resource("Price list", verified=False)
    for words in ("is offered from now on", "is still correct"):
        resource.refresh_from_db()
        answer = client.post(reverse("resource_verify", args=[resource.pk]), {"seen": resource.version}, follow=True)
        assert f"“Price list” {words}" in answer.content.decode()


def test_a_language_is_chosen_with_its_regions(client):
    make_resource("Lista de preços", language="pt-BR")
    make_resource("Preisliste", language="de")
    make_resource("Price list")
    assert found(client, language="pt") == ["Lista de preços"]
    assert found(client, language="DE", q="preisliste") == ["Preisliste"]
    assert found(client, language="p") == []
    assert "in pt-BR" in client.get(reverse("resource_list")).content.decode()


def test_the_language_comes_from_the_form_and_makes_sense(client):
    typed = {"kind": "job_aid", "title": "Preisliste", "text": "Lies das.", "language": "de"}
    client.post(reverse("resource_add"), typed)
    assert Resource.objects.get().language == "de"
    answer = client.post(reverse("resource_add"), typed | {"language": "deutsch, bitte"})
    assert list(answer.context["form"].errors) == ["language"]


def test_pages_follow_each_other(client, monkeypatch):
    monkeypatch.setattr("performance_support.queries.library.PER_PAGE", 2)
    for title in "cab":
        make_resource(title)
    first = client.get(reverse("resource_list")).context["found"]
    assert [resource.title for resource in first.resources] == ["a", "b"]
    assert found(client, after=first.after) == ["c"]


def test_it_is_written_placed_and_offered(client):
    step = make_workflow(steps=1).steps.get()
    typed = {
        "kind": "quick_steps",
        "title": "Save it",
        "steps": "Open it\nSave it | The button is green",
        "language": "en",
    }
    answer = client.post(f"{reverse('resource_add')}?step={step.pk}", typed)
    resource = Resource.objects.get()
    assert answer["Location"] == f"{reverse('resource_place', args=[resource.pk])}?step={step.pk}"
    assert resource.steps[1] == {"text": "Save it", "detail": "The button is green"}

    client.post(answer["Location"], {"at": "step", "moments": ["first", "applying"]})
    client.post(reverse("resource_verify", args=[resource.pk]), {"seen": Resource.objects.get().version})
    resource.refresh_from_db()
    assert resource.state == "verified"
    assert resource.placements.get().moments == ["first", "applying"]


def test_a_skill_or_an_outcome_of_the_step_can_be_chosen(client):
    step = make_workflow(steps=1).steps.get()
    skill = make_skill("Support the clerk by checking it", at=step, published=True)
    resource = make_resource()
    address = f"{reverse('resource_place', args=[resource.pk])}?step={step.pk}"
    assert str(skill) in client.get(address).content.decode()
    client.post(address, {"at": f"skill-{skill.pk}", "moments": ["solving"]})
    assert resource.placements.get().skill == skill


def test_two_editors_see_each_other(client):
    resource = make_resource(text="One.")
    form = {"kind": "job_aid", "title": resource.title, "language": "en", "seen": resource.version}
    client.post(reverse("resource_change", args=[resource.pk]), {**form, "text": "Two."})
    clash = client.post(reverse("resource_change", args=[resource.pk]), {**form, "text": "Three."})
    assert clash.status_code == 409
    assert "Two." in clash.content.decode()
    assert Resource.objects.get().text == "Two."


def test_what_nobody_has_read_is_not_verified(client):
    resource = make_resource()
    client.post(reverse("resource_verify", args=[resource.pk]), {"seen": resource.version - 1})
    assert resource.verifications.count() == 1


def test_the_archive_gives_back(client):
    resource = make_resource()
    client.post(reverse("resource_archive", args=[resource.pk]))
    assert "in the archive" in client.get(reverse("resource_show", args=[resource.pk])).content.decode()
    client.post(reverse("resource_take_back", args=[resource.pk]))
    assert Resource.objects.get().state == "draft"


def test_it_is_handed_over_and_an_earlier_version_said_again(client):
    resource, other = make_resource(text="One."), make_account(name="Lena Fischer")
    client.post(reverse("resource_hand_over", args=[resource.pk]), {"to": other.pk})
    form = {"kind": "job_aid", "title": resource.title, "language": "en", "text": "Two."}
    client.post(reverse("resource_change", args=[resource.pk]), form)
    client.post(reverse("resource_return_to", args=[resource.pk, 1]))
    resource.refresh_from_db()
    assert (resource.owner, resource.text, resource.content_version) == (other, "One.", 3)


def test_opening_it_counts(client):
    resource = make_resource()
    client.get(reverse("resource_show", args=[resource.pk]))
    assert Use.objects.get().views == 1


def test_what_people_wrote_comes_out_as_text(client):
    resource = make_resource("<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")
    page = client.get(reverse("resource_show", args=[resource.pk])).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_steps_survive_the_way_through_the_form():
    steps = [{"text": "Open it", "detail": ""}, {"text": "Save it", "detail": "It is | green"}]
    assert StepsField().clean(as_lines(steps)) == steps


@pytest.mark.parametrize("route", ["resource_list", "freshness_desk"])
def test_lists_ask_as_often_for_three_as_for_one(client, route):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse(route))
        return len(captured)

    make_resource(at=make_workflow(steps=1).steps.get())
    queries()
    one = queries()
    for _ in range(2):
        make_resource(at=make_workflow(steps=1).steps.get(), owner=make_account())
    assert queries() == one


def test_the_list_leaves_as_a_file_whole_and_narrowed(client, monkeypatch):
    monkeypatch.setattr("performance_support.queries.library.PER_PAGE", 2)
    step = make_workflow(steps=1).steps.get()
    make_resource("=HYPERLINK(1)", at=step)
    for title in ("b", "c", "d"):
        make_resource(title, kind="video")
    head, *rows = exported(client, "resource_export")
    assert (head[0], len(rows)) == ("Resource", 4)
    assert rows[0][:4] == ["'=HYPERLINK(1)", "Job aid", "Verified", step.name]
    assert [row[0] for row in exported(client, "resource_export", kind="video")[1:]] == ["b", "c", "d"]


def exported(client: Client, route: str, **asked: str) -> list[list[str]]:
    answer = client.get(reverse(route, args=["csv"]), asked)
    return list(csv.reader(b"".join(answer).decode("utf-8-sig").splitlines()))


def test_what_waits_leaves_as_a_file_in_its_order(client):
    step = make_workflow(steps=1).steps.get()
    read, unread = make_resource("Read", at=step), make_resource("Unread", at=step)
    use.count_view(read.pk, step.pk)
    for resource in (unread, read):
        for who in ("a", "b"):
            actions.vote(resource, worked=False, by=make_account(name=f"{who} {resource}"))
    rows = exported(client, "freshness_export")
    assert [(row[0], row[2], row[3], row[5]) for row in rows[1:]] == [
        ("Read", step.name, "people say that it did not work", "1"),
        ("Unread", step.name, "people say that it did not work", "0"),
    ]
    assert len(exported(client, "freshness_export", because="owner_left")) == 1
