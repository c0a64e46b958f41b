"""Skills and their contexts for programs: the same doors and the same actions as the pages."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from base.api import NounViews, Seen
from skills import actions
from skills.access import Ability, context_for, may_design, skill_for
from skills.models import LEVEL, Context, Skill, SkillFlag
from skills.models.skill import SkillQuerySet
from skills.queries.sight import sights_of
from workflows.access import outcome_for, step_for
from workforce.keys import DesignScope


class NewContext(serializers.Serializer[Any]):
    step = serializers.UUIDField()
    outcome = serializers.UUIDField(help_text="An outcome downstream of the step.")
    required_level = serializers.IntegerField(**LEVEL, default=3)
    contribution = serializers.CharField(
        max_length=300, allow_blank=True, required=False, help_text="Who or what it serves: “Support the sales rep”."
    )
    condition = serializers.CharField(max_length=300, allow_blank=True, required=False)
    degree = serializers.CharField(max_length=300, allow_blank=True, required=False)


class ContextChange(Seen, NewContext):
    pass


class ContextOutput(serializers.ModelSerializer[Context]):
    class Meta:
        model = Context
        fields = (
            "id",
            "skill",
            "step",
            "outcome",
            "required_level",
            "contribution",
            "condition",
            "degree",
            "placed_at",
            "version",
        )


class NewSkill(serializers.Serializer[Any]):
    statement = serializers.CharField(max_length=4000)
    name = serializers.CharField(max_length=300, required=False, help_text="A short label; the statement without one.")
    description = serializers.CharField(max_length=20_000, allow_blank=True, required=False)


class SkillChange(Seen, NewSkill):
    pass


class SkillOutput(serializers.ModelSerializer[Skill]):
    contexts = ContextOutput(many=True)
    flags = serializers.SerializerMethodField(help_text="Codes of the rules that fail now.")

    class Meta:
        model = Skill
        fields = (
            "id",
            "name",
            "statement",
            "description",
            "state",
            "contexts",
            "flags",
            "also_called",
            "origin",
            "version",
        )

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_flags(self, skill: Skill) -> list[str]:
        return sorted(flag.code for flag in skill.flags.all())


class LegOutput(serializers.Serializer[Any]):
    """One step on the way and the outcome by which it lets the next begin."""

    step = serializers.UUIDField(source="step.pk")
    step_name = serializers.CharField(source="step.name")
    workflow = serializers.UUIDField(source="step.workflow_id")
    performed_by = serializers.CharField(source="step.performed_by.name", default=None, allow_null=True)
    criticality = serializers.IntegerField(source="step.criticality", allow_null=True)
    outcome = serializers.UUIDField(source="outcome.pk")
    statement = serializers.CharField(source="outcome.statement")


class MeasureOutput(serializers.Serializer[Any]):
    measure = serializers.CharField()
    unit = serializers.CharField()
    baseline = serializers.DecimalField(max_digits=14, decimal_places=3, allow_null=True)
    target = serializers.DecimalField(max_digits=14, decimal_places=3, allow_null=True)
    current = serializers.DecimalField(max_digits=14, decimal_places=3, allow_null=True)
    due = serializers.DateField(allow_null=True)


class SightOutput(serializers.Serializer[Any]):
    """From one context's step through its outcome to the final outcome."""

    context = serializers.UUIDField(source="context.pk")  # type: ignore[assignment]
    is_live = serializers.BooleanField()
    legs = LegOutput(many=True)
    final_outcome = serializers.UUIDField(source="final.pk", default=None, allow_null=True)
    measure = MeasureOutput(source="final", allow_null=True)


class SkillFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=Skill.State.choices)
    flag = filters.CharFilter(method="flagged", help_text="The code of an open flag, such as no_context.")
    step = filters.UUIDFilter(method="at_step")
    workflow = filters.UUIDFilter(method="in_workflow")
    origin = filters.CharFilter()
    name = filters.CharFilter(lookup_expr="iexact")

    def flagged(self, skills: SkillQuerySet, name: str, code: str) -> SkillQuerySet:
        return skills.flagged(code)

    def at_step(self, skills: SkillQuerySet, name: str, step: UUID) -> SkillQuerySet:
        return skills.needed_at(step)

    def in_workflow(self, skills: SkillQuerySet, name: str, workflow: UUID) -> SkillQuerySet:
        return skills.needed_in(workflow)


class SkillViews(NounViews):
    permission_classes = [DesignScope]
    queryset = Skill.objects.none()
    filterset_class = SkillFilter
    outgoing, adding, changing = SkillOutput, NewSkill, SkillChange
    giving: ClassVar = {"line_of_sight": SightOutput(many=True)}

    def get_queryset(self) -> QuerySet[Skill]:
        if self.is_drawn:
            return Skill.objects.none()
        return with_parts(Skill.objects.visible_to(self.by))

    def find(self, pk: UUID, *, to_edit: bool = False) -> Skill:
        return skill_for(self.by, pk, Ability.EDIT if to_edit else Ability.VIEW)

    def add(self, values: dict[str, Any]) -> Skill:
        may_design(self.by)
        return actions.add_skill(by=self.by, **values)

    def edit(self, noun: Skill, values: dict[str, Any]) -> Skill:
        return actions.change_skill(noun, by=self.by, **values)

    def told(self, noun: Any, *, status: int = 200) -> Response:
        return super().told(with_parts(Skill.objects.all()).get(pk=noun.pk), status=status)

    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: UUID) -> Response:
        """409 with each rule that says no."""
        return self.told(actions.publish(self.find(pk, to_edit=True), by=self.by))

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: UUID) -> Response:
        return self.told(actions.withdraw(self.find(pk, to_edit=True), by=self.by))

    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: UUID) -> Response:
        return self.told(actions.retire_skill(self.find(pk, to_edit=True), by=self.by))

    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: UUID) -> Response:
        return self.told(actions.restore_skill(self.find(pk, to_edit=True), by=self.by))

    @action(detail=True, url_path="line-of-sight", pagination_class=None, filterset_class=None)
    def line_of_sight(self, request: Request, pk: UUID) -> Response:
        """For each context the way from its step to the final outcome and its measure."""
        return Response(SightOutput(sights_of(self.find(pk)), many=True).data)


def with_parts(skills: QuerySet[Skill]) -> QuerySet[Skill]:
    """Contexts and open flags in one query each, whatever the number of skills."""
    return skills.prefetch_related(
        Prefetch("contexts", Context.objects.order_by("placed_at", "pk")),
        Prefetch("flags", SkillFlag.objects.open()),
    )


class ContextViews(NounViews):
    """The contexts of one skill."""

    permission_classes = [DesignScope]
    queryset = Context.objects.none()
    outgoing, adding, changing = ContextOutput, NewContext, ContextChange

    def get_queryset(self) -> QuerySet[Context]:
        if self.is_drawn:
            return Context.objects.none()
        return skill_for(self.by, self.kwargs["skill_pk"]).contexts.all()

    def find(self, pk: UUID, *, to_edit: bool = False) -> Context:
        return context_for(self.by, pk, Ability.EDIT if to_edit else Ability.VIEW, skill_pk=self.kwargs["skill_pk"])

    def add(self, values: dict[str, Any]) -> Context:
        skill = skill_for(self.by, self.kwargs["skill_pk"], Ability.EDIT)
        return actions.place(skill, by=self.by, **self.in_hand(values))

    def edit(self, noun: Context, values: dict[str, Any]) -> Context:
        return actions.change_context(noun, by=self.by, **self.in_hand(values))

    def in_hand(self, values: dict[str, Any]) -> dict[str, Any]:
        """Ids become things, each through its own door."""
        doors = {"step": step_for, "outcome": outcome_for}
        return {field: doors[field](self.by, value) if field in doors else value for field, value in values.items()}

    def destroy(self, request: Request, skill_pk: UUID, pk: UUID) -> Response:
        actions.remove_context(self.find(pk, to_edit=True), by=self.by)
        return Response(status=204)

    def list(self, request: Request, skill_pk: UUID) -> Response:  # type: ignore[override]
        return super().list(request)

    def create(self, request: Request, skill_pk: UUID) -> Response:  # type: ignore[override]
        return super().create(request)

    def retrieve(self, request: Request, skill_pk: UUID, pk: UUID) -> Response:  # type: ignore[override]
        return super().retrieve(request, pk)

    def partial_update(self, request: Request, skill_pk: UUID, pk: UUID) -> Response:  # type: ignore[override]
        return super().partial_update(request, pk)
