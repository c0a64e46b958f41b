"""The frame of every page: its parts, its headers, and the pages that say no."""

import gzip
import json

import pytest
from django import forms
from django.core.paginator import Paginator
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from base import marks
from tests.make import make_designer

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    client.force_login(make_designer(name="Maren Holt"))
    return client


@pytest.fixture
def misbehaving(settings, signed_in):
    settings.ROOT_URLCONF = "tests.base.addresses"
    signed_in.raise_request_exception = False
    return signed_in


class Question(forms.Form):
    name = forms.CharField(help_text="A verb and an object.")
    level = forms.ChoiceField(choices=[(1, "with supervision"), (2, "alone")], widget=forms.RadioSelect)
    loud = forms.BooleanField(required=False, label="Say it aloud")
    why = forms.CharField(widget=forms.HiddenInput, required=False)


def part(template, /, **context: object):
    return render_to_string(f"parts/{template}.html", context, request=RequestFactory().get("/?q=a&page=2"))


# --- marks -------------------------------------------------------------------


@pytest.mark.parametrize("criticality", range(1, 8))
def test_criticality_is_a_number_a_colour_and_a_picture(criticality):
    html = marks.crit(criticality)
    assert f'class="crit c{criticality}"' in html
    assert f'<span class="vh">criticality </span>{criticality}' in html
    assert marks.CRITICALITY[criticality] in html
    assert "#i-c-" in html


def test_a_step_that_nobody_rated_says_so():
    assert "not rated" in marks.crit(None)


def test_a_level_says_how_far_to_trust_it():
    assert marks.level(3, "old") == (
        '<span class="lvl l3 old" title="Level 3, to the full standard, evidence expired">'
        '<span class="vh">level </span>3<span class="vh">, evidence expired</span></span>'
    )


def test_a_mark_escapes_what_people_typed():
    assert "<script>" not in marks.flag("<script>") + marks.tag("<script>") + marks.who("<script>")


@pytest.mark.parametrize(
    ("name", "expected"), [("Maren Holt", "MH"), ("Ana de la Cruz", "AC"), ("Cher", "C"), ("", "?"), ("  ", "?")]
)
def test_initials_are_the_first_and_the_last(name, expected):
    assert marks.initials(name) == expected


# --- parts -------------------------------------------------------------------


def test_a_note_that_blocks_is_announced():
    assert 'role="alert"' in part("note", words="Stop.", tone="block")


def test_an_empty_place_says_what_is_true_and_what_to_do():
    html = part(
        "empty", true="No skills yet.", change="They appear once imported.", address="/x/", verb="Import a list"
    )
    assert "<b>No skills yet.</b> They appear once imported." in html
    assert '<a class="btn" href="/x/">Import a list</a>' in html


def test_a_pager_keeps_the_question_and_changes_the_page():
    html = part("pager", page_of=Paginator(range(30), 10).page(2), thing="skills")
    assert 'href="?q=a&amp;page=1"' in html
    assert 'href="?q=a&amp;page=3"' in html
    assert "11 to 20 of 30" in html


def test_a_pager_of_one_page_is_silent():
    assert part("pager", page_of=Paginator(range(3), 10).page(1), thing="skills").strip() == ""


def test_progress_asks_again_only_while_it_is_told_to():
    facts = {"id": "import", "title": "Reading", "words": "", "done": 3, "total": 9}
    assert 'hx-get="/again/"' in part("progress", refresh="/again/", **facts)
    assert "hx-get" not in part("progress", **facts)


def test_a_person_is_a_name_with_initials_beside_it():
    html = part("person", name="Maren Holt", more="Designer")
    assert ">MH</span><span>Maren Holt <span" in html


def test_every_picture_that_a_template_names_exists(settings):
    drawn = part("icons")
    for template in (settings.BASE_DIR / "templates").rglob("*.html"):
        for word in template.read_text().split('{% icon "')[1:]:
            assert f'id="i-{word.partition(chr(34))[0]}"' in drawn, template.name


# --- forms -------------------------------------------------------------------


def test_a_field_is_linked_to_its_hint_and_its_error():
    html = str(Question({"level": "1"}))
    assert '<label for="id_name">Name</label>' in html
    assert '<span class="hint" id="id_name_helptext">A verb and an object.</span>' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert '<div class="wrong" id="id_name_error">' in html


def test_one_of_a_few_is_a_fieldset_with_a_legend():
    html = str(Question({"name": "a", "level": "2"}))
    assert "<legend>Level</legend>" in html
    assert 'value="2" required id="id_level_1" checked' in html


def test_a_form_as_a_whole_complains_above_its_fields():
    form = Question({"name": "a", "level": "1"})
    form.add_error(None, "Both cannot be true.")
    assert str(form).index("Both cannot be true.") < str(form).index("id_name")


# --- the pages that say no ---------------------------------------------------


def test_what_does_not_exist_says_where_to_look(signed_in):
    answer = signed_in.get("/nowhere/")
    assert answer.status_code == 404
    assert "data-sentence" in answer.content.decode()


def test_what_is_not_yours_says_whom_to_ask(misbehaving):
    answer = misbehaving.get("/refuses/")
    assert answer.status_code == 403
    assert "Ask the owner, Maren Holt, to change this workflow." in answer.content.decode()


def test_a_crafted_request_gets_a_page_too(misbehaving):
    answer = misbehaving.get("/no-sense/")
    assert answer.status_code == 400
    assert "Nothing was changed" in answer.content.decode()


def test_an_address_that_takes_only_answers_sends_the_visitor_back(misbehaving):
    answer = misbehaving.get("/takes-answers/")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "send it again" in answer.content.decode()


def test_a_form_from_an_old_page_says_to_load_it_again(signed_in):
    signed_in.handler.enforce_csrf_checks = True
    answer = signed_in.post(reverse("account_logout"))
    assert answer.status_code == 403
    assert "Load the page again" in answer.content.decode()


def test_a_bug_shows_a_page_that_asks_nothing_of_the_database(misbehaving, django_assert_num_queries):
    with django_assert_num_queries(2):  # session, account: before the bug
        answer = misbehaving.get("/breaks/")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()


# --- headers -----------------------------------------------------------------


def test_pages_run_only_our_own_scripts(client):
    answer = client.get(reverse("account_login"))
    assert "script-src 'self';" in answer["Content-Security-Policy"]
    html = answer.content.decode()
    assert html.count("<script") == html.count("<script src=")
    assert "<style" not in html


def test_a_message_travels_with_a_region(misbehaving):
    answer = misbehaving.get("/says/", headers={"HX-Request": "true"})
    assert json.loads(answer["HX-Trigger"]) == {
        "messages": {"value": [{"text": "“Prepare the account” is published.", "level": "ok"}]}
    }


def test_a_message_waits_for_the_page_after_a_redirect(misbehaving):
    assert "HX-Trigger" not in misbehaving.get("/leaves/", headers={"HX-Request": "true"})
    assert "Saved." in misbehaving.get("/nowhere/").content.decode()


def test_a_message_of_a_whole_page_is_not_said_twice(misbehaving):
    misbehaving.get("/leaves/")
    answer = misbehaving.get(reverse("account_change_password"), headers={"HX-Request": "true"})
    assert "HX-Trigger" not in answer
    assert "Saved." in answer.content.decode()


# --- health ------------------------------------------------------------------


def test_anyone_may_ask_whether_the_house_stands(client):
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json() == {"ok": True, "database": True, "migrations": True, "queue": True}


def test_a_missing_migration_is_not_healthy(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'workforce'")
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer.json()["migrations"] is False


def test_pages_travel_compressed_and_answers_to_programs_as_they_are(client):
    packed = client.get("/account/login/", headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert b"<!doctype html>" in gzip.decompress(packed.content)
    assert "Content-Encoding" not in client.get("/account/login/")
    assert "Content-Encoding" not in client.get("/api/v1/schema/", headers={"accept-encoding": "gzip"})
