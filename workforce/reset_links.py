"""Links for a new password: they end when they were used, after three days, and with the sessions of their account."""

from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator


class ResetLinks(PasswordResetTokenGenerator):
    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return str(user.told_from_earlier(super()._make_hash_value(user, timestamp)))
