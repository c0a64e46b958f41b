"""A list of skills on its way in: the file, the plan for every row, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from base.models import Job, JobQuerySet, Noun
from skills.models.skill import Skill


class ImportQuerySet(JobQuerySet["Import"]):
    pass


class Import(Job, Noun):
    """One list. It is read, planned, and applied whole or in part; every row of the file has a row here."""

    class State(models.TextChoices):
        MAPPING = "mapping", "Waits for its columns"
        READING = "reading", "Being read"
        PLANNED = "planned", "Planned"
        APPLYING = "applying", "Being applied"
        APPLIED = "applied", "Applied"
        STOPPED = "stopped", "Stopped"
        FAILED = "failed", "Failed"

    name = models.CharField(max_length=200)
    file_name = models.CharField(max_length=200)
    # What the file turned out to be: dialect, encoding, delimiter, sheet, header.
    shape = models.JSONField(default=dict)
    # {"name": "Skill title", "statement": "Description", …}: our field, their column.
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.MAPPING)
    created_at = models.DateTimeField(db_default=models.functions.Now())
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("import_show", args=[self.pk])


class ImportFile(models.Model):
    """The bytes as they came, where every worker can read them."""

    owner = models.OneToOneField(Import, models.CASCADE, primary_key=True, related_name="file")
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.owner_id)


class ImportRow(models.Model):
    """One row of the list and its verdict. Nothing that came in is dropped: a rejected row says why."""

    class Verdict(models.TextChoices):
        CREATE = "create", "Create"
        UPDATE = "update", "Update"
        UNCHANGED = "unchanged", "Unchanged"
        LOOK_ALIKE = "look_alike", "Looks like another"
        REJECTED = "rejected", "Rejected"

    id = models.BigAutoField(primary_key=True)
    owner = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    # The row's number in the file as a spreadsheet shows it; the header is 1.
    number = models.PositiveIntegerField()
    origin_key = models.CharField(max_length=400, blank=True, default="", db_default="")
    name = models.TextField(blank=True, default="", db_default="")
    statement = models.TextField(blank=True, default="", db_default="")
    values = models.JSONField(default=dict, db_default={})
    verdict = models.CharField(max_length=10, choices=Verdict, null=True)
    reason = models.CharField(max_length=400, blank=True, default="", db_default="")
    skill = models.ForeignKey(Skill, models.SET_NULL, null=True, related_name="+")
    # What an update replaces: {field: [before, after]}.
    difference = models.JSONField(null=True)
    is_chosen = models.BooleanField(default=True, db_default=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "number"], name="importrow_is_once_per_number"),
            models.CheckConstraint(
                condition=~Q(verdict="rejected") | ~Q(reason=""), name="importrow_rejected_says_why"
            ),
        ]
        indexes = [models.Index(fields=["owner", "verdict", "number"], name="importrow_by_verdict")]

    def __str__(self) -> str:
        return f"row {self.number}"
