"""Keys in the settings: made, shown once, told apart, revoked; and never more than their maker may."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from base.errors import RuleBroken
from base.models import Change, OutboxMessage
from tests.api.client import Program
from tests.make import make_account, make_key, make_skill
from tests.workforce.feed import deliver, person, row
from workforce import actions, tasks
from workforce.actions import create_key, revoke_key
from workforce.actions.keys import tell_of_resting_keys
from workforce.models import Account, ApiKey, Role

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


def people_of(secret: str):
    return Program(secret).ask("GET", "people/")


def test_a_key_rests_while_its_owner_lacks_the_role_and_goes_on_with_it():
    pia, ada = make_account(Role.PEOPLE_ADMIN), make_account(Role.ADMINISTRATOR)
    key, secret = create_key("Payroll", scopes=["hris"], by=pia)

    actions.change_roles(pia, roles=[], reason="Moved on", by=ada)
    refused = people_of(secret)
    assert (refused.status_code, refused.body["errors"][0]["code"]) == (403, "key_rests")
    assert pia.full_name not in str(refused.body)
    key = ApiKey.objects.get(pk=key.pk)
    assert (key.state, key.why_it_rests) == ("rests", f"{pia} is no people admin any more")

    actions.change_roles(pia, roles=["people_admin"], reason="Back", by=ada)
    assert people_of(secret).status_code == 200
    assert ApiKey.objects.get(pk=key.pk).state == "usable"


def test_a_key_rests_once_its_owner_has_left_and_goes_on_when_they_come_back():
    deliver([row(1)])
    pia = make_account(Role.PEOPLE_ADMIN, name="Pia Lund", person=person(1))
    key, secret = create_key("Payroll", scopes=["hris"], by=pia)

    actions.put_person("hr", "E1", facts=row(1, status="inactive"), by=Account.objects.system())
    assert people_of(secret).status_code == 403
    assert ApiKey.objects.get(pk=key.pk).why_it_rests == "Pia Lund has left"

    actions.restore_person(person(1), by=Account.objects.system())
    assert people_of(secret).status_code == 200


def test_only_the_scopes_rest_that_the_owner_lacks():
    """Also at the doors that ask the account and not its scopes: no draft is seen any more."""
    eva, ada = make_account(Role.ADMINISTRATOR), make_account(Role.ADMINISTRATOR)
    draft = make_skill()
    key, secret = create_key("All", scopes=["read", "design", "hris"], by=eva)
    assert Program(secret).ask("GET", f"skills/{draft.pk}/").status_code == 200

    actions.change_roles(eva, roles=["people_admin"], reason="Less", by=ada)

    assert people_of(secret).status_code == 200
    refused = Program(secret).ask("GET", f"skills/{draft.pk}/")
    assert (refused.status_code, refused.body["errors"][0]["code"]) == (403, "key_rests")
    key = ApiKey.objects.get(pk=key.pk)
    assert (key.open_scopes, key.resting_scopes) == (["hris"], ["read", "design"])
    assert key.why_it_rests == f"{eva} is no administrator and no designer any more"


def test_a_key_of_which_a_part_rests_is_not_said_to_rest(client):
    eva, ada = make_account(Role.ADMINISTRATOR), sign_in(client, Role.ADMINISTRATOR)
    key, _ = create_key("All", scopes=["read", "hris"], by=eva)
    actions.change_roles(eva, roles=["people_admin"], reason="Less", by=ada)

    for page in (f"{LIST}?state=rests", f"/settings/accounts/{eva.pk}/"):
        html = client.get(page).content.decode()
        assert "rests in part" in html, page
    actions.close_account(eva, reason="Left", by=ada)
    assert "rests in part" not in client.get(f"{LIST}?state=rests").content.decode()
    assert key.pk


def test_a_key_of_the_command_line_rests_for_nobody():
    secret = make_key("read", "design", "hris")
    assert people_of(secret).status_code == 200
    assert not ApiKey.objects.resting().exists()


@pytest.mark.parametrize("roles", [[], ["designer"], ["people_admin"], ["designer", "people_admin"], ["administrator"]])
@pytest.mark.parametrize("scopes", [["read"], ["design"], ["hris"], ["design", "hris"], ["read", "design", "hris"]])
@pytest.mark.parametrize("is_active", [True, False])
def test_sql_and_python_say_alike_which_keys_rest(roles, scopes, is_active):
    key, _ = create_key("Payroll", scopes=scopes, by=make_account(*roles, is_active=is_active))
    assert [*ApiKey.objects.resting()] == ([key] if key.state == "rests" else [])


def test_whoever_may_takes_a_resting_key_over_and_it_goes_on(client):
    pia = make_account(Role.PEOPLE_ADMIN, name="Pia Gone")
    key, secret = create_key("Payroll", scopes=["hris"], by=pia)
    actions.close_account(pia, reason="Left", by=make_account(Role.ADMINISTRATOR))
    mine = sign_in(client, Role.PEOPLE_ADMIN)

    listed = client.get(LIST).content.decode()
    assert "1 key rests, wholly or in part." in listed
    assert "because the account of Pia Gone is closed" in listed
    assert (
        "It rests because the account of Pia Gone is closed"
        in client.get(f"{LIST}{key.pk}/take-over/").content.decode()
    )
    client.post(f"{LIST}{key.pk}/take-over/", follow=True)

    assert people_of(secret).status_code == 200
    key.refresh_from_db()
    assert (key.owner, key.created_by, key.state) == (mine, pia, "usable")
    assert Change.objects.get(subject=key.pk, verb="take_over").facts["owner"][0]["name"] == "Pia Gone"


def test_nobody_takes_over_a_key_that_may_more_than_they(client):
    key, _ = create_key("Design tool", scopes=["design"], by=make_account(Role.ADMINISTRATOR))
    pia = sign_in(client, Role.PEOPLE_ADMIN)
    assert client.post(f"{LIST}{key.pk}/take-over/").status_code == 403
    with pytest.raises(RuleBroken, match="may not do yourself"):
        actions.take_over_key(key, by=pia)


def test_a_key_that_has_ended_is_taken_over_by_nobody(client):
    pia = sign_in(client, Role.PEOPLE_ADMIN)
    key, _ = create_key("Payroll", scopes=["hris"], by=make_account(Role.PEOPLE_ADMIN))
    revoke_key(key, by=pia)
    assert "Make a new key" in client.post(f"{LIST}{key.pk}/take-over/").content.decode()


def letters_about_keys(mailoutbox) -> list[list[str]]:
    for message in OutboxMessage.objects.filter(topic="workforce.tasks.send_resting_letter"):
        tasks.send_resting_letter(**message.payload)
        message.delete()
    told = sorted(mail.to for mail in mailoutbox)
    mailoutbox.clear()
    return told


def test_those_who_can_take_it_over_are_told_once_for_each_rest(mailoutbox):
    ada = make_account(Role.ADMINISTRATOR, name="Ada", email="ada@example.com")
    make_account(Role.PEOPLE_ADMIN, name="Per", email="per@example.com")
    make_account(Role.DESIGNER, email="designer@example.com")
    eva = make_account(Role.ADMINISTRATOR, name="Eva", email="eva@example.com")
    create_key("Payroll", scopes=["hris"], by=eva)
    create_key("Design tool", scopes=["design"], by=eva)
    assert tell_of_resting_keys() == 0

    actions.close_account(eva, reason="Left", by=ada)
    assert tell_of_resting_keys() == 2
    assert tell_of_resting_keys() == 0
    assert letters_about_keys(mailoutbox) == [["Ada <ada@example.com>"], ["Per <per@example.com>"]]

    actions.reopen_account(eva, reason="Back", by=ada)
    assert tell_of_resting_keys() == 0
    actions.close_account(eva, reason="Left again", by=ada)
    assert tell_of_resting_keys() == 2


def test_the_letter_says_which_key_why_and_what_to_do(mailoutbox, settings):
    settings.SITE_URL = "https://sightline.example"
    per = make_account(Role.PEOPLE_ADMIN)
    key, _ = create_key("Payroll", scopes=["hris"], by=make_account(name="Pia Lund"))
    other, _ = create_key("Design tool", scopes=["design"], by=make_account(name="Max"))

    tasks.send_resting_letter(account_id=str(per.pk), keys=[str(key.pk), str(other.pk)])

    [letter] = mailoutbox
    assert letter.subject == "Sightline: the key “Payroll” rests"
    assert "Payroll: Pia Lund is no people admin any more" in letter.body
    assert "https://sightline.example/settings/keys/?state=rests" in letter.body
    assert "Design tool" not in letter.body


def test_no_letter_leaves_about_a_key_that_works_again(mailoutbox):
    per = make_account(Role.PEOPLE_ADMIN)
    key, _ = create_key("Payroll", scopes=["hris"], by=make_account())
    actions.take_over_key(key, by=per)
    tasks.send_resting_letter(account_id=str(per.pk), keys=[str(key.pk)])
    assert mailoutbox == []


def test_before_an_account_is_closed_the_keys_are_named_that_would_rest(client):
    sign_in(client, Role.ADMINISTRATOR)
    pia = make_account(Role.PEOPLE_ADMIN)
    create_key("Nightly payroll", scopes=["hris"], by=pia)
    for act in ("close", "roles"):
        assert "Nightly payroll" in client.get(f"/settings/accounts/{pia.pk}/{act}/").content.decode(), act
    assert "Nightly payroll" in client.get(f"/settings/accounts/{pia.pk}/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(client, django_assert_num_queries, count):
    pia = sign_in(client, Role.PEOPLE_ADMIN)
    for n in range(count):
        create_key(f"Key {n}", scopes=["hris"], by=pia)

    with django_assert_num_queries(5):  # session, account, resting, count, keys
        html = client.get(LIST).content.decode()

    assert len(names_in(html)) == count
