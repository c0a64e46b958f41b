"""A file of people that somebody brought by hand, on its way to a run."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from base.models import BroughtFile, JobQuerySet, Noun, Piece, both_or_neither
from workforce.models.run import Run
from workforce.models.source import Source


class UploadQuerySet(JobQuerySet["Upload"]):
    pass


class Upload(BroughtFile, Noun):
    """Columns are chosen, a dry run says what it would do, then the same file goes through a real run."""

    class State(models.TextChoices):
        MAPPING = "mapping", "Waits for its columns"
        CHECKING = "checking", "Being read"
        CHECKED = "checked", "Checked"
        APPLYING = "applying", "Being sent"
        APPLIED = "applied", "Sent"
        REFUSED = "refused", "Cannot be read"

    source = models.ForeignKey(Source, models.PROTECT, related_name="uploads")
    mode = models.CharField(max_length=10, choices=Run.Mode)
    # {our field: their column}. The newest of a source is what the next one begins with.
    mapping = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.MAPPING)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    dry_run = models.OneToOneField(Run, models.PROTECT, null=True, related_name="checked_upload")
    run = models.OneToOneField(Run, models.PROTECT, null=True, related_name="upload")

    objects = UploadQuerySet.as_manager()

    class Meta:
        constraints = [
            both_or_neither("applied_at", "applied_by"),
            models.CheckConstraint(
                condition=models.Q(run__isnull=True) | models.Q(dry_run__isnull=False),
                name="upload_is_checked_before_it_is_applied",
            ),
        ]
        indexes = [models.Index(fields=["source", "-created_at"], name="upload_of_a_source")]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("upload_show", args=[self.pk])


class UploadPiece(Piece):
    """The bytes as they came, where every worker can read them; gone when the file was sent, or after three days."""

    owner = models.ForeignKey(Upload, models.CASCADE, related_name="pieces")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "number"], name="uploadpiece_is_once_per_number")]
