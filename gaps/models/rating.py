"""A list of ratings from elsewhere on its way in: the file, what its scale means here, its plan, what became of it."""

import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from base.models import BroughtFile, JobQuerySet, Noun, Piece, both_or_neither
from gaps.models.evidence import Type
from gaps.ratings import Band


class RatingListQuerySet(JobQuerySet["RatingList"]):
    def newest_first(self) -> Self:
        return self.order_by("-created_at", "pk")

    def of_source(self, source: str) -> Self:
        return self.filter(source=source)

    def older_than(self, moment: dt.datetime) -> Self:
        """Brought before, and nobody works on it."""
        return self.filter(created_at__lt=moment, wanted_at=None)

    def with_preview(self) -> Self:
        return self.exclude(shape__preview=[])

    def in_state(self, *states: str) -> Self:
        return self.filter(state__in=states)


class RatingList(BroughtFile, Noun):
    """One list. Planned, brought in piece by piece, and taken back by withdrawing what it said."""

    class State(models.TextChoices):
        MAPPING = "mapping", "Waits for its scale"
        READING = "reading", "Being read"
        PLANNED = "planned", "Planned"
        APPLYING = "applying", "Being brought in"
        APPLIED = "applied", "Brought in"
        STOPPED = "stopped", "Stopped"
        UNDOING = "undoing", "Being taken back"
        UNDONE = "undone", "Taken back"
        REFUSED = "refused", "Cannot be read"

    # What the evidence names as its source; the same name finds what it said before.
    source = models.CharField(max_length=200, blank=True, default="")
    # On whose word: see `gaps.actions.rating.TYPES`.
    type = models.CharField(max_length=10, choices=Type, default=Type.INFERRED)
    # {our field: their column}.
    mapping = models.JSONField(default=dict)
    scale = models.CharField(max_length=10, blank=True, default="")
    # [[low, high, level], …]: as somebody saw and agreed to it.
    bands = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.MAPPING)
    # Today, when it was planned: rows without a day are about it, however late they are brought in.
    day = models.DateField(null=True)
    # {verdict: rows}, {their value: rows} and how many run out before they begin.
    counts = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    expired = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undo_reason = models.CharField(max_length=400, blank=True, default="")
    # The last reference that was taken back, so that another worker continues behind it.
    reached = models.CharField(max_length=200, blank=True, default="")

    objects = RatingListQuerySet.as_manager()

    class Meta:
        constraints = [
            both_or_neither("applied_at", "applied_by"),
            both_or_neither("undone_at", "undone_by"),
            models.CheckConstraint(
                condition=Q(state__in=["mapping", "refused"]) | (~Q(scale="") & ~Q(source="") & Q(day__isnull=False)),
                name="ratinglist_is_planned_by_a_scale_and_a_source",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | ~Q(undo_reason=""), name="ratinglist_undone_gives_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["source"], name="ratinglist_of_a_source")]

    def __str__(self) -> str:
        return self.source or self.file_name

    def get_absolute_url(self) -> str:
        return reverse("rating_show", args=[self.pk])

    @property
    def scale_applied(self) -> tuple[Band, ...]:
        return tuple(Band(*band) for band in self.bands)

    @property
    def is_open(self) -> bool:
        """Somebody can still decide about it."""
        return self.state in {self.State.PLANNED, self.State.STOPPED}

    @property
    def new(self) -> int:
        found: int = self.counts.get("new", 0)
        return found


class RatingPiece(Piece):
    owner = models.ForeignKey(RatingList, models.CASCADE, related_name="pieces")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "number"], name="ratingpiece_is_once_per_number")]


class RatingRowQuerySet(models.QuerySet["RatingRow"]):
    def judged(self, verdict: str) -> Self:
        return self.filter(verdict=verdict)

    def rejected(self) -> Self:
        return self.exclude(verdict__in=RatingRow.Verdict.harmless()).order_by("number")

    def behind(self, number: int) -> Self:
        return self.filter(number__gt=number).order_by("number")


class RatingRow(models.Model):
    """A row that cannot be brought in, with its reason, and of the others a few to look at."""

    class Verdict(models.TextChoices):
        NEW = "new", "New"
        UNCHANGED = "unchanged", "Here already"
        TWICE = "twice", "Said twice in the list"
        CONTRADICTS = "contradicts", "Two levels for one"
        REFERENCE_USED = "reference_used", "Said otherwise before"
        UNKNOWN_PERSON = "unknown_person", "Nobody of that name"
        AMBIGUOUS_PERSON = "ambiguous_person", "Several people"
        UNKNOWN_SKILL = "unknown_skill", "No such skill"
        AMBIGUOUS_SKILL = "ambiguous_skill", "Several skills"
        RETIRED_SKILL = "retired_skill", "Retired skill"
        BAD_LEVEL = "bad_level", "Not on the scale"
        BAD_DAY = "bad_day", "No day that has passed"
        BAD_REFERENCE = "bad_reference", "Reference too long"

        @classmethod
        def harmless(cls) -> list["RatingRow.Verdict"]:
            return [cls.NEW, cls.UNCHANGED, cls.TWICE]

    id = models.BigAutoField(primary_key=True)
    owner = models.ForeignKey(RatingList, models.CASCADE, related_name="rows")
    # The row's number in the file as a spreadsheet shows it; the header is 1.
    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=20, choices=Verdict)
    person = models.TextField(blank=True, default="")
    skill = models.TextField(blank=True, default="")
    said = models.TextField(blank=True, default="")
    observed_on = models.TextField(blank=True, default="")
    # What it would be here; null where that cannot be told.
    level = models.PositiveSmallIntegerField(null=True)

    objects = RatingRowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "number"], name="ratingrow_is_once_per_number")]
        indexes = [models.Index(fields=["owner", "verdict", "number"], name="ratingrow_by_verdict")]

    def __str__(self) -> str:
        return f"row {self.number}"

    @property
    def remedy(self) -> str:
        return REMEDIES.get(self.verdict, "")


Verdict = RatingRow.Verdict
REMEDIES: dict[Any, str] = {
    Verdict.CONTRADICTS: "The list says two levels for the same person, skill and day. Keep the one that holds.",
    Verdict.REFERENCE_USED: "This source said another level about it before. Give the row its own day or reference.",
    Verdict.UNKNOWN_PERSON: "Nobody has this id, e-mail or employee number. Correct it, or bring the person first.",
    Verdict.AMBIGUOUS_PERSON: "Several people go by this. Use the id of the HR system.",
    Verdict.UNKNOWN_SKILL: "No skill has this id, address, name or statement. Correct it, or bring the skill first.",
    Verdict.AMBIGUOUS_SKILL: "Several skills go by this. Use the skill’s id or its address.",
    Verdict.RETIRED_SKILL: "The skill is retired. Restore it, or leave the row out.",
    Verdict.BAD_LEVEL: "The value is not on the chosen scale. Correct it, or choose another scale.",
    Verdict.BAD_DAY: "Write a day that has passed as 2026-01-31.",
    Verdict.BAD_REFERENCE: "A reference has at most 200 letters.",
}
