"""What people say about gaps and levels, converted at the edge."""

from typing import Any

from django import forms

from base.forms import EditForm
from gaps.arithmetic import Label
from gaps.models import Cause

# One of each kind: the finer labels are what rules find, not what people say.
SAID = (Label.UPSKILL, Label.RESKILL, Label.NONE)


class OverruleForm(EditForm):
    label = forms.ChoiceField(
        label="What is it, then?", widget=forms.RadioSelect, choices=[(each.value, each.words) for each in SAID]
    )
    reason = forms.CharField(
        label="Why?",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The rule's label stays on record beside yours, and the person sees your reason.",
    )


class CauseForm(EditForm):
    kind = forms.ChoiceField(label="Why is there a gap at all?", widget=forms.RadioSelect, choices=Cause.Kind.choices)
    note = forms.CharField(
        label="What is done about it",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Who does what until when. The person sees it.",
    )

    def facts(self) -> dict[str, Any]:
        return {"kind": self.cleaned_data["kind"], "note": self.cleaned_data["note"]}
