"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedDoorAdapter(DefaultAccountAdapter):
    """Accounts come from the HR system and from administrators; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "That e-mail and password do not go together. Check both, or ask for a new one.",
        "too_many_login_attempts": "Too many tries for this e-mail. Wait five minutes, or ask for a new password.",
        "incorrect_password": "That is not your current password.",
        "enter_current_password": "That is not your current password.",
        "incorrect_code": "That code does not fit. Wait for the next one and try it.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
