"""The list of skills: what it shows to whom, its filters, its pages, and the same list as a file."""

import csv
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from skills import actions
from skills.queries import listing
from tests.make import make_account, make_designer, make_outcome, make_skill, make_step, make_workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def designer(client):
    designer = make_designer()
    client.force_login(designer)
    return designer


def found(client, **query: object) -> list[str]:
    return [str(skill) for skill in client.get(reverse("skill_list"), query).context["found"].skills]


def test_words_find_what_begins_with_them_in_any_order(client, designer):
    make_skill("Read the customer’s accounts", by=designer)
    make_skill("Match part numbers", by=designer)

    assert found(client, q="acc cust") == ["Read the customer’s accounts"]


def test_a_former_name_finds_the_skill(client, designer):
    skill = make_skill("Read the accounts", by=designer)
    actions.change_skill(skill, also_called=["Bookkeeping basics"], by=designer)

    assert found(client, q="bookkeep") == ["Read the accounts"]


@pytest.mark.parametrize("query", ["state=published", "flag=no_context", "origin=ESCO", "owner=", "workflow="])
def test_each_filter_narrows(client, designer, query):
    step = make_workflow(steps=1, by=designer).steps.get()
    placed = make_skill("Place one order together", at=step, published=True, by=designer)
    listed = make_skill("Name the reason", origin="ESCO", origin_key="1", by=make_designer())
    name, _, value = query.partition("=")
    expected = {"state": placed, "flag": listed, "origin": listed, "owner": placed, "workflow": placed}[name]
    value = {"owner": designer.pk, "workflow": step.workflow_id}.get(name, value)

    assert found(client, **{name: value}) == [str(expected)]


def test_retired_skills_are_shown_only_when_asked_for(client, designer):
    actions.retire_skill(make_skill("Fax the order", by=designer), by=designer)

    assert found(client) == []
    assert found(client, state="retired") == ["Fax the order"]


def test_somebody_who_does_not_design_sees_published_skills_only(client):
    make_skill("A draft")
    make_skill("A published one", at=make_workflow(steps=1).steps.get(), published=True)
    client.force_login(make_account())

    assert found(client) == ["A published one"]
    assert found(client, state="draft") == []


@pytest.mark.parametrize("sort", ["name", "newest", "oldest"])
def test_walking_the_pages_meets_every_skill_once(client, designer, sort, monkeypatch):
    monkeypatch.setattr(listing, "PER_PAGE", 3)
    said = {str(make_skill(f"Do {n % 4} {n}", name=f"Name {n % 3}", by=designer)) for n in range(10)}
    met, after = [], ""
    for _ in range(6):
        page = client.get(reverse("skill_list"), {"sort": sort, "after": after}).context["found"]
        met += map(str, page.skills)
        after = page.after
        if not after:
            break

    assert len(met) == 10
    assert set(met) == said


@pytest.mark.parametrize("after", ["nonsense", "W10", "WzEsIDJd", "\x00", "é"])
def test_a_place_that_nobody_was_given_is_the_beginning(client, designer, after):
    make_skill("Match part numbers", by=designer)

    assert found(client, after=after) == ["Match part numbers"]


def test_filters_stay_in_the_links(client, designer):
    make_skill("Match part numbers", by=designer)

    html = client.get(reverse("skill_list"), {"q": "part", "sort": "newest"}).content.decode()

    assert "/skills/export.csv?q=part&amp;sort=newest" in html


def test_an_empty_list_says_how_to_begin(client, designer):
    assert "There are no skills yet." in client.get(reverse("skill_list")).content.decode()


def test_an_empty_answer_says_how_to_widen_it(client, designer):
    assert "No skill matches all of that." in client.get(reverse("skill_list"), {"q": "zzz"}).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(client, designer, count, django_assert_num_queries):
    for _ in range(count):
        step = make_step(by=designer)
        make_outcome(step, by=designer)
        make_skill(at=step, by=designer)

    # session, account, skills, contexts, flags, count, workflows, owners, origins
    with django_assert_num_queries(9):
        client.get(reverse("skill_list"))


def table(client, **query: object) -> list[list[str]]:
    answer = client.get(reverse("skill_export", args=["csv"]), query)
    return list(csv.reader(StringIO(answer.getvalue().decode("utf-8-sig"))))


def test_an_export_has_the_columns_of_the_upload_and_a_context_as_an_alignment(client, designer):
    step = make_step(name="Prepare the account", by=designer)
    outcome = make_outcome(step, statement="the information is complete", by=designer)
    make_skill("Complete the form", details={"Keywords": ["forms", "data"]}, at=step, by=designer)

    head, row = table(client)

    facts = dict(zip(head, row, strict=True))
    assert head[:5] == ["RSD Name", "Authors", "Skill Statement", "Categories", "Keywords"]
    assert facts["Keywords"] == "forms; data"
    assert facts["Alignment Name"] == "Prepare the account, so that the information is complete"
    assert facts["Alignment URL"].endswith(f"?outcome={outcome.pk}#step-{step.pk}")
    assert facts["Alignment Framework"] == step.workflow.name


@pytest.mark.parametrize("statement", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)"])
def test_a_statement_is_never_a_formula_in_somebodys_spreadsheet(client, designer, statement):
    make_skill(statement, by=designer)

    cell = table(client)[1][2]
    book = client.get(reverse("skill_export", args=["xlsx"]))
    shown = load_workbook(BytesIO(book.content)).active.cell(2, 3)

    assert cell == f"'{statement}"
    assert (shown.value, shown.data_type) == (f"'{statement}", "s")


def test_an_export_holds_what_the_list_shows_and_nothing_else(client):
    make_skill("A draft")
    make_skill("A published one", at=make_workflow(steps=1).steps.get(), published=True)
    client.force_login(make_account())

    assert [row[2] for row in table(client)] == ["Skill Statement", "A published one"]
