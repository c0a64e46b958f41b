"""Keys for programs."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from base.forms import EditForm
from workforce.models import Scope

USUAL = dt.timedelta(days=365)


class KeyForm(EditForm):
    """What a new key may do, and until when."""

    name = forms.CharField(
        max_length=120,
        label="Name",
        help_text="Which program will use it, such as “Payroll, nightly”.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    scopes = forms.MultipleChoiceField(label="What it may do", widget=forms.CheckboxSelectMultiple)
    expires_on = forms.DateField(
        label="Works until",
        required=False,
        help_text="The end of that day, UTC. Empty: until somebody revokes it.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, scopes: Iterable[Scope], *, data: Any = None) -> None:
        super().__init__(data=data, initial={"expires_on": timezone.localdate() + USUAL})
        choices = [(scope.value, scope.label) for scope in scopes]
        self.fields["scopes"].choices = choices  # type: ignore[attr-defined]

    def clean_expires_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["expires_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError("That day is over. Choose today or a later one.")
        return day

    def facts(self) -> dict[str, Any]:
        day: dt.date | None = self.cleaned_data["expires_on"]
        end = dt.datetime.combine(day, dt.time.max, tzinfo=dt.UTC) if day else None
        return {"name": self.cleaned_data["name"], "scopes": self.cleaned_data["scopes"], "expires_at": end}
