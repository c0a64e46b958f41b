"""A second factor that a role asks for: set up before anything else, and by whom alone it can be taken away."""

import pytest

from tests.make import make_account
from workforce.models import Role

pytestmark = pytest.mark.django_db
SET_UP = "/account/2fa/totp/activate/"


def give_factor(account) -> None:
    account.authenticator_set.create(type="totp", data={"secret": "x"})


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PEOPLE_ADMIN])
def test_whose_role_asks_for_it_is_led_to_set_it_up(client, settings, role):
    settings.SECOND_FACTOR = True
    client.force_login(make_account(role))

    for address in ("/", "/settings/keys/", "/people/", "/account/password/change/"):
        assert client.get(address).headers.get("Location") == SET_UP, address
    assert client.post("/settings/digest/", {})["Location"] == SET_UP


def test_a_region_is_led_there_as_a_whole_page(client, settings):
    settings.SECOND_FACTOR = True
    client.force_login(make_account(Role.ADMINISTRATOR))
    assert client.get("/settings/keys/", headers={"HX-Request": "true"})["HX-Redirect"] == "/"


def test_the_page_to_set_it_up_says_why_and_lets_one_out(client, settings):
    settings.SECOND_FACTOR = True
    client.force_login(make_account(Role.ADMINISTRATOR, name="Ada Berg"))
    client.get("/")
    html = client.get("/account/2fa/", follow=True).content.decode()
    assert "Your role asks for a second factor" in html
    assert client.post("/account/logout/").status_code == 302


def test_with_one_everything_is_open(client, settings):
    settings.SECOND_FACTOR = True
    account = make_account(Role.ADMINISTRATOR)
    give_factor(account)
    client.force_login(account)
    assert client.get("/settings/keys/").status_code == 200


def test_recovery_codes_alone_are_none(client, settings):
    settings.SECOND_FACTOR = True
    account = make_account(Role.ADMINISTRATOR)
    account.authenticator_set.create(type="recovery_codes", data={"seed": "x", "used_mask": 0})
    client.force_login(account)
    assert client.get("/")["Location"] == SET_UP


@pytest.mark.parametrize("roles", [(), (Role.DESIGNER,)])
def test_nobody_else_is_asked(client, settings, roles):
    settings.SECOND_FACTOR = True
    client.force_login(make_account(*roles))
    assert client.get("/settings/").status_code == 200


def test_unless_it_is_set_nobody_is_asked(client):
    client.force_login(make_account(Role.ADMINISTRATOR))
    assert client.get("/settings/").status_code == 200
