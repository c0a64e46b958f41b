"""Where people reach the pages, for links that leave in a mail."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

TRIAL = "http://127.0.0.1:8000"
# What a trial and the machine itself answer to; nobody who reads a mail is there.
AT_HOME = {"127.0.0.1", "localhost", "[::1]", "testserver"}


def address(told: str, *, hosts: Sequence[str], is_secure: bool) -> str:
    """SITE_URL without its last stroke; where it is not set, the first host that we answer to by name.

    Raises ImproperlyConfigured for what no link can begin with.
    """
    if told:
        parts = urlsplit(told)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ImproperlyConfigured(f"SITE_URL is an address such as https://sightline.example, and not “{told}”.")
        return told.rstrip("/")
    named = [host for host in hosts if host not in AT_HOME and not host.startswith((".", "*"))]
    return f"{'https' if is_secure else 'http'}://{named[0]}" if named else TRIAL
