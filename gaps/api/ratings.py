"""Lists of ratings for programs: brought, planned by a scale that is named, applied, stopped, taken back."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from base.api import ReadViews, Refusal
from base.errors import RuleBroken
from base.parsers import SoundJson, TooLarge
from base.uploads import MAX_UPLOAD, MB
from gaps import actions
from gaps.access import may_bring_ratings, rating_list_for
from gaps.actions.rating import TYPES
from gaps.models import RatingList, RatingRow
from gaps.ratings import FIELDS, SCALES, scale_of
from workforce.keys import PersonScope

REFUSALS = dict.fromkeys([400, 401, 403, 404, 409], Refusal)


class BandOutput(serializers.Serializer[Any]):
    low = serializers.FloatField()
    high = serializers.FloatField(help_text="The same as `low` for a single point.")
    is_open = serializers.BooleanField(help_text="`high` itself belongs to the band that begins there.")
    level = serializers.IntegerField(help_text="What it becomes here.")


class RatingListOutput(serializers.ModelSerializer[RatingList]):
    columns = serializers.SerializerMethodField(help_text="As the file names them.")
    mapping = serializers.DictField(child=serializers.CharField(), help_text="{our field: their column}")
    scale_applied = BandOutput(many=True)
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="{verdict: rows}")
    values = serializers.DictField(child=serializers.IntegerField(), help_text="{what the list says: rows}")
    created_by = serializers.CharField(source="created_by.name")
    is_under_way = serializers.BooleanField(source="is_wanted", help_text="Ask again until it is not.")

    class Meta:
        model = RatingList
        fields = (
            "id",
            "file_name",
            "source",
            "type",
            "state",
            "is_under_way",
            "columns",
            "mapping",
            "scale",
            "scale_applied",
            "values",
            "counts",
            "expired",
            "done",
            "total",
            "failure",
            "day",
            "created_at",
            "created_by",
            "applied_at",
            "undone_at",
            "undo_reason",
        )

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_columns(self, plan: RatingList) -> list[str]:
        return list(plan.shape["header"])


class RatingRowOutput(serializers.ModelSerializer[RatingRow]):
    remedy = serializers.CharField(help_text="What to do about it; empty where nothing is wrong.")

    class Meta:
        model = RatingRow
        fields = ("number", "verdict", "person", "skill", "said", "level", "observed_on", "remedy")


class NewList(serializers.Serializer[Any]):
    file = serializers.FileField(max_length=500, help_text="CSV, a zipped CSV, or Excel.")


class Planning(serializers.Serializer[Any]):
    source = serializers.CharField(  # type: ignore[assignment]
        max_length=200, help_text="What the ratings are called. The same name finds them again."
    )
    type = serializers.ChoiceField(choices=[(each.value, each.label) for each in TYPES], help_text="On whose word.")
    scale = serializers.ChoiceField(choices=list(SCALES), help_text="Their scale. It is never guessed.")
    levels = serializers.ListField(
        child=serializers.CharField(max_length=40),
        required=False,
        help_text="Lines that read the scale otherwise, such as “3=2” or “60-79=3”.",
    )
    mapping = serializers.DictField(
        child=serializers.CharField(allow_blank=True),
        required=False,
        help_text=f"Which column is which, where their names do not say so: {', '.join(FIELDS)}.",
    )

    def validate_mapping(self, mapping: dict[str, str]) -> dict[str, str]:
        if unknown := mapping.keys() - set(FIELDS):
            raise serializers.ValidationError(f"There is no {min(unknown)}. Name {', '.join(FIELDS)}.")
        return mapping

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        try:
            values["bands"] = scale_of(values["scale"], values.pop("levels", []))
        except RuleBroken as refused:
            raise serializers.ValidationError({"levels": refused.message}) from None
        return values


class TakingBack(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=400, help_text="Whoever was rated reads it.")


class RatingListViews(ReadViews):
    """A list goes the same way as one that is brought by hand: brought, planned, applied; and it can be taken back."""

    permission_classes = [PersonScope]
    queryset = RatingList.objects.none()
    outgoing = RatingListOutput
    taking: ClassVar = {"create": NewList, "plan": Planning, "undo": TakingBack}
    http_method_names = ["get", "post", "head", "options"]

    def get_queryset(self) -> QuerySet[RatingList]:
        if self.is_drawn:
            return RatingList.objects.none()
        may_bring_ratings(self.by)
        return RatingList.objects.select_related("created_by")

    def find(self, pk: UUID, *, to_edit: bool = False) -> RatingList:
        return rating_list_for(self.by, pk)

    def get_parsers(self) -> list[Any]:
        """A file comes as multipart/form-data, everything else as JSON."""
        creates = getattr(self, "action_map", {}).get("post") == "create"
        return [MultiPartParser()] if creates else [SoundJson()]

    @extend_schema(responses={201: RatingListOutput, **REFUSALS, 413: Refusal})
    def create(self, request: Request) -> Response:
        """Bring a file, as multipart/form-data. Nothing is read before its scale is named."""
        may_bring_ratings(self.by)
        # By what the body says of itself, before any of it is read.
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_UPLOAD:
            raise TooLarge(f"The limit is {MAX_UPLOAD // MB} MB. A zipped CSV may be longer.")
        file = self.taken()["file"]
        return self.told(actions.add_ratings(file.file, file_name=file.name, by=self.by), status=201)

    @action(detail=True, methods=["post"])
    def plan(self, request: Request, pk: UUID) -> Response:
        """Name whose word it is and which scale, and ask for the plan: what every row would do. Nothing is recorded."""
        plan, values = self.find(pk), self.taken()
        values["mapping"] = {**plan.mapping, **values.get("mapping", {})}
        return self.told(actions.plan_ratings(plan, **values, by=self.by))

    @extend_schema(
        parameters=[OpenApiParameter("verdict", OpenApiTypes.STR, enum=RatingRow.Verdict.values)],
        responses={200: RatingRowOutput(many=True), **REFUSALS},
    )
    @action(detail=True, methods=["get"], filter_backends=[])
    def rows(self, request: Request, pk: UUID) -> Response:
        """Rows of the plan: all that cannot be brought in, or of one `verdict`; of harmless ones a few to look at."""
        plan, verdict = self.find(pk), request.query_params.get("verdict", "")
        if verdict and verdict not in RatingRow.Verdict.values:
            raise ValidationError({"verdict": f"Choose from {', '.join(RatingRow.Verdict.values)}."})
        rows = plan.rows.judged(verdict).behind(0) if verdict else plan.rows.rejected()
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(RatingRowOutput(page, many=True).data)

    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: UUID) -> Response:
        """Record what is new, in the background; a stopped list goes on where it stopped."""
        return self.told(actions.apply_ratings(self.find(pk), by=self.by))

    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: UUID) -> Response:
        """Let it rest after the piece that is being written. What is in stays in."""
        return self.told(actions.stop_ratings(self.find(pk), by=self.by))

    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: UUID) -> Response:
        """Withdraw all that it said, in the background; it stays to be seen, with the reason."""
        return self.told(actions.undo_ratings(self.find(pk), **self.taken(), by=self.by))
