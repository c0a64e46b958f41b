"""What the forms of this room share. The limits are the models' own."""

from typing import Any

from django import forms
from django.db import models
from django.db.models import Q

from base.forms import EditForm
from workflows import words
from workforce.models import Account, JobRole


class WorkForm(EditForm):
    def said(self, field: str, value: Any) -> str:
        return words.said(field, value)


def longest(model: type[models.Model], field: str) -> int:
    length: int = model._meta.get_field(field).max_length  # type: ignore[union-attr,assignment]
    return length


def text(model: type[models.Model], field: str, label: str, **options: Any) -> forms.CharField:
    """One line, as long as its column."""
    return forms.CharField(label=label, max_length=longest(model, field), **options)


def scale(words_for: dict[int, str], label: str, **options: Any) -> forms.TypedChoiceField:
    """A rating with its anchors in words, and the honest answer that nobody has rated it."""
    choices = [("", "Not rated yet"), *((n, f"{n} · {anchor}") for n, anchor in words_for.items())]
    return forms.TypedChoiceField(label=label, choices=choices, coerce=int, empty_value=None, required=False, **options)


class JobRoleField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A job role in use, or the retired one that the thing still names."""

    def __init__(self, **options: Any) -> None:
        super().__init__(JobRole.objects.active(), required=False, **options)

    def keep(self, role_id: Any) -> None:
        self.queryset = JobRole.objects.filter(Q(retired_at=None) | Q(pk=role_id))

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} (retired)" if obj.is_retired else str(obj)


class OwnerField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody who designs, or whoever owns it already."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Account.objects.designers(), **options)

    def keep(self, account_id: Any) -> None:
        self.queryset = Account.objects.designers() | Account.objects.filter(pk=account_id)


def keep(form: EditForm, field: str, pk: Any) -> None:
    """What a thing names stays a choice, even where nobody could choose it anew."""
    chosen = form.fields[field]
    if isinstance(chosen, JobRoleField | OwnerField):
        chosen.keep(pk)
