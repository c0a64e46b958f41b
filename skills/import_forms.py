"""What a list needs to be told: the file, what the list is called, and which column is which."""

from collections.abc import Collection
from typing import Any

from django import forms

from skills.lists import columns
from skills.models import Import, ImportRow

FIRST_ROW = [("yes", "The names of the columns"), ("no", "The first skill")]


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File",
        max_length=500,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.zip"}),
        error_messages={
            "required": "Choose a file first.",
            "empty": "The file is empty. Choose one with rows.",
        },
    )
    name = forms.CharField(
        label="What the list is called",
        max_length=120,
        required=False,
        help_text="Use the same name for the next edition of a list: that is how its rows find their skills again.",
        widget=forms.TextInput(attrs={"list": "lists", "autocomplete": "off"}),
    )


class MapForm(forms.Form):
    """One choice of column per field; the list's own words are the options."""

    name_of_list = forms.CharField(label="What the list is called", max_length=120)
    name = forms.ChoiceField(label="Name", required=False, help_text="A short label, such as “Price talks”.")
    statement = forms.ChoiceField(
        label="Statement", required=False, help_text="What somebody can do. Rows without one are worded as their name."
    )
    key = forms.ChoiceField(
        label="Key",
        required=False,
        help_text="What tells the rows apart for good: an id or an address. Without one, the name does.",
    )
    description = forms.ChoiceField(label="Description", required=False)
    also_called = forms.ChoiceField(
        label="Other names", required=False, help_text="Several in a cell, with “;” between."
    )

    def __init__(self, data: Any, *, plan: Import) -> None:
        super().__init__(data, initial={"name_of_list": plan.name, **plan.mapping})
        options = [("", "No column"), *((header, header) for header in plan.shape["header"])]
        for field in columns.FIELDS:
            self.fields[field].choices = options  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not values.get("name") and not values.get("statement"):
            self.add_error("name", "Choose the column with the name, or the one with the statement.")
        return values

    def mapping(self) -> dict[str, str]:
        return {field: self.cleaned_data[field] for field in columns.FIELDS if self.cleaned_data[field]}


class LookForm(forms.Form):
    """Where in the file the table is."""

    sheet = forms.ChoiceField(label="Sheet", required=False)
    first_row = forms.ChoiceField(label="Its first row holds", choices=FIRST_ROW)

    def __init__(self, *args: Any, sheets: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(sheets) > 1:
            self.fields["sheet"].choices = [(sheet, sheet) for sheet in sheets]  # type: ignore[attr-defined]
        else:
            del self.fields["sheet"]


class ChoiceForm(forms.Form):
    """What to do with the rows that were shown, or with all of a verdict."""

    verdict = forms.ChoiceField(choices=ImportRow.Verdict)
    every = forms.ChoiceField(choices=[("apply", ""), ("leave", ""), ("existing", "")], required=False)
    shown = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        # Ids are looked up within the list they belong to, so any number may be asked for.
        shown = [value for value in data.getlist("shown") if value.isdecimal()]
        self.fields["shown"].choices = [(value, "") for value in shown]  # type: ignore[attr-defined]

    def choices(self) -> dict[str, list[int]]:
        """{choice: rows}, for each row that was shown; what is not ticked is left out."""
        chosen: dict[str, list[int]] = {}
        for row in self.cleaned_data["shown"]:
            answer = self.data.get(f"choice-{row}", "leave")
            chosen.setdefault(answer if answer in ImportRow.Choice.values else "leave", []).append(row)
        return chosen
