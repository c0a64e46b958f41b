"""What every endpoint shares: pages, refusals, and the shape of both."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS, RequestDataTooBig
from django.core.exceptions import ValidationError as ModelRefusal
from django.db import DataError, IntegrityError
from django.db.models import Model
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, CharField, ChoiceField, IntegerField, Serializer
from rest_framework.viewsets import GenericViewSet

from base import busy
from base.errors import RuleBroken
from base.parsers import TooLarge


class Refused(APIException):
    """409, not 400: nothing in the request is wrong, a rule of the business says no."""

    status_code = 409


class Explainer(ExceptionHandler):
    """Turns whatever the rooms below say no with into `{type, errors: [{code, detail, attr}]}`."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        exc = busy.refusal_of(exc) or exc
        if isinstance(exc, RuleBroken):
            return Refused(detail=[ErrorDetail(reason, code) for code, reason in exc.reasons()])
        if isinstance(exc, ModelRefusal):
            return ValidationError(by_field(exc))
        if isinstance(exc, RequestDataTooBig):
            return TooLarge()
        if isinstance(exc, DataError):
            # A day or a figure that no check minds and no column holds.
            return ValidationError("A value is beyond what can be kept here. Look at days and large numbers.")
        if isinstance(exc, IntegrityError):
            # The last net: two requests raced past the checks and the database let only one through.
            return Refused(detail="Somebody changed this at the same moment. Read it again and retry.", code="conflict")
        converted: Exception = super().convert_known_exceptions(exc)
        return converted


def by_field(refusal: ModelRefusal) -> Mapping[str, Any]:
    """{attr: [sentence]}; what concerns no single field stands under `non_field_errors`."""
    named = getattr(refusal, "error_dict", {NON_FIELD_ERRORS: [refusal]})
    return {
        "non_field_errors" if field == NON_FIELD_ERRORS else field: [
            ErrorDetail(sentence, error.code or "invalid") for error in errors for sentence in error.messages
        ]
        for field, errors in named.items()
    }


class Seen(Serializer[Any]):
    """What a client may send back to be told, not overwritten, when somebody else was quicker."""

    version = IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, help_text="The version you read: 409 `outdated` if it moved."
    )


class Reason(Serializer[Any]):
    code = CharField()
    detail = CharField(help_text="A sentence that says what to do next.")
    attr = CharField(allow_null=True, help_text="The field it is about.")


class Refusal(Serializer[Any]):
    """The one shape of every answer that says no."""

    type = ChoiceField(choices=["validation_error", "client_error", "server_error"])
    errors = Reason(many=True)  # type: ignore[assignment]


class NounSchema(AutoSchema):
    """What goes in and what comes out are separate serializers; a verb such as `retire` takes nothing."""

    view: "ReadViews"  # type: ignore[override]

    def get_request_serializer(self) -> Any:
        return self.view.incoming()

    def get_response_serializers(self) -> Any:
        action = self.view.action
        status = {"create": "201", "destroy": "204"}.get(action, "200")
        told = None if action == "destroy" else self.view.giving.get(action, self.view.outgoing)
        key = (status, "application/octet-stream") if told is OpenApiTypes.BINARY else status
        return {key: told, **dict.fromkeys(self.refusals(), Refusal)}

    def refusals(self) -> list[str]:
        return ["400", "401", "403", "404", *([] if self.method == "GET" else ["409"])]


class ReadViews(GenericViewSet[Any]):
    """List and read one noun through its door; verbs are declared by name. A room fills in `find`."""

    schema = NounSchema()
    lookup_value_converter = "uuid"
    outgoing: type[BaseSerializer[Any]]
    # action name -> what it takes
    taking: ClassVar[Mapping[str, type[BaseSerializer[Any]]]] = {}
    # action name -> what it gives, where that is not `outgoing`
    giving: ClassVar[Mapping[str, BaseSerializer[Any] | OpenApiTypes]] = {}

    @property
    def by(self) -> Any:
        """The account that the key acts through. This floor does not know what an account is."""
        return self.request.user

    @property
    def is_drawn(self) -> bool:
        """Whether the schema is being written: then there is no request, and nobody may look at anything."""
        return getattr(self, "swagger_fake_view", False)

    def find(self, pk: UUID, *, to_edit: bool = False) -> Model:
        """Through the noun's door."""
        raise NotImplementedError

    def incoming(self) -> Any:
        """The serializer class of what this action takes; None where it takes nothing."""
        return self.taking.get(self.action)

    def taken(self) -> dict[str, Any]:
        """The request's values, checked and converted; raises ValidationError."""
        serializer = self.incoming()(data=self.request.data, partial=self.action == "partial_update")
        serializer.is_valid(raise_exception=True)
        values: dict[str, Any] = serializer.validated_data
        return values

    def told(self, noun: Any, *, status: int = 200) -> Response:
        return Response(self.outgoing(noun, context=self.get_serializer_context()).data, status=status)

    def list(self, request: Request) -> Response:
        nouns = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.outgoing(nouns, many=True, context=self.get_serializer_context()).data)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        return self.told(self.find(pk))


class NounViews(ReadViews):
    """Add and change as well, through the noun's actions. A room fills in `add` and `edit`."""

    adding: type[BaseSerializer[Any]]
    changing: type[BaseSerializer[Any]]

    def add(self, values: dict[str, Any]) -> Model:
        raise NotImplementedError

    def edit(self, noun: Any, values: dict[str, Any]) -> Model:
        raise NotImplementedError

    def incoming(self) -> Any:
        ways = {"create": self.adding, "partial_update": self.changing}
        return ways.get(self.action) or super().incoming()

    def create(self, request: Request) -> Response:
        return self.told(self.add(self.taken()), status=201)

    def partial_update(self, request: Request, pk: UUID) -> Response:
        noun = self.find(pk, to_edit=True)
        values = self.taken()
        if "version" in values:
            values["seen"] = values.pop("version")
        return self.told(self.edit(noun, values))
