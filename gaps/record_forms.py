"""What is said about somebody's skills, contested, answered and aimed at, converted at the edge."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Self
from uuid import UUID

from django import forms
from django.utils import timezone

from base.errors import Outdated
from base.forms import EditForm
from base.marks import LEVELS
from gaps.models import Goal, Trust, Type
from gaps.models.evidence import ContestAnswer
from gaps.queries.sayable import Sayable
from skills.models import Skill
from workflows.models import Step
from workforce.models import JobRole, Person

HELD = [(str(level), f"{level} · {words}") for level, words in LEVELS.items()]
NOON = dt.time(12)


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def lines(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class EvidenceForm(EditForm):
    """One statement about one skill."""

    skill = forms.ChoiceField(label="Which skill?")
    level = forms.ChoiceField(label="At which level?", choices=HELD, widget=forms.RadioSelect)
    type = forms.ChoiceField(label="How do you know?")
    step = forms.ChoiceField(label="At which step?", required=False, help_text="Where the work itself was seen.")
    observed_on = forms.DateField(label="When was that?", widget=day_input())
    valid_until = forms.DateField(
        label="Until when is the credential valid?",
        required=False,
        widget=day_input(),
        help_text="For credentials only. Empty: it does not expire.",
    )
    source = forms.CharField(
        label="Who issued it?", required=False, max_length=200, help_text="For credentials and exercises."
    )
    note = forms.CharField(label="What was it?", required=False, max_length=1000, widget=lines(2))

    def __init__(
        self, person: Person, types: Sequence[Type], sayable: Sayable, *, data: Any = None, skill: str = ""
    ) -> None:
        self.types = types
        first = {"type": types[0], "observed_on": timezone.localdate(), "skill": skill}
        super().__init__(data=data, initial=first)
        self.fields["skill"].choices = [("", "Choose a skill"), *sayable.skills]  # type: ignore[attr-defined]
        self.fields["step"].choices = [("", "No step"), *sayable.steps]  # type: ignore[attr-defined]
        trusted = {trust.type: trust for trust in Trust.objects.all()}
        self.fields["type"].choices = [(each, in_words(trusted[each])) for each in types]  # type: ignore[attr-defined]
        # Said beside the form where there is nothing to choose.
        self.only = in_words(trusted[types[0]])
        if len(types) == 1:
            self.fields["type"].widget = forms.HiddenInput()
        if Type.CREDENTIAL not in types:
            del self.fields["valid_until"], self.fields["source"]
        if not set(types) & set(Type.at_a_step()):
            del self.fields["step"]

    def clean_observed_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["observed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("That day has not come yet. Choose today or an earlier one.")
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        type = said.get("type")
        if type in Type.at_a_step() and not said.get("step"):
            self.add_error("step", "Say at which step it was seen.")
        if type in {Type.CREDENTIAL, Type.EXERCISE} and not said.get("source"):
            self.add_error("source", "Say who issued it, such as an academy or an examiner.")
        return said

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        today = said["observed_on"] == timezone.localdate()
        moment = timezone.now() if today else timezone.make_aware(dt.datetime.combine(said["observed_on"], NOON))
        step = said.get("step")
        is_issued = said["type"] in {Type.CREDENTIAL, Type.EXERCISE}
        return {
            "skill": Skill.objects.get(pk=said["skill"]),
            "level": int(said["level"]),
            "type": said["type"],
            "observed_at": moment,
            "valid_until": said.get("valid_until") if said["type"] == Type.CREDENTIAL else None,
            "step": Step.objects.get(pk=step) if step and said["type"] in {*Type.at_a_step(), Type.MANAGER} else None,
            "source": said.get("source", "") if is_issued else "",
            "note": said["note"],
        }


def in_words(trust: Trust) -> str:
    lasts = f"counts {trust.months} months" if trust.months else "counts until it expires"
    return f"{trust} (trusted {trust.percent} %, {lasts})"


class WhyForm(EditForm):
    """A reason that others will read."""

    reason = forms.CharField(label="Why?", max_length=400, widget=lines())

    def __init__(self, hint: str, *, required: bool = True, noun: Any = None, data: Any = None) -> None:
        super().__init__(noun, data=data)
        self.fields["reason"].help_text = hint
        self.fields["reason"].required = required

    def beside(self, clash: Outdated) -> Self:
        """There is nothing to lay side by side: the reason stays typed, and the sentence says what happened."""
        self.refuse(clash.message)
        return self


class AnswerForm(EditForm):
    verdict = forms.ChoiceField(label="Does it stand?", choices=ContestAnswer.Verdict.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label="Why?", max_length=400, widget=lines(), help_text="The person sees this reason.")


class GoalForm(EditForm):
    """A target role, until when."""

    job_role = forms.ChoiceField(label="Which role?")
    due_on = forms.DateField(label="Until when?", required=False, widget=day_input(), help_text="Empty: no date yet.")
    note = forms.CharField(label="Why this one?", required=False, max_length=400, widget=lines(2))

    def __init__(self, roles: Collection[JobRole], *, near: Collection[UUID] = (), data: Any = None) -> None:
        super().__init__(data=data)
        reachable = [(str(role.pk), role.name) for role in roles if role.pk in near]
        others = [(str(role.pk), role.name) for role in roles if role.pk not in near]
        groups = [("Nearest by skills", reachable), ("Other roles", others)]
        self.fields["job_role"].choices = [  # type: ignore[attr-defined]
            ("", "Choose a role"),
            *(group for group in groups if group[1]),
        ]

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {**super().facts(), "job_role": JobRole.objects.get(pk=said["job_role"])}


class GoalDateForm(EditForm):
    """Until when instead, and why."""

    due_on = forms.DateField(label="Until when?", required=False, widget=day_input(), help_text="Empty: no date.")
    note = forms.CharField(label="Why another day?", required=False, max_length=400, widget=lines(2))

    def __init__(self, goal: Goal, *, data: Any = None) -> None:
        super().__init__(goal, data=data, initial={"due_on": goal.due_on})

    def beside(self, clash: Outdated) -> Self:
        """The day stays typed; the sentence says what happened meanwhile."""
        self.refuse(clash.message)
        return self
