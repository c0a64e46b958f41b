"""One step: a verb and an object, who performs it, and how much hangs on it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from base.marks import CRITICALITY
from workflows import words
from workflows.forms.fields import JobRoleField, WorkForm, keep, longest, scale
from workflows.models import Step, Workflow
from workforce.models import JobRole

VERB = 40


class StepForm(WorkForm):
    spoken = {"name": "object", "performed_by": "performed_by"}

    verb = forms.CharField(
        label="Verb",
        max_length=VERB,
        help_text="What is done.",
        widget=forms.TextInput(attrs={"placeholder": "Prepare", "autocomplete": "off", "autofocus": True}),
    )
    object = forms.CharField(
        label="Object",
        max_length=longest(Step, "name") - 2,
        help_text="To what.",
        widget=forms.TextInput(attrs={"placeholder": "the account", "autocomplete": "off"}),
    )
    performed_by = JobRoleField(label="Performed by", empty_label="Nobody yet")
    new_role = forms.CharField(
        label="Or a new job role",
        required=False,
        max_length=longest(JobRole, "name"),
        help_text="Added to the job roles when you save.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    criticality = scale(
        CRITICALITY,
        "Criticality",
        help_text="The worst that can credibly happen when this step fails.",
        widget=forms.RadioSelect,
    )
    still_right = forms.BooleanField(label="I looked again: this criticality still holds", required=False)
    difficulty = scale(words.DIFFICULTY, "Difficulty")
    frequency = scale(words.FREQUENCY, "How often")

    def __init__(self, noun: Step | None = None, **options: Any) -> None:
        super().__init__(noun, **options)
        keep(self, "performed_by", noun.performed_by_id if noun else None)
        if noun is None or noun.criticality is None:
            del self.fields["still_right"]

    def spoken_of(self, source: Any) -> dict[str, Any]:
        role = source.performed_by
        verb, _, rest = source.name.partition(" ")
        return super().spoken_of(source) | {
            "verb": verb,
            "object": rest,
            "performed_by": None if isinstance(role, str) else role,
            "new_role": role if isinstance(role, str) else "",
        }

    def label_of(self, field: str) -> str:
        return "Name" if field == "name" else super().label_of(field)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        name, most = f"{cleaned.get('verb', '')} {cleaned.get('object', '')}", longest(Step, "name")
        if len(name) > most:
            self.add_error("object", ValidationError(f"Verb and object take at most {most} characters together."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """A criticality that nobody looked at again is left out: it was given for the step as it was."""
        said = self.cleaned_data
        facts: dict[str, Any] = {
            "name": f"{said['verb']} {said['object']}",
            "performed_by": self.role(),
            "difficulty": said["difficulty"],
            "frequency": said["frequency"],
        }
        rated_before = getattr(self.noun, "criticality", None)
        if self.noun is None or said.get("still_right") or said["criticality"] != rated_before:
            facts["criticality"] = said["criticality"]
        return facts

    def role(self) -> JobRole | str | None:
        """A name that is typed in wins over the list, and finds the role where there is one of that name."""
        typed = self.cleaned_data["new_role"]
        if typed:
            return JobRole.objects.active().filter(name__iexact=typed).first() or str(typed)
        chosen: JobRole | None = self.cleaned_data["performed_by"]
        return chosen


class NewStepForm(StepForm):
    position = forms.TypedChoiceField(label="Where", coerce=int)

    def __init__(self, workflow: Workflow, **options: Any) -> None:
        super().__init__(**options)
        steps = list(workflow.steps.active().in_process_order())
        self.fields["position"].choices = places(steps)  # type: ignore[attr-defined]
        self.initial.setdefault("position", len(steps) + 1)

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"position": self.cleaned_data["position"]}


class MoveForm(WorkForm):
    position = forms.TypedChoiceField(label="Put it", coerce=int)

    def __init__(self, noun: Step, **options: Any) -> None:
        super().__init__(noun, **options)
        others = [step for step in noun.workflow.steps.active().in_process_order() if step.pk != noun.pk]
        self.fields["position"].choices = places(others)  # type: ignore[attr-defined]


def places(steps: list[Step]) -> list[tuple[int, str]]:
    """Where a step can stand among these: first, or after one of them."""
    first = "First" if not steps else f"First, before “{steps[0]}”"
    return [(1, first), *((place + 1, f"After “{step}”") for place, step in enumerate(steps, start=1))]
