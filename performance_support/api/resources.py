"""Resources, where they are placed and what helps at a step, for programs: the same doors and actions as the pages."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponseBase
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from base.api import NounViews, ReadViews, Seen
from base.parsers import TooLarge
from base.uploads import MAX_UPLOAD, MB
from performance_support import actions
from performance_support.access import Ability, may_add, placement_for, resource_for
from performance_support.models import Moment, Placement, Resource, ResourceFlag, Verification, Vote
from performance_support.models.resource import ResourceQuerySet
from performance_support.queries import figures
from performance_support.queries.support import Help, help_at
from performance_support.sending import current_file
from performance_support.storing import looked_at, most_bytes
from skills.access import skill_for
from workflows.access import outcome_for, step_for
from workforce.access import job_role_for
from workforce.keys import DesignScope

FRESHNESS = ["draft", "verified", "due_soon", "stale", "archived"]


class QuickStep(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=300)
    detail = serializers.CharField(max_length=2000, allow_blank=True, required=False)
    # The rule behind a decision.
    rule = serializers.CharField(max_length=2000, allow_blank=True, required=False)


class NewResource(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Resource.Kind.choices)
    title = serializers.CharField(max_length=200)
    summary = serializers.CharField(max_length=400, allow_blank=True, required=False)
    text = serializers.CharField(max_length=100_000, allow_blank=True, required=False, help_text="Markdown.")
    steps = QuickStep(many=True, required=False, help_text="In order, for quick steps and checklists; at most 40.")
    url = serializers.URLField(max_length=2000, allow_blank=True, required=False)
    language = serializers.RegexField(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=12, required=False)
    audience = serializers.ListField(
        child=serializers.UUIDField(), max_length=100, required=False, help_text="Job roles; none: for everybody."
    )


class ResourceChange(Seen, NewResource):
    pass


class PlacementOutput(serializers.ModelSerializer[Placement]):
    class Meta:
        model = Placement
        fields = ("id", "resource", "step", "skill", "outcome", "moments", "position", "placed_at", "version")


class NewPlacement(serializers.Serializer[Any]):
    step = serializers.UUIDField(required=False)
    skill = serializers.UUIDField(required=False)
    outcome = serializers.UUIDField(required=False)
    moments = serializers.ListField(child=serializers.ChoiceField(choices=Moment.choices), allow_empty=False)
    position = serializers.IntegerField(min_value=1, max_value=1000, required=False)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if len({"step", "skill", "outcome"} & values.keys()) != 1:
            raise serializers.ValidationError("Name one step, one skill or one outcome.")
        return values


class NewHelp(serializers.Serializer[Any]):
    resource = serializers.UUIDField()
    moments = serializers.ListField(child=serializers.ChoiceField(choices=Moment.choices), allow_empty=False)
    position = serializers.IntegerField(min_value=1, max_value=1000, required=False)


class PlacementChange(Seen):
    moments = serializers.ListField(
        child=serializers.ChoiceField(choices=Moment.choices), allow_empty=False, required=False
    )
    position = serializers.IntegerField(min_value=1, max_value=1000, required=False)


class ResourceOutput(serializers.ModelSerializer[Resource]):
    steps = QuickStep(many=True)
    freshness = serializers.ChoiceField(choices=FRESHNESS)
    placements = PlacementOutput(many=True)
    flags = serializers.SerializerMethodField(help_text="Codes of the rules that fail now.")

    class Meta:
        model = Resource
        fields = (
            "id",
            "kind",
            "title",
            "summary",
            "text",
            "steps",
            "url",
            "file_name",
            "file_type",
            "file_size",
            "file_alt",
            "language",
            "audience",
            "content_version",
            "owner",
            "verifier",
            "freshness",
            "verified_at",
            "due_on",
            "stale_since",
            "stale_because",
            "placements",
            "flags",
            "version",
        )

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_flags(self, resource: Resource) -> list[str]:
        return sorted(flag.code for flag in resource.flags.all())


class NewFile(Seen):
    file = serializers.FileField(max_length=500, help_text="What it is, its content says; docs/files.md has the kinds.")
    file_alt = serializers.CharField(
        max_length=300, required=False, allow_blank=True, help_text="What a picture shows; every picture needs it."
    )

    def validate_file(self, given: Any) -> Any:
        return looked_at(given.file, given.name)


class StillCorrect(Seen):
    note = serializers.CharField(max_length=400, allow_blank=True, required=False)


class NewVote(serializers.Serializer[Any]):
    worked = serializers.BooleanField()
    wrong = serializers.ChoiceField(choices=Vote.Wrong.choices, required=False, help_text="Where it did not work.")
    comment = serializers.CharField(max_length=400, allow_blank=True, required=False)
    step = serializers.UUIDField(required=False, help_text="Where it was used.")

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if values["worked"] and values.get("wrong"):
            raise serializers.ValidationError({"wrong": "Say what went wrong only where it did not work."})
        return values


class VoiceFigures(serializers.Serializer[Any]):
    """On the version in force; null where fewer than five people said something."""

    content_version = serializers.IntegerField()
    worked = serializers.IntegerField(allow_null=True)
    did_not_work = serializers.IntegerField(allow_null=True)
    wrong = serializers.DictField(
        child=serializers.IntegerField(), allow_null=True, help_text="What was wrong, and how many said so."
    )


class StepFigures(serializers.Serializer[Any]):
    step = serializers.UUIDField()
    views = serializers.IntegerField(allow_null=True, help_text="Null where fewer than five people perform the step.")


class UsageFigures(serializers.Serializer[Any]):
    """How often it was opened in 90 days. Nobody is named, and nobody is counted: a view is a view."""

    since = serializers.DateField()
    views = serializers.IntegerField()
    last_opened_on = serializers.DateField(allow_null=True)
    steps = StepFigures(many=True)


class HelpOutput(serializers.Serializer[Any]):
    """One resource as it helps at the step."""

    resource = serializers.UUIDField(source="resource.pk")
    kind = serializers.CharField(source="resource.kind")
    title = serializers.CharField(source="resource.title")
    summary = serializers.CharField(source="resource.summary")
    text = serializers.CharField(source="resource.text")
    steps = QuickStep(source="resource.steps", many=True)
    url = serializers.CharField(source="resource.url")
    freshness = serializers.ChoiceField(source="resource.freshness", choices=FRESHNESS)
    moments = serializers.ListField(child=serializers.ChoiceField(choices=Moment.choices))
    directly = serializers.BooleanField(help_text="Placed at the step itself, not at a skill or an outcome of it.")


class ResourceFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=Resource.State.choices)
    kind = filters.ChoiceFilter(choices=Resource.Kind.choices)
    owner = filters.UUIDFilter()
    step = filters.UUIDFilter(method="at_step")
    language = filters.CharFilter(method="in_language", label="Such as en; pt finds pt-BR as well.")

    def at_step(self, resources: ResourceQuerySet, name: str, step: UUID) -> ResourceQuerySet:
        return resources.for_step(step)

    def in_language(self, resources: ResourceQuerySet, name: str, tag: str) -> ResourceQuerySet:
        return resources.in_language(tag)


class ResourceViews(NounViews):
    permission_classes = [DesignScope]
    queryset = Resource.objects.none()
    filterset_class = ResourceFilter
    outgoing, adding, changing = ResourceOutput, NewResource, ResourceChange
    taking: ClassVar = {"verify": StillCorrect, "vote": NewVote, "put_file": NewFile}
    giving: ClassVar = {"votes": VoiceFigures(), "usage": UsageFigures(), "file": OpenApiTypes.BINARY}

    def get_queryset(self) -> QuerySet[Resource]:
        if self.is_drawn:
            return Resource.objects.none()
        return with_parts(Resource.objects.visible_to(self.by))

    def find(self, pk: UUID, *, to_edit: bool = False) -> Resource:
        return resource_for(self.by, pk, Ability.EDIT if to_edit else Ability.VIEW)

    def add(self, values: dict[str, Any]) -> Resource:
        may_add(self.by)
        return actions.add_resource(by=self.by, **self.with_roles(values))

    def edit(self, noun: Resource, values: dict[str, Any]) -> Resource:
        return actions.change_resource(noun, by=self.by, **self.with_roles(values))

    def with_roles(self, values: dict[str, Any]) -> dict[str, Any]:
        if "audience" in values:
            values["audience"] = [job_role_for(self.by, pk) for pk in dict.fromkeys(values["audience"])]
        return values

    def told(self, noun: Any, *, status: int = 200) -> Response:
        return super().told(with_parts(Resource.objects.all()).get(pk=noun.pk), status=status)

    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: UUID) -> Response:
        """It is still correct; the first time it offers a draft to people. Send the version that was read."""
        values = self.taken()
        if "version" in values:
            values["seen"] = values.pop("version")
        way = Verification.Way.PROGRAM
        return self.told(actions.verify(self.find(pk, to_edit=True), way=way, by=self.by, **values))

    @action(detail=True, methods=["get"], url_path="file", parser_classes=[MultiPartParser])
    def file(self, request: Request, pk: UUID) -> HttpResponseBase:
        """The file itself, or the part that `Range` names; 404 where it has none."""
        return current_file(request, self.find(pk))

    @file.mapping.post
    def put_file(self, request: Request, pk: UUID) -> Response:
        """Give it a file, as multipart/form-data: a new version, which takes the place of the file there was."""
        resource = self.find(pk, to_edit=True)
        # By what the body says of itself, before any of it is read.
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_UPLOAD:
            limit = f"The limit is {most_bytes() // MB} MB."
            raise TooLarge(f"{limit} Put it where large files are kept and give the address.")
        values = self.taken()
        values |= {"upload": values.pop("file"), "seen": values.pop("version", None)}
        return self.told(actions.change_resource(resource, by=self.by, **values))

    @file.mapping.delete
    def take_file_out(self, request: Request, pk: UUID) -> Response:
        """From now on it has no file; the versions that had one keep it."""
        return self.told(actions.change_resource(self.find(pk, to_edit=True), without_file=True, by=self.by))

    @action(detail=True, methods=["post"])
    def archive(self, request: Request, pk: UUID) -> Response:
        return self.told(actions.archive_resource(self.find(pk, to_edit=True), by=self.by))

    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: UUID) -> Response:
        """From the archive, as a draft."""
        return self.told(actions.take_back(self.find(pk, to_edit=True), by=self.by))

    @action(detail=True, methods=["post"])
    def vote(self, request: Request, pk: UUID) -> Response:
        """Did it work? One voice per account and version; the last word counts."""
        values = self.taken()
        if "step" in values:
            values["step"] = step_for(self.by, values["step"])
        resource = self.find(pk)
        actions.vote(resource, by=self.by, **values)
        return self.told(resource)

    @action(detail=True)
    def votes(self, request: Request, pk: UUID) -> Response:
        """How many said that it worked, and how many that it did not."""
        return Response(VoiceFigures(figures.voices(self.find(pk))).data)

    @action(detail=True)
    def usage(self, request: Request, pk: UUID) -> Response:
        """How often it was opened, and at which steps."""
        return Response(UsageFigures(figures.usage(self.find(pk))).data)


def with_parts(resources: QuerySet[Resource]) -> QuerySet[Resource]:
    """Placements and open flags in one query each, whatever the number of resources."""
    return resources.prefetch_related(
        "audience",
        Prefetch("placements", Placement.objects.order_by("placed_at", "pk")),
        Prefetch("flags", ResourceFlag.objects.open()),
    )


class PlacementViews(NounViews):
    """Where one resource helps."""

    permission_classes = [DesignScope]
    queryset = Placement.objects.none()
    outgoing, adding, changing = PlacementOutput, NewPlacement, PlacementChange

    def get_queryset(self) -> QuerySet[Placement]:
        if self.is_drawn:
            return Placement.objects.none()
        return resource_for(self.by, self.kwargs["resource_pk"]).placements.all()

    def find(self, pk: UUID, *, to_edit: bool = False) -> Placement:
        ability = Ability.EDIT if to_edit else Ability.VIEW
        return placement_for(self.by, pk, ability, resource_pk=self.kwargs["resource_pk"])

    def add(self, values: dict[str, Any]) -> Placement:
        resource = resource_for(self.by, self.kwargs["resource_pk"], Ability.EDIT)
        doors: dict[str, Any] = {"step": step_for, "skill": skill_for, "outcome": outcome_for}
        [place] = doors.keys() & values.keys()
        return actions.place_resource(resource, at=doors[place](self.by, values.pop(place)), by=self.by, **values)

    def edit(self, noun: Placement, values: dict[str, Any]) -> Placement:
        return actions.change_placement(noun, by=self.by, **values)

    def destroy(self, request: Request, resource_pk: UUID, pk: UUID) -> Response:
        actions.take_away(self.find(pk, to_edit=True), by=self.by)
        return Response(status=204)

    def list(self, request: Request, resource_pk: UUID) -> Response:  # type: ignore[override]
        return super().list(request)

    def create(self, request: Request, resource_pk: UUID) -> Response:  # type: ignore[override]
        resource_for(self.by, resource_pk, Ability.EDIT)  # before the body is read: what is not there has no errors
        return super().create(request)

    def retrieve(self, request: Request, resource_pk: UUID, pk: UUID) -> Response:  # type: ignore[override]
        return super().retrieve(request, pk)

    def partial_update(self, request: Request, resource_pk: UUID, pk: UUID) -> Response:  # type: ignore[override]
        return super().partial_update(request, pk)


class SupportViews(ReadViews):
    """What helps at one step, the step's own first."""

    permission_classes = [DesignScope]
    queryset = Resource.objects.none()
    outgoing = HelpOutput
    taking: ClassVar = {"create": NewHelp}
    giving: ClassVar = {"list": HelpOutput(many=True), "create": PlacementOutput()}
    pagination_class = None

    def list(self, request: Request, step_pk: UUID) -> Response:  # type: ignore[override]
        """All of it at once: nobody reads more than a few dozen at a step."""
        found: list[Help] = help_at(step_for(self.by, step_pk))
        return Response(HelpOutput(found, many=True).data)

    def create(self, request: Request, step_pk: UUID) -> Response:
        """Have a resource help here; people meet it once it is verified."""
        step, values = step_for(self.by, step_pk), self.taken()
        resource = resource_for(self.by, values.pop("resource"), Ability.EDIT)
        placement = actions.place_resource(resource, at=step, by=self.by, **values)
        return Response(PlacementOutput(placement).data, status=201)
