"""What people say about a gap or a step, against or beside what the rules say."""

from collections.abc import Collection, Iterator
from typing import Self, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

from base.models import Noun, both_or_neither, is_between, says_something
from gaps.arithmetic import Label
from skills.models import Skill
from workflows.models import Step
from workforce.models import Person

J = TypeVar("J", bound=models.Model)


class JudgementQuerySet(models.QuerySet[J]):
    def valid(self) -> Self:
        """Not taken back."""
        return self.filter(taken_back_at=None)


class Overrule(Noun):
    """Somebody who knows better gives a gap another label, and says why. Holds until it is taken back."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="overrules")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    label = models.CharField(max_length=20, choices=[(label.value, label.words) for label in Label])
    reason = models.CharField(max_length=400)
    overruled_at = models.DateTimeField(db_default=models.functions.Now())
    overruled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True, editable=False)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = JudgementQuerySet["Overrule"].as_manager()

    class Meta:
        constraints = [
            says_something("reason"),
            both_or_neither("taken_back_at", "taken_back_by"),
            models.CheckConstraint(
                condition=Q(label__in=[label.value for label in Label]), name="overrule_label_is_known"
            ),
            models.UniqueConstraint(
                fields=["person", "skill"],
                condition=Q(taken_back_at=None),
                name="overrule_is_once_per_person_and_skill",
                violation_error_message="This gap is overruled already. Take that back first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill}: {Label(self.label).words}"


class Cause(Noun):
    """The answer to the question that comes first: why is there a gap at all? (Gilbert; Mager and Pipe)"""

    class Kind(models.TextChoices):
        EXPECTATIONS = "expectations", "Nobody said what is expected, or how it goes"
        TOOLS = "tools", "Tools, time or process stand in the way"
        CONSEQUENCES = "consequences", "Doing it right is not worth it here"
        KNOWLEDGE = "knowledge", "They do not know how"
        SKILL = "skill", "They know how, and lack practice"
        CAPACITY = "capacity", "It is beyond what they can take on"
        MOTIVATION = "motivation", "They could, and do not want to"

        @classmethod
        def for_training(cls) -> list["Cause.Kind"]:
            """Only these does learning close."""
            return [cls.KNOWLEDGE, cls.SKILL]

        @classmethod
        def of_the_environment(cls) -> list["Cause.Kind"]:
            return [cls.EXPECTATIONS, cls.TOOLS, cls.CONSEQUENCES]

    person = models.ForeignKey(Person, models.CASCADE, related_name="causes")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    # What is done about it instead of training, or before.
    note = models.CharField(max_length=1000, blank=True, default="")
    named_at = models.DateTimeField(db_default=models.functions.Now())
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True, editable=False)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = JudgementQuerySet["Cause"].as_manager()

    class Meta:
        constraints = [
            both_or_neither("taken_back_at", "taken_back_by"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "expectations",
                        "tools",
                        "consequences",
                        "knowledge",
                        "skill",
                        "capacity",
                        "motivation",
                    ]
                ),
                name="cause_kind_is_known",
            ),
            models.UniqueConstraint(
                fields=["person", "skill"],
                condition=Q(taken_back_at=None),
                name="cause_is_named_once_per_person_and_skill",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill}: {self.get_kind_display()}"

    @property
    def asks_for_training(self) -> bool:
        return self.kind in self.Kind.for_training()


class CoverTargetQuerySet(models.QuerySet["CoverTarget"]):
    def at(self, step: Step) -> "CoverTarget | None":
        return self.filter(step=step).first()

    def reasons(self, steps: Collection[UUID]) -> Iterator[tuple[UUID, str]]:
        """(step, why it needs another number of people than its criticality says)"""
        return self.filter(step__in=steps).values_list("step", "reason").iterator()


class CoverTarget(Noun):
    """How many people a step needs, where somebody knows better than `gaps.arithmetic.people_needed`."""

    step = models.OneToOneField(Step, models.CASCADE, related_name="cover_target")
    people = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=400, blank=True, default="")

    objects = CoverTargetQuerySet.as_manager()

    class Meta:
        constraints = [is_between("people", 1, 1000)]

    def __str__(self) -> str:
        return f"{self.people} for “{self.step}”"


class AccessNote(models.Model):
    """Who looked at a person's record; that person sees it. One row per reader, page and day."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="access_notes", db_index=False)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    page = models.CharField(max_length=80)
    seen_on = models.DateField()
    first_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "seen_on", "seen_by", "page"], name="accessnote_is_once_per_reader_page_and_day"
            ),
            says_something("page"),
        ]

    def __str__(self) -> str:
        return f"{self.seen_by} looked at {self.page} of {self.person}"
