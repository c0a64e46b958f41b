"""allauth's forms, spoken in our voice: sentence case, and no placeholder that repeats its label."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from django import forms

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
