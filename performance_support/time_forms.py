"""Time to learn, as people type it."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from base.forms import EditForm
from performance_support.models import Learning
from performance_support.models.time import LEAST_GRANTED, MOST_GRANTED, MOST_LOGGED

# What one click may note, the first unless another is chosen.
USUAL_MINUTES = [15, 30, 60]


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class GrantForm(EditForm):
    minutes = forms.IntegerField(
        min_value=LEAST_GRANTED,
        max_value=MOST_GRANTED,
        initial=60,
        label="Minutes a week",
        widget=forms.NumberInput(attrs={"autofocus": True, "step": 5}),
    )
    since = forms.DateField(label="From", widget=day_input())
    until = forms.DateField(required=False, label="Until", widget=day_input(), help_text="Empty: until you end it.")

    def __init__(self, *, data: Any = None) -> None:
        super().__init__(data=data, initial={"since": timezone.localdate()})


class LearningForm(EditForm):
    """One button says the form; the rest has an answer already."""

    form = forms.ChoiceField(choices=Learning.Form.choices, label="How")
    minutes = forms.IntegerField(min_value=1, max_value=MOST_LOGGED, initial=USUAL_MINUTES[0], label="Minutes")
    learnt_on = forms.DateField(required=False, label="Day", widget=day_input())

    def clean_learnt_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["learnt_on"]
        if day and day > timezone.localdate():
            raise ValidationError("That day has not come yet.")
        return day
