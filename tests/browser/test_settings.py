"""Journeys: a key is made, somebody signs on with the account of their organisation; every page is for everyone."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from tests.browser.paper import printed
from tests.browser.steps import LOOKS, axe, is_too_wide, put_on, sign_in
from tests.make import make_account, make_person
from tests.workforce import provider as openid
from workforce.actions import create_key
from workforce.models import ApiKey, Role, Source

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ada():
    ada = make_account(Role.ADMINISTRATOR, name="Ada Berg")
    Source.objects.create(name="workday")
    create_key("Payroll, nightly", scopes=["hris"], by=ada)
    make_account(Role.DESIGNER, name="Maren Holt")
    return ada


def test_a_key_is_made_in_a_dialog_and_the_list_behind_it_knows(page, ada):
    sign_in(page, ada)
    page.goto("/settings/keys/")
    page.get_by_role("link", name="Make a key").click()
    dialog = page.get_by_role("dialog", name="Make a key")  # the list behind it asks for a name too
    dialog.get_by_label("Name").fill("Directory")
    dialog.get_by_label("HR sync").check()
    page.get_by_role("button", name="Make it and show it once").click()
    expect(page.get_by_role("heading", name="Take the key with you now")).to_be_visible()
    assert page.get_by_label("Key", exact=True).input_value().startswith("sl_")
    assert axe(page) == []
    page.get_by_role("button", name="I have it").click()
    expect(page.get_by_role("rowheader", name="Directory")).to_be_visible()
    assert ApiKey.objects.count() == 2


def test_numbers_of_a_source_say_at_once_what_they_would_have_meant(page, ada):
    sign_in(page, ada)
    page.goto("/settings/sources/")
    page.get_by_role("link", name="Change… workday").click()
    page.get_by_label("Leavers that nobody is asked about").fill("")
    page.get_by_label("Leavers that nobody is asked about").press("Tab")
    expect(page.locator("#meant")).to_contain_text("Put the numbers right")
    page.get_by_label("Leavers that nobody is asked about").fill("30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("up to 30, or 5 %")).to_be_visible()


def test_somebody_signs_on_with_the_account_of_their_organisation(page, settings):
    cache.clear()
    make_person(display_name="Maren Holt", work_email="maren@example.com")
    with openid.running() as provider:
        provider.says = {"sub": "subject-1", "email": "maren@example.com", "email_verified": True}
        settings.OIDC_ISSUER, settings.OIDC_NAME = provider.issuer, "Example Ltd"
        settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = openid.CLIENT, openid.SECRET
        settings.FORM_ACTIONS = [provider.issuer]
        page.goto("/account/login/?next=/settings/")
        assert axe(page) == []
        page.get_by_role("button", name="Sign in with Example Ltd").click()
        expect(page.get_by_role("heading", name="Your settings")).to_be_visible()
        expect(page.get_by_text("maren@example.com")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_of_the_settings_is_readable_by_everyone(page, ada, look):
    sign_in(page, ada)
    put_on(page, look)
    addresses = ["", "keys/", "keys/add/", "sources/", f"sources/{Source.objects.get().pk}/change/", "sign-on/"]
    addresses += ["accounts/", f"accounts/{ada.pk}/", f"accounts/{ada.pk}/roles/"]
    for address in addresses:
        page.goto(f"/settings/{address}")
        assert axe(page) == [], address
        assert not is_too_wide(page), address


def test_a_page_of_the_settings_fills_its_sheet(page, ada):
    """Its navigation is not printed, and leaves no column behind."""
    sign_in(page, ada)
    page.goto("/settings/trust/")
    sheets = printed(page, across=True)
    words = "".join(sheet.words for sheet in sheets)

    assert "Trustinevidence" in words
    assert "Workaccepteddownstream" in words
    assert "Reviewintervals" not in words, "no navigation"
    assert max(run.x for run in sheets[0].runs) > sheets[0].width / 2
