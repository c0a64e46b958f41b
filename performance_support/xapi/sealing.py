"""The secret that an LRS gave us, so that the database and its backups alone open nothing there.

Sealed with a key that follows from SECRET_KEY. Whoever changes that enters the secret anew, or keeps the former key
among SECRET_KEY_FALLBACKS until then.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


def seal(secret: str) -> str:
    return box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str | None:
    """None where it was sealed under another SECRET_KEY."""
    try:
        return box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(key_from(key)) for key in keys])


def key_from(secret_key: str | bytes) -> bytes:
    derived = salted_hmac("performance_support.lrs", "secret", secret=secret_key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(derived)
