"""Job titles: who has none, what is suggested, mapping many at once, and taking it back."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from base.models import Change
from skills.models import SkillFlag
from tests.make import make_account, make_job_role, make_outcome, make_person, make_skill, make_step
from workforce import actions
from workforce.models import Account, JobRole, JobTitle, Role
from workforce.queries import titles
from workforce.queries.titles import Wanted

pytestmark = pytest.mark.django_db
LIST = "/people/titles/"
MAP = "/people/titles/map/"


def make_title(name: str, people: int = 1, role: JobRole | None = None) -> JobTitle:
    title = JobTitle.objects.create(name=name, job_role=role)
    for _ in range(people):
        make_person(job_title=title)
    return title


@pytest.fixture
def pia(client) -> Account:
    pia = make_account(Role.PEOPLE_ADMIN, name="Pia Lund")
    client.force_login(pia)
    return pia


def names(**asked: object) -> list[str]:
    return [title.name for title in titles.titles(Wanted(**asked)).rows]


def role_of(title: JobTitle) -> JobRole | None:
    return JobTitle.objects.get(pk=title.pk).job_role


# --- the list ---------------------------------------------------------------------------------


def test_titles_without_a_role_come_with_most_people_first():
    make_title("Clerk", 1)
    make_title("Rep II", 3)
    make_title("Mapped", 5, role=make_job_role())

    found = titles.titles(Wanted())

    assert [(title.name, title.people) for title in found.rows] == [("Rep II", 3), ("Clerk", 1)]
    assert (found.count, found.people) == (2, 4)


def test_who_has_left_does_not_count():
    title = make_title("Clerk")
    actions.terminate_person(title.people.get(), by=make_account())
    assert names() == []
    assert names(idle=True) == ["Clerk"]


def test_every_title_is_on_one_page_and_on_one_only(monkeypatch):
    monkeypatch.setattr(titles, "PER_PAGE", 3)
    for n in range(8):
        make_title(f"Title {n}", n % 3 + 1)
    seen, after = [], ""
    while True:
        found = titles.titles(Wanted(after=after))
        seen += [title.name for title in found.rows]
        if not (after := found.after):
            break
    assert len(seen) == 8
    assert set(seen) == {f"Title {n}" for n in range(8)}


@pytest.mark.parametrize("after", ["x", "W10", "WyJhIiwgImIiLCAiYyJd", "\x00"])
def test_a_place_that_nobody_was_given_is_the_beginning(after):
    make_title("Clerk")
    assert names(after=after) == ["Clerk"]


def test_words_of_a_title_are_found_in_any_order_and_signs_mean_nothing():
    make_title("Senior Warehouse Lead")
    make_title("100% Remote Clerk")
    assert names(q="lead ware") == ["Senior Warehouse Lead"]
    assert names(q="0%") == ["100% Remote Clerk"]
    assert names(q="_") == []


# --- what is suggested ------------------------------------------------------------------------


def test_a_title_like_a_job_role_is_suggested_with_its_reason():
    role = make_job_role("Warehouse lead")
    title = make_title("Senior Warehouse Lead")

    likely = titles.likely([title.pk])[title.pk]

    assert likely.role_pk == role.pk
    assert likely.reason == "the role has a name like it; both say “warehouse lead”"


def test_a_title_like_a_mapped_one_is_suggested_that_ones_role():
    role = make_job_role("Sales rep")
    make_title("Account Executive II", role=role)
    title = make_title("Account Executive III")

    likely = titles.likely([title.pk])[title.pk]

    assert likely.role_pk == role.pk
    assert likely.reason == "“Account Executive II” is mapped to it; both say “account executive”"


def test_nothing_is_suggested_where_nothing_is_alike_or_the_role_is_retired():
    actions.retire_job_role(make_job_role("Warehouse lead"), by=make_account())
    make_job_role("Nurse")
    title = make_title("Warehouse lead")
    assert titles.likely([title.pk]) == {}


# --- mapping ----------------------------------------------------------------------------------


def test_many_titles_are_mapped_in_one_request_and_taken_back_in_another(client, pia):
    role = make_job_role("Sales rep")
    chosen = [make_title("Rep I"), make_title("Rep II")]

    answer = client.post(
        MAP, {"title": [title.pk for title in chosen], "role": "sales REP"}, headers={"HX-Request": "true"}
    )

    assert [role_of(title) for title in chosen] == [role, role]
    undo = re.search(r'"undo": "([^"]+)"', answer.headers["HX-Trigger"])[1]
    client.post(undo)
    assert [role_of(title) for title in chosen] == [None, None]


def test_undo_leaves_alone_what_somebody_mapped_again():
    by, first, second = make_account(), make_job_role("One"), make_job_role("Two")
    kept, moved = make_title("Kept"), make_title("Moved")
    done = actions.map_job_titles({kept.pk: first, moved.pk: first}, by=by)
    actions.map_job_titles({moved.pk: second}, by=by)

    undone = actions.undo_mapping(done.batch, by=by)

    assert (undone.count, undone.left) == (1, 1)
    assert (role_of(kept), role_of(moved)) == (None, second)


def test_undo_of_what_was_overtaken_altogether_says_so(client, pia):
    title, role = make_title("Rep"), make_job_role("One")
    done = actions.map_job_titles({title.pk: role}, by=pia)
    actions.map_job_titles({title.pk: None}, by=pia)

    html = client.post(reverse("job_title_undo", args=[done.batch]), follow=True).content.decode()

    assert "mapped again since" in html


def test_a_name_that_is_no_role_yet_is_asked_about_and_then_made(client, pia):
    title = make_title("Go-live engineer")
    make_job_role("Go-live enginer")

    html = client.post(MAP, {"title": title.pk, "role": "Go-live engineer"}).content.decode()
    assert "Make a new job role?" in html
    assert 'value="Go-live enginer"' in html
    assert role_of(title) is None

    client.post(MAP, {"title": title.pk, "role": "Go-live engineer", "make": "1"})
    assert role_of(title).name == "Go-live engineer"


def test_each_chosen_title_gets_the_role_that_stood_beside_it(client, pia):
    lead, rep = make_job_role("Warehouse lead"), make_job_role("Sales rep")
    one, other, none = make_title("Warehouse lead II"), make_title("Sales rep II"), make_title("Pilot")

    client.post(
        MAP,
        {
            "title": [one.pk, other.pk, none.pk],
            "suggested": "1",
            f"likely-{one.pk}": lead.pk,
            f"likely-{other.pk}": rep.pk,
        },
    )

    assert [role_of(title) for title in (one, other, none)] == [lead, rep, None]


def test_a_suggestion_is_accepted_for_its_row_alone(client, pia):
    lead, title, other = make_job_role("Warehouse lead"), make_title("Warehouse lead II"), make_title("Pilot")
    client.post(MAP, {"accept": f"{title.pk} {lead.pk}"})
    assert (role_of(title), role_of(other)) == (lead, None)


def test_a_title_goes_back_to_no_role(client, pia):
    title = make_title("Rep", role=make_job_role())
    client.post(MAP, {"title": title.pk, "none": "1"})
    assert role_of(title) is None


def test_a_retired_role_is_refused_in_words(client, pia):
    title, role = make_title("Rep"), make_job_role("Sales rep")
    actions.retire_job_role(role, by=pia)

    html = client.post(MAP, {"accept": f"{title.pk} {role.pk}"}, follow=True).content.decode()

    assert "is retired. Choose another one." in html
    assert role_of(title) is None


def test_mapping_stands_in_the_trail_once_for_each_title():
    by, role = make_account(name="Pia Lund"), make_job_role("Sales rep")
    title, same = make_title("Rep"), make_title("Rep there", role=role)

    done = actions.map_job_titles({title.pk: role, same.pk: role}, by=by)

    (change,) = Change.objects.filter(scope=done.batch)
    assert (change.subject, change.by_name, change.verb) == (title.pk, "Pia Lund", "map")
    assert JobTitle.objects.get(pk=title.pk).version == 2


def test_a_title_is_one_whatever_its_case():
    make_title("Clerk")
    actions.map_job_title("CLERK", job_role=make_job_role(), by=make_account())
    assert JobTitle.objects.get().job_role


@pytest.mark.parametrize("sent", [{}, {"title": "x"}, {"title": str(uuid4())}])
def test_titles_that_are_not_there_are_missing(client, pia, sent):
    assert client.post(MAP, {**sent, "none": "1"}).status_code == 404


def test_everybody_else_is_told_whom_to_ask(client):
    make_account(Role.PEOPLE_ADMIN, name="Ines Duarte")
    client.force_login(make_account(person=make_person()))
    refused = client.get(LIST)
    assert refused.status_code == 403
    assert "Ask Ines Duarte" in refused.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(client, pia, django_assert_num_queries, count):
    for n in range(count):
        make_title(f"Title {n}")
        make_job_role()
    with django_assert_num_queries(5):  # session, account, titles, what is likely, job roles
        client.get(LIST)


# --- what follows -----------------------------------------------------------------------------


def test_a_skill_that_nobody_performed_is_unflagged_at_once_and_flagged_again_by_undo():
    by, role = make_account(), make_job_role("Sales rep")
    step = make_step(performed_by=role)
    make_outcome(step)
    skill = make_skill(at=step)
    title = make_title("Rep II")
    flagged = SkillFlag.objects.open().filter(about=skill, code="nobody_performs")
    assert flagged.exists()

    done = actions.map_job_titles({title.pk: role}, by=by)
    assert not flagged.exists()

    actions.undo_mapping(done.batch, by=by)
    assert flagged.exists()
