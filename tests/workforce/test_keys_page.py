"""Keys in the settings: made, shown once, told apart, revoked; and never more than their maker may."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from base.models import Change
from tests.api.client import Program
from tests.make import make_account
from workforce.actions import create_key, revoke_key
from workforce.models import ApiKey, Role

pytestmark = pytest.mark.django_db
LIST, ADD = "/settings/keys/", "/settings/keys/add/"


def sign_in(client, *roles: Role):
    account = make_account(*roles, name="Pia Lund")
    client.force_login(account)
    return account


def make(client, **fields: object):
    return client.post(ADD, {"name": "Payroll", "scopes": ["hris"], "expires_on": "", **fields})


def names_in(html: str) -> list[str]:
    return re.findall(r'<th role="rowheader" scope="row">(.*?) <span', html)


def test_a_key_is_shown_once_and_works(client):
    sign_in(client, Role.PEOPLE_ADMIN)

    html = make(client).content.decode()
    secret = re.search(r'id="secret" value="(sl_[^"]+)"', html).group(1)

    assert f"Bearer {secret}" in html
    assert Program(secret).ask("GET", "people/").status_code == 200
    listed = client.get(LIST).content.decode()
    assert secret not in listed
    assert secret[:8] in listed


def test_the_answer_with_the_secret_is_kept_by_nobody(client):
    sign_in(client, Role.PEOPLE_ADMIN)
    assert "no-store" in make(client)["Cache-Control"]


def test_a_people_admin_gives_no_scope_that_they_lack(client):
    sign_in(client, Role.PEOPLE_ADMIN)

    assert 'value="design"' not in client.get(ADD).content.decode()
    refused = make(client, scopes=["hris", "design"])

    assert refused.status_code == 403
    assert "Ask an administrator" in refused.content.decode()
    assert not ApiKey.objects.exists()


def test_a_people_admin_revokes_no_key_that_they_could_not_give(client):
    sign_in(client, Role.PEOPLE_ADMIN)
    key, _ = create_key("Design tool", scopes=["design"], by=make_account(Role.ADMINISTRATOR))

    assert client.post(f"{LIST}{key.pk}/revoke/").status_code == 403
    key.refresh_from_db()
    assert key.state == "usable"


def test_an_administrator_gives_every_scope(client):
    sign_in(client, Role.ADMINISTRATOR)
    assert make(client, scopes=["read", "design", "hris"]).status_code == 200
    assert ApiKey.objects.get().scopes == ["design", "hris", "read"]


def test_a_key_ends_with_its_day(client):
    sign_in(client, Role.PEOPLE_ADMIN)
    make(client, expires_on="2999-12-31")
    assert ApiKey.objects.get().expires_at == dt.datetime(2999, 12, 31, 23, 59, 59, 999999, tzinfo=dt.UTC)


def test_a_day_that_is_over_is_refused_in_words(client):
    sign_in(client, Role.PEOPLE_ADMIN)
    answer = make(client, expires_on="2020-01-01")
    assert answer.status_code == 422
    assert "That day is over." in answer.content.decode()


def test_a_key_without_a_scope_is_refused_in_words(client):
    sign_in(client, Role.PEOPLE_ADMIN)
    assert make(client, scopes=[]).status_code == 422


def test_a_revoked_key_opens_nothing_and_says_by_whom(client):
    pia = sign_in(client, Role.PEOPLE_ADMIN)
    key, secret = create_key("Payroll", scopes=["hris"], by=pia)

    html = client.post(f"{LIST}{key.pk}/revoke/", follow=True).content.decode()

    assert "opens nothing any more" in html
    assert Program(secret).ask("GET", "people/").status_code == 401
    assert "by Pia Lund" in client.get(f"{LIST}?state=revoked").content.decode()
    assert Change.objects.filter(subject=key.pk, verb="revoke", by=pia.pk).count() == 1


def test_keys_are_found_by_state_scope_and_words(client):
    pia = sign_in(client, Role.ADMINISTRATOR)
    usable, _ = create_key("Nightly payroll", scopes=["hris"], by=pia)
    expired, _ = create_key("Old", scopes=["design"], expires_at=timezone.now(), by=pia)
    revoked, _ = create_key("Gone", scopes=["read"], by=pia)
    revoke_key(revoked, by=pia)

    def found(query: str) -> list[str]:
        return names_in(client.get(LIST + query).content.decode())

    assert found("") == ["Nightly payroll"]
    assert found("?state=expired") == ["Old"]
    assert found("?state=revoked") == ["Gone"]
    assert found("?state=all&scope=read") == ["Gone"]
    assert found("?q=NIGHT") == ["Nightly payroll"]
    assert found(f"?q={usable.prefix}") == ["Nightly payroll"]
    assert expired.state == "expired"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(client, django_assert_num_queries, count):
    pia = sign_in(client, Role.PEOPLE_ADMIN)
    for n in range(count):
        create_key(f"Key {n}", scopes=["hris"], by=pia)

    with django_assert_num_queries(4):  # session, account, count, keys
        html = client.get(LIST).content.decode()

    assert len(names_in(html)) == count
