"""Programmes, as people type them."""

from typing import Any

from django import forms

from base.forms import EditForm
from performance_support.cohort_forms import offer_work
from performance_support.models import Programme
from performance_support.time_forms import day_input
from skills.models import Skill
from workflows.models import Step
from workforce.models import Person
from workforce.models.person import PersonQuerySet


class ProgrammeForm(EditForm):
    """`among`: whom its editor may choose."""

    name = forms.CharField(max_length=120, label="Name", widget=forms.TextInput(attrs={"autofocus": True}))
    purpose = forms.CharField(
        max_length=400,
        required=False,
        label="What for?",
        help_text="What should be different at work when it has lasted.",
    )
    starts_on = forms.DateField(label="From", widget=day_input())
    ends_on = forms.DateField(label="Until", widget=day_input())
    people = forms.ModelMultipleChoiceField(Person.objects.none(), label="Who takes part?")
    steps = forms.ModelMultipleChoiceField(Step.objects.none(), required=False, label="For which steps?")
    skills = forms.ModelMultipleChoiceField(Skill.objects.none(), required=False, label="For which skills?")

    def __init__(
        self, noun: Programme | None = None, *, among: PersonQuerySet, data: Any = None, initial: Any = None
    ) -> None:
        super().__init__(noun, data=data, initial=initial)
        self.fields["people"].queryset = among.with_names().order_by("display_name", "pk")  # type: ignore[attr-defined]
        self.fields["people"].label_from_instance = named  # type: ignore[attr-defined]
        offer_work(self)

    def spoken_of(self, source: Any) -> dict[str, Any]:
        spoken = super().spoken_of(source)
        if isinstance(source, Programme):
            people = [participant.person_id for participant in source.participants.all()]
            spoken |= {"people": people, "steps": list(source.steps.all()), "skills": list(source.skills.all())}
        return spoken


def named(person: Person) -> str:
    return f"{person}, {person.team}" if person.team else str(person)


class ArrangeForm(EditForm):
    words = forms.CharField(
        max_length=400,
        label="Who does what, where and when?",
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
    )
