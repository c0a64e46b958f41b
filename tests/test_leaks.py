"""Drafts, imports and flags are for those who design: no list, count, search, map or file tells anybody else."""

import pytest
from django.urls import reverse

from base import flags
from skills import actions
from skills.models import SkillFlag
from skills.today import lately
from tests.house import DRAFT, House, build, routes
from tests.make import make_account, make_designer, make_outcome, make_person, make_skill, make_step
from tests.test_role_matrix import PAGES, address_and_data, rows
from workforce.actions import close_account, create_key
from workforce.models import Source

pytestmark = pytest.mark.django_db

# Words of the house that stand in drafts and imports only, in the flags of skills, and in what became of those.
SECRETS = [DRAFT, "Zorbify", "A list of secrets", "secrets.csv", "secret stock", "did “assign”", "no_context"]
ASKED = {"q": "zorbi", "state": "all", "flag": "no_context", "skill": "", "origin": "A list of secrets"}


@pytest.fixture
def house() -> House:
    return build()


def shown_to(client, address: str) -> str:
    answer = client.get(address)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace")


@pytest.mark.parametrize("role", ["employee", "manager", "people admin"])
def test_no_page_shows_a_draft_an_import_or_a_flag_of_a_skill(house, role):
    client, told = house.client(role), {}
    for route, of, sees, _ in rows(PAGES):
        if sees == "-" or route.startswith(("api_", "skill_export")):
            continue
        html = shown_to(client, address_and_data(house, route, of)[0])
        told[f"{route} {of}"] = [word for word in SECRETS if word in html]
    assert len(told) > len(routes()) / 3
    assert {page: words for page, words in told.items() if words} == {}


@pytest.mark.parametrize("role", ["employee", "manager", "people admin"])
@pytest.mark.parametrize("page", ["skill_list", "search", "csv"])
def test_no_question_brings_a_draft_to_light(house, role, page):
    address = reverse("skill_export", args=["csv"]) if page == "csv" else reverse(page)
    for name, value in ASKED.items():
        html = shown_to(house.client(role), f"{address}?{name}={value}").replace(value, "")
        assert "Zorbify" not in html, name


def test_who_may_not_see_flags_cannot_ask_which_skills_have_one(house):
    """`nobody_performs` and the like stand on published skills too."""
    plain, asked = (
        shown_to(house.client("employee"), f"{reverse('skill_list')}?flag={flag}") for flag in ("", "nobody_performs")
    )
    assert plain.count('class="says"') == asked.count('class="says"') > 0


def test_the_map_counts_and_marks_only_what_one_may_see(house):
    workflow = reverse("workflow_show", args=[house.things["workflow"].pk])
    employees, designers = (shown_to(house.client(role), workflow) for role in ("employee", "designer"))
    assert "2 skills placed" in employees
    assert "4 skills placed" in designers


def test_a_look_alike_among_the_drafts_is_told_to_designers_only(house):
    published = house.things["published skill"]
    make_skill(published.statement)
    assert SkillFlag.objects.open().filter(about=published, code="looks_alike").exists()
    workflow = reverse("workflow_show", args=[house.things["workflow"].pk])

    assert "near-identical" not in shown_to(house.client("employee"), workflow)
    assert shown_to(house.client("employee"), published.get_absolute_url()).count(published.statement) == shown_to(
        house.client("people admin"), published.get_absolute_url()
    ).count(published.statement)


def test_the_history_of_a_published_skill_keeps_flags_and_compared_drafts_to_itself(house):
    published, designer = house.things["published skill"], house.people["designer"]
    step = make_step(by=designer)
    make_outcome(step, by=designer)
    flag = SkillFlag.objects.create(about=published, code="looks_alike")
    flags.assign(flag, to=designer, by=designer)
    actions.tell_apart(published, house.things["draft"], reason="One is for the warehouse", by=designer)
    address = published.get_absolute_url()

    for word in (DRAFT, "One is for the warehouse", "assign"):
        assert word in shown_to(house.client("designer"), address), word
        assert word not in shown_to(house.client("employee"), address), word


def test_what_happens_to_people_and_keys_is_no_news_for_designers(house):
    create_key("Payroll robot", scopes=["hris"], by=make_designer("Ada Berg"))
    make_person(display_name="Somebody New")
    told = " ".join(deed.words for deed in lately(house.people["designer"]))
    assert "Payroll robot" not in told


@pytest.mark.parametrize("role", ["employee", "manager", "designer"])
def test_no_page_tells_of_keys_sources_or_closed_accounts(house, role):
    """They are for those who look after people; to everybody else not even their names are told."""
    ada = house.people["administrator"]
    create_key("Payroll robot", scopes=["hris"], by=ada)
    Source.objects.create(name="secret-workday")
    close_account(make_account(name="Zelda Closed"), reason="Left in anger", by=ada)
    client, told = house.client(role), {}
    for route, of, sees, _ in rows(PAGES):
        if sees == "-" or route.startswith(("api_", "skill_export")):
            continue
        html = shown_to(client, address_and_data(house, route, of)[0])
        told[f"{route} {of}"] = [
            word for word in ("Payroll robot", "secret-workday", "Zelda Closed", "in anger") if word in html
        ]
    assert {page: words for page, words in told.items() if words} == {}
