"""What a page about runs is told: which ones to show, and why somebody decided."""

from typing import Any
from uuid import UUID

from django import forms

from base.forms import EditForm
from workforce.models import Run


class NarrowForm(forms.Form):
    source = forms.TypedChoiceField(label="Source", required=False, coerce=UUID, empty_value=None)
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Every state"), *Run.State.choices])

    def __init__(self, data: Any, *, sources: list[tuple[UUID, str]]) -> None:
        super().__init__(data, label_suffix="")
        self.fields["source"].choices = [("", "Every source"), *((str(pk), name) for pk, name in sources)]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """What was asked for and exists; an address may hold anything."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}


class DecideForm(EditForm):
    reason = forms.CharField(
        label="Why?",
        max_length=400,
        help_text="Kept with the run, and shown to whoever looks at it.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why, in a few words: whoever asks later finds it here."},
    )
