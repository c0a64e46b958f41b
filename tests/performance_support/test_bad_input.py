"""What nobody should send, and what is not there: refused in words, and nothing is kept.

Files that lie about themselves and two gigabytes are in test_files.py, scripts in Markdown in test_resources.py, links
that mislead the checker in test_checking.py, links of mails in test_keeping.py, frames in test_embedding.py.
"""

import datetime as dt
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from performance_support import actions
from performance_support.models import Cohort, Community, Link, Placement, Resource
from tests.api.client import Program
from tests.make import make_account, make_designer, make_key, make_resource, make_step

pytestmark = pytest.mark.django_db
WITH_PASSWORD = "https://ann:secret@wiki.example.com/prices"
WORDS = "Leave name and password out of the address."


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_designer())
    return client


@pytest.fixture
def program() -> Program:
    return Program(make_key("read", "design", by=make_designer()))


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("url", WITH_PASSWORD),
        ("url", "https://ann@wiki.example.com/"),
        ("text", f"Look into [the list]({WITH_PASSWORD})."),
        ("steps", f"Open it | Look into <{WITH_PASSWORD}>."),
    ],
)
def test_an_address_with_a_password_is_refused_where_it_was_typed(client, field, typed):
    answer = client.post(reverse("resource_add"), {"kind": "link", "title": "Prices", "language": "en", field: typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {field: [WORDS]}
    assert (Resource.objects.count(), Link.objects.count()) == (0, 0)


def test_programs_hear_the_same(program):
    answer = program.ask("POST", "resources/", {"kind": "link", "title": "Prices", "url": WITH_PASSWORD})
    assert (answer.status_code, answer.body["errors"][0]["attr"], answer.body["errors"][0]["detail"]) == (
        400,
        "url",
        WORDS,
    )


def test_nor_does_one_come_in_with_where_people_meet():
    by, step, days = make_account(), make_step(), {"starts_on": dt.date(2026, 3, 1), "ends_on": dt.date(2026, 4, 1)}
    with pytest.raises(ValidationError, match="Leave name and password"):
        actions.add_community(name="Analysts", url=WITH_PASSWORD, by=by)
    with pytest.raises(ValidationError, match="Leave name and password"):
        actions.add_cohort(name="Spring", goal="Learn", url=WITH_PASSWORD, steps=[step], by=by, **days)
    assert not Community.objects.exists()
    assert not Cohort.objects.exists()


@pytest.mark.parametrize("route", ["step_support", "embed_show", "champion_ask"])
def test_a_step_that_does_not_exist_is_missing(client, route):
    assert client.get(reverse(route, args=[uuid4()])).status_code == 404


def test_nor_can_a_program_name_one(program):
    resource, nowhere = make_resource(), uuid4()
    assert program.ask("GET", f"steps/{nowhere}/support/").status_code == 404
    assert program.ask("GET", f"steps/{nowhere}/embed-link/").status_code == 404
    placed = {"step": str(nowhere), "moments": ["first"]}
    assert program.ask("POST", f"resources/{resource.pk}/placements/", placed).status_code == 404
    assert (
        program.ask("POST", f"resources/{resource.pk}/vote/", {"worked": True, "step": str(nowhere)}).status_code == 404
    )
    assert not Placement.objects.exists()
