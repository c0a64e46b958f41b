"""Which step waits for an outcome, and on what terms."""

from typing import Any

from django import forms

from workflows.forms.fields import WorkForm, text
from workflows.models import Handoff, Outcome, Step


class HandoffForm(WorkForm):
    accepted_when = text(
        Handoff,
        "accepted_when",
        "Accepted when",
        required=False,
        help_text="What makes it good enough to begin with, as the receiver would say it; semicolons make it a list.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    share_complete_and_accurate = forms.IntegerField(
        label="Share complete and accurate",
        required=False,
        min_value=0,
        max_value=100,
        help_text="Percent that the receiver can use without asking again.",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class NewHandoffForm(HandoffForm):
    to_step = forms.ModelChoiceField(
        Step.objects.live(),
        label="To which step?",
        error_messages={
            "required": "Choose the step that waits for it.",
            "invalid_choice": "That step is not in use any more. Choose another.",
        },
    )

    def __init__(self, outcome: Outcome, **options: Any) -> None:
        super().__init__(**options)
        self.outcome = outcome
