"""People in pages: finding them, what of one of them is for whom, and putting them right."""

import csv
import datetime as dt
from io import StringIO

import pytest
from django.utils import timezone

from tests.make import make_account, make_job_role, make_person
from tests.workforce.feed import deliver, row
from workforce import actions
from workforce.models import Account, Correction, JobTitle, Person, Role, Source, Team
from workforce.queries import people
from workforce.queries.names import NAMES
from workforce.queries.people import Wanted

pytestmark = pytest.mark.django_db
LIST = "/people/"
PRIVATE = ["E-4711", "Fixed term", "Leeds", "March 2031", "Put right because of a wedding", "Old Trainee"]


@pytest.fixture
def pia(client) -> Account:
    pia = make_account(Role.PEOPLE_ADMIN, name="Pia Lund")
    client.force_login(pia)
    return pia


def found(**asked: object) -> list[str]:
    return [person.display_name for person in people.people(Wanted(**asked)).rows]


def shown(client, address: str = LIST, **asked: str) -> str:
    return client.get(address, asked).content.decode()


# --- finding ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["maren", "holt mar", "Marne Holt", "marem holdt", "Jørgen", "jorgn", "maren@x.example"]
)
def test_somebody_is_found_however_the_name_is_typed(typed):
    make_person(display_name="Maren Holt", work_email="Maren@X.example")
    make_person(display_name="Jørgen Jorgan")
    make_person(display_name="Ines Duarte")
    NAMES.rebuild()
    assert len(found(q=typed)) == 1


@pytest.mark.parametrize("typed", ["'", "& |", "%", "a:*", "<script>", "x" * 300, "\x00", "🦄", "--"])
def test_whatever_is_typed_is_answered(client, pia, typed):
    assert client.get(LIST, {"q": typed}).status_code == 200


def test_whoever_keeps_people_finds_them_by_their_id_and_others_do_not():
    Source.objects.create(name="hr")
    make_person(display_name="Maren Holt", source="hr")
    pk = Person.objects.get().source_id
    assert found(q=pk, keeps=True) == ["Maren Holt"]
    assert found(q=pk) == []


def test_everybody_is_on_one_page_and_on_one_only(monkeypatch):
    monkeypatch.setattr(people, "PER_PAGE", 2)
    for name in ("Ada", "ada", "Bo", "Çelik", "Ömer"):
        make_person(display_name=name)
    seen, after = [], ""
    while True:
        page = people.people(Wanted(after=after))
        seen += [person.display_name for person in page.rows]
        if not (after := page.after):
            break
    assert sorted(seen) == sorted(["Ada", "ada", "Bo", "Çelik", "Ömer"])


def test_the_list_is_narrowed_by_what_the_link_says():
    role, team = make_job_role(), Team.objects.create(name="Office")
    boss = make_person(display_name="Boss", role=role)
    make_person(display_name="Clerk", team=team, manager=boss, job_title=JobTitle.objects.create(name="Clerk"))
    assert found(role=role.pk) == ["Boss"]
    assert found(team=team.pk) == found(manager=boss.pk) == found(lacking="role") == ["Clerk"]
    assert found(lacking="manager") == ["Boss"]
    assert found(lacking="title") == []


def test_leavers_are_listed_while_they_can_come_back():
    by = make_account()
    gone = actions.terminate_person(make_person(display_name="Gone", source="hr"), by=by)
    long_gone = actions.terminate_person(make_person(display_name="Long gone", source="hr"), by=by)
    Person.objects.filter(pk=long_gone.pk).update(left_at=timezone.now() - dt.timedelta(days=31))
    assert found() == []
    assert found(status="restorable") == ["Gone"]
    assert sorted(found(status="inactive")) == ["Gone", "Long gone"]
    assert people.last_day_to_restore(gone) == timezone.localdate() + dt.timedelta(days=30)


def test_others_cannot_ask_for_whom_they_may_not_know(client):
    gone = actions.terminate_person(make_person(display_name="Gone Gustafson", source="hr"), by=make_account())
    make_person(display_name="Later Larsen", status="pending")
    client.force_login(make_account(person=make_person(display_name="Tom Becker")))
    for asked in ({"status": "all"}, {"status": "inactive"}, {"q": "gustafson"}, {"q": "Larsen", "status": "pending"}):
        html = shown(client, **asked)
        assert "Gustafson" not in html
        assert "Larsen</a>" not in html
    assert client.get(f"/people/{gone.pk}/").status_code == 404


def test_the_file_has_what_the_list_shows_and_runs_nothing(client, pia):
    make_person(display_name="=HYPERLINK(1)", location="Oslo")
    make_person(display_name="Ines Duarte", location="@home")
    answer = client.get("/people/export/", {"q": "ines"})
    rows = list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [(line["display_name"], line["location"]) for line in rows] == [("Ines Duarte", "'@home")]
    whole = b"".join(client.get("/people/export/").streaming_content).decode()
    assert "'=HYPERLINK(1)" in whole


def test_somebody_without_an_entry_is_told_what_to_do(client):
    client.force_login(make_account())
    assert "A people admin can link the two" in shown(client)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(client, pia, django_assert_num_queries, count):
    for _ in range(count):
        make_person(role=make_job_role(), team=Team.objects.get_or_create(name="Office")[0])
    with django_assert_num_queries(6):  # session, account, people, how many, job roles, sources
        client.get(LIST)


# --- one person -------------------------------------------------------------------------------


@pytest.fixture
def company() -> dict[str, Person]:
    """Top leads Boss, Boss leads Rep; Other leads Stranger. Rep has a past, a last day and a correction."""
    by = make_account(Role.PEOPLE_ADMIN, name="Pia Lund")
    deliver([row("top", display_name="Top Tobin"), row("boss", display_name="Boss Bauer", manager_source_id="Etop")])
    deliver([row("other", display_name="Other Olsen")])
    rep = {"display_name": "Rep Rossi", "manager_source_id": "Eboss", "employee_number": "E-4711"}
    deliver([row("rep", **rep, employment_type="Fixed term", job_title="Old Trainee", end_date="2031-03-31")])
    deliver([{"source_id": "Erep", "job_title": "Sales rep", "location": "York"}])
    person = Person.objects.get(source_id="Erep")
    actions.correct_person(person, field="location", value="Leeds", reason="Put right because of a wedding", by=by)
    return {one.source_id[1:]: one for one in Person.objects.all()}


@pytest.mark.parametrize(("who", "knows"), [("rep", True), ("boss", True), ("top", True), ("other", False)])
def test_only_the_person_and_the_managers_above_know_all(client, company, who, knows):
    client.force_login(make_account(person=company[who]))
    html = shown(client, f"/people/{company['rep'].pk}/")
    assert "Rep Rossi" in html
    assert "Boss Bauer" in html
    assert [word in html for word in PRIVATE] == [knows] * len(PRIVATE)
    assert "Put right…" not in html


def test_a_report_knows_no_more_of_the_manager_than_a_colleague(client, company):
    client.force_login(make_account(person=company["rep"]))
    assert "What is known" not in shown(client, f"/people/{company['boss'].pk}/")


def test_the_page_says_where_each_value_came_from(client, pia, company):
    html = shown(client, f"/people/{company['rep'].pk}/")
    assert "put right here" in html
    assert "hr says “York”" in html
    assert "by Pia Lund on" in html
    assert "It stands until hr says the same." in html
    assert "delivery of" in html
    assert "leaves" in html
    assert "Old Trainee" in html


def test_a_manager_is_put_right_by_name_and_taken_back(client, pia, company):
    rep = company["rep"]
    client.post(f"/people/{rep.pk}/correct/manager_source_id/", {"value": "other olsen"})
    rep.refresh_from_db()
    assert rep.manager == company["other"]
    client.post(f"/people/{rep.pk}/correct/manager_source_id/undo/")
    rep.refresh_from_db()
    assert rep.manager == company["boss"]
    assert not Correction.objects.filter(person=rep, field="manager_source_id").exists()


def test_a_manager_whom_nobody_is_called_is_refused_in_words(client, pia, company):
    answer = client.post(f"/people/{company['rep'].pk}/correct/manager_source_id/", {"value": "Nobody"})
    assert answer.status_code == 422
    assert "Nobody in hr is called “Nobody”." in answer.content.decode()


def test_a_loop_of_managers_is_refused_in_words(client, pia, company):
    answer = client.post(f"/people/{company['top'].pk}/correct/manager_source_id/", {"value": "Rep Rossi"})
    assert answer.status_code == 409
    assert "would end where it began" in answer.content.decode()


@pytest.mark.parametrize("field", ["status", "end_date", "password", "source_id"])
def test_what_belongs_to_the_source_cannot_be_put_right(client, pia, company, field):
    assert client.get(f"/people/{company['rep'].pk}/correct/{field}/").status_code == 404


def test_somebody_leaves_and_comes_back(client, pia, company):
    rep = company["rep"]
    client.post(f"/people/{rep.pk}/terminate/", {})
    assert "Left on" in shown(client, f"/people/{rep.pk}/")
    client.post(f"/people/{rep.pk}/restore/")
    rep.refresh_from_db()
    assert rep.is_at_work


def test_a_day_to_come_is_shown_to_those_who_may_know(client, pia, company):
    day = timezone.localdate() + dt.timedelta(days=40)
    client.post(f"/people/{company['rep'].pk}/terminate/", {"end_date": day.isoformat()})
    assert f"on {day:%-d %b %Y}" in shown(client, LIST, q="rossi")
    client.force_login(make_account(person=company["other"]))
    assert f"{day:%-d %b %Y}" not in shown(client, LIST, q="rossi") + shown(client, f"/people/{company['rep'].pk}/")


@pytest.mark.parametrize("count", [1, 3])
def test_one_person_costs_the_same_with_one_report_and_with_three(client, pia, django_assert_num_queries, count):
    boss = make_person(role=make_job_role())
    for _ in range(count):
        make_person(manager=boss, role=make_job_role())
    with django_assert_num_queries(9):
        client.get(f"/people/{boss.pk}/")


# --- teams and job roles ----------------------------------------------------------------------


def test_a_team_that_nobody_is_in_any_more_is_listed_apart(client, pia):
    office, _ = Team.objects.create(name="Office"), Team.objects.create(name="Telegraphy")
    make_person(team=office)
    assert "Telegraphy" not in shown(client, "/people/teams/")
    html = shown(client, "/people/teams/", empty="1")
    assert "Telegraphy" in html
    assert ">Office<" not in html


def test_a_team_shows_its_people_and_their_roles(client, pia):
    office, role = Team.objects.create(name="Office"), make_job_role("Clerk of works")
    make_person(team=office, role=role, display_name="Maren Holt")
    html = shown(client, f"/people/teams/{office.pk}/")
    assert "Maren Holt" in html
    assert "Clerk of works" in html


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("listed", [("/people/teams/", 3), ("/people/roles/", 4)])
def test_lists_cost_the_same_for_one_and_for_three(client, pia, django_assert_num_queries, listed, count):
    address, queries = listed
    for n in range(count):
        make_person(team=Team.objects.create(name=f"Team {n}"), role=make_job_role())
    with django_assert_num_queries(queries):
        client.get(address)


def test_a_role_is_named_renamed_retired_and_restored(client, pia):
    client.post("/people/roles/add/", {"name": "Clerk"})
    again = client.post("/people/roles/add/", {"name": "clerk"})
    assert "There is a job role “clerk” already." in again.content.decode()
    role = make_job_role("Warehouse led")
    client.post(f"/people/roles/{role.pk}/change/", {"name": "Warehouse lead", "seen": "1"})
    role.refresh_from_db()
    assert role.name == "Warehouse lead"
    client.post(f"/people/roles/{role.pk}/retire/")
    assert "Retired" in shown(client, "/people/roles/")
    client.post(f"/people/roles/{role.pk}/restore/")
    role.refresh_from_db()
    assert not role.is_retired


def test_a_role_that_titles_stand_for_is_not_retired(client, pia):
    role = make_job_role("Clerk")
    make_person(role=role)
    html = client.post(f"/people/roles/{role.pk}/retire/", follow=True).content.decode()
    assert "1 title stands for it. Map it to another role first." in html
