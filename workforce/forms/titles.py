"""What people type, turned into what actions take."""

from django import forms

from workforce.models import JobRole


class MapTitleForm(forms.Form):
    """Which job role a title stands for; none takes the answer back."""

    job_role = forms.ModelChoiceField(JobRole.objects.active(), required=False, empty_label="None of these")
