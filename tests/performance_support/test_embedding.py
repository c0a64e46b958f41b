"""A step's support inside another system: who may frame it, and who may look."""

import datetime as dt
from html import unescape
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from performance_support import embedding
from tests.api.client import Program
from tests.make import make_account, make_designer, make_key, make_resource, make_workflow
from workforce.actions import revoke_key
from workforce.models import ApiKey

pytestmark = pytest.mark.django_db
CRM = "https://crm.example.com"


@pytest.fixture(autouse=True)
def allowed(settings) -> None:
    settings.EMBED_ORIGINS, settings.SITE_URL = [CRM], ""


@pytest.fixture
def step():
    step = make_workflow(steps=1).steps.get()
    make_resource("Prepare it", at=step, kind="quick_steps", steps=[{"text": "Open the request"}])
    return step


def test_a_signed_link_shows_the_step_to_the_allowed_origin_only(step):
    answer = Client().get(embedding.link_to(step, by=make_account()))
    assert "Open the request" in answer.content.decode()
    assert f"frame-ancestors {CRM}" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer


def test_no_other_page_may_be_framed(step):
    client = Client()
    client.force_login(make_account())
    answer = client.get(reverse("step_support", args=[step.pk]))
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


def test_an_origin_that_is_not_allowed_is_refused(step):
    framed = {"Sec-Fetch-Dest": "iframe", "Referer": "https://crm.example.com.evil.example/"}
    answer = Client().get(embedding.link_to(step, by=make_account()), headers=framed)
    assert answer.status_code == 403
    assert "Open the request" not in answer.content.decode()
    # It says so to whoever stands before that page, which may frame this word and no other.
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "Ask an administrator of Sightline to allow its origin." in answer.content.decode()


def test_a_place_that_is_not_allowed_does_not_learn_which_steps_there_are(step):
    framed = {"Sec-Fetch-Dest": "iframe", "Referer": "https://evil.example/"}
    answers = [Client().get(reverse("step_embed", args=[pk]), headers=framed) for pk in (step.pk, uuid4())]
    assert len({answer.status_code for answer in answers}) == 1
    assert {"no such step" in answer.content.decode() for answer in answers} == {False}


def test_where_nobody_is_allowed_nobody_frames_it(step, settings):
    settings.EMBED_ORIGINS = []
    answer = Client().get(embedding.link_to(step, by=make_account()))
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


def test_an_expired_link_says_what_to_do(step):
    link = embedding.link_to(step, by=make_account())
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11)):
        answer = Client().get(link)
    assert answer.status_code == 403
    assert "This view has expired" in answer.content.decode()


def test_a_link_of_another_step_or_of_somebody_who_left_opens_nothing(step):
    other, gone = make_workflow(steps=1).steps.get(), make_account(is_active=False)
    token = embedding.link_to(other, by=make_account()).partition("?")[2]
    for address in (f"{reverse('step_embed', args=[step.pk])}?{token}", embedding.link_to(step, by=gone)):
        assert Client().get(address).status_code == 403


def test_a_step_that_does_not_exist_is_said_so_inside_the_frame():
    client = Client()
    client.force_login(make_account())
    answer = client.get(reverse("step_embed", args=[uuid4()]))
    assert answer.status_code == 404
    assert "There is no such step" in answer.content.decode()


def test_a_program_asks_for_a_link_with_a_key_that_only_reads(step, settings):
    program = Program(make_key("read"))
    answer = program.ask("GET", f"steps/{step.pk}/embed-link/")
    assert answer["Cache-Control"] == "no-store"
    assert "Open the request" in Client().get(answer.body["url"]).content.decode()
    assert program.ask("GET", f"steps/{uuid4()}/embed-link/").status_code == 404
    assert Program("").ask("GET", f"steps/{step.pk}/embed-link/").status_code == 401


def test_a_revoked_key_ends_its_links(step):
    link = Program(make_key("read")).ask("GET", f"steps/{step.pk}/embed-link/").body["url"]
    revoke_key(ApiKey.objects.get(), by=make_account())
    assert Client().get(link).status_code == 403


def test_another_secret_ends_every_link_at_once(step, settings):
    link = embedding.link_to(step, by=make_account())
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another-secret"
    assert Client().get(link).status_code == 403
    settings.SECRET_KEY_FALLBACKS = [former]
    assert Client().get(link).status_code == 200


def test_what_is_to_be_copied_is_whole_and_says_who_may(step, settings):
    client = Client()
    client.force_login(make_designer())
    type(step).objects.update(name="Check <b> & send")
    settings.SITE_URL = "https://sightline.example.com"
    address = reverse("embed_show", args=[step.pk])
    html = unescape(client.get(address).content.decode())
    assert (
        f'<iframe src="https://sightline.example.com/support/embed/{step.pk}/" title="Check &lt;b&gt; &amp; send"'
        in html
    )
    assert f'<div data-sightline-step="{step.pk}"></div>' in html
    assert CRM in html
    settings.EMBED_ORIGINS = []
    assert "No other system may show support yet." in client.get(address).content.decode()
