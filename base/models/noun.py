"""What every thing that people work on has in common."""

import uuid
from typing import Self, TypeVar

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models


class Noun(models.Model):
    """A thing with an id that outlives moves between systems, and a version that counts its writes."""

    # The default serves Python, the database default serves COPY and MERGE.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        abstract = True


R = TypeVar("R", bound="Retirable")


class RetirableQuerySet(models.QuerySet[R]):
    def active(self) -> Self:
        return self.filter(retired_at=None)

    def retired(self) -> Self:
        return self.exclude(retired_at=None)


class Retirable(Noun):
    """Work is retired, not deleted, so that history keeps its meaning."""

    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None
