"""Work that outlives a request: a row with a lease, so that any worker may continue it. See base/jobs.py."""

import datetime as dt
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

LEASE = dt.timedelta(seconds=60)


J = TypeVar("J", bound="Job")


class JobQuerySet(models.QuerySet[J]):
    def wanted(self) -> Self:
        return self.filter(wanted_at__isnull=False)

    def free(self) -> Self:
        """Wanted, and nobody holds the lease. The database's clock, so that two machines cannot disagree."""
        return self.wanted().filter(Q(leased_until=None) | Q(leased_until__lt=Now()))

    def stalled(self) -> Self:
        """Free for longer than a queue should take: lost on the way, or its worker was killed."""
        return self.free().filter(wanted_at__lt=Now() - LEASE)


class Job(models.Model):
    """Mixed into the noun that the job is about, such as an import.

    Celery carries the noun's id and may deliver it any number of times. Whoever `claim`s the lease works; every later
    write names the `fence` it claimed, so that a worker that was thought dead cannot write after its successor.
    """

    wanted_at = models.DateTimeField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    fence = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    done = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    total = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    failure = models.TextField(blank=True, default="", db_default="", editable=False)

    class Meta:
        abstract = True

    @property
    def is_wanted(self) -> bool:
        return self.wanted_at is not None
