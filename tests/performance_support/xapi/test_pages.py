"""The record store in the settings, and what whoever is told of can read about it."""

import csv
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from performance_support import actions
from performance_support.models import Statement
from tests.make import make_account, make_step
from workforce.models import Account, Role

pytestmark = pytest.mark.django_db


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def admin() -> Client:
    return signed_in(make_account(Role.ADMINISTRATOR))


@pytest.fixture
def tom() -> Account:
    return make_account(name="Tom Becker", email="tom@example.com")


def test_the_page_costs_the_same_for_one_statement_and_for_three(admin, lrs):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert admin.get(reverse("lrs_show")).status_code == 200
        return len(captured)

    actions.note_visit(make_step(), quick=None, by=make_account())
    queries()
    one = queries()
    for _ in range(2):
        actions.note_visit(make_step(), quick=None, by=make_account())
    assert queries() == one


def test_the_list_leaves_as_a_file_and_names_nobody(admin, lrs, tom):
    for _ in range(30):
        actions.note_visit(make_step(), quick=None, by=tom)
    refused = Statement.objects.first()
    Statement.objects.filter(pk=refused.pk).update(
        state="refused", reason="=HYPERLINK(1)", status=400, settled_at=refused.made_at
    )
    whole = b"".join(admin.get(reverse("lrs_export", args=["csv"]))).decode("utf-8-sig")
    assert len(list(csv.reader(whole.splitlines()))) == 31
    assert "Tom" not in whole
    assert str(tom.pk) not in whole

    book = load_workbook(BytesIO(admin.get(reverse("lrs_export", args=["xlsx"]), {"state": "refused"}).content))
    [head, row] = book.active.values
    assert (head[2], row[2], row[3], row[5], row[6]) == (
        "Statement",
        str(refused.pk),
        "Refused",
        "400",
        "'=HYPERLINK(1)",
    )


def test_where_none_is_connected_there_is_no_file(admin):
    assert admin.get(reverse("lrs_export", args=["csv"])).status_code == 404


def told(client: Client) -> str:
    return client.get(reverse("told_show")).content.decode()


def test_people_read_what_is_told_about_them_and_where_it_happens(lrs, tom):
    step, client = make_step(), signed_in(tom)
    page = client.get(reverse("step_support", args=[step.pk])).content.decode()
    assert "What it hears of you" in page
    said = told(client)
    assert "127.0.0.1" in said
    assert "that you opened the support of a step" in said
    assert "whether you said that a resource worked" not in said
    assert "<b>not by your name</b>" in said
    assert f"<b>Step opened</b>: {step.name}" in said
    assert step.name not in told(signed_in(make_account()))


def test_they_read_that_it_is_by_name(lrs, tom, store):
    actions.change_lrs(lrs, url=store.url, key="k", kinds=["vote"], with_names=True, by=make_account())
    said = told(signed_in(tom))
    assert "<b>and by your name</b>: Tom Becker" in said
    assert "whether you said that a resource worked" in said


def test_where_nothing_is_told_the_pages_say_so_or_nothing(tom):
    client = signed_in(tom)
    assert "Nothing is told about you." in told(client)
    assert "What it hears of you" not in client.get(reverse("step_support", args=[make_step().pk])).content.decode()


def test_switched_off_it_is_told_no_more_and_what_lies_here_is_still_shown(lrs, tom):
    actions.note_visit(make_step(), quick=None, by=tom)
    actions.switch_lrs(lrs, on=False, by=make_account())
    said = told(signed_in(tom))
    assert "Nothing is told about you." in said
    assert "About you, and still here" in said
