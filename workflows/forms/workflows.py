"""A workflow as a whole."""

from typing import Any

from django import forms

from workflows.forms.fields import OwnerField, WorkForm, keep, text
from workflows.models import Workflow


class WorkflowForm(WorkForm):
    name = text(
        Workflow,
        "name",
        "Name",
        help_text="What it delivers or deals with, such as “Customer onboarding”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    area = text(
        Workflow,
        "area",
        "Area",
        required=False,
        help_text="Where it belongs, such as “Sales and service”.",
        widget=forms.TextInput(attrs={"list": "areas", "autocomplete": "off"}),
    )
    purpose = forms.CharField(
        label="Purpose",
        required=False,
        max_length=2000,
        help_text="Who gets what at its end, in a sentence.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    owner = OwnerField(label="Owner", empty_label=None, help_text="Answers for it, and hears when something is wrong.")

    def __init__(self, noun: Workflow | None = None, **options: Any) -> None:
        super().__init__(noun, **options)
        keep(self, "owner", noun.owner_id if noun else None)
