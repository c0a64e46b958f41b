"""Evidence for programs: record, read, withdraw. Nothing is ever changed."""

import json
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from base import replay
from base.api import ReadViews, Refusal
from base.moments import Since
from gaps import actions
from gaps.access import evidence_for, evidence_seen_by, evidence_to_withdraw_for, may_send_evidence, note_list
from gaps.api.arriving import EvidenceOutput, NewEvidence, Receipt, receive
from gaps.models import Evidence, Type
from workforce.keys import PersonScope

REFUSALS = dict.fromkeys([400, 401, 403, 409, 413, 415, 422], Refusal)
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Send the same key with a retry: it happens once, and you get the first answer again.",
)
ONE_OR_MANY = PolymorphicProxySerializer(
    component_name="OneOrManyStatements",
    serializers=[NewEvidence, NewEvidence(many=True)],
    resource_type_field_name=None,
    many=False,
)


class Withdrawing(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=400)


class EvidenceFilter(filters.FilterSet):
    person = filters.UUIDFilter()
    person_source_id = filters.CharFilter(field_name="person__source_id")
    skill = filters.UUIDFilter()
    step = filters.UUIDFilter()
    type = filters.ChoiceFilter(choices=Type.choices)
    source = filters.CharFilter()
    reference = filters.CharFilter()
    is_withdrawn = filters.BooleanFilter()
    updated_since = Since(label="Recorded, contested, answered or withdrawn at or after that moment")


class EvidenceViews(ReadViews):
    """In the order in which it was recorded."""

    permission_classes = [PersonScope]
    queryset = Evidence.objects.none()
    filterset_class = EvidenceFilter
    outgoing = EvidenceOutput
    taking: ClassVar = {"withdraw": Withdrawing}
    http_method_names = ["get", "post", "head", "options"]

    def get_queryset(self) -> QuerySet[Evidence]:
        if self.is_drawn:
            return Evidence.objects.none()
        return evidence_seen_by(self.by)

    def find(self, pk: UUID, *, to_edit: bool = False) -> Evidence:
        return (evidence_to_withdraw_for if to_edit else evidence_for)(self.by, pk)

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        """Whoever is read about can see that a program read it."""
        page = super().paginate_queryset(queryset)
        note_list(self.by, {said.person_id for said in page or ()}, page="evidence")
        return page

    @extend_schema(parameters=[KEY], request=ONE_OR_MANY, responses={200: Receipt, 201: Receipt, **REFUSALS})
    def create(self, request: Request) -> Response:
        """Record one statement, or up to 1,000. Those that cannot be taken are named; the others are.

        201 where anything was recorded, 200 where all of it had come before or was rejected.
        """
        may_send_evidence(self.by)
        body = json.dumps(request.data, sort_keys=True, default=str).encode()
        return replay.once(request, body, self.recorded)

    def recorded(self) -> Response:
        receipt = receive(self.request.data, by=self.by)
        return Response(Receipt(receipt).data, status=201 if receipt["recorded"] else 200)

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: UUID) -> Response:
        """It stays to be seen, with the reason, and no longer counts."""
        evidence = self.find(pk, to_edit=True)
        actions.withdraw_evidence(evidence, **self.taken(), by=self.by)
        return self.told(self.find(pk))
