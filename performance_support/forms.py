"""What people type about support, turned into what actions take."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict

from base.errors import Outdated
from base.forms import Difference, EditForm, values_before
from performance_support.filetypes import MB, FileRefused, Upload, too_large
from performance_support.models import Community, Moment, Resource
from performance_support.models.freshness import REVIEWED_EVERY, intervals
from performance_support.storing import looked_at, most_bytes
from skills.models import Skill
from workflows.models import Outcome, Step
from workforce.models import Account, JobRole

# A line of quick steps: what to do, behind a bar what to know about it, behind two the rule that decides.
BAR = "|"
BARS = "||"


class StepsField(forms.CharField):
    """One step a line; what stands behind a bar is its detail, behind two bars the rule behind it."""

    widget = forms.Textarea

    def clean(self, value: Any) -> Any:
        return [step for line in super().clean(value).splitlines() if (step := self.step_of(line))]

    def step_of(self, line: str) -> dict[str, str]:
        said, _, rule = line.partition(BARS)
        text, _, detail = said.partition(BAR)
        step = {"text": text.strip(), "detail": detail.strip(), "rule": rule.strip()}
        if not step["rule"]:
            del step["rule"]
        return step if any(step.values()) else {}


def as_lines(steps: list[dict[str, str]]) -> str:
    """See also: StepsField."""
    return "\n".join(map(as_line, steps))


def as_line(step: dict[str, str]) -> str:
    detail = f" {BAR} {step['detail']}" if step.get("detail") else ""
    rule = f" {BARS} {step['rule']}" if step.get("rule") else ""
    return f"{step['text']}{detail}{rule}"


class ResourceForm(EditForm):
    kind = forms.ChoiceField(choices=Resource.Kind.choices, label="What it is")
    title = forms.CharField(max_length=200, label="Title", widget=forms.TextInput(attrs={"autofocus": True}))
    summary = forms.CharField(max_length=400, required=False, label="In one sentence")
    steps = StepsField(
        required=False,
        label="Steps",
        help_text="One a line, as somebody does them. A detail may follow behind a bar, the rule "
        "behind it after two: Save it | The button is green || Only saved orders are picked.",
    )
    text = forms.CharField(
        required=False,
        label="Text",
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Markdown: **bold**, lists, tables, links. No pictures and no HTML.",
    )
    url = forms.URLField(required=False, max_length=2000, label="Address", assume_scheme="https")
    upload = forms.FileField(
        required=False,
        max_length=500,
        label="File",
        widget=forms.FileInput,
        error_messages={"empty": "The file is empty. Choose it again."},
    )
    without_file = forms.BooleanField(required=False, label="Take the file out")
    file_alt = forms.CharField(
        max_length=300,
        required=False,
        label="What the picture shows",
        help_text="For whoever cannot see it: what somebody should find in it.",
    )
    language = forms.RegexField(
        r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        max_length=12,
        initial="en",
        label="Language",
        help_text="Such as en, de.",
    )
    audience = forms.ModelMultipleChoiceField(
        JobRole.objects.active(),
        required=False,
        label="Only for",
        help_text="Nobody chosen: for everybody at the step.",
    )
    verifier = forms.ModelChoiceField(
        Account.objects.none(), required=False, label="Who looks whether it is correct", empty_label="Its owner"
    )

    def __init__(
        self,
        noun: Resource | None = None,
        *,
        data: Any = None,
        files: Any = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(noun, data=data, initial=initial)
        self.files = files if files is not None else MultiValueDict()
        self.resource = noun
        allowed = ", ".join(settings.FILE_KINDS) or "Pictures, videos, PDF, office files, text"
        self.fields["upload"].help_text = f"{allowed}; up to {most_bytes() // MB} MB. What it is, its content says."
        if noun is None or not noun.file:
            del self.fields["without_file"]
        self.fields["verifier"].queryset = Account.objects.active_people().order_by("full_name")  # type: ignore[attr-defined]

    def clean_upload(self) -> Upload | None:
        given = self.cleaned_data["upload"]
        try:
            return looked_at(given.file, given.name) if given else None
        except FileRefused as refused:
            raise forms.ValidationError(refused.message, code=refused.code) from None

    def clean(self) -> dict[str, Any]:
        """A picture says what it shows, whether it came now or is there already; nothing else does."""
        said = self.cleaned_data
        upload = said.get("upload")
        stays = self.resource.file_type if self.resource and not said.get("without_file") else ""
        is_picture = (upload.kind.media_type if upload else stays).startswith("image/")
        if not is_picture and "upload" not in self.errors:
            said["file_alt"] = ""
        elif is_picture and not said.get("file_alt") and "file_alt" not in self.errors:
            self.add_error("file_alt", "Say what the picture shows, for whoever cannot see it.")
        return said

    def too_large(self, size: int) -> None:
        """The body was not read to its end: whatever else is missing is no mistake of whoever typed it."""
        self.is_valid()
        self.errors.clear()
        self.add_error("upload", too_large(size, most_bytes()).message)
        self.status = 413

    def beside(self, clash: Outdated) -> "ResourceForm":
        """A file does not travel twice: whoever chose one chooses it again, and sees the other one."""
        again = super().beside(clash)
        before, now, mine = values_before(clash).get("file_name"), again.resource, self.cleaned_data.get("upload")
        if before is not None and now:
            own = mine.name if mine else now.file_name
            seen = Difference("File", before or "none", now.file_name or "none", own or "none", bool(mine))
            again.differences = (*again.differences, seen)
        if mine:
            again.fields["upload"].help_text = f"Choose “{mine.name}” again: nothing of it is kept yet."
        return again

    def spoken_of(self, source: Any) -> dict[str, Any]:
        spoken = super().spoken_of(source)
        if isinstance(source, Resource):
            spoken["audience"] = list(source.audience.all())
        return spoken | {"steps": as_lines(spoken.get("steps") or [])}

    def said(self, field: str, value: Any) -> str:
        if field == "steps" and isinstance(value, list):
            return as_lines(value)
        return str(value["name"]) if isinstance(value, dict) and "name" in value else str(value or "")


class PlaceForm(EditForm):
    """At one step, for one of its skills or toward one of its outcomes; and when it helps."""

    WHERE: ClassVar = [("step", "At the step itself")]
    moments = forms.MultipleChoiceField(
        choices=Moment.choices, label="When does it help?", widget=forms.CheckboxSelectMultiple, initial=["applying"]
    )
    at = forms.ChoiceField(label="What does it help with?", widget=forms.RadioSelect)

    def __init__(self, step: Step, *, data: Any = None, moments: list[str] | None = None) -> None:
        super().__init__(data=data, initial={"moments": moments} if moments else None)
        self.places: dict[str, Step | Skill | Outcome] = {"step": step}
        self.places |= {f"skill-{skill.pk}": skill for skill in skills_at(step)}
        self.places |= {f"outcome-{outcome.pk}": outcome for outcome in step.outcomes.active()}
        self.fields["at"].choices = [(key, self.label(place)) for key, place in self.places.items()]  # type: ignore[attr-defined]
        self.fields["at"].initial = "step"

    def label(self, place: Step | Skill | Outcome) -> str:
        words = {Skill: "The skill: ", Outcome: "The outcome: "}
        return f"{words[type(place)]}{place}" if type(place) in words else "This step as a whole"

    def facts(self) -> dict[str, Any]:
        return {"at": self.places[self.cleaned_data["at"]], "moments": self.cleaned_data["moments"]}


def skills_at(step: Step) -> QuerySet[Skill]:
    return Skill.objects.published().needed_at(step.pk).order_by("name")


class EraseFileForm(EditForm):
    reason = forms.CharField(max_length=400, label="Why?", help_text="The reason stays when the file is gone.")


class IntervalsForm(EditForm):
    """Days between reviews, for each criticality. `looked` are the numbers whose consequences were shown."""

    looked = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *, data: Any = None) -> None:
        super().__init__(data=data, initial={f"days_{n}": days for n, days in intervals().items()})
        for n in sorted(REVIEWED_EVERY, reverse=True):
            label, usual = (
                f"Criticality {n}: days between reviews",
                f"{REVIEWED_EVERY[n]} days unless you say otherwise.",
            )
            self.fields[f"days_{n}"] = forms.IntegerField(min_value=1, max_value=1000, label=label, help_text=usual)

    def days(self) -> dict[int, int]:
        return {n: self.cleaned_data[f"days_{n}"] for n in REVIEWED_EVERY}

    @property
    def as_looked(self) -> str:
        return ",".join(map(str, self.days().values()))


class HandOverForm(EditForm):
    to = forms.ModelChoiceField(Account.objects.none(), label="Who answers for it from now on?")

    def __init__(self, *, data: Any = None) -> None:
        super().__init__(data=data)
        self.fields["to"].queryset = Account.objects.active_people().order_by("full_name")  # type: ignore[attr-defined]


class ChampionForm(EditForm):
    account = forms.ModelChoiceField(Account.objects.none(), label="Whom do you ask?")

    def __init__(self, *, data: Any = None) -> None:
        super().__init__(data=data)
        self.fields["account"].queryset = Account.objects.active_people().order_by("full_name")  # type: ignore[attr-defined]


class CommunityForm(EditForm):
    name = forms.CharField(max_length=120, label="Name", widget=forms.TextInput(attrs={"autofocus": True}))
    meets = forms.CharField(
        max_length=200,
        required=False,
        label="Where and when do they meet?",
        help_text="Such as: Thursdays 14:00, room 3.",
    )
    url = forms.URLField(required=False, max_length=2000, label="Link", assume_scheme="https")
    steps = forms.ModelMultipleChoiceField(Step.objects.none(), required=False, label="For which steps?")
    skills = forms.ModelMultipleChoiceField(Skill.objects.none(), required=False, label="For which skills?")

    def __init__(self, noun: Community | None = None, *, data: Any = None, initial: Any = None) -> None:
        super().__init__(noun, data=data, initial=initial)
        steps = Step.objects.live().select_related("workflow").order_by("workflow__name", "position")
        self.fields["steps"].queryset = steps  # type: ignore[attr-defined]
        self.fields["steps"].label_from_instance = lambda step: f"{step.workflow}: {step}"  # type: ignore[attr-defined]
        self.fields["skills"].queryset = Skill.objects.published().order_by("name")  # type: ignore[attr-defined]

    def spoken_of(self, source: Any) -> dict[str, Any]:
        spoken = super().spoken_of(source)
        if isinstance(source, Community):
            spoken |= {"steps": list(source.steps.all()), "skills": list(source.skills.all())}
        return spoken


class WaysForm(EditForm):
    training = forms.CharField(max_length=200, required=False, label="In training")
    practice = forms.CharField(max_length=200, required=False, label="In practice")
    support = forms.CharField(
        max_length=200, required=False, label="In support", help_text="Empty: nothing of it is needed."
    )


class PlanOverruleForm(WaysForm):
    reason = forms.CharField(max_length=400, label="Why", help_text="Others see this reason beside the decision.")


class PlanRuleForm(WaysForm):
    """Both ends of a range count; the whole of a scale asks nothing."""

    position = forms.IntegerField(
        min_value=1, max_value=1000, label="Place in the table", help_text="The first rule that fits fires."
    )
    criticality_from = forms.IntegerField(min_value=1, max_value=7, initial=1, label="Criticality from")
    criticality_to = forms.IntegerField(min_value=1, max_value=7, initial=7, label="Criticality to")
    difficulty_from = forms.IntegerField(min_value=1, max_value=3, initial=1, label="Difficulty from")
    difficulty_to = forms.IntegerField(min_value=1, max_value=3, initial=3, label="Difficulty to")
    frequency_from = forms.IntegerField(min_value=1, max_value=7, initial=1, label="Frequency from")
    frequency_to = forms.IntegerField(min_value=1, max_value=7, initial=7, label="Frequency to")
