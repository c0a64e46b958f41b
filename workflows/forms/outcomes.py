"""What a step produces, for whom, and how that is measured."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from workflows import words
from workflows.forms.fields import JobRoleField, WorkForm, keep, text
from workflows.models import Outcome

FIGURES = ("baseline", "target", "current")


def figure(label: str, **options: Any) -> forms.DecimalField:
    widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
    return forms.DecimalField(label=label, max_digits=14, decimal_places=3, required=False, widget=widget, **options)


class OutcomeForm(WorkForm):
    statement = text(
        Outcome,
        "statement",
        "Outcome",
        help_text="The state it leaves somebody in, such as “The sales rep has complete customer information”.",
        widget=forms.Textarea(attrs={"rows": 2, "class": "says", "autofocus": True}),
    )
    beneficiary_role = JobRoleField(label="Job role that benefits", empty_label="None of ours")
    beneficiary = text(
        Outcome,
        "beneficiary",
        "Or somebody outside",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "the customer", "autocomplete": "off"}),
    )
    measure = text(
        Outcome,
        "measure",
        "Measure",
        required=False,
        help_text="What is counted, such as “working days from request to first order”.",
    )
    unit = text(
        Outcome, "unit", "Unit", required=False, widget=forms.TextInput(attrs={"placeholder": "days", "list": "units"})
    )
    direction = forms.ChoiceField(
        label="Direction",
        required=False,
        choices=[("", "Not said"), *Outcome.Direction.choices],
    )
    baseline = figure("Baseline", help_text="When it began.")
    current = figure("Current", help_text="Now.")
    target = figure("Target", help_text="Where it should be.")
    due = forms.DateField(
        label="Due",
        required=False,
        help_text="By when.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, noun: Outcome | None = None, **options: Any) -> None:
        super().__init__(noun, **options)
        keep(self, "beneficiary_role", noun.beneficiary_role_id if noun else None)

    def spoken_of(self, source: Any) -> dict[str, Any]:
        spoken = super().spoken_of(source)
        return spoken | {name: words.figure(spoken[name]) for name in FIGURES if spoken[name] is not None}

    def clean(self) -> dict[str, Any]:
        """The models' own rules, said where they can be mended."""
        said = super().clean() or self.cleaned_data
        if said.get("beneficiary") and said.get("beneficiary_role"):
            self.add_error("beneficiary", ValidationError("Name a job role or somebody outside, not both."))
        if "measure" in said and not said["measure"] and any(said.get(name) is not None for name in FIGURES):
            self.add_error("measure", ValidationError("Say what is measured before giving its figures."))
        return said
