"""The thresholds of an HR source, in words that say what each of them holds back."""

from typing import Any

from django import forms

from base.forms import EditForm
from workforce.feeds.rows import FIELDS
from workforce.models import CORRECTABLE


def in_words(field: str) -> str:
    return field.replace("_", " ").capitalize()


def percent(label: str, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(min_value=0, max_value=100, label=label, help_text=help_text)


class SourceForm(EditForm):
    leavers_number = forms.IntegerField(
        min_value=0,
        max_value=1_000_000,
        label="Leavers that nobody is asked about",
        help_text="Up to so many people may leave in one run, now or on a day to come, however few there are.",
    )
    leavers_percent = percent("… or this share of the active people, in %", "The larger of the two counts.")
    rows_percent = percent(
        "Rows that a snapshot brings at least, in % of the last one",
        "With fewer it looks cut off, and nobody leaves because of it.",
    )
    managers_percent = percent(
        "People who may lose their manager, in % of those who have one",
        "More of them, and managers stay as they are. One whom nobody knows is none.",
    )
    titles_percent = percent(
        "People whose job title may change, in % of the active ones", "More of them, and titles stay as they are."
    )
    blanks_percent = percent(
        "Rows in which a key field may be empty, in %", "More of them, and those fields are not emptied."
    )
    key_fields = forms.MultipleChoiceField(
        choices=[(field, in_words(field)) for field in FIELDS],
        required=False,
        label="Key fields",
        widget=forms.CheckboxSelectMultiple,
    )
    corrections_stand = forms.MultipleChoiceField(
        choices=[(field, in_words(field)) for field in CORRECTABLE],
        required=False,
        label="Where a correction made here stands",
        help_text="In a ticked field it stands until the source agrees; in the others the source wins with its next "
        "word. Either way the trail says so.",
        widget=forms.CheckboxSelectMultiple,
    )

    def said(self, field: str, value: Any) -> str:
        return ", ".join(in_words(one) for one in value) or "none" if isinstance(value, list) else str(value)
