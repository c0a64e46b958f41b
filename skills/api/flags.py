"""The queue of flags for programs: read, assign, snooze, wake."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

import django_filters as filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from base.api import ReadViews
from base.models import Flag
from skills import actions, queue
from skills.access import assignee_for, flag_for, may_see_the_queue
from skills.models import SkillFlag
from workforce.keys import DesignScope

STATES: dict[str, Callable[[Any], QuerySet[Any]]] = {
    "open": lambda flags: flags.open(),
    "awake": lambda flags: flags.awake(),
    "snoozed": lambda flags: flags.asleep(),
    "cleared": lambda flags: flags.cleared(),
}


class FlagOutput(serializers.ModelSerializer[Any]):
    about = serializers.SerializerMethodField(help_text="skill, step, outcome or resource.")
    subject = serializers.UUIDField(source="about_id")
    severity = serializers.SerializerMethodField(help_text="blocks, warns or hints.")
    sentence = serializers.SerializerMethodField(help_text="What is wrong.")
    remedy = serializers.SerializerMethodField(help_text="What to do next.")

    class Meta:
        model = SkillFlag
        fields = (
            "id",
            "about",
            "subject",
            "code",
            "severity",
            "sentence",
            "remedy",
            "opened_at",
            "cleared_at",
            "assigned_to",
            "snoozed_until",
            "snooze_reason",
        )

    def get_about(self, flag: Flag) -> str:
        return queue.source_of(flag).rules.about

    def get_severity(self, flag: Flag) -> str:
        return queue.rule_of(flag).severity.value

    def get_sentence(self, flag: Flag) -> str:
        return queue.rule_of(flag).sentence

    def get_remedy(self, flag: Flag) -> str:
        return queue.rule_of(flag).remedy


class Assignment(serializers.Serializer[Any]):
    to = serializers.UUIDField(allow_null=True, help_text="A designer's account; null gives it back to the owner.")


class Snooze(serializers.Serializer[Any]):
    until = serializers.DateField(help_text="A day after today, within a year.")
    reason = serializers.CharField(max_length=400)


class FlagFilter(filters.FilterSet):
    about = filters.ChoiceFilter(choices=[(about, about) for about in queue.SOURCES], method="in_its_table")
    code = filters.CharFilter(help_text="Such as no_context.")
    subject = filters.UUIDFilter(field_name="about")
    assigned_to = filters.UUIDFilter()
    state = filters.ChoiceFilter(choices=[(state, state) for state in STATES], method="in_state")

    def in_its_table(self, flags: QuerySet[Any], name: str, about: str) -> QuerySet[Any]:
        return flags  # the view has begun with it

    def in_state(self, flags: QuerySet[Any], name: str, state: str) -> QuerySet[Any]:
        return STATES[state](flags)


class FlagViews(ReadViews):
    """`about` is skill unless it names another noun; `state` is open (awake and snoozed) unless it says."""

    permission_classes = [DesignScope]
    queryset = SkillFlag.objects.none()
    filterset_class = FlagFilter
    outgoing = FlagOutput
    taking: ClassVar = {"assign": Assignment, "snooze": Snooze}

    def get_queryset(self) -> QuerySet[Any]:
        if self.is_drawn:
            return SkillFlag.objects.none()
        may_see_the_queue(self.by)
        asked = self.request.query_params
        source = queue.SOURCES.get(asked.get("about") or "skill", queue.SOURCES["skill"])
        return source.rules.found if asked.get("state") else source.rules.found.open()

    def find(self, pk: UUID, *, to_edit: bool = False) -> Any:
        flag, _ = flag_for(self.by, pk, to_edit=to_edit)
        return flag

    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: UUID) -> Response:
        """Say whose it is now."""
        flag, to = self.find(pk, to_edit=True), self.taken()["to"]
        actions.assign_flags([flag], to=assignee_for(self.by, to) if to else None, by=self.by)
        return self.told(self.find(pk))

    @action(detail=True, methods=["post"])
    def snooze(self, request: Request, pk: UUID) -> Response:
        """Set it aside until a day, with a reason."""
        actions.snooze_flags([self.find(pk, to_edit=True)], by=self.by, **self.taken())
        return self.told(self.find(pk))

    @action(detail=True, methods=["post"])
    def wake(self, request: Request, pk: UUID) -> Response:
        """Take it up again before its day."""
        actions.wake_flags([self.find(pk, to_edit=True)], by=self.by)
        return self.told(self.find(pk))
