"""A list of skills on its way in: the file, the plan for every row, and what became of it."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse

from base.models import BroughtFile, JobQuerySet, Noun, Piece, both_or_neither
from skills.models.skill import Skill


class ImportQuerySet(JobQuerySet["Import"]):
    def newest_first(self) -> Self:
        return self.order_by("-created_at", "pk")


class Import(BroughtFile, Noun):
    """One list. It is read, planned, and applied whole or in part; every row of the file has a row here."""

    class State(models.TextChoices):
        MAPPING = "mapping", "Waits for its columns"
        READING = "reading", "Being read"
        PLANNED = "planned", "Planned"
        APPLYING = "applying", "Being applied"
        APPLIED = "applied", "Applied"
        STOPPED = "stopped", "Stopped"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"
        REFUSED = "refused", "Cannot be read"

    # The list's name; what it brings in carries it as its origin.
    name = models.CharField(max_length=120)
    # {"name": "Skill title", "statement": "Description", …}: our field, their column.
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.MAPPING)
    # The last row that was walked, so that another worker continues behind it.
    reached = models.PositiveIntegerField(default=0, db_default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ImportQuerySet.as_manager()

    class Meta:
        constraints = [both_or_neither("applied_at", "applied_by"), both_or_neither("undone_at", "undone_by")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("import_show", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Somebody can still say what to bring in."""
        return self.state in {self.State.PLANNED, self.State.STOPPED}


class ImportPiece(Piece):
    """The bytes as they came, in pieces, where every worker can read them without holding them all."""

    owner = models.ForeignKey(Import, models.CASCADE, related_name="pieces")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "number"], name="importpiece_is_once_per_number")]


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def judged(self, verdict: str) -> Self:
        return self.filter(verdict=verdict)

    def chosen(self) -> Self:
        return self.exclude(choice=ImportRow.Choice.LEAVE)

    def to_bring(self) -> Self:
        """Chosen, and not brought in yet."""
        return self.chosen().filter(result="")

    def saying(self, words: str) -> Self:
        """With these words in the name, the statement or the reason."""
        if not words:
            return self
        return self.filter(Q(name__icontains=words) | Q(statement__icontains=words) | Q(reason__icontains=words))

    def behind(self, number: int) -> Self:
        return self.filter(number__gt=number)

    def left_over(self) -> Self:
        """Chosen, and not done after all: the skill had moved on."""
        return self.filter(result=ImportRow.Result.LEFT)

    def about(self, skill: Skill) -> Self:
        """What every list did to one skill, newest first."""
        return self.filter(skill=skill).exclude(result="").select_related("owner").order_by("-id")

    def counts(self) -> dict[str, int]:
        """{verdict: rows}, with a zero for each that does not occur."""
        found = dict(self.order_by().values_list("verdict").annotate(rows=Count("*")))
        return {verdict: found.get(verdict, 0) for verdict in ImportRow.Verdict.values}

    def results(self) -> dict[str, int]:
        """{result: rows} of what was carried out."""
        return dict(self.exclude(result="").order_by().values_list("result").annotate(rows=Count("*")))


class ImportRow(models.Model):
    """One row of the list and its verdict. Nothing that came in is dropped: a rejected row says why."""

    class Verdict(models.TextChoices):
        CREATE = "create", "Create"
        UPDATE = "update", "Update"
        UNCHANGED = "unchanged", "Unchanged"
        LOOK_ALIKE = "look_alike", "Looks like another"
        REJECTED = "rejected", "Rejected"

    class Choice(models.TextChoices):
        LEAVE = "leave", "Leave out"
        APPLY = "apply", "Bring in"
        EXISTING = "existing", "Use the existing one"

    class Result(models.TextChoices):
        CREATED = "created", "Created"
        UPDATED = "updated", "Updated"
        JOINED = "joined", "Stands for the existing one"
        LEFT = "left", "Left as it was"
        UNDONE = "undone", "Undone"
        KEPT = "kept", "Kept at undo"

    id = models.BigAutoField(primary_key=True)
    owner = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    # The row's number in the file as a spreadsheet shows it; the header is 1.
    number = models.PositiveIntegerField()
    origin_key = models.CharField(max_length=400, blank=True, default="", db_default="")
    # md5 of everything the row says; what the skill keeps as `origin_print`.
    row_print = models.CharField(max_length=32, blank=True, default="", db_default="")
    name = models.TextField(blank=True, default="", db_default="")
    # Null: the list says nothing about it, so what stands here stays.
    statement = models.TextField(null=True)
    description = models.TextField(null=True)
    also_called = ArrayField(models.TextField(), null=True)
    details = models.JSONField(null=True)
    # A rejected row as it came, cell by cell.
    cells = models.JSONField(null=True)
    verdict = models.CharField(max_length=10, choices=Verdict)
    reason = models.CharField(max_length=400, blank=True, default="", db_default="")
    skill = models.ForeignKey(Skill, models.SET_NULL, null=True, related_name="+")
    # The skill's version that the plan compared with; a newer one is not overwritten.
    skill_version = models.PositiveIntegerField(null=True)
    # The earlier row of the same list that says the same.
    twin = models.PositiveIntegerField(null=True)
    # What an update replaces: {field: [before, after]}.
    difference = models.JSONField(null=True)
    choice = models.CharField(max_length=10, choices=Choice, default=Choice.LEAVE, db_default=Choice.LEAVE.value)
    result = models.CharField(max_length=10, choices=Result, blank=True, default="", db_default="")

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "number"], name="importrow_is_once_per_number"),
            models.CheckConstraint(
                condition=~Q(verdict="rejected") | ~Q(reason=""), name="importrow_rejected_says_why"
            ),
            models.CheckConstraint(
                condition=Q(choice="leave") | ~Q(verdict__in=["rejected", "unchanged"]),
                name="importrow_that_brings_nothing_is_left_out",
            ),
            models.CheckConstraint(
                condition=~Q(choice="existing") | Q(verdict="look_alike", skill__isnull=False),
                name="importrow_uses_the_existing_one_it_looks_like",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="update") | Q(difference__isnull=False), name="importrow_update_says_what_changes"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "verdict", "number"], name="importrow_by_verdict"),
            # The next list of the same name asks what was decided about look-alikes.
            models.Index(fields=["origin_key"], condition=Q(result="joined"), name="importrow_joined"),
        ]

    def __str__(self) -> str:
        return f"row {self.number}"

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """What an update replaces, in words: (what, before, after)."""
        return [
            (field.replace("_", " ").capitalize(), in_words(before), in_words(after))
            for field, (before, after) in (self.difference or {}).items()
        ]


def in_words(value: Any) -> str:
    """A fact of a list as one reads it."""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {in_words(each)}" for name, each in value.items())
    return ", ".join(map(in_words, value)) if isinstance(value, list) else str(value)
