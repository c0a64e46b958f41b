"""A step's support inside another system: who may frame it, and who may look."""

import datetime as dt
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from performance_support import embedding
from tests.make import make_account, make_resource, make_workflow

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
