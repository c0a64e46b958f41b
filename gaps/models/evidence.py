"""What somebody said about one person's level in one skill, and what became of it. Nothing here is ever rewritten."""

import datetime as dt
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.utils import timezone

from base.models import Noun, both_or_neither, is_between, says_something
from skills.models import Skill
from workflows.models import Step
from workforce.models import Person

# Beside skills.models.LEVEL, which begins at 1: nobody requires 0, but somebody may stand there.
HELD_LEVEL: dict[str, Any] = {"min_value": 0, "max_value": 4}
# Clocks of two systems differ; a statement about tomorrow is a mistake.
CLOCKS_DIFFER = dt.timedelta(days=1)


class Type(models.TextChoices):
    """How somebody came to know, most trusted first as it is delivered (design section 6)."""

    OBSERVED = "observed", "Observed at work"
    ACCEPTED = "accepted", "Work accepted downstream"
    EXERCISE = "exercise", "Practical exercise"
    CREDENTIAL = "credential", "Credential"
    MANAGER = "manager", "Manager's view"
    PEER = "peer", "Peer's view"
    OWN = "own", "Own view"
    INFERRED = "inferred", "Inferred by another system"

    @classmethod
    def at_a_step(cls) -> list["Type"]:
        """Somebody saw the work itself, so the step is named."""
        return [cls.OBSERVED, cls.ACCEPTED]

    @classmethod
    def by_somebody_else(cls) -> list["Type"]:
        return [cls.OBSERVED, cls.ACCEPTED, cls.MANAGER, cls.PEER]


class OrderedUUID(Func):
    """A random id that begins with the moment, so that four million of them fill an index from one end."""

    function = "ordered_uuid"
    arity = 0
    output_field = models.UUIDField()


def first_id_at(moment: dt.datetime) -> UUID:
    """No `OrderedUUID` of that moment or later is less."""
    return UUID(int=max(0, int(moment.timestamp() * 1000)) << 80)


# type: (percent, months), as every database begins: design section 6.
BEGINNING: dict[Type, tuple[int, int | None]] = {
    Type.OBSERVED: (100, 12),
    Type.ACCEPTED: (90, 12),
    Type.EXERCISE: (80, 12),
    Type.CREDENTIAL: (70, None),
    Type.MANAGER: (60, 6),
    Type.PEER: (50, 6),
    Type.OWN: (30, 6),
    Type.INFERRED: (20, 3),
}


class Trust(Noun):
    """How far a type of evidence is trusted, and for how long. Starting values are design section 6; editable."""

    type = models.CharField(max_length=10, choices=Type, unique=True)
    percent = models.PositiveSmallIntegerField()
    # Null: until the credential itself expires.
    months = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-percent"]
        constraints = [
            is_between("percent", 1, 100),
            is_between("months", 1, 120),
            models.CheckConstraint(condition=Q(type__in=Type.values), name="trust_is_about_a_known_type"),
            models.CheckConstraint(
                condition=~Q(type=Type.INFERRED) | Q(percent__lte=20),
                name="trust_in_what_was_inferred_closes_no_gap",
                violation_error_message="What another system inferred never closes a gap alone: at most 20 %.",
            ),
            models.CheckConstraint(
                condition=Q(type=Type.CREDENTIAL, months=None) | ~Q(type=Type.CREDENTIAL) & Q(months__isnull=False),
                name="trust_lasts_for_months_but_a_credential_until_it_expires",
                violation_error_message="Say for how many months it counts; a credential counts until it expires.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_type_display())

    @classmethod
    def begin(cls) -> None:
        """Give each type its starting value where it has none; what was edited stays."""
        for type, (percent, months) in BEGINNING.items():
            cls.objects.get_or_create(type=type, defaults={"percent": percent, "months": months})


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def about(self, person: Person) -> Self:
        return self.filter(person=person)

    def standing(self) -> Self:
        """Not withdrawn. See also: unexpired."""
        return self.filter(~Exists(Withdrawal.objects.filter(evidence=OuterRef("pk"))))

    def unexpired(self, today: dt.date | None = None) -> Self:
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=today or timezone.localdate()))

    def contested(self) -> Self:
        """Contested, and not answered yet."""
        return self.filter(Exists(Contest.objects.unanswered().filter(evidence=OuterRef("pk"))))

    def outdated(self) -> Self:
        """The step it was observed at has changed since. See also: Evidence.is_outdated."""
        return self.filter(step_revision__lt=F("step__revision"))

    def with_fate(self) -> Self:
        """Adds `is_withdrawn`, `is_contested` and `is_outdated`, and all that names where it comes from."""
        withdrawn = Exists(Withdrawal.objects.filter(evidence=OuterRef("pk")))
        contested = Exists(Contest.objects.unanswered().filter(evidence=OuterRef("pk")))
        changed = Exists(Step.objects.filter(pk=OuterRef("step"), revision__gt=OuterRef("step_revision")))
        return self.select_related("skill", "step__workflow", "observer", "recorded_by").annotate(
            is_withdrawn=withdrawn, is_contested=contested, is_outdated=changed
        )

    def entered_in(self, batch: UUID, by: Any) -> Self:
        """What an account said at once, on one page."""
        return self.filter(source=by.name, reference__startswith=f"{batch}:", recorded_by=by)

    def newest_first(self) -> Self:
        return self.order_by("-observed_at", "-pk")

    def changed_since(self, moment: dt.datetime) -> Self:
        """Recorded, contested, answered or withdrawn at or after that moment."""
        answers = ContestAnswer.objects.filter(answered_at__gte=moment).values("contest__evidence")
        return self.filter(
            # An id begins with the moment it was made, and so leads straight to the newest rows.
            Q(pk__gte=first_id_at(moment), recorded_at__gte=moment)
            | Q(pk__in=Withdrawal.objects.filter(withdrawn_at__gte=moment).values("evidence"))
            | Q(pk__in=Contest.objects.filter(contested_at__gte=moment).values("evidence"))
            | Q(pk__in=answers)
        )


# All of evidence that a standing is made of: kept together by person, and not only where it was written.
MAKES_A_STANDING = ["id", "level", "type", "observed_at", "valid_until", "observer", "source", "step", "step_revision"]


class Evidence(models.Model):
    """A dated, sourced statement. Append-only but for the erasure of a person (`evidence_is_never_rewritten`)."""

    id = models.UUIDField(primary_key=True, db_default=OrderedUUID(), editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="evidence", db_index=False)
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="evidence")
    level = models.PositiveSmallIntegerField()
    type = models.CharField(max_length=10, choices=Type)
    # The moment of what it is about, not of writing it down.
    observed_at = models.DateTimeField()
    # Counts to the end of this day. Null: a credential that does not expire.
    valid_until = models.DateField(null=True, blank=True)
    # Who saw it, where that is one person; erased with them, while the statement stays.
    observer = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    step = models.ForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    step_revision = models.PositiveIntegerField(null=True, blank=True)
    # Never empty: a person's name, a system's, a list's.
    source = models.CharField(max_length=200)
    # The source's own key, by which the same statement comes only once.
    reference = models.CharField(max_length=200, blank=True, default="", db_default="")
    note = models.CharField(max_length=1000, blank=True, default="", db_default="")
    recorded_at = models.DateTimeField(db_default=models.functions.Now())
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    # The list that brought it, which may be taken back as a whole.
    rating_list = models.ForeignKey(
        "gaps.RatingList", models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        constraints = [
            is_between("level", 0, 4),
            models.CheckConstraint(condition=Q(type__in=Type.values), name="evidence_type_is_known"),
            says_something("source"),
            models.UniqueConstraint(
                fields=["source", "reference"], condition=~Q(reference=""), name="evidence_comes_once_from_its_source"
            ),
            both_or_neither("step", "step_revision"),
            models.CheckConstraint(
                condition=~Q(type__in=Type.at_a_step()) | Q(step__isnull=False),
                name="evidence_of_work_names_its_step",
                violation_error_message="Say at which step it was seen.",
            ),
            models.CheckConstraint(
                condition=~Q(type__in=Type.by_somebody_else()) | Q(observer=None) | ~Q(observer=F("person")),
                name="evidence_by_others_is_not_by_oneself",
                violation_error_message="That is an own view. Record it as one.",
            ),
            models.CheckConstraint(
                condition=~Q(type=Type.OWN) | Q(observer=None) | Q(observer=F("person")),
                name="evidence_of_an_own_view_is_by_oneself",
                violation_error_message="An own view is by the person themselves.",
            ),
            models.CheckConstraint(
                condition=Q(type=Type.CREDENTIAL) | Q(valid_until__isnull=False),
                name="evidence_expires_unless_a_credential",
            ),
            models.CheckConstraint(
                condition=Q(observed_at__lte=F("recorded_at") + CLOCKS_DIFFER),
                name="evidence_is_not_about_the_future",
                violation_error_message="Choose a moment that has passed.",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "skill"], include=MAKES_A_STANDING, name="evidence_about_a_person"),
            models.Index(fields=["step", "step_revision"], condition=Q(step__isnull=False), name="evidence_at_a_step"),
            models.Index(fields=["observer"], condition=Q(observer__isnull=False), name="evidence_by_an_observer"),
        ]

    def __str__(self) -> str:
        return f"level {self.level} in “{self.skill}”, {self.get_type_display().lower()}"

    @property
    def is_expired(self) -> bool:
        return self.valid_until is not None and self.valid_until < timezone.localdate()


class Withdrawal(Noun):
    """The end of a piece of evidence: it stays to be seen, and no longer counts."""

    evidence = models.OneToOneField(Evidence, models.CASCADE, related_name="withdrawal")
    reason = models.CharField(max_length=400)
    withdrawn_at = models.DateTimeField(db_default=models.functions.Now())
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [says_something("reason")]
        indexes = [models.Index(fields=["withdrawn_at"], name="withdrawal_by_age")]

    def __str__(self) -> str:
        return self.reason


class ContestQuerySet(models.QuerySet["Contest"]):
    def unanswered(self) -> Self:
        return self.filter(answer=None)


class Contest(Noun):
    """The person says that it is not so. Shown beside the evidence, which counts until somebody has answered."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="contests")
    reason = models.CharField(max_length=1000)
    contested_at = models.DateTimeField(db_default=models.functions.Now())
    contested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ContestQuerySet.as_manager()

    class Meta:
        constraints = [says_something("reason")]

    def __str__(self) -> str:
        return self.reason


class ContestAnswer(Noun):
    class Verdict(models.TextChoices):
        STANDS = "stands", "The evidence stands"
        WITHDRAWN = "withdrawn", "The evidence is withdrawn"

    contest = models.OneToOneField(Contest, models.CASCADE, related_name="answer")
    verdict = models.CharField(max_length=10, choices=Verdict)
    reason = models.CharField(max_length=1000)
    answered_at = models.DateTimeField(db_default=models.functions.Now())
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            says_something("reason"),
            models.CheckConstraint(
                condition=Q(verdict__in=["stands", "withdrawn"]), name="contestanswer_verdict_is_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_verdict_display())
