"""Accounts, as administrators decide about them."""

from typing import Any, Self

from django import forms

from base.errors import Outdated
from base.forms import EditForm
from workforce.models import Role

# “Reader” is for keys.
GIVEN = [(role.value, role.label) for role in (Role.DESIGNER, Role.PEOPLE_ADMIN, Role.ADMINISTRATOR)]


class ReasonForm(EditForm):
    reason = forms.CharField(
        max_length=400,
        label="Why",
        help_text="It stands in the trail beside your name.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class RolesForm(ReasonForm):
    roles = forms.MultipleChoiceField(
        choices=GIVEN, required=False, label="May do more than everybody", widget=forms.CheckboxSelectMultiple
    )
    field_order = ["roles", "reason"]

    def beside(self, clash: Outdated) -> Self:
        # The reason is no fact of the account; it goes on to the next try.
        reason = self.cleaned_data.pop("reason")
        again = super().beside(clash)
        again.initial["reason"] = reason
        return again

    def said(self, field: str, value: Any) -> str:
        return ", ".join(Role(role).label for role in value) or "none"


class AccountForm(EditForm):
    """A new sign-in."""

    email = forms.EmailField(label="Work e-mail", help_text="What they sign in with.")
    full_name = forms.CharField(max_length=200, label="Name")
    roles = forms.MultipleChoiceField(
        choices=GIVEN, required=False, label="May do more than everybody", widget=forms.CheckboxSelectMultiple
    )
