"""What a file of people needs to be told: whose it is, what a missing person means, which column is which."""

from collections.abc import Iterable
from typing import Any

from django import forms

from workforce.feeds.rows import FIELDS
from workforce.models import Run, Upload

# Our fields as people call them, and what they may hold.
SAID = {
    "source_id": ("Person’s id", "What tells people apart for good, such as an employee id."),
    "display_name": ("Name", "The whole name; or choose given and family name."),
    "given_name": ("Given name", ""),
    "family_name": ("Family name", ""),
    "work_email": ("Work e-mail", "People sign in by it."),
    "job_title": ("Job title", ""),
    "manager_source_id": ("Manager’s id", "The id of the manager, as in the column above; a name cannot be looked up."),
    "department": ("Department", "It becomes the team."),
    "location": ("Location", ""),
    "status": ("Status", "active, leave, pending or inactive. Empty changes nothing."),
    "start_date": ("First day", "YYYY-MM-DD"),
    "end_date": ("Last day", "YYYY-MM-DD"),
    "employee_number": ("Employee number", ""),
    "employment_type": ("Employment type", ""),
    "updated_at": ("Changed at", "When the source last changed the row: older rows are turned away."),
}  # fmt: skip
MEANING = [
    (Run.Mode.DELTA.value, "Some people: whoever is not in the file stays as they are (delta)"),
    (Run.Mode.SNAPSHOT.value, "Everybody of this source: whoever is not in the file has left (snapshot)"),
]


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File",
        max_length=500,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.zip"}),
        error_messages={"required": "Choose a file first.", "empty": "The file is empty. Choose one with rows."},
    )
    source = forms.CharField(
        label="Whose people are they?",
        max_length=60,
        help_text="The system they come from. A new name makes a new source; its people are kept apart.",
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
        error_messages={"required": "Name the system that these people come from."},
    )
    mode = forms.ChoiceField(
        label="Who is in the file?", choices=MEANING, initial=Run.Mode.DELTA.value, widget=forms.RadioSelect
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, label_suffix="")


class ColumnsForm(forms.Form):
    """One choice of column per field of ours."""

    def __init__(self, data: Any, *, upload: Upload) -> None:
        super().__init__(data, initial=upload.mapping, label_suffix="")
        options = [("", "No column"), *((header, header) for header in upload.shape["header"])]
        for name in sorted(FIELDS, key=list(SAID).index):
            label, hint = SAID[name]
            self.fields[name] = forms.ChoiceField(label=label, help_text=hint, choices=options, required=False)

    def mapping(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class SheetForm(forms.Form):
    sheet = forms.ChoiceField(label="Sheet")

    def __init__(self, data: Any, *, sheets: Iterable[str], **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        self.fields["sheet"].choices = [(sheet, sheet) for sheet in sheets]  # type: ignore[attr-defined]
