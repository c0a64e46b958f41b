"""Whoever is shown what is said about somebody leaves a note that this person sees: every page, every endpoint."""

import pytest
from django.http import HttpResponse
from django.urls import reverse

from gaps.models import AccessNote
from gaps.queries.looking import who_looked
from tests.api.client import Program
from tests.gaps.worlds import make_world
from tests.house import House
from tests.make import make_key
from tests.test_role_matrix import ENDPOINTS, PAGES, address_and_data, rows, undone
from workforce.models import Person

pytestmark = pytest.mark.django_db

NAME = "Tomas Brandt"
# They name people, and say of nobody what they can do, lack or aim at.
NAMES_ONLY = (
    "home",
    "person_list",
    "person_show",
    "person_export",
    "person_correct",
    "person_terminate",
    "what_if",
    "evidence_record",
    "time_",
    "team_",
    "champion_ask",
    "skill_champion_ask",
    "cohort_",
    "programme_add",
    "programme_change",
    "resource_",
    "workflow_",
)
# They show a program people, and nothing of what is said about them.
WITHOUT_RECORDS = ("api-person-", "scim_")


@pytest.fixture
def tomas(house) -> Person:
    return house.people["employee"].person


def content_of(answer: HttpResponse) -> str:
    return (b"".join(answer) if answer.streaming else answer.content).decode("utf-8", "ignore")


def unnoted(house: House, who: str, tomas: Person) -> list[str]:
    """The pages that show this reader something about somebody else, and leave no note."""
    found = []
    for route, of, sees, _ in rows(PAGES):
        if sees == "-" or route.startswith(NAMES_ONLY):
            continue
        with undone():
            answer = house.client(who).get(address_and_data(house, route, of)[0])
            if answer.status_code == 200 and NAME in content_of(answer):
                notes = AccessNote.objects.filter(person=tomas, seen_by=house.people[who])
                found += [] if notes.exists() else [f"{route} {of}"]
    return found


@pytest.mark.parametrize("who", ["manager", "people admin", "designer"])
def test_every_page_that_tells_of_somebody_is_noted(house, tomas, who):
    assert unnoted(house, who, tomas) == []


def test_the_walk_does_find_what_it_looks_for(house, tomas, monkeypatch):
    monkeypatch.setattr("gaps.queries.looking.note", lambda *_, **__: None)
    assert {"person_gaps colleague", "heatmap_show ", "cell_show cell"} <= set(unnoted(house, "manager", tomas))


def test_looking_at_oneself_is_nobody_s_business(house, tomas):
    for route, of, sees, _ in rows(PAGES):
        if sees != "-":
            with undone():
                house.client("employee").get(address_and_data(house, route, of)[0])
                assert not AccessNote.objects.filter(person=tomas, seen_by=house.people["employee"]).exists(), route


def test_one_s_own_page_says_who_looked(house, tomas):
    house.client("manager").get(reverse("person_gaps", args=[tomas.pk]))
    html = content_of(house.client("employee").get(reverse("my_page")))
    assert "Who looked at my record" in html
    assert "<b>Ines Vogt</b>" in html


def test_every_endpoint_that_tells_of_somebody_is_noted(house, tomas):
    program = Program(make_key("read", "hris"))
    told, silent = [], []
    for route, of, reads, _ in rows(ENDPOINTS):
        if reads == "-" or route.startswith(WITHOUT_RECORDS):
            continue
        with undone():
            AccessNote.objects.all().delete()
            answer = program.ask("GET", house.address(route, of))
            if answer.status_code == 200 and str(tomas.pk) in content_of(answer):
                (told if AccessNote.objects.filter(person=tomas).exists() else silent).append(route)
    assert silent == []
    assert told == [
        "api-gap-list", "api-evidence-list", "api-evidence-detail", "api-programme-list", "api-programme-detail",
    ]  # fmt: skip


def test_a_page_of_gaps_is_noted_once_per_reader_person_and_day_in_one_statement():
    make_world(1, people=12)
    program = Program(make_key("read"))
    people = {gap["person"] for gap in program.ask("GET", "gaps/?page_size=1000").body["results"]}
    program.ask("GET", "gaps/?page_size=1000")

    assert len(people) > 5
    notes = AccessNote.objects.values_list("person", "page")
    assert sorted((str(person), page) for person, page in notes) == sorted((person, "gaps") for person in people)
    assert {note.page for pk in people for note in who_looked(Person(pk=pk))} == {"gaps"}


def test_cover_over_the_api_is_noted_for_whoever_is_named():
    make_world(1, people=12)
    program = Program(make_key("read"))

    steps = program.ask("GET", "cover/?page_size=1000").body["results"]

    named = {who["person"] for step in steps for who in (*step["can"], *step["leaving"])}
    assert named
    assert {str(pk) for pk in AccessNote.objects.filter(page="cover").values_list("person", flat=True)} == named
