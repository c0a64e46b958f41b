"""What somebody could try: every address asked absurdly, every form sent from elsewhere.

Who may do what is in test_role_matrix.py, what a page may show to whom in test_leaks.py.
"""

import base64
import json
import re
import stat
import time
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from base import sheets
from base.headers import POLICY
from base.spelling import words_of
from config import celery_app, trial
from skills import wording
from skills.models import SkillFlag
from tests.make import make_account, make_step, make_workflow
from tests.test_role_matrix import PAGES, address_and_data, rows
from tests.verdicts import undone
from workflows.models import Workflow
from workflows.rules import STEP_RULES

pytestmark = pytest.mark.django_db

NOBODY = "00000000-0000-0000-0000-000000000000"
SCRIPT = "\"><script>alert(1)</script>'{{7*7}}<img src=x onerror=alert(1)>"


def packed(*position: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


ABSURD = {
    "nothing": "",
    "minus": "-1",
    "a number too long": "9" * 30,
    "more digits than Python reads": "9" * 5000,
    "no number": "NaN",
    "a NUL": "a\x00b",
    "half a character": "\ud800",
    "other digits": "٣²",
    "very long": "x" * 5000,
    "a moment without a zone": f"2020-01-01_{NOBODY}",
    "before the calendar": f"0001-01-01T00:00:00+23:59_{NOBODY}",
    "a place that nobody was given": packed(None, NOBODY),
    "a place with a NUL": packed("a\x00b", NOBODY),
    "a place with half a character": packed("\ud800", NOBODY),
    "a search of the database's own": "& | ! ( ) :* <-> \\ % _ '\";--",
}
ASKED = {
    *("q", "page", "after", "sort", "state", "flag", "origin", "workflow", "owner", "area", "retired", "view", "why"),
    *("more", "skill", "context", "step", "outcome", "placed", "since", "position", "reason", "whose", "age", "asleep"),
    *("back", "next", "does", "verb", "serves", "seen", "to_step", "verdict"),
}
SENT = {
    *("seen", "context_seen", "do", "answer", "outcome", "step", "other", "shown", "back", "reason", "until", "level"),
    "position",
}


@pytest.fixture(autouse=True)
def nobody_tried_before():
    cache.clear()


def is_the_doors(route: str) -> bool:
    """allauth's own, and the API's; ours begin with the same word."""
    ours = {"list", "open", "show", "roles", "close", "reopen"}
    return route.startswith(("mfa", "api", "sign_on_callback")) or (
        route.startswith("account_") and route.removeprefix("account_") not in ours
    )


def pages(column: int) -> list[list[str]]:
    return [row for row in rows(PAGES) if row[column] != "-" and not is_the_doors(row[0])]


def status_of(send, address: str, data: dict[str, str]) -> str:
    """What came of it; nothing that was done stays."""
    as_sent = {name: value.encode("utf-8", "surrogatepass") for name, value in data.items()}
    try:
        with transaction.atomic():
            status = send(address, as_sent).status_code
            transaction.set_rollback(True)
    except Exception as error:
        return repr(error)[:200]
    return "" if status < 500 else str(status)


def as_a_form(client: Client):
    """Django's test client would take bytes apart and send each as a number of its own."""
    return lambda address, data: client.post(address, urlencode(data), "application/x-www-form-urlencoded")


# --- whatever is asked, no page breaks --------------------------------------------------------


@pytest.mark.parametrize("value", ABSURD.values(), ids=ABSURD)
def test_no_page_breaks_on_an_absurd_question(house, value):
    client = house.client("administrator")
    client.raise_request_exception = True
    asked = {**dict.fromkeys(ASKED, value), "sort": "newest", "reason": "no_context"}
    broken = {}
    for route, of, *_ in pages(2):
        address, data = address_and_data(house, route, of)
        broken[f"{route} {of}"] = status_of(client.get, address, {**asked, **data})
    assert {page: how for page, how in broken.items() if how} == {}


@pytest.fixture(scope="module")
def forms(house_of_the_module) -> list[tuple[str, str, dict[str, str], set[str]]]:
    """Whatever takes something: its line, its address, what names the thing there, and the fields of its forms."""
    client, found = house_of_the_module.client("administrator"), []
    for route, of, *_ in pages(3):
        address, data = address_and_data(house_of_the_module, route, of)
        with undone():
            html = client.get(address, data).content.decode()
        fields = set(re.findall(r' name="([^"]+)"', html)) - {"csrfmiddlewaretoken"}
        found.append((f"{route} {of}", address, data, fields))
    return found


@pytest.mark.parametrize("value", ABSURD.values(), ids=ABSURD)
def test_no_form_breaks_on_an_absurd_answer(house, forms, value):
    client = house.client("administrator")
    client.raise_request_exception = True
    broken = {
        line: status_of(as_a_form(client), address, {**dict.fromkeys([*SENT, *fields], value), **data})
        for line, address, data, fields in forms
    }
    assert {line: how for line, how in broken.items() if how} == {}
    assert sum(len(fields) for *_, fields in forms) > len(forms)


def test_a_version_that_nobody_can_have_seen_is_a_conflict_not_a_fault(house):
    address = reverse("workflow_change", args=[house.things["workflow"].pk])
    mine = {"name": "Mine", "owner": house.people["designer"].pk, "seen": "-" + "9" * 30}
    assert house.client("designer").post(address, mine).status_code == 409


def test_a_flag_of_a_step_cannot_be_placed_like_a_skill(house):
    step = make_step(make_workflow())
    flag = STEP_RULES.flags._default_manager.filter(about=step).first()
    answer = house.client("designer").post(
        reverse("flag_accept", args=[flag.pk]), {"outcome": str(house.things["outcome"].pk)}
    )
    assert answer.status_code == 409
    assert "This is for skills" in answer.content.decode()


@pytest.mark.parametrize(
    "sent", ["[" * 100_000, '{"name":' * 50_000, '"' + "x" * 3_000_000 + '"', "\xff", "NaN", "null"]
)
def test_no_endpoint_breaks_on_what_is_no_answer(house, sent):
    program = house.program("all")
    for path in ("skills/", "workflows/", "hris/runs/", "job-titles/"):
        answer = program.post(f"/api/v1/{path}", sent, content_type="application/json")
        assert answer.status_code in {400, 413}, path
        assert answer.json()["errors"], path


@pytest.mark.parametrize("cursor", ["x", "cD1hAGI=", "cD1hYmM=", "bz05OTk5OTk5OTk5OTk5OTk5OTk5OTk="])
def test_a_place_that_no_program_was_given_is_missing(house, cursor):
    run = house.things["run"].pk
    for path in ("skills/", "people/", f"hris/runs/{run}/changes/", f"hris/runs/{run}/errors/"):
        assert house.program("all").get(f"/api/v1/{path}", {"cursor": cursor}).status_code in {200, 404}, path


def test_a_moment_beyond_the_calendar_is_no_fault(house):
    for moment in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"):
        with transaction.atomic():
            assert house.program("all").get("/api/v1/people/", {"updated_since": moment}).status_code < 500
            transaction.set_rollback(True)


# --- forms from elsewhere ---------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["a form", "htmx"])
def test_no_form_is_taken_from_another_site(house, headers):
    client = house.client("administrator", enforce_csrf_checks=True, headers=headers)
    taken = []
    for route, of, _, does in rows(PAGES):
        if does not in {"-", "nobody"}:
            with transaction.atomic():
                address, data = address_and_data(house, route, of)
                answer = client.post(address, data, headers={"Origin": "https://elsewhere.example"})
                taken += [] if answer.status_code == 403 else [(route, of, answer.status_code)]
                transaction.set_rollback(True)
    assert taken == []


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_site(house, client, elsewhere):
    make_account(email="maren@example.com")
    door = reverse("account_login")
    answer = client.post(
        f"{door}?next={elsewhere}", {"login": "maren@example.com", "password": "a-long-password", "next": elsewhere}
    )
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    back = house.client("designer").post(reverse("watch_ask"), {"back": elsewhere})
    assert back["Location"] == reverse("flag_list")


# --- words that would be more than words ------------------------------------------------------


def test_what_people_type_stays_text_on_every_page(house):
    """The house's own things under a name that tries everything; pages are parsed by what they may not contain."""
    for noun in ("step", "outcome", "workflow", "published skill", "draft", "job role", "title"):
        thing = house.things[noun]
        field = "statement" if hasattr(thing, "statement") else "name"
        type(thing).objects.filter(pk=thing.pk).update(**{field: SCRIPT})
    type(house.people["designer"]).objects.filter(pk=house.people["designer"].pk).update(full_name=SCRIPT)
    client, found = house.client("administrator"), {}
    for route, of, *_ in pages(2):
        answer = client.get(*address_and_data(house, route, of))
        if not answer["Content-Type"].startswith("text/html"):
            continue  # a file: nothing in it runs
        html = answer.content.decode()
        found[f"{route} {of}"] = [sign for sign in ("<script>alert", "<img src=x", "'49<", '"><script') if sign in html]
    assert {page: signs for page, signs in found.items() if signs} == {}


def test_a_message_for_a_region_is_one_header_of_plain_characters(house):
    client = house.client("designer", headers={"HX-Request": "true"})
    address = reverse("workflow_change", args=[house.things["workflow"].pk])
    sent = {
        "name": "A\r\nSet-Cookie: x=1 “é” <b>",
        "owner": house.people["designer"].pk,
        "seen": house.things["workflow"].version,
    }
    answer = client.post(address, sent)
    header = answer.headers.get("HX-Trigger", "")
    assert header.isascii()
    assert not re.search(r"[\r\n]", header)
    assert "x" not in answer.cookies


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_cell_never_begins_like_a_formula(start):
    assert sheets.harmless(f"{start}HYPERLINK(1)").startswith("'")


# --- what is slow on purpose ------------------------------------------------------------------


@pytest.mark.parametrize("letters", ["a", "a ", " by ", "Aing by ", ", and a", "so that ", "é", "-"])
@pytest.mark.parametrize("read", [wording.parts_of, wording.tidy, words_of, sheets.harmless])
def test_a_hundred_thousand_letters_are_read_at_once(letters, read):
    """In processor time, so that a busy machine makes no difference; the best of three."""
    text, spent = (letters * 100_000)[:100_000], []
    for _ in range(3):
        began = time.thread_time()
        read(text)
        spent.append(time.thread_time() - began)
    assert min(spent) < 0.05


# --- the house itself -------------------------------------------------------------------------


def test_every_answer_carries_its_guards(house, client):
    for address in (reverse("account_login"), "/nothing-here/", "/api/v1/skills/", "/api/v1/docs/", "/health/"):
        answer = client.get(address)
        assert answer["Content-Security-Policy"] == POLICY, address
        assert answer["X-Frame-Options"] == "DENY", address
        assert answer["X-Content-Type-Options"] == "nosniff", address
        assert answer["Referrer-Policy"] == "same-origin", address
    assert "unsafe" not in POLICY.replace("style-src-attr 'unsafe-inline'", "")


def test_signing_in_changes_the_session_and_its_cookie_is_out_of_reach_of_scripts(client):
    make_account(email="maren@example.com")
    client.get(reverse("account_login"))
    client.session["planted"] = 1
    client.session.save()
    before = client.session.session_key
    answer = client.post(reverse("account_login"), {"login": "maren@example.com", "password": "a-long-password"})
    cookie = answer.cookies["sessionid"]
    assert client.session.session_key != before
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_nobody_gets_more_tries_by_claiming_other_addresses(client):
    for number in range(31):
        headers = {"X-Forwarded-For": f"10.0.0.{number}", "X-Real-IP": f"10.0.0.{number}"}
        answer = client.post(reverse("account_login"), {"login": f"g{number}", "password": ""}, headers=headers)
    assert answer.status_code == 429


@pytest.mark.parametrize(
    "path",
    ["../config/settings.py", "%2e%2e/config/settings.py", "..%2f..%2f.sightline/secret", "css/..%5c..%5cmanage.py"],
)
def test_static_addresses_lead_to_static_files_only(client, path):
    assert client.get(f"/static/{path}").status_code == 404


def test_a_key_in_an_address_opens_nothing(house):
    answer = Client().get(f"/api/v1/skills/?key={house.programs['design']}&api_key={house.programs['design']}")
    assert answer.status_code == 401


def test_the_health_page_says_yes_or_no_and_nothing_else(client):
    assert {type(value) for value in client.get(reverse("health")).json().values()} == {bool}


def test_the_queue_takes_json_and_nothing_that_could_run():
    assert set(celery_app.conf.accept_content) == {"json"}
    assert celery_app.conf.task_serializer == "json"


def test_letters_and_queue_of_a_trial_are_for_its_owner_only(tmp_path):
    """Among the letters are links that open accounts."""
    (tmp_path / "queue").mkdir(mode=0o755)
    trial.queue_folders(tmp_path)
    trial.private(tmp_path / "mail")
    for name in ("queue", "queue-control", "mail"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o700, name
    assert stat.S_IMODE(settings.EMAIL_FILE_PATH.stat().st_mode) == 0o700


def test_a_bug_is_answered_without_its_inside(house, settings):
    assert settings.DEBUG is False
    page = house.client("employee").get(f"/skills/{SCRIPT}/")
    assert page.status_code == 404
    assert "Traceback" not in page.content.decode()
    assert "<script>alert" not in page.content.decode()
    assert Workflow.objects.exists()
    assert SkillFlag.objects.exists()
