import pytest
from django.core.management import CommandError, call_command

from workforce.management.commands import open_account
from workforce.models import Account, Role

pytestmark = pytest.mark.django_db
EMAIL = "first@example.org"


@pytest.fixture
def typing(monkeypatch):
    return lambda password: monkeypatch.setattr(open_account, "getpass", lambda prompt: password)


def test_the_first_administrator_opens_the_door_from_the_command_line(typing, client):
    typing("seven quiet herons")

    call_command("open_account", EMAIL, "--role", "administrator")

    account = Account.objects.get(email=EMAIL)
    assert account.roles == [Role.ADMINISTRATOR]
    assert client.login(email=EMAIL, password="seven quiet herons")


def test_a_weak_password_opens_no_account(typing):
    typing("short")

    with pytest.raises(CommandError, match="too short"):
        call_command("open_account", EMAIL)

    assert not Account.objects.filter(email=EMAIL).exists()


def test_an_address_that_can_sign_in_already_is_left_alone(typing):
    typing("seven quiet herons")
    call_command("open_account", EMAIL, "--name", "Ada First")

    with pytest.raises(CommandError, match="can sign in already"):
        call_command("open_account", EMAIL, "--name", "Somebody Else")

    assert Account.objects.get(email=EMAIL).full_name == "Ada First"
