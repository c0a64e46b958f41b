"""How far a type of evidence is trusted, converted at the edge."""

from collections.abc import Mapping
from typing import Any

from django import forms

from base.forms import EditForm
from gaps.models import Trust, Type


class TrustForm(EditForm):
    percent = forms.IntegerField(
        min_value=1,
        max_value=100,
        label="How far it is trusted, in percent",
        help_text="Criticality 6 and 7 needs at least 80, 4 and 5 at least 60, all other work more than 20.",
    )
    months = forms.IntegerField(
        min_value=1,
        max_value=120,
        label="For how many months it counts",
        help_text="For what is recorded from now on. What is recorded already keeps the day it was given.",
    )

    def __init__(self, trust: Trust, *, data: Any = None, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(trust, data=data, initial=initial)
        if trust.type == Type.CREDENTIAL:
            # It counts until it expires.
            del self.fields["months"]
        if trust.type == Type.INFERRED:
            self.fields["percent"] = forms.IntegerField(
                min_value=1,
                max_value=20,
                label="How far it is trusted, in percent",
                help_text="At most 20: what another system inferred never closes a gap alone.",
            )
