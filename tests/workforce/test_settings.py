"""The settings: one navigation, in which everybody finds what is theirs and nothing else."""

import re

import pytest

from tests.make import make_account

pytestmark = pytest.mark.django_db


def nav_of(html: str) -> list[str]:
    nav = re.search(r'<nav class="facets" aria-label="Settings">(.*?)</nav>', html, re.DOTALL).group(1)
    return re.findall(r"<a [^>]*>([^<]*)</a>", nav)


def test_everybody_finds_what_is_theirs(client):
    client.force_login(make_account())
    assert nav_of(client.get("/settings/").content.decode()) == ["Mail and sign-in", "Privacy"]


def test_the_weekly_mail_is_taken_and_left(client):
    account = make_account()
    client.force_login(account)

    html = client.post("/settings/digest/", {}, follow=True).content.decode()
    account.refresh_from_db()
    assert "The weekly mail stops." in html
    assert not account.wants_digest

    client.post("/settings/digest/", {"wants": "on"})
    account.refresh_from_db()
    assert account.wants_digest
