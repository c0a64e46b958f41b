"""Where links in a mail lead."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.site import TRIAL, address


@pytest.mark.parametrize(
    ("told", "hosts", "begins"),
    [
        ("https://sightline.example/", [], "https://sightline.example"),
        ("", ["sightline.example", "other.example"], "https://sightline.example"),
        ("", ["*"], TRIAL),
        ("", [".example", "127.0.0.1", "sightline.example"], "https://sightline.example"),
        ("", ["127.0.0.1", "localhost", "[::1]", "testserver"], TRIAL),
    ],
)
def test_links_begin_with_what_is_configured(told, hosts, begins):
    assert address(told, hosts=hosts, is_secure=True) == begins


@pytest.mark.parametrize("told", ["sightline.example", "ftp://sightline.example", "https://", "https://a.example/?x=1"])
def test_what_no_link_can_begin_with_is_refused(told):
    with pytest.raises(ImproperlyConfigured, match="SITE_URL"):
        address(told, hosts=[], is_secure=True)
