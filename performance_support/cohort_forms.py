"""Cohorts, as people type them."""

from typing import Any

from django import forms

from base.forms import EditForm
from performance_support.models import Cohort
from performance_support.time_forms import day_input
from skills.models import Skill
from workflows.models import Step
from workforce.models import Account


class CohortForm(EditForm):
    name = forms.CharField(max_length=120, label="Name", widget=forms.TextInput(attrs={"autofocus": True}))
    goal = forms.CharField(
        max_length=400,
        label="What do you want to be able to do?",
        help_text="In your own words: what you set yourselves is what carries over.",
    )
    starts_on = forms.DateField(label="From", widget=day_input())
    ends_on = forms.DateField(label="Until", widget=day_input())
    meets = forms.CharField(
        max_length=200,
        required=False,
        label="Where and when do you meet?",
        help_text="Such as: Thursdays 14:00, room 3.",
    )
    url = forms.URLField(required=False, max_length=2000, label="Link", assume_scheme="https")
    steps = forms.ModelMultipleChoiceField(Step.objects.none(), required=False, label="For which steps?")
    skills = forms.ModelMultipleChoiceField(Skill.objects.none(), required=False, label="For which skills?")

    def __init__(self, noun: Cohort | None = None, *, data: Any = None, initial: Any = None) -> None:
        super().__init__(noun, data=data, initial=initial)
        offer_work(self)

    def spoken_of(self, source: Any) -> dict[str, Any]:
        spoken = super().spoken_of(source)
        if isinstance(source, Cohort):
            spoken |= {"steps": list(source.steps.all()), "skills": list(source.skills.all())}
        return spoken


def offer_work(form: forms.Form) -> None:
    """Every live step by its workflow, every published skill."""
    steps = Step.objects.live().select_related("workflow").order_by("workflow__name", "position")
    form.fields["steps"].queryset = steps  # type: ignore[attr-defined]
    form.fields["steps"].label_from_instance = lambda step: f"{step.workflow}: {step}"  # type: ignore[attr-defined]
    form.fields["skills"].queryset = Skill.objects.published().order_by("name")  # type: ignore[attr-defined]


class InviteForm(EditForm):
    account = forms.ModelChoiceField(Account.objects.none(), label="Whom do you invite?")

    def __init__(self, *, data: Any = None) -> None:
        super().__init__(data=data)
        self.fields["account"].queryset = Account.objects.active_people().order_by("full_name")  # type: ignore[attr-defined]
