"""Putting somebody right, and letting somebody go."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from base.forms import EditForm
from workforce.models import Person
from workforce.queries.origins import LABELS

HINTS = {
    "manager_source_id": "The manager’s full name, work e-mail, or id in the same HR system. Empty: nobody.",
    "job_title": "As the HR system would write it. A title that nobody has had yet is listed for mapping.",
    "department": "The team’s name. A team that is not there yet is made.",
}
ONE_MANAGER = "Nobody in {source} is called “{typed}”. Give the full name, the work e-mail or the id."
MANY = "{count} people in {source} are called “{typed}”. Give the work e-mail or the id of the one you mean."


class CorrectForm(EditForm):
    """One field of one person."""

    value = forms.CharField(required=False, max_length=254, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    reason = forms.CharField(
        label="Why", required=False, max_length=400, help_text="Stands beside the correction for whoever wonders."
    )

    def __init__(self, person: Person, field: str, *, data: Any = None) -> None:
        self.person, self.field = person, field
        super().__init__(data=data, initial={"value": self.now()})
        self.fields["value"].label, self.fields["value"].help_text = LABELS[field], HINTS.get(field, "")

    def now(self) -> str:
        manager = self.person.manager
        return manager.display_name if self.field == "manager_source_id" and manager else self.person.told(self.field)

    def clean_value(self) -> str:
        typed: str = self.cleaned_data["value"].strip()
        return self.as_id(typed) if typed and self.field == "manager_source_id" else typed

    def as_id(self, typed: str) -> str:
        """The source's id of the one person who is meant."""
        if self.person.manager and typed == self.person.manager.display_name:
            return self.person.manager_source_id
        found = list(Person.objects.meant_by(typed, source=self.person.source)[:6])
        exactly = [one for one in found if one.source_id == typed] or found
        if len(exactly) == 1:
            return exactly[0].source_id
        words = (MANY if exactly else ONE_MANAGER).format(typed=typed, source=self.person.source, count=len(exactly))
        raise ValidationError(words)


class LeaveForm(EditForm):
    """On which day somebody leaves."""

    end_date = forms.DateField(
        label="Last day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Empty: today. On a day to come they leave by themselves.",
    )
