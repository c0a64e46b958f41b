"""A change of trust moves levels of everybody; this is the work of making them true again."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from base.models import Job, JobQuerySet, Noun


class Reweighing(Job, Noun):
    """All standings made anew, part by part. There is room for one under way; another change begins it again."""

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)

    objects: JobQuerySet["Reweighing"] = JobQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(wanted_at=None, finished_at__isnull=False) | Q(wanted_at__isnull=False, finished_at=None),
                name="reweighing_is_wanted_until_it_is_finished",
            ),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="reweighing_does_no_more_than_there_is"),
            # An expression that is the same for every row: there is room for one.
            models.UniqueConstraint(
                models.Value(1), condition=Q(wanted_at__isnull=False), name="reweighing_is_under_way_once"
            ),
        ]

    def __str__(self) -> str:
        return f"reweighing {self.pk}"
