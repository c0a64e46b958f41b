"""allauth's forms, spoken in our voice: sentence case, and no placeholder that repeats its label."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from django import forms
from django.http import HttpRequest

from base.outbox import send_later

LABELS = {
    "oldpassword": "Current password",
    "password": "Password",
    "password1": "New password",
    "password2": "New password, again",
    "code": "Code",
}


class Plainly(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            # The way to a forgotten password stands on the sign-in page; here it would only lead away.
            field.help_text = "At least 12 characters, and none that others guess first." if name == "password1" else ""


class ChangePasswordForm(Plainly, account.ChangePasswordForm):
    pass


class SetPasswordForm(Plainly, account.SetPasswordForm):
    pass


class ResetPasswordForm(Plainly, account.ResetPasswordForm):
    """Asks, and looks nobody up: the answer takes as long for a stranger's address as for one of ours."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **_: Any) -> str:
        email: str = self.cleaned_data["email"]
        send_later("workforce.tasks.send_reset_letter", email=email)
        return email


class ResetPasswordKeyForm(Plainly, account.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(Plainly, account.ReauthenticateForm):
    pass


class FactorForm(Plainly, factor.AuthenticateForm):
    pass


class FactorAgainForm(Plainly, factor.ReauthenticateForm):
    pass


class ActivateAppForm(Plainly, totp.ActivateTOTPForm):
    pass
