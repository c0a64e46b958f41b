"""What somebody types before somebody else is erased."""

from typing import Any

from django import forms

from base.forms import EditForm
from workforce.models import Person


class ErasureForm(EditForm):
    reason = forms.CharField(
        max_length=400,
        label="Why",
        help_text="It is kept beside your name. Name nobody here.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label="Their name, to be sure",
        help_text="Letter by letter, as it stands above.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, person: Person, *, data: Any = None) -> None:
        super().__init__(data=data)
        self.person = person

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if self.person.display_name.casefold() in reason.casefold():
            raise forms.ValidationError("The reason stays when the name is gone. Give it without the name.")
        return reason

    def clean_name(self) -> str:
        if self.cleaned_data["name"].strip() != self.person.display_name:
            raise forms.ValidationError(f"Type {self.person.display_name}, or leave everything as it is.")
        return self.person.display_name

    def facts(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}
