"""Forms over one thing that several people may have open at the same time."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import SimpleNamespace
from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from base.changes import plain
from base.errors import Outdated
from base.models import Noun


@dataclass(frozen=True)
class Difference:
    """One fact that somebody else changed meanwhile, each value in words."""

    label: str
    before: str
    theirs: str
    mine: str
    clashes: bool  # both changed it, differently


class EditForm(forms.Form):
    """A plain form. `facts()` is what the action takes; `seen` is the version that its editor had before them."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    # Where the form has no field of the model's name: {model's field: form's field}.
    spoken: ClassVar[Mapping[str, str]] = {}

    noun: Noun | None
    status = 200
    clash: Outdated | None = None
    differences: tuple[Difference, ...] = ()

    def __init__(self, noun: Noun | None = None, *, data: Any = None, initial: Mapping[str, Any] | None = None) -> None:
        self.noun = noun
        known = self.spoken_of(noun) | {"seen": noun.version} if noun else {}
        super().__init__(data=data, initial={**known, **(initial or {})}, label_suffix="")

    def facts(self) -> dict[str, Any]:
        """The model's fields and their values, of a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def spoken_of(self, source: Any) -> dict[str, Any]:
        """The form's own values for a thing, or for anything with the model's fields."""
        return {name: getattr(source, name) for name in self.base_fields if hasattr(source, name)}

    def said(self, field: str, value: Any) -> str:
        """A value in words, for people who compare."""
        return str(value)

    def label_of(self, field: str) -> str:
        return str(self.fields[self.spoken.get(field, field)].label)

    @property
    def version_seen(self) -> int | None:
        seen: int | None = self.cleaned_data["seen"]
        return seen

    def is_valid(self) -> bool:
        valid = super().is_valid()
        if self.is_bound and not valid:
            self.status = 422
            self.point_at_the_first_fault()
        return valid

    def refuse(self, sentence: str) -> None:
        """A rule says no: the sentence stands above the fields."""
        self.add_error(None, sentence)
        self.status = 409

    def blame(self, faults: Mapping[str, list[ValidationError]]) -> None:
        """What the model found, at the fields where people can mend it."""
        for field, errors in faults.items():
            name = self.spoken.get(field, field)
            for error in errors:
                self.add_error(name if name in self.fields and field != NON_FIELD_ERRORS else None, error)
        self.status = 422
        self.point_at_the_first_fault()

    def point_at_the_first_fault(self) -> None:
        faulty = [name for name in self.fields if name in self.errors]
        for name in self.fields if faulty else ():
            self.fields[name].widget.attrs["autofocus"] = name == faulty[0]

    def beside(self, clash: Outdated) -> Self:
        """The form again, on top of what somebody else saved meanwhile.

        What its editor did not touch becomes what it is now; where both changed a fact, the editor's own stays in the
        field and both stand side by side. Saving again then overwrites nothing that was not shown.
        """
        if self.noun is None:
            raise clash
        now = type(self.noun)._default_manager.get(pk=self.noun.pk)
        was = values_before(clash)
        merged, differences = {}, []
        for field, mine in self.facts().items():
            # What is only said about the change, such as its reason, nobody else can have changed.
            theirs = getattr(now, field, mine)
            untouched = field in was and same(plain(mine), was[field])
            merged[field] = theirs if untouched else mine
            if field in was and not same(was[field], plain(theirs)):
                differences.append(self.difference(field, was[field], plain(theirs), plain(merged[field])))
        again = type(self)(now, initial=self.spoken_of(SimpleNamespace(**merged)))
        again.clash, again.differences, again.status = clash, tuple(differences), 409
        return again

    def difference(self, field: str, before: Any, theirs: Any, mine: Any) -> Difference:
        return Difference(
            self.label_of(field),
            before=self.said(field, before),
            theirs=self.said(field, theirs),
            mine=self.said(field, mine),
            clashes=not same(theirs, mine),
        )


def values_before(clash: Outdated) -> dict[str, Any]:
    """What each fact was before the first change that the editor has not seen."""
    was: dict[str, Any] = {}
    for change in clash.changes:
        for field, (before, _) in change.facts.items():  # type: ignore[attr-defined]
            was.setdefault(field, before)
    return was


def same(one: Any, other: Any) -> bool:
    """Equal as the trail keeps them: things by id, figures by value, so that 9 and "9.000" agree."""
    if isinstance(one, dict) and isinstance(other, dict):
        return bool(one.get("id") == other.get("id"))
    try:
        return Decimal(str(one)) == Decimal(str(other))
    except InvalidOperation:
        return bool(one == other)
