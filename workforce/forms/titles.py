"""Naming what people are called."""

from django import forms

from base.forms import EditForm
from workforce.models import JobRole


class NewRoleForm(EditForm):
    """A job role that is not there yet."""

    role = forms.CharField(label="Job role", max_length=JobRole._meta.get_field("name").max_length)
