"""What the environment says about signing on through an OpenID provider, checked before anything starts."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

AT_HOME = {"127.0.0.1", "localhost", "::1"}


def checked(issuer: str, *, client_id: str, client_secret: str, passwords: bool) -> str:
    """The issuer, or "" where none is set. Raises ImproperlyConfigured for what could only fail at the door."""
    if not issuer:
        if not passwords:
            raise ImproperlyConfigured("PASSWORDS=0 leaves no way in. Set OIDC_ISSUER as well, or PASSWORDS=1.")
        return ""
    parts = urlsplit(issuer)
    if not parts.hostname or (parts.scheme != "https" and parts.hostname not in AT_HOME):
        raise ImproperlyConfigured(f"OIDC_ISSUER is an address such as https://login.example.com, and not “{issuer}”.")
    if not client_id or not client_secret:
        raise ImproperlyConfigured("OIDC_ISSUER also needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.")
    return issuer


def origin(address: str) -> str:
    """Scheme, host and port: what a content security policy names."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
