"""What the dialogs of the queue ask for."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone

from skills.models import LEVEL, Skill
from skills.queue import AGES, Narrowing
from workflows.models import Outcome, Step
from workforce.models import Account

# The value that gives a flag back; no account has it.
OWNER = "owner"


class NarrowingForm(forms.Form):
    """What part of the queue to show; an address that somebody mistyped shows all of it."""

    whose = forms.CharField(required=False)
    origin = forms.CharField(required=False)
    age = forms.TypedChoiceField(choices=[(days, "") for days in AGES], coerce=int, required=False)
    asleep = forms.BooleanField(required=False)

    def narrowing(self, account: Account) -> Narrowing:
        self.is_valid()
        typed = self.cleaned_data
        whose = str(account.pk) if typed.get("whose") == "mine" else typed.get("whose", "")
        try:
            whose = whose if whose in {"", "nobody"} else str(forms.UUIDField().clean(whose))
        except forms.ValidationError:
            whose = ""
        return Narrowing(whose, typed.get("origin", ""), typed.get("age") or 0, bool(typed.get("asleep")))


class AssignForm(forms.Form):
    to = forms.ChoiceField(label="Assign to")

    def __init__(self, *args: Any, designers: Sequence[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.designers = {str(account.pk): account for account in designers}
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", "Choose a person"),
            *((pk, account.name) for pk, account in self.designers.items()),
            (OWNER, "Nobody: back to whoever owns it"),
        ]

    def clean_to(self) -> Account | None:
        return self.designers.get(self.cleaned_data["to"])


class SnoozeForm(forms.Form):
    until = forms.DateField(label="Snooze until", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(
        label="Why it can wait", help_text="Others will see this reason.", max_length=400, widget=forms.Textarea
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"until": timezone.localdate() + dt.timedelta(days=30), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        tomorrow = timezone.localdate() + dt.timedelta(days=1)
        self.fields["until"].widget.attrs |= {"min": tomorrow.isoformat()}
        self.fields["reason"].widget.attrs |= {"rows": 2}

    def clean_until(self) -> dt.date:
        until: dt.date = self.cleaned_data["until"]
        if until <= timezone.localdate():
            raise forms.ValidationError("Choose a day after today.")
        return until


class StepChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Every step in use, under its workflow."""

    def __init__(self, **kwargs: Any) -> None:
        steps = Step.objects.live().select_related("workflow").order_by("workflow__name", "position")
        super().__init__(steps, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.position} {obj.name}, {obj.workflow.name}"


class PlaceForm(forms.Form):
    """One step and one outcome for everything chosen. Which outcomes there are depends on the step."""

    step = StepChoice(label="At which step?", empty_label="Choose a step")
    outcome = forms.ModelChoiceField(Outcome.objects.none(), label="For which outcome?")
    required_level = forms.IntegerField(**LEVEL, widget=forms.HiddenInput, initial=3)
    together = forms.BooleanField(label="Place as one skill", required=False)
    kept = forms.ModelChoiceField(Skill.objects.none(), label="Which wording stays?", required=False, empty_label=None)

    def __init__(self, *args: Any, skills: Sequence[Skill], step: Step | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Which outcomes there are depends on the step, so the dialog asks again; it is answered by its button only.
        again = {"hx-post": reverse("flag_place"), "hx-trigger": "change", "hx-target": "#dialog"}
        self.fields["step"].widget.attrs |= again
        if step:
            self.fields["outcome"].empty_label = "Choose an outcome"  # type: ignore[attr-defined]
            self.fields["outcome"].queryset = Outcome.objects.downstream_of(step)  # type: ignore[attr-defined]
        else:
            self.fields["outcome"].empty_label = "Choose the step first"  # type: ignore[attr-defined]
        if len(skills) > 1:
            self.fields["kept"].queryset = Skill.objects.filter(pk__in=[s.pk for s in skills])  # type: ignore[attr-defined]
        else:
            del self.fields["together"], self.fields["kept"]
