"""Signing on through a real OpenID provider: who comes in, who does not, and that nobody takes another's account."""

import json

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from base.models import Change
from config.sign_on import checked
from tests.make import make_account, make_person
from tests.test_role_matrix import without_tokens
from tests.workforce import provider as openid
from workforce.actions import create_key
from workforce.models import Account, Person, Role
from workforce.tasks import send_reset_letter

pytestmark = pytest.mark.django_db
DOOR, BEGIN = "/account/login/", "/account/sign-on/"
MAREN = {"sub": "subject-1", "email": "maren@example.com", "email_verified": True}


@pytest.fixture
def provider(settings):
    cache.clear()
    with openid.running() as running:
        running.says = dict(MAREN)
        settings.OIDC_ISSUER, settings.OIDC_NAME = running.issuer, "Example Ltd"
        settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = openid.CLIENT, openid.SECRET
        settings.FORM_ACTIONS = [running.issuer]
        yield running


def sign_on(client, **sent: str):
    """To the provider and back, as a browser goes."""
    away = client.post(BEGIN, sent)
    assert away.status_code == 302, away.content.decode()
    back = requests.get(away["Location"], allow_redirects=False, timeout=5)
    return client.get(back.headers["Location"])


def signed_in(client) -> Account | None:
    pk = client.session.get("_auth_user_id")
    return Account.objects.get(pk=pk) if pk else None


def make_maren(**fields: object) -> Person:
    return make_person(**{"display_name": "Maren Holt", "work_email": "Maren@Example.com", **fields})


def refused(client, answer) -> bool:
    assert answer.status_code == 403
    assert "You are not known here yet" in answer.content.decode()
    return signed_in(client) is None


# --- who comes in -----------------------------------------------------------------------------


def test_a_person_of_the_hr_system_comes_in_for_the_first_time_without_any_role(client, provider):
    person = make_maren()

    answer = sign_on(client)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    account = signed_in(client)
    assert (account.email, account.full_name, account.person) == ("maren@example.com", "Maren Holt", person)
    assert account.roles == []
    assert not account.has_usable_password()
    assert client.get("/").status_code == 200


def test_an_account_that_was_opened_for_the_address_is_joined_and_keeps_its_roles(client, provider):
    person = make_maren()
    account = make_account(Role.DESIGNER, email="maren@example.com")

    sign_on(client)

    assert signed_in(client) == account
    account.refresh_from_db()
    assert (account.person, account.roles) == (person, [Role.DESIGNER])
    assert account.check_password("a-long-password")
    assert list(Change.objects.filter(subject=account.pk).values_list("verb", flat=True)) == ["link", "link"]


def test_the_second_time_the_subject_is_enough(client, provider):
    make_maren()
    sign_on(client)
    account = signed_in(client)
    client.logout()
    provider.says = {**MAREN, "email": "maren.new@example.com"}

    sign_on(client)

    assert signed_in(client) == account
    assert SocialAccount.objects.get().extra_data["email"] == "maren.new@example.com"


def test_somebody_goes_on_to_where_they_wanted(client, provider):
    make_maren()
    assert sign_on(client, next="/workflows/")["Location"] == "/workflows/"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example"])
def test_nobody_is_sent_elsewhere_afterwards(client, provider, elsewhere):
    make_maren()
    assert sign_on(client, next=elsewhere)["Location"] == "/"


def test_a_thin_token_is_completed_by_userinfo(client, provider):
    make_maren()
    provider.lies = {"email": None, "email_verified": None}
    sign_on(client)
    assert signed_in(client)


def test_signing_out_ends_it(client, provider):
    make_maren()
    sign_on(client)
    client.post("/account/logout/")
    assert signed_in(client) is None


def test_only_the_link_is_kept_of_what_the_provider_says(client, provider):
    make_maren()
    provider.says = {**MAREN, "picture": "https://example.com/maren.png", "birthdate": "1980-01-01"}
    sign_on(client)
    assert set(SocialAccount.objects.get().extra_data) == {"issuer", "subject", "email"}


# --- who does not -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "says",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "false"},
        {"email_verified": "perhaps"},
        {"email": None},
        {"email": ""},
        {"email": "somebody.else@example.com"},
        # The sign for kelvin is a “k” in small letters.
        {"email": "maren@example.com\u212a"},
        {"email": "maren@ex\u0430mple.com"},
    ],
)
def test_without_a_verified_address_of_somebody_here_nobody_comes_in(client, provider, says):
    make_maren()
    provider.says = {name: value for name, value in {**MAREN, **says}.items() if value is not None}
    assert refused(client, sign_on(client))
    assert not Account.objects.filter(kind="person").exists()


def test_a_letter_that_folds_into_another_is_no_match(client, provider):
    make_maren(work_email="kim@example.com")
    provider.says = {**MAREN, "email": "\u212aim@example.com"}
    assert refused(client, sign_on(client))


@pytest.mark.parametrize("status", [Person.Status.PENDING, Person.Status.INACTIVE])
def test_who_has_left_or_not_begun_does_not_come_in(client, provider, status):
    left = {"left_at": "2026-01-01T00:00Z"} if status == Person.Status.INACTIVE else {}
    make_maren(status=status, **left)
    assert refused(client, sign_on(client))


def test_who_leaves_later_does_not_come_in_by_the_link(client, provider):
    person = make_maren()
    sign_on(client)
    client.logout()
    Person.objects.filter(pk=person.pk).update(status="inactive", left_at="2026-01-01T00:00Z")
    assert refused(client, sign_on(client))


def test_two_people_with_one_address_are_nobody(client, provider):
    make_maren()
    make_maren(display_name="Maren the Second")
    assert refused(client, sign_on(client))


def test_a_closed_account_stays_closed(client, provider):
    make_maren()
    make_account(email="maren@example.com", is_active=False)
    assert refused(client, sign_on(client))


def test_an_account_of_somebody_else_is_not_taken_over(client, provider):
    make_maren()
    make_account(email="maren@example.com", person=make_person(display_name="Another Maren"))
    assert refused(client, sign_on(client))


def test_a_work_address_that_was_put_right_here_opens_no_administrator_s_account(client, provider):
    """Whoever may correct people could point an administrator's entry at an address of their own."""
    person = make_maren()
    make_account(Role.ADMINISTRATOR, email="ada@example.com", person=person)
    assert refused(client, sign_on(client))


def test_another_subject_of_the_same_address_is_not_let_into_a_linked_account(client, provider):
    make_maren()
    sign_on(client)
    client.logout()
    provider.says = {**MAREN, "sub": "subject-2"}
    assert refused(client, sign_on(client))


def test_the_same_subject_of_another_issuer_is_somebody_else(client, provider, settings):
    make_maren()
    sign_on(client)
    client.logout()
    with openid.running() as another:
        another.says = {**MAREN, "email": "stranger@example.com"}
        settings.OIDC_ISSUER = another.issuer
        assert refused(client, sign_on(client))


def test_a_key_signs_on_nowhere(client, provider):
    make_maren()
    key, _ = create_key("maren", scopes=["hris"], by=make_account())
    Account.objects.filter(pk=key.account_id).update(email="maren@example.com")
    assert refused(client, sign_on(client))


def test_every_refusal_is_the_same_page(client, provider):
    make_account(email="maren@example.com", is_active=False)
    pages = []
    for says in ({}, {"email_verified": False}, {"email": "nobody@example.com"}):
        provider.says = {**MAREN, **says}
        pages.append(without_tokens(sign_on(Client())))
    assert len(set(pages)) == 1


# --- what is no word of the provider ----------------------------------------------------------


def lie(provider, **how: object) -> None:
    for name, value in how.items():
        setattr(provider, name, value)


@pytest.mark.parametrize(
    "how",
    [
        {"key": openid.ANOTHER_KEY},
        {"key": "a-secret-that-is-shared-and-long-enough", "algorithm": "HS256"},
        {"key": None, "algorithm": "none"},
        {"kid": "unheard-of"},
        {"lies": {"aud": "another-client"}},
        {"lies": {"azp": "another-client"}},
        {"lies": {"iss": "https://elsewhere.example"}},
        {"lies": {"exp": 1}},
        {"lies": {"sub": None}},
        {"lies": {"nonce": "of another question"}},
        {"lies": {"nonce": None}},
        {"lies": {"email": None}, "userinfo": {**MAREN, "sub": "somebody-else"}},
        {"cancels": True},
    ],
    # Not the values: a key is called differently in every process, and the workers must agree.
    ids=lambda how: "+".join(how) + "".join(str(lie) for lie in how.get("lies", {}).items()),
)
def test_what_the_provider_did_not_say_brings_nobody_in(client, provider, how):
    make_maren()
    lie(provider, **how)
    answer = sign_on(client)
    assert answer.status_code == 503
    assert "Signing on came to nothing" in answer.content.decode()
    assert signed_in(client) is None


def test_a_provider_that_calls_itself_something_else_is_not_ours(client, provider):
    provider.calls_itself = "https://elsewhere.example"
    assert client.post(BEGIN).status_code == 503


def test_an_answer_to_nobody_s_question_brings_nobody_in(client, provider):
    make_maren()
    assert client.get("/account/sign-on/callback/?code=x&state=y").status_code == 503


def test_the_answer_to_one_visitor_is_of_no_use_to_another(client, provider):
    """Somebody who sends a friend their own answer would have them work in the wrong account."""
    make_maren()
    away = Client().post(BEGIN)
    back = requests.get(away["Location"], allow_redirects=False, timeout=5)
    assert client.get(back.headers["Location"]).status_code == 503


def test_a_provider_that_is_away_is_said(client, settings):
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    assert client.post(BEGIN).status_code == 503


def test_no_words_in_an_address_change_what_is_asked(client, provider):
    away = client.post(f"{BEGIN}?process=connect&scope=admin&auth_params=prompt%3Dnone")
    assert "admin" not in away["Location"]
    assert "prompt" not in away["Location"]
    assert "code_challenge_method=S256" in away["Location"]


def test_nobody_joins_a_provider_to_the_account_they_are_in(client, provider):
    make_maren()
    client.force_login(make_account(name="Somebody Else"))
    sign_on(client)
    assert signed_in(client).email == "maren@example.com"


# --- where it is offered ----------------------------------------------------------------------


def test_the_button_and_the_policy_are_there_only_where_it_is_configured(client, settings):
    before = client.get(DOOR)
    settings.OIDC_ISSUER, settings.FORM_ACTIONS = "https://login.example.com", ["https://login.example.com"]
    after = client.get(DOOR)

    assert "my organisation" not in before.content.decode()
    assert "form-action 'self';" in before["Content-Security-Policy"]
    assert "Sign in with my organisation" in after.content.decode()
    assert "form-action 'self' https://login.example.com;" in after["Content-Security-Policy"]


def test_beginning_takes_a_post(client, provider):
    assert client.get(BEGIN).status_code == 405


@pytest.mark.parametrize("issuer", ["http://login.example.com", "login.example.com"])
def test_an_issuer_that_anybody_could_be_is_refused_before_anything_starts(issuer):
    with pytest.raises(ImproperlyConfigured, match="is an address such as"):
        checked(issuer, client_id="x", client_secret="y", passwords=True)


def test_no_way_in_at_all_is_refused_before_anything_starts():
    with pytest.raises(ImproperlyConfigured, match="leaves no way in"):
        checked("", client_id="", client_secret="", passwords=False)


# --- passwords switched off -------------------------------------------------------------------


def test_without_passwords_everybody_but_an_administrator_signs_on(client, provider, settings):
    make_account(email="maren@example.com")
    make_account(Role.ADMINISTRATOR, email="ada@example.com")
    settings.PASSWORDS = False

    client.post(DOOR, {"login": "maren@example.com", "password": "a-long-password"})
    assert signed_in(client) is None
    client.post(DOOR, {"login": "ada@example.com", "password": "a-long-password"})
    assert signed_in(client).email == "ada@example.com"


def test_without_passwords_nobody_comes_to_the_pages_about_them(client, provider, settings):
    make_maren()
    sign_on(client)
    settings.PASSWORDS = False
    assert client.get("/account/password/set/").status_code == 403
    assert "password" not in client.get("/settings/").content.decode().lower()


# --- a second factor --------------------------------------------------------------------------


def test_the_provider_s_word_for_a_second_factor_counts(client, provider, settings):
    settings.SECOND_FACTOR = True
    make_maren()
    make_account(Role.ADMINISTRATOR, email="maren@example.com")

    sign_on(client)
    assert client.get("/settings/")["Location"] == "/account/2fa/totp/activate/"
    client.logout()
    provider.says = {**MAREN, "amr": ["pwd", "mfa"]}
    sign_on(client)
    assert client.get("/settings/").status_code == 200


def test_without_the_provider_s_word_our_own_code_is_asked(client, provider):
    make_maren()
    account = make_account(Role.ADMINISTRATOR, email="maren@example.com")
    account.authenticator_set.create(type="totp", data={"secret": json.dumps("x")})

    assert sign_on(client)["Location"] == "/account/2fa/authenticate/"
    assert signed_in(client) is None
    provider.says = {**MAREN, "amr": ["mfa"]}
    sign_on(client)
    assert signed_in(client) == account


def test_without_passwords_only_an_administrator_gets_a_letter_for_a_new_one(settings, mailoutbox):
    make_account(email="maren@example.com")
    make_account(Role.ADMINISTRATOR, email="ada@example.com")
    settings.PASSWORDS = False
    for email in ("maren@example.com", "ada@example.com"):
        send_reset_letter(email=email, host="testserver", scheme="https")
    assert [mail.to for mail in mailoutbox] == [["ada@example.com"]]
