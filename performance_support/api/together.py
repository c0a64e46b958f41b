"""Programmes with what surrounds them, and cohorts, for programs: read through the same doors as the pages."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from base.api import ReadViews
from base.moments import Since
from gaps.access import note_list
from performance_support import access
from performance_support.models import Cohort, Participant, Programme
from performance_support.queries import environment
from workforce.keys import DesignScope, PersonScope

STATES = {"active": False, "archived": True}


class TogetherFilter(filters.FilterSet):
    step = filters.UUIDFilter(field_name="steps")
    skill = filters.UUIDFilter(field_name="skills")
    state = filters.ChoiceFilter(choices=[(state, state) for state in STATES], method="in_state")
    updated_since = Since(label="Planned, changed, joined or archived at or after that moment")

    def in_state(self, found: Any, name: str, state: str) -> QuerySet[Any]:
        return found.retired() if STATES[state] else found.active()  # type: ignore[no-any-return]


class ProgrammeOutput(serializers.ModelSerializer[Programme]):
    people = serializers.SerializerMethodField(help_text="Who takes part, of those whom the key may see.")
    flags = serializers.SerializerMethodField(help_text="Codes of the rules that fail now.")

    class Meta:
        model = Programme
        fields = (
            "id",
            "name",
            "purpose",
            "starts_on",
            "ends_on",
            "owner",
            "steps",
            "skills",
            "people",
            "flags",
            "retired_at",
            "version",
        )

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_people(self, programme: Programme) -> list[UUID]:
        return [participant.person_id for participant in programme.seen]  # type: ignore[attr-defined]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_flags(self, programme: Programme) -> list[str]:
        return sorted(flag.code for flag in programme.flags.all())


class FactOutput(serializers.Serializer[Any]):
    team = serializers.UUIDField(allow_null=True)
    team_name = serializers.CharField()
    workflow = serializers.UUIDField()
    workflow_name = serializers.CharField()
    fact = serializers.CharField()
    title = serializers.CharField()
    holds = serializers.BooleanField()
    lacking = serializers.IntegerField(help_text="How many people, steps or kinds of help it is short of.")
    people = serializers.IntegerField(help_text="How many of those whom the key may see it is about.")
    words = serializers.CharField(help_text="What somebody said is arranged; empty where the fact is seen or lacking.")
    noted_by = serializers.CharField()
    noted_at = serializers.DateTimeField(allow_null=True)


class ProgrammeViews(ReadViews):
    """In which somebody takes part whom the key may see. What surrounds one changes without an edit of it."""

    permission_classes = [PersonScope]
    queryset = Programme.objects.none()
    filterset_class = TogetherFilter
    outgoing = ProgrammeOutput
    giving: ClassVar = {"environment": FactOutput(many=True)}

    def get_queryset(self) -> QuerySet[Programme]:
        if self.is_drawn:
            return Programme.objects.none()
        seen = access.people_of_programmes(self.by)
        taking_part = Participant.objects.order_by("pk")
        if seen is not None:
            taking_part = taking_part.filter(person__in=seen)
        found = access.programmes_seen_by(self.by).distinct().with_work().with_flags()
        return found.prefetch_related(Prefetch("participants", taking_part, to_attr="seen"))

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        # Whoever is read about can see that a program read it.
        note_list(self.by, {each.person_id for programme in page or () for each in programme.seen}, page="programme")
        return page

    def retrieve(self, request: Request, pk: UUID) -> Response:
        programme = self.get_queryset().get(pk=access.programme_for(self.by, pk).pk)
        note_list(self.by, {each.person_id for each in programme.seen}, page="programme")  # type: ignore[attr-defined]
        return self.told(programme)

    @action(detail=True, pagination_class=None, filter_backends=[])
    def environment(self, request: Request, pk: UUID) -> Response:
        """The ten facts for each team and workflow, now; none of one that is archived."""
        programme = access.programme_for(self.by, pk)
        people = access.people_in(programme, self.by)
        note_list(self.by, people, page="programme")
        return Response(FactOutput(environment.facts([programme.pk], people=people), many=True).data)


class CohortOutput(serializers.ModelSerializer[Cohort]):
    joined = serializers.IntegerField(help_text="How many have joined; who, only colleagues see.")

    class Meta:
        model = Cohort
        fields = (
            "id",
            "name",
            "goal",
            "starts_on",
            "ends_on",
            "meets",
            "url",
            "owner",
            "steps",
            "skills",
            "joined",
            "retired_at",
            "version",
        )


class CohortViews(ReadViews):
    """Groups that learn together, over or not. People begin and join them themselves."""

    permission_classes = [DesignScope]
    queryset = Cohort.objects.none()
    filterset_class = TogetherFilter
    outgoing = CohortOutput

    def get_queryset(self) -> QuerySet[Cohort]:
        return Cohort.objects.none() if self.is_drawn else Cohort.objects.with_places()

    def find(self, pk: UUID, *, to_edit: bool = False) -> Cohort:
        return access.cohort_for(self.by, pk)
