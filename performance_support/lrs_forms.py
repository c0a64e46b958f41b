"""Where statements go, and of what."""

from typing import Any

from django import forms

from base.forms import EditForm
from performance_support.models.lrs import Told


class LrsForm(EditForm):
    """The secret is never shown again; left empty, the one there is stays."""

    url = forms.CharField(
        max_length=2000,
        label="Address of the LRS",
        help_text="What it calls its endpoint, up to “/statements”. Only https to the open internet.",
        widget=forms.URLInput(
            attrs={"autocomplete": "off", "autofocus": True, "placeholder": "https://lrs.example.com/xapi"}
        ),
    )
    key = forms.CharField(max_length=200, label="Key", widget=forms.TextInput(attrs={"autocomplete": "off"}))
    secret = forms.CharField(
        max_length=400,
        label="Secret",
        required=False,
        help_text="Kept sealed, and never shown again. Where one is kept and the address stays, leave this empty.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    kinds = forms.MultipleChoiceField(
        label="It hears when", choices=Told.choices, widget=forms.CheckboxSelectMultiple, initial=Told.values
    )
    with_names = forms.BooleanField(
        required=False,
        label="Also tell people’s names",
        help_text="Otherwise it hears of each person by an id that means nothing outside Sightline. Mail addresses and "
        "comments never leave.",
    )

    def said(self, field: str, value: Any) -> str:
        return ", ".join(Told(kind).label for kind in value) if field == "kinds" else str(value)
