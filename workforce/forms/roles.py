"""Naming job roles."""

from django import forms

from base.forms import EditForm
from workforce.models import JobRole


class JobRoleForm(EditForm):
    name = forms.CharField(
        label="Name",
        max_length=JobRole._meta.get_field("name").max_length,
        help_text="What workflows are performed by, such as “Warehouse lead”. One for many titles.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    description = forms.CharField(
        label="What they answer for", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
