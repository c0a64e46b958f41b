"""What administrators decide about accounts: with a reason, in the trail, and somebody is always left to decide."""

import pytest

from base.errors import RuleBroken
from base.models import Change, OutboxMessage
from tests.make import make_account, make_key, make_person
from tests.workforce.feed import deliver, person, row
from workforce import actions, tasks
from workforce.models import Account, Role

pytestmark = pytest.mark.django_db
LIST = "/settings/accounts/"


@pytest.fixture
def ada(client):
    ada = make_account(Role.ADMINISTRATOR, name="Ada Berg")
    client.force_login(ada)
    return ada


def give_factor(account: Account) -> None:
    account.authenticator_set.create(type="totp", data={"secret": "x"})
    account.authenticator_set.create(type="recovery_codes", data={"seed": "x"})


def post(client, account: Account, what: str, **sent: object):
    return client.post(f"{LIST}{account.pk}/{what}/", {"reason": "They asked", **sent}, follow=True)


def test_roles_are_given_and_taken_with_a_reason(client, ada):
    maren = make_account(Role.DESIGNER, name="Maren Holt")

    html = post(client, maren, "roles", roles=["people_admin"]).content.decode()

    maren.refresh_from_db()
    assert maren.roles == [Role.PEOPLE_ADMIN]
    assert "changed the roles of" in html
    assert "because: They asked" in html
    change = Change.objects.get(subject=maren.pk, verb="change_roles")
    assert change.facts["roles"] == [["designer"], ["people_admin"]]


def test_without_a_reason_nothing_is_decided(client, ada):
    maren = make_account(Role.DESIGNER)
    assert post(client, maren, "roles", roles=[], reason=" ").status_code == 422
    maren.refresh_from_db()
    assert maren.roles == [Role.DESIGNER]


def test_no_account_of_a_person_becomes_a_reader(client, ada):
    maren = make_account()
    assert post(client, maren, "roles", roles=["reader"]).status_code == 422


def test_who_had_the_page_open_sees_what_somebody_else_decided_meanwhile(client, ada):
    maren = make_account(name="Maren Holt")
    actions.change_roles(maren, roles=["designer"], reason="First", by=make_account(Role.ADMINISTRATOR))

    answer = client.post(f"{LIST}{maren.pk}/roles/", {"roles": ["people_admin"], "reason": "Second", "seen": 1})

    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Designer" in html
    assert 'value="Second"' in html
    maren.refresh_from_db()
    assert maren.roles == [Role.DESIGNER]


@pytest.mark.parametrize("what", ["roles", "close"])
def test_the_last_administrator_stays(client, ada, what):
    assert "administrator" in post(client, ada, what).content.decode()
    ada.refresh_from_db()
    assert (ada.roles, ada.is_active) == ([Role.ADMINISTRATOR], True)


def test_an_administrator_who_cannot_sign_in_is_not_the_one_who_is_left(ada):
    closed = make_account(Role.ADMINISTRATOR, is_active=False)
    with pytest.raises(RuleBroken, match="last administrator"):
        actions.change_roles(ada, roles=[], reason="x", by=closed)


def test_one_of_two_administrators_may_go(ada):
    actions.change_roles(ada, roles=[], reason="x", by=make_account(Role.ADMINISTRATOR))
    ada.refresh_from_db()
    assert ada.roles == []


def test_what_shuts_somebody_out_is_in_the_colour_that_stops(client, ada):
    maren = make_account(name="Maren Holt")
    closing, opening = (
        client.get(f"/settings/accounts/{maren.pk}/{act}/").content.decode() for act in ("close", "reopen")
    )
    assert '<button class="btn stop">Close it</button>' in closing
    assert '<button class="btn main">Open it</button>' in opening


def test_a_closed_account_is_outside_from_the_next_request_on(client, ada):
    maren = make_account(name="Maren Holt")
    hers = client.__class__()
    hers.force_login(maren)
    assert hers.get("/").status_code == 200

    post(client, maren, "close")

    assert hers.get("/")["Location"].startswith("/account/login/")
    post(client, maren, "reopen")
    maren.refresh_from_db()
    assert (maren.is_active, maren.closed_at) == (True, None)


def session_of(client, account: Account):
    theirs = client.__class__()
    theirs.force_login(account)
    assert theirs.get("/").status_code == 200
    return theirs


def is_outside(client) -> bool:
    return client.get("/").get("Location", "").startswith("/account/login/")


def test_a_session_from_before_an_account_was_closed_stays_ended(client, ada):
    """Whether or not it was used while the account was closed."""
    maren = make_account(name="Maren Holt")
    used, unused = session_of(client, maren), session_of(client, maren)
    post(client, maren, "close")
    assert is_outside(used)

    post(client, maren, "reopen")

    assert is_outside(used)
    assert is_outside(unused)
    maren.refresh_from_db()
    assert not is_outside(session_of(client, maren))


def test_who_left_and_came_back_signs_in_anew(client, ada):
    deliver([row(1)])
    maren = make_account(person=person(1))
    hers = session_of(client, maren)

    actions.put_person("hr", "E1", facts=row(1, status="inactive"), by=ada)
    actions.restore_person(person(1), by=ada)

    maren.refresh_from_db()
    assert maren.is_active
    assert is_outside(hers)


def test_taking_a_role_ends_the_sessions_and_giving_one_does_not(client, ada):
    maren = make_account(Role.DESIGNER)
    hers = session_of(client, maren)
    post(client, maren, "roles", roles=["designer", "people_admin"])
    assert not is_outside(hers)
    post(client, maren, "roles", roles=["people_admin"])
    assert is_outside(hers)


def test_who_gives_up_a_role_stays_at_the_page_where_they_did(client, ada):
    make_account(Role.ADMINISTRATOR)
    elsewhere = session_of(client, ada)
    post(client, ada, "roles", roles=["designer"])
    assert not is_outside(client)
    assert is_outside(elsewhere)


def test_resetting_a_factor_ends_the_sessions_of_whoever_has_the_phone(client, ada):
    maren = make_account()
    give_factor(maren)
    theirs = session_of(client, maren)
    post(client, maren, "factor")
    assert is_outside(theirs)


def test_saving_an_account_read_earlier_brings_no_session_back(client, ada):
    maren = make_account(Role.DESIGNER)
    hers, earlier = session_of(client, maren), Account.objects.get(pk=maren.pk)
    post(client, maren, "close")
    post(client, maren, "reopen")

    earlier.save()

    assert is_outside(hers)


def test_opening_again_lets_no_leaver_in(client, ada):
    left = make_person(status="inactive", left_at="2026-01-01T00:00Z")
    maren = make_account(person=left, is_active=False)
    Account.objects.filter(pk=maren.pk).update(closed_at="2026-01-01T00:00Z", closed_by=ada)
    post(client, maren, "reopen")
    maren.refresh_from_db()
    assert (maren.is_active, maren.closed_at) == (False, None)


def test_a_second_factor_is_reset_and_its_owner_told(client, ada, mailoutbox):
    maren = make_account(name="Maren Holt", email="maren@example.com")
    give_factor(maren)

    post(client, maren, "factor")

    assert not maren.authenticator_set.exists()
    assert Change.objects.get(subject=maren.pk, verb="reset_factor").facts["reason"] == [None, "They asked"]
    message = OutboxMessage.objects.get(topic="workforce.tasks.send_factor_letter")
    tasks.send_factor_letter(**message.payload)
    assert [mail.to for mail in mailoutbox] == [["maren@example.com"]]
    assert "Ada Berg took the second factor" in mailoutbox[0].body


def test_nobody_resets_the_own_factor_past_its_code(client, ada):
    give_factor(ada)
    post(client, ada, "factor")
    assert ada.authenticator_set.exists()


def test_a_forgotten_sign_on_leaves_room_for_the_next(client, ada):
    maren = make_account()
    maren.socialaccount_set.create(provider="oidc", uid="x", extra_data={"issuer": "https://login.example.com"})
    post(client, maren, "sign-on")
    assert not maren.socialaccount_set.exists()


def test_an_account_is_opened_for_somebody_the_hr_system_does_not_know(client, ada):
    client.post(f"{LIST}open/", {"email": "Guest@Example.com", "full_name": "A Guest", "roles": ["designer"]})
    guest = Account.objects.get(email="guest@example.com")
    assert guest.roles == [Role.DESIGNER]
    assert not guest.has_usable_password()


def test_keys_and_the_system_are_no_accounts_of_people(client, ada):
    make_key("hris", by=ada)
    for other in Account.objects.exclude(kind="person"):
        assert client.get(f"{LIST}{other.pk}/").status_code == 404


def test_accounts_are_found_by_role_state_and_words(client, ada):
    make_account(Role.DESIGNER, name="Maren Holt")
    make_account(name="Tom Left", is_active=False)

    def found(query: str) -> list[str]:
        return [account.full_name for account in client.get(LIST + query).context["page_of"]]

    assert found("") == ["Ada Berg", "Maren Holt"]
    assert found("?role=designer") == ["Maren Holt"]
    assert found("?state=closed") == ["Tom Left"]
    assert found("?q=MAREN") == ["Maren Holt"]
    assert found("?state=all") == ["Ada Berg", "Maren Holt", "Tom Left"]


def test_the_sign_on_page_names_whose_password_alone_opens_much(client, ada):
    make_account(Role.PEOPLE_ADMIN, name="Pia Lund")
    secured = make_account(Role.ADMINISTRATOR, name="Eva Safe")
    give_factor(secured)
    html = client.get("/settings/sign-on/").content.decode()
    assert "Pia Lund" in html
    assert "Eva Safe" not in html
    assert "No provider is connected." in html


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(client, ada, django_assert_num_queries, count):
    for _ in range(count):
        give_factor(make_account(Role.DESIGNER, person=make_person()))
    with django_assert_num_queries(4):  # session, account, count, accounts
        client.get(f"{LIST}?role=designer")
