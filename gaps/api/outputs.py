"""How gaps, cover, risks and comparisons are told to programs. Shares are between 0 and 1."""

from typing import Any

from rest_framework import serializers

from gaps.arithmetic import KINDS, Cover, Effort, Label
from gaps.queries.cover import StepCover
from gaps.queries.gaps import Gap

LACKS = ("none", "lapsed", "outdated", "level", "trust")


class GapOutput(serializers.Serializer[Gap]):
    person = serializers.UUIDField()
    person_name = serializers.CharField()
    skill = serializers.UUIDField()
    statement = serializers.CharField()
    job_role = serializers.UUIDField(help_text="That asks for it.")
    target = serializers.UUIDField(allow_null=True, help_text="The agreed target role.")
    kind = serializers.ChoiceField(choices=KINDS)
    # Every serializer field has a `label` of its own.
    label = serializers.ChoiceField(choices=[label.value for label in Label])  # type: ignore[assignment]
    ruled_label = serializers.ChoiceField(
        choices=[label.value for label in Label], source="ruled", help_text="What the rules say, whoever overruled."
    )
    is_overruled = serializers.BooleanField()
    reason = serializers.CharField()
    required_level = serializers.IntegerField(source="required")
    level = serializers.IntegerField(allow_null=True, help_text="That counts; null without evidence that does.")
    trust = serializers.IntegerField(allow_null=True, help_text="Percent.")
    trust_needed = serializers.IntegerField()
    criticality = serializers.IntegerField()
    is_open = serializers.BooleanField(help_text="True; see the closed ones that updated_since tells of.")
    lacks = serializers.ChoiceField(choices=LACKS, help_text="What is missing.")
    carries_over = serializers.BooleanField(help_text="The target role asks for it as well.")
    cause = serializers.CharField(help_text="As people named it; empty where nobody has.")
    effort = serializers.ChoiceField(choices=[effort.value for effort in Effort])
    step = serializers.UUIDField(allow_null=True, help_text="The most critical one that asks.")
    step_name = serializers.CharField()
    workflow = serializers.UUIDField(allow_null=True)
    outcome = serializers.UUIDField(allow_null=True, help_text="The nearest one that the skill serves there.")
    outcome_statement = serializers.CharField()
    changed_at = serializers.DateTimeField(allow_null=True)


class ClosedGapOutput(serializers.Serializer[Any]):
    """What is no gap, or no longer among what was asked for; told with `updated_since` only."""

    person = serializers.UUIDField()
    skill = serializers.UUIDField(allow_null=True, help_text="Null: none of this person's gaps but those that follow.")
    is_open = serializers.BooleanField(help_text="False.")


class SomeoneOutput(serializers.Serializer[Any]):
    person = serializers.UUIDField()
    name = serializers.CharField()
    last_day = serializers.DateField(allow_null=True)


class StepCoverOutput(serializers.Serializer[StepCover]):
    """Figures are null where fewer than five people would be told of to somebody who may not see them."""

    step = serializers.UUIDField()
    name = serializers.CharField()
    workflow = serializers.UUIDField()
    job_role = serializers.UUIDField(allow_null=True)
    criticality = serializers.IntegerField()
    is_rated = serializers.BooleanField()
    skills = serializers.IntegerField()
    target = serializers.IntegerField()
    people = serializers.IntegerField(allow_null=True)
    performers = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField(choices=[state.value for state in Cover], allow_null=True)
    cover = serializers.FloatField(source="share", allow_null=True, help_text="min(1, people ÷ target)")
    can = SomeoneOutput(many=True)
    leaving = SomeoneOutput(many=True)


class RiskOutput(serializers.Serializer[Any]):
    outcome = serializers.UUIDField()
    statement = serializers.CharField()
    beneficiary = serializers.CharField()
    workflow = serializers.UUIDField()
    produced_by = serializers.UUIDField()
    chain_cover = serializers.FloatField(source="chain", help_text="The product of the cover of its upstream steps.")
    weakest_link = serializers.FloatField(source="risk", help_text="criticality ÷ 7 · (1 − cover)")
    weakest_step = serializers.UUIDField(source="weakest.step")
    weakest_step_name = serializers.CharField(source="weakest.name")
    steps = serializers.SerializerMethodField(help_text="Upstream, with a skill placed there.")
    unmapped_steps = serializers.IntegerField(source="unmapped")

    def get_steps(self, risk: Any) -> list[str]:
        return [str(each.step) for each in risk.links]


class PlaceOutput(serializers.Serializer[Any]):
    step = serializers.UUIDField()
    name = serializers.CharField()
    workflow = serializers.CharField()
    criticality = serializers.IntegerField(allow_null=True)


class NeededOutput(serializers.Serializer[Any]):
    level = serializers.IntegerField()
    criticality = serializers.IntegerField()


class BetweenOutput(serializers.Serializer[Any]):
    skill = serializers.UUIDField()
    statement = serializers.CharField()
    here = NeededOutput(allow_null=True)
    there = NeededOutput(allow_null=True)
    steps_here = PlaceOutput(many=True)
    steps_there = PlaceOutput(many=True)


class ComparisonOutput(serializers.Serializer[Any]):
    """What somebody who fully meets the one role would bring to the other, and what would be missing."""

    here = serializers.UUIDField(source="here.pk")
    there = serializers.UUIDField(source="there.pk")
    needs = serializers.IntegerField(source="way.needs")
    shares = serializers.IntegerField(source="way.shares")
    lacks = serializers.IntegerField(source="way.lacks")
    levels_to_climb = serializers.IntegerField(source="way.levels")
    transfer = serializers.FloatField(source="way.transfer", allow_null=True)
    distance = serializers.FloatField(source="way.distance", allow_null=True)
    effort = serializers.ChoiceField(choices=[effort.value for effort in Effort], source="way.effort")
    skills = BetweenOutput(many=True)
