"""What job roles need, for programs. Derived from contexts: nobody writes it."""

from typing import Any
from uuid import UUID

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from base.api import ReadViews, Refusal
from base.moments import Since
from gaps.access import requirement_for
from gaps.models import Need, Requirement
from workforce.keys import PeopleScope

REFUSALS = dict.fromkeys([401, 403, 404], Refusal)


class NeedOutput(serializers.ModelSerializer[Need]):
    step_name = serializers.CharField(source="step.name")
    workflow = serializers.UUIDField(source="step.workflow_id")

    class Meta:
        model = Need
        fields = ("step", "step_name", "workflow", "level", "criticality", "is_rated", "contexts", "asked_since")


class RequirementOutput(serializers.ModelSerializer[Requirement]):
    job_role_name = serializers.CharField(source="job_role.name")
    skill_name = serializers.CharField(source="skill.name")

    class Meta:
        model = Requirement
        fields = (
            "id",
            "job_role",
            "job_role_name",
            "skill",
            "skill_name",
            "level",
            "criticality",
            "is_rated",
            "steps",
            "asked_since",
            "changed_at",
        )


class OneRequirementOutput(RequirementOutput):
    needs = serializers.SerializerMethodField(help_text="The steps that ask for it, most critical first.")
    contexts = serializers.SerializerMethodField(help_text="The live contexts it rests on.")

    class Meta(RequirementOutput.Meta):
        fields = (*RequirementOutput.Meta.fields, "needs", "contexts")  # type: ignore[assignment]

    @extend_schema_field(NeedOutput(many=True))
    def get_needs(self, requirement: Requirement) -> Any:
        return NeedOutput(Need.objects.behind(requirement), many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_contexts(self, requirement: Requirement) -> list[str]:
        return sorted(str(context.pk) for context in requirement.contexts())


class RequirementFilter(filters.FilterSet):
    job_role = filters.UUIDFilter()
    skill = filters.UUIDFilter()
    criticality = filters.NumberFilter(
        field_name="criticality", lookup_expr="gte", min_value=1, max_value=7, label="At least so critical"
    )
    updated_since = Since(label="Changed at or after that moment; what went is no longer in the list")


class RequirementViews(ReadViews):
    """A job role needs a skill because it performs these steps."""

    permission_classes = [PeopleScope]
    queryset = Requirement.objects.with_names()
    filterset_class = RequirementFilter
    outgoing = RequirementOutput
    http_method_names = ["get", "head", "options"]

    @extend_schema(responses={200: OneRequirementOutput, **REFUSALS})
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """With the steps and contexts behind it."""
        return Response(OneRequirementOutput(requirement_for(self.by, pk)).data)
