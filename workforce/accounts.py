"""How allauth behaves here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from workforce.sign_on import is_vouched_for


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

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Where we are reached, as it is configured: a Host header is whatever the one who asks says."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", key)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        self.render_mail(template_prefix, email, {"email": email, "site": settings.SITE_URL, **context}).send()

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.mfa.stages.AuthenticateStage": "workforce.accounts.FactorStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]


class FactorStage(AuthenticateStage):
    """Nobody is asked twice: the provider's word for a second factor stands for ours."""

    def handle(self) -> tuple[Any, bool]:
        if is_vouched_for(self.request, self.login.user):
            return None, True
        response, goes_on = super().handle()
        return response, goes_on
