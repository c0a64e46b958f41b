"""What a list of ratings needs to be told: the file, whose word it is, which column is which, what its scale means."""

from collections.abc import Iterable
from typing import Any

from django import forms

from gaps import ratings
from gaps.actions.rating import TYPES
from gaps.models import RatingList, Trust, Type
from gaps.ratings import NAMES, SCALES, Band

LEVELS = [(0, "0 none"), (1, "1 with supervision"), (2, "2 alone on routine"), (3, "3 to the full standard"),
          (4, "4 can teach and assess")]  # fmt: skip
SAID = {
    "person": ("Person", "An id of the HR system, a work e-mail or an employee number."),
    "skill": ("Skill", "An id, the address in the list it came from, a name or a statement."),
    "level": ("Level", "A value on the scale above."),
    "observed_on": ("Day", "2026-01-31. Rows without one are about the day of the plan."),
    "reference": ("Reference", "Your own id of each rating, by which it comes only once."),
}


class FileForm(forms.Form):
    file = forms.FileField(
        label="File",
        max_length=500,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.zip"}),
        error_messages={"required": "Choose a file first.", "empty": "The file is empty. Choose one with rows."},
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, label_suffix="")


class PlanForm(forms.Form):
    """The scale is chosen, its table seen, and each of its lines may be set otherwise: nothing is silent."""

    source = forms.CharField(
        label="What the ratings are called",
        max_length=200,
        help_text="Shown beside each rating as its source. Use the same name for the same list.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Say where the ratings come from."},
    )
    type = forms.ChoiceField(
        label="On whose word", help_text="How far it is trusted, and for how long, follows from it."
    )
    scale = forms.ChoiceField(
        label="Their scale",
        widget=forms.RadioSelect,
        choices=list(NAMES.items()),
        error_messages={"required": "Choose the scale of the list. It is never guessed."},
    )

    def __init__(self, data: Any = None, *, plan: RatingList, scale: str = "") -> None:
        began = {"source": plan.source, "type": plan.type, "scale": plan.scale or scale, **plan.mapping}
        super().__init__(data, initial=began, label_suffix="")
        self.plan = plan
        self.fields["type"].choices = types()  # type: ignore[attr-defined]
        options = [("", "No column"), *((header, header) for header in plan.shape["header"])]
        for name, (label, hint) in SAID.items():
            needed = name in ratings.NEEDED
            self.fields[name] = forms.ChoiceField(label=label, help_text=hint, choices=options, required=needed)
            self.fields[name].error_messages["required"] = f"Say which column holds the {name}."
        # The scale whose table is shown.
        self.shown = (data.get("scale", "") if data is not None else "") or scale or plan.scale
        for number, band in enumerate(self.own_bands()):
            self.fields[f"{self.shown}-{number}"] = forms.TypedChoiceField(
                label=band.words, choices=LEVELS, coerce=int, initial=band.level
            )

    def own_bands(self) -> tuple[Band, ...]:
        """The lines of the scale that is shown: as they were set for this list, else as we read it."""
        if self.shown == self.plan.scale and self.plan.bands:
            return self.plan.scale_applied
        return SCALES.get(self.shown, ())

    @property
    def lines(self) -> list[forms.BoundField]:
        return [self[f"{self.shown}-{number}"] for number in range(len(self.own_bands()))]

    @property
    def columns(self) -> list[forms.BoundField]:
        return [self[name] for name in SAID]

    @property
    def was_seen(self) -> bool:
        """The table of the chosen scale was before whoever sends this; without script it comes with the answer."""
        return any(name.startswith(f"{self.shown}-") for name in self.data)

    def clean(self) -> dict[str, Any]:
        if self.shown in SCALES and not self.was_seen:
            self.errors.clear()
            raise forms.ValidationError("Look at what each point of the scale means here, then make the plan.")
        return super().clean() or {}

    def facts(self) -> dict[str, Any]:
        values = self.cleaned_data
        bands = [band._replace(level=values[f"{self.shown}-{number}"]) for number, band in enumerate(self.own_bands())]
        mapping = {name: values[name] for name in SAID if values[name]}
        return {**{name: values[name] for name in ("source", "type", "scale")}, "bands": bands, "mapping": mapping}


def types() -> list[tuple[str, str]]:
    """Each type that a list may bring, with what follows from it."""
    trusted = {trust.type: trust for trust in Trust.objects.all()}
    return [(type.value, f"{type.label}{words_of(trusted.get(type.value))}") for type in TYPES]


def words_of(trust: Trust | None) -> str:
    if trust is None:
        return ""
    lasts = f"{trust.months} months" if trust.months else "for good"
    alone = ", closes no gap alone" if trust.type == Type.INFERRED else ""
    return f": trusted {trust.percent} %, {lasts}{alone}"


class SheetForm(forms.Form):
    sheet = forms.ChoiceField(label="Sheet")

    def __init__(self, data: Any = None, *, sheets: Iterable[str], **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        self.fields["sheet"].choices = [(sheet, sheet) for sheet in sheets]  # type: ignore[attr-defined]
