"""Deliveries from HR systems: open, pages, close; then read what became of them."""

import builtins
import json
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from base import replay
from base.api import ReadViews, Refusal
from base.models import Change
from workforce import actions
from workforce.access import may_run, run_for
from workforce.actions.syncing import CHANGED
from workforce.api.people import PersonInput
from workforce.keys import RunScope
from workforce.models import Person, Run, RunChange, RunProblem
from workforce.page_parsers import PAGE_PARSERS, RawPage

M = TypeVar("M", bound=Model)
MOST_SHOWN = 100
RESULTS = {**CHANGED, "keep": "kept", "overrule": "overruled"}
VERBS = {result: verb for verb, result in RESULTS.items()}
REFUSALS = dict.fromkeys([400, 401, 403, 404, 409, 413, 415, 422], Refusal)
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Send the same key with a retry: it happens once, and you get the first answer again.",
)


class NewRun(serializers.Serializer[Any]):
    source = serializers.CharField(  # type: ignore[assignment]
        max_length=60, help_text="The HR system, by the name you give it."
    )
    mode = serializers.ChoiceField(choices=Run.Mode.choices, help_text="Only a snapshot can tell who has left.")
    dry_run = serializers.BooleanField(default=False, help_text="Says what would change, and changes nothing.")


class RunOutput(serializers.ModelSerializer[Run]):
    source = serializers.CharField(source="source.name")  # type: ignore[assignment]
    dry_run = serializers.BooleanField(source="is_dry")
    takes_back = serializers.UUIDField(
        source="takes_back_id",
        allow_null=True,
        help_text="Nobody sent this one: those come back whom that run let leave.",
    )
    progress = serializers.SerializerMethodField()
    dropped_fields = serializers.DictField(source="dropped", child=serializers.IntegerField())
    counts = serializers.DictField(child=serializers.IntegerField())
    guards = serializers.ListField(child=serializers.DictField())

    class Meta:
        model = Run
        fields = (
            "id",
            "source",
            "mode",
            "dry_run",
            "state",
            "opened_at",
            "closed_at",
            "applied_at",
            "decided_at",
            "expires_at",
            "reason",
            "takes_back",
            "failure",
            "progress",
            "counts",
            "guards",
            "dropped_fields",
        )

    def get_progress(self, run: Run) -> dict[str, int]:
        return {"done": run.done, "total": run.total}


class PersonRow(PersonInput):
    source_id = serializers.CharField(max_length=200)


class PageProblem(serializers.Serializer[Any]):
    row = serializers.IntegerField(help_text="Counted from 1 within the page.")
    source_id = serializers.CharField()
    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class PageOutput(serializers.Serializer[Any]):
    page = serializers.IntegerField()
    rows = serializers.IntegerField()
    accepted = serializers.IntegerField()
    rejected = serializers.IntegerField()
    dropped_fields = serializers.DictField(child=serializers.IntegerField())
    errors = PageProblem(many=True, help_text=f"The first {MOST_SHOWN}; all of them are at …/errors/.")  # type: ignore[assignment]


class Closing(serializers.Serializer[Any]):
    rows = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, help_text="How many you sent; 409 where others have come."
    )


class Deciding(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=400, allow_blank=True, required=False)


class ChangeOutput(serializers.Serializer[Any]):
    result = serializers.ChoiceField(choices=sorted(RESULTS.values()))
    state = serializers.ChoiceField(choices=RunChange.State.choices)
    source_id = serializers.CharField()
    person = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    fields = serializers.DictField(help_text="{field: [before, after]}")  # type: ignore[assignment]


class PassedOnOutput(serializers.Serializer[Any]):
    """What somebody who left by this run answered for, and who does now."""

    person = serializers.UUIDField(source="subject")
    name = serializers.CharField()
    owner = serializers.SerializerMethodField()
    owner_name = serializers.SerializerMethodField()
    work = serializers.SerializerMethodField(help_text="Workflows, skills or resources, by name.")
    at = serializers.DateTimeField()

    def get_owner(self, note: Change) -> UUID:
        return UUID(note.facts["owner"][1]["id"])

    def get_owner_name(self, note: Change) -> str:
        return str(note.facts["owner"][1]["name"])

    def get_work(self, note: Change) -> list[str]:
        return list(note.facts["work"][1])


class ProblemOutput(serializers.ModelSerializer[RunProblem]):
    class Meta:
        model = RunProblem
        fields = ("page", "row", "source_id", "field", "code", "detail", "is_rejected")


class RunFilter(filters.FilterSet):
    source = filters.CharFilter(field_name="source__name", lookup_expr="iexact")
    state = filters.ChoiceFilter(choices=Run.State.choices)
    mode = filters.ChoiceFilter(choices=Run.Mode.choices)


class RunViews(ReadViews):
    permission_classes = [RunScope]
    queryset = Run.objects.select_related("source")
    filterset_class = RunFilter
    outgoing = RunOutput
    taking = {"create": NewRun, "close": Closing, "approve": Deciding, "reject": Deciding}
    http_method_names = ["get", "post", "head", "options"]

    def find(self, pk: UUID, *, to_edit: bool = False) -> Run:
        return run_for(self.by, pk)

    def list(self, request: Request) -> Response:
        may_run(self.by)
        return super().list(request)

    @extend_schema(parameters=[KEY], responses={201: RunOutput, **REFUSALS})
    def create(self, request: Request) -> Response:
        """Begin a delivery."""
        may_run(self.by)
        values = self.taken()
        body = json.dumps(request.data, sort_keys=True, default=str).encode()
        return replay.once(request, body, lambda: self.opened(values))

    def opened(self, values: dict[str, Any]) -> Response:
        run = actions.open_run(values["source"], mode=values["mode"], is_dry=values["dry_run"], by=self.by)
        return self.told(run, status=201)

    @extend_schema(
        parameters=[KEY],
        request={
            "application/json": PersonRow(many=True),
            "application/x-ndjson": OpenApiTypes.STR,
            "text/csv": OpenApiTypes.STR,
        },
        responses={200: PageOutput, **REFUSALS},
    )
    @action(detail=True, methods=["post"], parser_classes=PAGE_PARSERS)
    def people(self, request: Request, pk: UUID) -> Response:
        """One page of people: a JSON array, JSON lines or CSV with a header; gzip is understood.

        Any number of pages, in any order, side by side. Rows that cannot be taken are named; the others are.
        """
        run = self.find(pk)
        page: RawPage = request.data if isinstance(request.data, RawPage) else RawPage(b"", "json", "")
        try:
            return replay.once(request, page.content, lambda: self.paged(run, page))
        finally:
            page.let_go()

    def paged(self, run: Run, raw: RawPage) -> Response:
        page, found = actions.add_page(run, raw.rows(), by=self.by)
        told = {
            "page": page.pk,
            "rows": page.rows,
            "accepted": page.rows - page.rejected,
            "rejected": page.rejected,
            "dropped_fields": found.dropped,
            "errors": found.problems[:MOST_SHOWN],
        }
        return Response(PageOutput(told).data)

    def piece_of(self, rows: QuerySet[M]) -> builtins.list[M]:
        return self.paginate_queryset(rows) or []

    @extend_schema(request=Closing, responses={202: RunOutput, **REFUSALS})
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: UUID) -> Response:
        """All pages are here: apply them, in the background. Closing twice applies once."""
        run = actions.close_run(self.find(pk), expected=self.taken().get("rows"), by=self.by)
        return self.told(run, status=202)

    @extend_schema(request=Deciding, responses={202: RunOutput, **REFUSALS})
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: UUID) -> Response:
        """Do what the held run waits with, but for people who changed since; in the background.

        Approving twice does it once. The run is *applying* until it is done.
        """
        return self.told(actions.approve_run(self.find(pk), **self.taken(), by=self.by), status=202)

    @extend_schema(request=Deciding, responses={200: RunOutput, **REFUSALS})
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: UUID) -> Response:
        """Do without what the held run waits with."""
        return self.told(actions.reject_run(self.find(pk), **self.taken(), by=self.by))

    @extend_schema(
        parameters=[
            OpenApiParameter("result", enum=sorted(RESULTS.values())),
            OpenApiParameter("state", enum=RunChange.State.values),
        ],
        responses={200: ChangeOutput(many=True), **REFUSALS},
    )
    @action(detail=True, methods=["get"], filter_backends=[])
    def changes(self, request: Request, pk: UUID) -> Response:
        """Who was created, updated, left or came back, and in which fields. Of a held run: what waits, worst first."""
        run = self.find(pk)
        state = request.query_params.get("state") or run.state_of_changes
        if state not in RunChange.State.values:
            raise ValidationError({"state": f"Choose from {', '.join(RunChange.State.values)}."})
        verb = VERBS.get(request.query_params.get("result", ""), "")
        if state == RunChange.State.APPLIED:
            # What leavers owned is noted in the run as well, but changes nobody: see passed_on.
            made = Change.objects.made_in(run, "person", verb).filter(verb__in=RESULTS)
            done = self.piece_of(made)
            keys = dict(Person.objects.filter(pk__in=[one.subject for one in done]).values_list("pk", "source_id"))
            told = [as_told(one.verb, state, keys.get(one.subject, ""), one.subject, one) for one in done]
        else:
            waiting = self.piece_of(run.changes.in_state(state, verb))
            told = [as_told(one.verb, one.state, one.source_id, one.person, one) for one in waiting]
        return self.get_paginated_response(ChangeOutput(told, many=True).data)

    @extend_schema(responses={200: PassedOnOutput(many=True), **REFUSALS})
    @action(detail=True, methods=["get"], url_path="passed-on", filter_backends=[])
    def passed_on(self, request: Request, pk: UUID) -> Response:
        """What those who left by it owned: to whom it passed, and since when."""
        notes = self.piece_of(Change.objects.made_in(self.find(pk), "person", "pass_on"))
        return self.get_paginated_response(PassedOnOutput(notes, many=True).data)

    @extend_schema(parameters=[OpenApiParameter("code", str)], responses={200: ProblemOutput(many=True), **REFUSALS})
    @action(detail=True, methods=["get"], filter_backends=[])
    def errors(self, request: Request, pk: UUID) -> Response:
        """What was wrong with which row, and whether the row or only the field was not taken."""
        problems = self.piece_of(
            self.find(pk).problems.coded(request.query_params.get("code", "")[:40].replace("\x00", ""))
        )
        return self.get_paginated_response(ProblemOutput(problems, many=True).data)


def as_told(verb: str, state: str, source_id: str, person: UUID | None, change: Change | RunChange) -> dict[str, Any]:
    return {
        "result": RESULTS[verb],
        "state": state,
        "source_id": source_id,
        "person": person,
        "name": change.name,
        "fields": change.facts,
    }
