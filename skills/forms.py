"""What people type, turned into what actions take."""

from typing import Any
from uuid import UUID

from django import forms

from base.ids import uuid_in
from base.marks import LEVELS
from skills.models import LEVEL, Context, Skill
from skills.wording import OPENERS, Parts, parts_of, statement_of
from workflows.models import Outcome, Step, Workflow


class ComposeForm(forms.Form):
    """The parts of a statement and where it is needed. A draft may leave anything open but its words."""

    verb = forms.CharField(max_length=40, required=False)
    serves = forms.CharField(max_length=250, required=False)
    does = forms.CharField(max_length=400, required=False)
    # In one's own words: takes the place of the generated sentence.
    statement = forms.CharField(max_length=2000, required=False)
    step = forms.UUIDField(required=False)
    outcome = forms.UUIDField(required=False)
    level = forms.IntegerField(min_value=LEVEL["min_value"], max_value=LEVEL["max_value"], required=False)
    given = forms.CharField(max_length=300, required=False)
    degree = forms.CharField(max_length=300, required=False)
    context = forms.UUIDField(required=False)
    seen = forms.IntegerField(required=False)
    context_seen = forms.IntegerField(required=False)
    differ = forms.CharField(max_length=400, required=False)

    @property
    def parts(self) -> Parts:
        typed = self.cleaned_data
        return Parts(typed.get("verb") or OPENERS[0], typed.get("serves", ""), typed.get("does", ""))

    @property
    def sentence(self) -> str:
        own: str = self.cleaned_data.get("statement", "")
        return own or statement_of(self.parts)

    def fact(self, field: str) -> Any:
        return self.cleaned_data.get(field)

    def must_say_something(self) -> bool:
        """A draft without any words cannot be saved; says so beside the field."""
        if not self.errors and not self.sentence:
            self.add_error("does", "Say what you would see someone do, or whom it serves.")
        return self.is_valid()


def taken_over(skill: Skill | None, context: Context | None) -> dict[str, Any]:
    """The form's values for a stored skill; an imported label is taken apart into what the composer asks for."""
    if skill is None:
        return {"verb": OPENERS[0], "level": 3}
    parts = parts_of(skill.statement)
    if skill.behaviour:
        parts = Parts(parts.verb, parts.serves, skill.behaviour)
    if context and context.contribution:
        verb, _, serves = context.contribution.partition(" ")
        parts = Parts(verb, serves, parts.behaviour)
    # Words that people wrote or already rely on stay as they are; a bare label is there to be reworded, placed or not.
    is_bare = skill.is_draft and not skill.behaviour and not (context and context.contribution)
    keeps = context is not None and not is_bare and statement_of(parts) != skill.statement
    return {
        "verb": parts.verb,
        "serves": parts.serves,
        "does": parts.behaviour,
        "statement": skill.statement if keeps else "",
        "seen": skill.version,
        **placed(context),
    }


def placed(context: Context | None) -> dict[str, Any]:
    if context is None:
        return {"level": 3}
    return {
        "context": context.pk,
        "context_seen": context.version,
        "step": context.step_id,
        "outcome": context.outcome_id,
        "level": context.required_level,
        "given": context.condition,
        "degree": context.degree,
    }


def chosen(query: dict[str, str]) -> dict[str, UUID]:
    """`?step=` and `?outcome=` of an address; what is no id counts as not given."""
    return {name: pk for name in ("step", "outcome") if (pk := uuid_in(query.get(name)))}


class PlaceForm(forms.Form):
    """Offers the active steps of one workflow, and the outcomes downstream of the step that is chosen."""

    step = forms.ModelChoiceField(
        Step.objects.none(), error_messages={"required": "Choose the step that needs the skill."}
    )
    outcome = forms.ModelChoiceField(
        Outcome.objects.none(),
        error_messages={
            "required": "Choose the outcome that the skill serves.",
            "invalid_choice": "That outcome is not downstream of the step. Choose one of those offered.",
        },
    )
    required_level = forms.TypedChoiceField(
        coerce=int,
        initial=3,
        choices=[(level, LEVELS[level]) for level in range(LEVEL["min_value"], LEVEL["max_value"] + 1)],
    )

    def __init__(self, *args: Any, workflow: Workflow | None, step: Step | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if workflow:
            self.fields["step"].queryset = workflow.steps.live().in_process_order()  # type: ignore[attr-defined]
        if step:
            offered = Outcome.objects.downstream_of(step).with_leads_on()
            self.fields["outcome"].queryset = offered  # type: ignore[attr-defined]
