"""Workflows, steps, outcomes and handoffs for programs: the same doors and the same actions as the pages."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from base.api import NounViews, Refusal, Seen
from workflows import actions
from workflows.access import Ability, handoff_for, may_design, outcome_for, step_for, workflow_for
from workflows.models import CRITICALITY, DIFFICULTY, FREQUENCY, Handoff, Measurement, Outcome, Step, Workflow
from workforce.keys import DesignScope
from workforce.models import JobRole

POSITION: dict[str, Any] = {"min_value": 1, "max_value": 10_000}
PERCENT: dict[str, Any] = {"min_value": 0, "max_value": 100}


class NewWorkflow(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    area = serializers.CharField(max_length=120, allow_blank=True, required=False)
    purpose = serializers.CharField(max_length=4000, allow_blank=True, required=False)


class WorkflowChange(Seen, NewWorkflow):
    pass


class WorkflowOutput(serializers.ModelSerializer[Workflow]):
    class Meta:
        model = Workflow
        fields = ("id", "name", "area", "purpose", "revision", "version", "retired_at")


class StepFields(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=160, help_text="A verb and an object: “Check credit”.")
    performed_by = serializers.PrimaryKeyRelatedField(
        queryset=JobRole.objects.all(), allow_null=True, required=False, help_text="A job role."
    )
    position = serializers.IntegerField(**POSITION, required=False)
    criticality = serializers.IntegerField(**CRITICALITY, allow_null=True, required=False)
    difficulty = serializers.IntegerField(**DIFFICULTY, allow_null=True, required=False)
    frequency = serializers.IntegerField(**FREQUENCY, allow_null=True, required=False)


class StepChange(Seen, StepFields):
    pass


class NewStep(StepFields):
    workflow = serializers.UUIDField()


class StepOutput(serializers.ModelSerializer[Step]):
    class Meta:
        model = Step
        fields = (
            "id",
            "workflow",
            "name",
            "performed_by",
            "position",
            "criticality",
            "difficulty",
            "frequency",
            "revision",
            "rated_revision",
            "version",
            "retired_at",
        )


class OutcomeFields(serializers.Serializer[Any]):
    statement = serializers.CharField(max_length=300)
    beneficiary_role = serializers.PrimaryKeyRelatedField(
        queryset=JobRole.objects.all(), allow_null=True, required=False, help_text="A job role inside, or …"
    )
    beneficiary = serializers.CharField(
        max_length=160, allow_blank=True, required=False, help_text="… a party outside: “the customer”."
    )
    measure = serializers.CharField(max_length=200, allow_blank=True, required=False)
    unit = serializers.CharField(max_length=40, allow_blank=True, required=False)
    direction = serializers.ChoiceField(choices=Outcome.Direction.choices, allow_blank=True, required=False)
    baseline = serializers.DecimalField(max_digits=14, decimal_places=3, allow_null=True, required=False)
    target = serializers.DecimalField(max_digits=14, decimal_places=3, allow_null=True, required=False)
    current = serializers.DecimalField(max_digits=14, decimal_places=3, allow_null=True, required=False)
    due = serializers.DateField(allow_null=True, required=False)


class OutcomeChange(Seen, OutcomeFields):
    pass


class NewOutcome(OutcomeFields):
    produced_by = serializers.UUIDField()


class OutcomeOutput(serializers.ModelSerializer[Outcome]):
    class Meta:
        model = Outcome
        fields = (
            "id",
            "produced_by",
            "statement",
            "beneficiary_role",
            "beneficiary",
            "measure",
            "unit",
            "direction",
            "baseline",
            "target",
            "current",
            "due",
            "version",
            "retired_at",
        )


class HandoffFields(serializers.Serializer[Any]):
    accepted_when = serializers.CharField(max_length=300, allow_blank=True, required=False)
    share_complete_and_accurate = serializers.IntegerField(**PERCENT, allow_null=True, required=False)


class HandoffChange(Seen, HandoffFields):
    pass


class NewHandoff(HandoffFields):
    outcome = serializers.UUIDField()
    to_step = serializers.UUIDField()


class HandoffOutput(serializers.ModelSerializer[Handoff]):
    class Meta:
        model = Handoff
        fields = ("id", "outcome", "to_step", "accepted_when", "share_complete_and_accurate", "version", "retired_at")


class WorkFilter(filters.FilterSet):
    is_retired = filters.BooleanFilter(field_name="retired_at", lookup_expr="isnull", exclude=True)


class WorkflowFilter(WorkFilter):
    name = filters.CharFilter(lookup_expr="icontains")


class StepFilter(WorkFilter):
    workflow = filters.UUIDFilter()
    performed_by = filters.UUIDFilter()


class OutcomeFilter(WorkFilter):
    workflow = filters.UUIDFilter(field_name="produced_by__workflow")
    produced_by = filters.UUIDFilter()


class HandoffFilter(WorkFilter):
    workflow = filters.UUIDFilter(field_name="outcome__produced_by__workflow")
    outcome = filters.UUIDFilter()
    to_step = filters.UUIDFilter()


class WorkViews(NounViews):
    """Work is retired and restored, never deleted."""

    permission_classes = [DesignScope]

    def retired(self, noun: Any) -> Model:
        raise NotImplementedError

    def restored(self, noun: Any) -> Model:
        raise NotImplementedError

    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: UUID) -> Response:
        return self.told(self.retired(self.find(pk, to_edit=True)))

    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: UUID) -> Response:
        return self.told(self.restored(self.find(pk, to_edit=True)))


def ability(to_edit: bool) -> Ability:
    return Ability.EDIT if to_edit else Ability.VIEW


class WorkflowViews(WorkViews):
    queryset = Workflow.objects.all()
    filterset_class = WorkflowFilter
    outgoing, adding, changing = WorkflowOutput, NewWorkflow, WorkflowChange

    def find(self, pk: UUID, *, to_edit: bool = False) -> Workflow:
        return workflow_for(self.by, pk, ability(to_edit))

    def add(self, values: dict[str, Any]) -> Workflow:
        may_design(self.by)
        return actions.add_workflow(by=self.by, **values)

    def edit(self, noun: Workflow, values: dict[str, Any]) -> Workflow:
        return actions.change_workflow(noun, by=self.by, **values)

    def retired(self, noun: Workflow) -> Workflow:
        return actions.retire_workflow(noun, by=self.by)

    def restored(self, noun: Workflow) -> Workflow:
        return actions.restore_workflow(noun, by=self.by)


class StepViews(WorkViews):
    queryset = Step.objects.all()
    filterset_class = StepFilter
    outgoing, adding, changing = StepOutput, NewStep, StepChange

    def find(self, pk: UUID, *, to_edit: bool = False) -> Step:
        return step_for(self.by, pk, ability(to_edit))

    def add(self, values: dict[str, Any]) -> Step:
        workflow = workflow_for(self.by, values.pop("workflow"), Ability.EDIT)
        return actions.add_step(workflow, by=self.by, **values)

    @transaction.atomic
    def edit(self, noun: Step, values: dict[str, Any]) -> Step:
        position = values.pop("position", None)
        if position:
            noun = actions.move_step(noun, position=position, seen=values.pop("seen", None), by=self.by)
        return actions.change_step(noun, by=self.by, **values) if values else noun

    def retired(self, noun: Step) -> Step:
        return actions.retire_step(noun, by=self.by)

    def restored(self, noun: Step) -> Step:
        return actions.restore_step(noun, by=self.by)


REFUSED = dict.fromkeys([400, 401, 403, 404, 409], Refusal)


class NewMeasurement(serializers.Serializer[Any]):
    value = serializers.DecimalField(max_digits=14, decimal_places=3)
    measured_on = serializers.DateField()
    note = serializers.CharField(max_length=400, allow_blank=True, required=False)


class MeasurementOutput(serializers.ModelSerializer[Measurement]):
    class Meta:
        model = Measurement
        fields = ("id", "value", "measured_on", "note", "recorded_at", "version")


class OutcomeViews(WorkViews):
    queryset = Outcome.objects.all()
    filterset_class = OutcomeFilter
    outgoing, adding, changing = OutcomeOutput, NewOutcome, OutcomeChange

    def find(self, pk: UUID, *, to_edit: bool = False) -> Outcome:
        return outcome_for(self.by, pk, ability(to_edit))

    def add(self, values: dict[str, Any]) -> Outcome:
        step = step_for(self.by, values.pop("produced_by"), Ability.EDIT)
        return actions.add_outcome(step, by=self.by, **values)

    def edit(self, noun: Outcome, values: dict[str, Any]) -> Outcome:
        return actions.change_outcome(noun, by=self.by, **values)

    def retired(self, noun: Outcome) -> Outcome:
        return actions.retire_outcome(noun, by=self.by)

    def restored(self, noun: Outcome) -> Outcome:
        return actions.restore_outcome(noun, by=self.by)

    @extend_schema(
        request=NewMeasurement, responses={200: MeasurementOutput(many=True), 201: MeasurementOutput, **REFUSED}
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None, filterset_class=None)
    def measurements(self, request: Request, pk: UUID) -> Response:
        """What it was found to be, oldest first; or one more value, for a day."""
        outcome = self.find(pk, to_edit=request.method == "POST")
        if request.method == "GET":
            return Response(MeasurementOutput(Measurement.objects.of(outcome), many=True).data)
        said = NewMeasurement(data=request.data)
        said.is_valid(raise_exception=True)
        found = actions.record_measurement(outcome, by=self.by, **said.validated_data)
        return Response(MeasurementOutput(found).data, status=201)


class HandoffViews(WorkViews):
    queryset = Handoff.objects.all()
    filterset_class = HandoffFilter
    outgoing, adding, changing = HandoffOutput, NewHandoff, HandoffChange

    def find(self, pk: UUID, *, to_edit: bool = False) -> Handoff:
        return handoff_for(self.by, pk, ability(to_edit))

    def add(self, values: dict[str, Any]) -> Handoff:
        outcome = outcome_for(self.by, values.pop("outcome"), Ability.EDIT)
        to_step = step_for(self.by, values.pop("to_step"), Ability.EDIT)
        return actions.add_handoff(outcome, to_step=to_step, by=self.by, **values)

    def edit(self, noun: Handoff, values: dict[str, Any]) -> Handoff:
        return actions.change_handoff(noun, by=self.by, **values)

    def retired(self, noun: Handoff) -> Handoff:
        return actions.retire_handoff(noun, by=self.by)

    def restored(self, noun: Handoff) -> Handoff:
        return actions.restore_handoff(noun, by=self.by)
