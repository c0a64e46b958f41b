"""What is typed about the work and its people: how many a step needs, and what an outcome was found to be."""

from typing import Any

from django import forms
from django.utils import timezone

from base.forms import EditForm


class TargetForm(EditForm):
    people = forms.IntegerField(
        label="People needed",
        min_value=1,
        max_value=1000,
        required=False,
        help_text="Who can do it without help. Leave it empty to go by the criticality of the step.",
    )
    reason = forms.CharField(
        label="Why", max_length=400, required=False, help_text="Others will see this reason beside the figure."
    )


class MeasurementForm(EditForm):
    value = forms.DecimalField(
        label="Value", max_digits=14, decimal_places=3, widget=forms.NumberInput(attrs={"step": "any"})
    )
    measured_on = forms.DateField(label="Measured on", widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label="Note", max_length=400, required=False, help_text="Where the figure comes from.")

    def __init__(self, *, data: Any = None) -> None:
        super().__init__(data=data, initial={"measured_on": timezone.localdate().isoformat()})
