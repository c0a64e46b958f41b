"""People for programs: read all of them, put one, let one go."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from base.api import ReadViews, Refusal
from base.moments import Since, settled
from workforce import actions
from workforce.access import may_look_up_people, may_run, person_for
from workforce.feeds import rows, words
from workforce.keys import PersonScope
from workforce.models import CORRECTABLE, Person, Position, Source

REFUSALS = dict.fromkeys([400, 401, 403, 404, 409], Refusal)
SOURCE = OpenApiParameter("source", str, description="Of which HR system, where several use the same source_id.")
# A server unpacks %2F before it looks for an address, so an id with a slash stands in the question instead.
IN_THE_QUESTION = "-"
WHO = OpenApiParameter(
    "source_id",
    str,
    OpenApiParameter.PATH,
    description="The key of the HR system; `-` for the one in `?source_id=`, which may have a slash.",
)
ASKED = OpenApiParameter("source_id", str, description="The key of the HR system, where the path has `-` for it.")
ONE = [WHO, ASKED, SOURCE]


class PersonInput(serializers.Serializer[Any]):
    """The accepted fields, and no others. A field that is not sent stays as it is; an empty one is cleared."""

    employee_number = serializers.CharField(max_length=60, allow_blank=True, allow_null=True, required=False)
    work_email = serializers.EmailField(allow_blank=True, allow_null=True, required=False)
    given_name = serializers.CharField(max_length=120, allow_blank=True, allow_null=True, required=False)
    family_name = serializers.CharField(max_length=120, allow_blank=True, allow_null=True, required=False)
    display_name = serializers.CharField(max_length=200, allow_blank=True, allow_null=True, required=False)
    job_title = serializers.CharField(max_length=200, allow_blank=True, allow_null=True, required=False)
    manager_source_id = serializers.CharField(max_length=200, allow_blank=True, allow_null=True, required=False)
    department = serializers.CharField(max_length=200, allow_blank=True, allow_null=True, required=False)
    location = serializers.CharField(max_length=120, allow_blank=True, allow_null=True, required=False)
    employment_type = serializers.CharField(max_length=60, allow_blank=True, allow_null=True, required=False)
    status = serializers.ChoiceField(choices=Person.Status.choices, allow_blank=True, allow_null=True, required=False)
    start_date = serializers.DateField(allow_null=True, required=False)
    end_date = serializers.DateField(allow_null=True, required=False)
    updated_at = serializers.DateTimeField(allow_null=True, required=False)


class PositionOutput(serializers.ModelSerializer[Position]):
    job_title = serializers.StringRelatedField[Any](allow_null=True)
    department = serializers.StringRelatedField[Any](source="team", allow_null=True)

    class Meta:
        model = Position
        fields = ("job_title", "department", "started_on", "ended_on")


class PersonOutput(serializers.ModelSerializer[Person]):
    job_title = serializers.CharField(source="job_title.name", default="")
    job_role = serializers.UUIDField(source="job_title.job_role_id", default=None, allow_null=True)
    department = serializers.CharField(source="team.name", default="")
    manager = serializers.UUIDField(source="manager_id", allow_null=True)

    class Meta:
        model = Person
        fields = (
            "id",
            "source",
            "source_id",
            "employee_number",
            "work_email",
            "given_name",
            "family_name",
            "display_name",
            "job_title",
            "job_role",
            "manager_source_id",
            "manager",
            "department",
            "location",
            "employment_type",
            "status",
            "start_date",
            "end_date",
            "position_since",
            "left_at",
            "updated_at",
            "changed_at",
            "version",
        )


class OnePersonOutput(PersonOutput):
    positions = PositionOutput(many=True, help_text="What they did before.")

    class Meta(PersonOutput.Meta):
        fields = (*PersonOutput.Meta.fields, "positions")  # type: ignore[assignment]


class PutOutput(OnePersonOutput):
    result = serializers.ChoiceField(choices=["created", "updated", "left", "restored", "unchanged"])
    dropped_fields = serializers.ListField(child=serializers.CharField(), help_text="Sent, and not taken.")

    class Meta(OnePersonOutput.Meta):
        fields = (*OnePersonOutput.Meta.fields, "result", "dropped_fields")  # type: ignore[assignment]


class Leaving(serializers.Serializer[Any]):
    end_date = serializers.DateField(allow_null=True, required=False, help_text="Their last day; today if not given.")


class CorrectionInput(serializers.Serializer[Any]):
    field = serializers.ChoiceField(choices=CORRECTABLE)
    value = serializers.CharField(max_length=254, allow_blank=True)
    reason = serializers.CharField(max_length=400, allow_blank=True, required=False)


class PersonFilter(filters.FilterSet):
    source = filters.CharFilter(method="of_source", label="Of this HR system")
    source_id = filters.CharFilter()
    status = filters.ChoiceFilter(choices=Person.Status.choices)
    job_title = filters.CharFilter(field_name="job_title__name", lookup_expr="iexact")
    job_role = filters.UUIDFilter(field_name="job_title__job_role")
    department = filters.CharFilter(field_name="team__name", lookup_expr="iexact")
    manager_source_id = filters.CharFilter()
    work_email = filters.CharFilter(lookup_expr="iexact")
    q = filters.CharFilter(method="matching", label="Part of a name, of an e-mail address, or a whole source_id")
    updated_since = Since(
        label="Changed here at or after that moment. Take it from the header Next-Since of the first page last time"
    )

    def of_source(self, people: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        return people.filter(source=Source.objects.spelt(value))

    def matching(self, people: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        return people.filter(Q(display_name__icontains=value) | Q(work_email__icontains=value) | Q(source_id=value))


class PersonViews(ReadViews):
    permission_classes = [PersonScope]
    queryset = Person.objects.with_names()
    filterset_class = PersonFilter
    lookup_field = "source_id"
    lookup_value_converter = "str"
    outgoing = PersonOutput
    http_method_names = ["get", "put", "post", "head", "options"]
    taking = {"update": PersonInput, "terminate": Leaving, "correct": CorrectionInput}

    def list(self, request: Request) -> Response:
        may_look_up_people(self.by)
        # Before the list is read: a run that ends meanwhile is in the next answer, and may be in this one as well.
        moment = settled()
        answer = super().list(request)
        answer["Next-Since"] = moment.isoformat()
        return answer

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, actions.Braked):
            actions.note_brake(exc.source, by=exc.by)
        return super().handle_exception(exc)

    def named(self, source_id: str) -> str:
        """Whom the path names, or the question where the path leaves it to it."""
        if source_id != IN_THE_QUESTION:
            return source_id
        return self.request.query_params.get("source_id", source_id)

    def one(self, source_id: str, *, to_edit: bool = False) -> Person:
        asked = self.request.query_params.get("source", "")
        return person_for(self.by, self.named(source_id), source=asked, to_edit=to_edit)

    def told_whole(self, person: Person) -> Response:
        return Response(OnePersonOutput(person).data)

    @extend_schema(parameters=ONE, responses={200: OnePersonOutput, **REFUSALS})
    def retrieve(self, request: Request, source_id: str) -> Response:  # type: ignore[override]
        return self.told_whole(self.one(source_id))

    @extend_schema(
        parameters=ONE,
        responses={200: PutOutput, 201: PutOutput, **REFUSALS},
    )
    def update(self, request: Request, source_id: str) -> Response:
        """Add or update one person; fields that are not sent stay as they are. The rules are those of a run."""
        may_run(self.by)
        source_id, sent = self.named(source_id), request.data
        if not isinstance(sent, dict):
            raise ValidationError("Send an object with the person's fields.")
        page = rows.checked([{**sent, "source_id": source_id}], now=timezone.now())
        for problem in page.problems:
            raise ValidationError({problem.field: [ErrorDetail(problem.detail, problem.code)]})
        source = asked_for(request) or source_of(source_id)
        person, result = actions.put_person(source, source_id, facts=sent, by=self.by)
        told = {**OnePersonOutput(person).data, "result": result, "dropped_fields": sorted(page.dropped)}
        return Response(told, status=201 if result == "created" else 200)

    @extend_schema(parameters=ONE, request=Leaving, responses={200: OnePersonOutput, **REFUSALS})
    @action(detail=True, methods=["post"])
    def terminate(self, request: Request, source_id: str) -> Response:
        """Somebody leaves, today or on a day to come. They are kept, and restorable for 30 days."""
        person = self.one(source_id, to_edit=True)
        return self.told_whole(actions.terminate_person(person, **self.taken(), by=self.by))

    @extend_schema(parameters=ONE, request=None, responses={200: OnePersonOutput, **REFUSALS})
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, source_id: str) -> Response:
        """Take back somebody who left in the last 30 days."""
        return self.told_whole(actions.restore_person(self.one(source_id, to_edit=True), by=self.by))

    @extend_schema(parameters=ONE, request=CorrectionInput, responses={200: OnePersonOutput, **REFUSALS})
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, source_id: str) -> Response:
        """Put a field right here. Whether it stands against the source is a rule per field of the source."""
        person = self.one(source_id, to_edit=True)
        return self.told_whole(actions.correct_person(person, **self.taken(), by=self.by))


def asked_for(request: Request) -> str:
    """The source that the request names, if any."""
    try:
        return words.text(request.query_params.get("source", ""), 60)
    except words.NotTaken as why:
        raise ValidationError({"source": [ErrorDetail(why.sentence, why.code)]}) from None


def source_of(source_id: str) -> str:
    """The system that knows this person; else the only one there is."""
    known = list(Person.objects.known_as(source_id).values_list("source", flat=True)[:2])
    sources = known or list(Source.objects.values_list("name", flat=True)[:2])
    if len(sources) > 1:
        raise ValidationError({"source": [ErrorDetail("Say which system: add ?source=…", "which_source")]})
    return sources[0] if sources else "local"
