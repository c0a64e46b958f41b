"""Where a person stands in a skill. Derived; only `gaps.queries.standing` writes it."""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from gaps.models.evidence import Evidence, Type
from gaps.models.requirement import Requirement
from skills.models import Skill
from workflows.models import Step
from workforce.models import Person


class StandingQuerySet(models.QuerySet["Standing"]):
    def of(self, person: Person) -> Self:
        return self.filter(person=person)

    def needed_at(self, step: Step) -> Self:
        return self.filter(skill__needs__step=step)

    def needed_by_role(self) -> Self:
        """What the current role of the person asks for."""
        asked = Requirement.objects.filter(skill=OuterRef("skill"), job_role=OuterRef("person__job_title__job_role"))
        return self.filter(Exists(asked))

    def held(self) -> Self:
        """Something unexpired says so. See also: lapsed."""
        return self.filter(level__isnull=False)

    def lapsed(self) -> Self:
        return self.filter(level=None)

    def disputed(self) -> Self:
        """Sources that hold today disagree. See also: Standing.is_disputed."""
        return self.filter(lowest__lt=F("highest"))


class Standing(models.Model):
    """The most trusted unexpired evidence, newest on a tie; never an average.

    There is a row for whoever has evidence that was not withdrawn. Once all of it has run out the row stays, without a
    level: `evidence` and `valid_until` then tell what it was and when it lapsed. No row, no evidence: that is not 0.
    """

    # Its index has beside it what a sum reads (migration 0014).
    pk = models.CompositePrimaryKey("person_id", "skill_id")
    person = models.ForeignKey(Person, models.CASCADE, related_name="standings", db_index=False)
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="standings", db_index=False)
    # Null, both: lapsed. Trust is in percent.
    level = models.PositiveSmallIntegerField(null=True)
    trust = models.PositiveSmallIntegerField(null=True)
    # Of the evidence that decides. Not kept by the database: this table is made anew together with what it points to.
    type = models.CharField(max_length=10, choices=Type)
    evidence = models.ForeignKey(Evidence, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    observed_at = models.DateTimeField()
    valid_until = models.DateField(null=True)
    # Among the newest of each source that holds today.
    lowest = models.PositiveSmallIntegerField(null=True)
    highest = models.PositiveSmallIntegerField(null=True)
    sources = models.PositiveSmallIntegerField(default=0)
    is_contested = models.BooleanField(default=False)
    # The step that the deciding evidence was observed at, if it was changed since. *There* counts only what is not
    # older than the change: `level_there`, null where that leaves nothing. Everywhere else `level` counts.
    changed_step = models.ForeignKey(
        Step, models.DO_NOTHING, null=True, related_name="+", db_index=False, db_constraint=False
    )
    level_there = models.PositiveSmallIntegerField(null=True)
    trust_there = models.PositiveSmallIntegerField(null=True)
    # The first day on which it changes by itself, because something runs out.
    changes_on = models.DateField(null=True)
    changed_at = models.DateTimeField(db_default=models.functions.Now())

    objects = StandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level=None, trust=None) | Q(level__isnull=False, trust__isnull=False),
                name="standing_level_goes_with_trust",
            ),
            models.CheckConstraint(
                condition=Q(level_there=None, trust_there=None)
                | Q(level_there__isnull=False, trust_there__isnull=False, changed_step__isnull=False),
                name="standing_level_there_goes_with_its_step",
            ),
        ]
        indexes = [
            # Not (skill, person): where one person stands in one skill is to be found by the person (migration 0011).
            models.Index(fields=["skill"], name="standing_of_a_skill"),
            models.Index(fields=["changes_on"], condition=Q(changes_on__isnull=False), name="standing_by_its_day"),
        ]

    def __str__(self) -> str:
        return f"{self.person} in “{self.skill}”: {'lapsed' if self.level is None else self.level}"

    @property
    def is_lapsed(self) -> bool:
        return self.level is None

    @property
    def is_disputed(self) -> bool:
        return self.lowest != self.highest

    def at(self, step: Step) -> tuple[int, int] | None:
        """(level, trust) as it counts at one step; None where nothing counts there."""
        there = self.changed_step_id == step.pk
        level, trust = (self.level_there, self.trust_there) if there else (self.level, self.trust)
        return None if level is None or trust is None else (level, trust)
