"""The door: who comes in, and how little it tells those who do not."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from base.models import OutboxMessage
from tests.make import make_account
from workforce import actions, tasks
from workforce.models import Role

pytestmark = pytest.mark.django_db

DOOR = "/account/login/"
TRIES = 5


@pytest.fixture(autouse=True)
def nobody_tried_before():
    cache.clear()


def try_door(client, email, password="not-the-password"):
    return client.post(DOOR, {"login": email, "password": password})


def without_tokens(answer, *typed: str):
    html = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', "", answer.content.decode())
    for word in typed:
        html = html.replace(word, "")
    return html


def test_the_right_password_opens_the_door(client):
    account = make_account(email="maren@example.com")
    answer = try_door(client, "maren@example.com", "a-long-password")
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert client.session["_auth_user_id"] == str(account.pk)


def test_an_address_is_the_same_in_capitals(client):
    make_account(email="maren@example.com")
    assert try_door(client, "Maren@Example.com", "a-long-password").status_code == 302


def test_a_wrong_password_and_a_stranger_get_the_same_answer(client):
    make_account(email="maren@example.com")
    known = try_door(client, "maren@example.com")
    unknown = try_door(client, "nobody@example.com")
    assert known.status_code == unknown.status_code == 200
    assert without_tokens(known, "maren@example.com") == without_tokens(unknown, "nobody@example.com")
    assert "do not go together" in known.content.decode()


def test_a_stranger_costs_a_password_as_somebody_known_does(client, monkeypatch):
    """Else the time that the answer takes would tell who has an account. Statements and passwords are counted."""
    make_account(email="maren@example.com")
    make_account(email="left@example.com", is_active=False)
    encode, work = MD5PasswordHasher.encode, {}
    for email in ("nobody@example.com", "maren@example.com", "left@example.com", "stranger@example.com"):
        hashed = []
        monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *said, to=hashed: to.append(1) or encode(*said))
        with CaptureQueriesContext(connection) as queries:
            try_door(client, email)
        work[email] = (len(hashed), len(queries))
    assert {count for count, _ in work.values()} == {1}, work


@pytest.mark.parametrize("email", ["maren@example.com", "nobody@example.com"])
def test_after_five_wrong_tries_even_the_right_password_waits(client, email):
    make_account(email="maren@example.com")
    for _ in range(TRIES):
        try_door(client, email)
    answer = try_door(client, email, "a-long-password")
    assert answer.status_code == 200
    assert "Wait five minutes" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_four_wrong_tries_do_not_lock_the_owner_out(client):
    make_account(email="maren@example.com")
    for _ in range(TRIES - 1):
        try_door(client, "maren@example.com")
    assert try_door(client, "maren@example.com", "a-long-password").status_code == 302


def test_many_tries_from_one_place_find_the_door_closed(client):
    for number in range(30):
        client.post(DOOR, {"login": f"guess{number}", "password": ""})
    answer = client.post(DOOR, {"login": "one@example.com", "password": "more"})
    assert answer.status_code == 429
    assert "Too many tries" in answer.content.decode()


def test_an_account_that_has_left_is_told_nothing_new(client):
    make_account(email="left@example.com", is_active=False)
    left = try_door(client, "left@example.com")
    unknown = try_door(client, "nobody@example.com")
    assert without_tokens(left, "left@example.com") == without_tokens(unknown, "nobody@example.com")


def send_letters() -> None:
    """What the worker does with the outbox."""
    for message in OutboxMessage.objects.order_by("id"):
        tasks.send_reset_letter(**message.payload)


def test_asking_for_a_new_password_never_tells_who_has_an_account(client):
    make_account(email="maren@example.com")
    known = client.post(reverse("account_reset_password"), {"email": "maren@example.com"}, follow=True)
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"}, follow=True)
    assert without_tokens(known) == without_tokens(unknown)
    assert mail.outbox == []  # the web looks nobody up, so its answer takes as long for either
    send_letters()
    assert [letter.to for letter in mail.outbox] == [["maren@example.com"]]


def test_the_link_in_the_letter_opens_the_door_once(client):
    make_account(email="maren@example.com")
    client.post(reverse("account_reset_password"), {"email": "maren@example.com"})
    send_letters()
    link = re.search(r"http://127.0.0.1:8000(/\S+)", mail.outbox[0].body).group(1)
    form = client.get(link, follow=True)
    new = {"password1": "another-long-password", "password2": "another-long-password"}
    client.post(form.redirect_chain[-1][0], new)
    assert try_door(client, "maren@example.com", "another-long-password").status_code == 302
    client.logout()
    assert "This link is spent" in client.get(link, follow=True).content.decode()


def test_a_forged_host_gets_no_link_that_leads_to_it(client, settings):
    """Also where every name is answered to: where links lead is set here, and not said by whoever asks."""
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["*"], "https://sightline.example"
    make_account(email="maren@example.com")

    forged = {"HTTP_HOST": "evil.example", "HTTP_X_FORWARDED_HOST": "evil.example"}
    client.post(reverse("account_reset_password"), {"email": "maren@example.com"}, **forged)
    send_letters()

    [letter] = mail.outbox
    assert "evil.example" not in letter.subject + letter.body
    assert set(re.findall(r"https?://[^/\s]+", letter.body)) == {"https://sightline.example"}


def test_a_letter_about_a_new_password_names_no_host_that_was_only_said(client, settings):
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["*"], "https://sightline.example"
    maren = make_account(email="maren@example.com")
    EmailAddress.objects.create(user=maren, email=maren.email, primary=True, verified=True)
    client.force_login(maren)
    words = {"oldpassword": "a-long-password", "password1": "another-long-password"}
    sent = {**words, "password2": words["password1"]}

    client.post(reverse("account_change_password"), sent, HTTP_HOST="evil.example")

    [letter] = mail.outbox
    assert "evil.example" not in letter.body
    assert "https://sightline.example" in letter.body


def test_a_host_that_is_not_ours_is_refused(client):
    assert client.get(DOOR, HTTP_HOST="evil.example").status_code == 400


def test_a_link_from_before_an_account_was_closed_opens_it_no_more(client):
    maren, ada = make_account(email="maren@example.com"), make_account(Role.ADMINISTRATOR)
    client.post(reverse("account_reset_password"), {"email": "maren@example.com"})
    send_letters()
    link = re.search(r"http://127.0.0.1:8000(/\S+)", mail.outbox[0].body).group(1)

    actions.close_account(maren, reason="Laptop stolen", by=ada)
    actions.reopen_account(maren, reason="Found", by=ada)

    assert "This link is spent" in client.get(link, follow=True).content.decode()


@pytest.mark.parametrize("page", ["signup/", "email/"])
def test_nobody_signs_up_or_changes_the_address_that_hr_gave(client, page):
    client.force_login(make_account())
    assert client.get(f"/account/{page}").status_code == 404


def test_signing_out_takes_a_post(client):
    client.force_login(make_account())
    client.get(reverse("account_logout"))
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_a_closed_page_leads_to_the_door_and_back(client):
    make_account(email="maren@example.com")
    answer = client.get(reverse("account_change_password"))
    assert answer["Location"].startswith(f"{DOOR}?next=")


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_inactive",
    ],
)
def test_every_page_at_the_door_is_ours(client, name):
    assert "Every skill in sight of the outcome it serves." in client.get(reverse(name)).content.decode()


@pytest.mark.parametrize("name", ["account_change_password", "mfa_index", "account_logout"])
def test_every_page_of_ones_account_is_ours(client, name):
    client.force_login(make_account())
    assert "<h1>" in client.get(reverse(name)).content.decode()
