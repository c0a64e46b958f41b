"""What may be asked of figures, and pages of what no table holds."""

import base64
import binascii
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.encoding import force_str
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from base.paging import CursorPages
from gaps.arithmetic import KINDS, Label

PAGE_SIZE: dict[str, Any] = {"min_value": 1, "max_value": 1000, "required": False, "default": 100}


class Paged(serializers.Serializer[Any]):
    cursor = serializers.CharField(required=False, help_text="As `next` has it.")
    page_size = serializers.IntegerField(**PAGE_SIZE)


class Dated(serializers.Serializer[Any]):
    as_of = serializers.DateField(required=False, help_text="At the end of a past day.")


class Figures(Dated, Paged):
    """What every list of figures may be asked: how it was on a past day, or what is to be read again."""

    updated_since = serializers.DateTimeField(
        required=False,
        help_text="Only what may have come or changed at or after that moment: the header Next-Since of the first page "
        "last time. Not together with as_of.",
    )

    def validate_updated_since(self, moment: dt.datetime) -> dt.datetime:
        # PostgreSQL refuses an offset of sixteen hours and more that ISO 8601 allows.
        try:
            return moment.astimezone(dt.UTC)
        except OverflowError:
            raise serializers.ValidationError("Choose a moment between the years 2 and 9998.") from None

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        if "as_of" in said and "updated_since" in said:
            raise serializers.ValidationError(
                {"updated_since": "Ask for a past day or for what changed, not for both."}
            )
        return said


class GapsAsked(Figures):
    person = serializers.UUIDField(required=False)
    team = serializers.UUIDField(required=False)
    job_role = serializers.UUIDField(required=False, help_text="Of people in this role.")
    kind = serializers.ChoiceField(choices=KINDS, required=False)
    # Every serializer field has a `label` of its own.
    label = serializers.ChoiceField(  # type: ignore[assignment]
        choices=[label.value for label in Label], required=False
    )
    skill = serializers.UUIDField(required=False)
    step = serializers.UUIDField(required=False, help_text="Asked for at this step.")
    outcome = serializers.UUIDField(required=False, help_text="Asked for upstream of this outcome.")


class CoverAsked(Figures):
    workflow = serializers.UUIDField(required=False)
    job_role = serializers.UUIDField(required=False, help_text="Steps that this role performs.")
    step = serializers.UUIDField(required=False)


class RiskAsked(Figures):
    workflow = serializers.UUIDField(required=False, help_text="In which the outcome is produced.")


class ForwardPages(CursorPages):
    """Pages go forward only: what is reckoned anew on every look has no page before."""


def asked(request: Request, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """The request's parameters, checked and converted; raises ValidationError."""
    found = shape(data=request.query_params)
    found.is_valid(raise_exception=True)
    values: dict[str, Any] = found.validated_data
    return values


def position(cursor: str | None, parts: int) -> list[str]:
    """What a cursor says; [] without one. Raises NotFound for one that nobody was given."""
    if not cursor:
        return []
    try:
        said = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
    except (binascii.Error, UnicodeError, ValueError):
        said = []
    if len(said) != parts:
        raise NotFound("Invalid cursor")
    return said


def page(request: Request, results: Sequence[Any], *, after: tuple[object, ...] | None) -> Response:
    """`after` is the position of the last result; None on the last page."""
    link = None
    if after:
        cursor = base64.urlsafe_b64encode(" ".join(str(part) for part in after).encode()).decode()
        link = replace_query_param(force_str(request.build_absolute_uri()), "cursor", cursor)
    return Response({"next": link, "previous": None, "results": results})
