"""Drafts, imports and flags are for those who design: no list, count, search, map or file tells anybody else."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from base import flags
from skills import actions
from skills.models import SkillFlag
from skills.today import lately
from tests.house import DRAFT, House, routes
from tests.make import make_account, make_designer, make_outcome, make_person, make_skill, make_step
from tests.test_role_matrix import PAGES, address_and_data, rows
from workforce.actions import close_account, create_key
from workforce.models import Source

pytestmark = pytest.mark.django_db

# Words of the house that stand in drafts and imports only, in the flags of skills, and in what became of those.
SECRETS = [DRAFT, "Zorbify", "A list of secrets", "secrets.csv", "secret stock", "did “assign”", "no_context"]
ASKED = {"q": "zorbi", "state": "all", "flag": "no_context", "skill": "", "origin": "A list of secrets"}


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


# --- the manager of another team ----------------------------------------------------------------

DIRECTORY = {"person_list"}  # names are for everybody, levels are not


def lists(house: House) -> dict[str, str]:
    """{address: what its page is called} of every page and file that is about nobody in particular."""
    shown = [(route, of) for route, of, sees, _ in rows(PAGES) if sees != "-" and (not of or of.startswith("list as"))]
    return {house.address(route, of): route for route, of in shown if not route.startswith("api_")}


def test_no_list_tells_the_manager_of_another_team_of_these_people(house):
    """Their own manager finds them in many of the same lists, so it is the manager who makes the difference."""
    pages = lists(house)
    theirs, others = (
        {name for address, name in pages.items() if "Tomas Brandt" in shown_to(house.client(who), address)}
        for who in ("manager", "other manager")
    )
    assert len(theirs) > 5
    assert others == DIRECTORY


def test_naming_them_in_the_address_tells_another_manager_nothing(house):
    """Either it is the same page as without, or it is refused."""
    tomas, client, told = house.things["colleague"], house.client("other manager"), []
    for page in ("gap_list", "heatmap_show", "readiness_show", "why_show", "search", "what_if"):
        plain = words_of(shown_to(client, reverse(page)))
        for name in ("person", "people"):
            answer = client.get(f"{reverse(page)}?{name}={tomas.pk}")
            if answer.status_code not in {403, 404} and words_of(answer.content.decode()) != plain:
                told.append((page, name))
    assert told == []


def words_of(html: str) -> str:
    """What is to be read; links may repeat what was asked."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_a_manager_s_counts_are_of_the_own_people(house):
    lines = {
        who: shown_to(house.client(who), reverse("gap_export", args=["csv"])).count("Tomas Brandt")
        for who in ("manager", "other manager")
    }
    assert lines == {"manager": 1, "other manager": 0}


# --- how long it takes --------------------------------------------------------------------------


def test_what_one_may_not_know_of_takes_as_much_work_as_what_is_not_there(house):
    """Statements are counted, because a clock in a test tells of the machine."""
    hidden = {"its readers", "their keepers", "programme seers", "programme keepers", "only the learner"}
    told = {}
    for route, of, sees, does in rows(PAGES):
        if not {sees, does} & hidden:
            continue
        client = house.client("other manager")
        ask_for = client.post if sees == "-" else client.get
        real, made_up = house.address(route, of), reverse(route, kwargs=house.of_nobody(of))
        ask_for(made_up)  # what is looked up once for a process is not part of it
        work = [statements_of(ask_for, address) for address in (real, made_up)]
        if work[0] != work[1]:
            told[f"{route} {of}"] = work
    assert told == {}


def statements_of(ask_for, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert ask_for(address).status_code == 404
    return len(queries)
