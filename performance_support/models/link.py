"""An address outside that resources lead to. Each is kept, and checked, once, however often it is used."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from base.models import says_something

BROKEN_AFTER = 3
BROKEN_OVER = dt.timedelta(hours=48)


class LinkQuerySet(models.QuerySet["Link"]):
    def broken(self) -> Self:
        return self.filter(state=Link.State.BROKEN)

    def on_host(self, address: str) -> Self:
        """At `https://example.com`, whatever page of it."""
        return self.filter(Q(url=address) | Q(url__startswith=f"{address}/") | Q(url__startswith=f"{address}?"))

    def due_before(self, moment: dt.datetime) -> Self:
        return self.filter(Q(next_check_at=None) | Q(next_check_at__lt=moment))

    def due(self) -> Self:
        """To be looked at now, the longest waiting first."""
        return self.filter(Q(next_check_at=None) | Q(next_check_at__lte=timezone.now())).order_by(
            models.F("next_check_at").asc(nulls_first=True)
        )


class Link(models.Model):
    """*Broken* only after three failures over 48 hours; until then *failing*. 401 and 403 warn, 429 is nothing."""

    class State(models.TextChoices):
        UNCHECKED = "unchecked", "Not checked yet"
        WORKS = "works", "Works"
        WARNS = "warns", "Asks for a sign-in"
        FAILING = "failing", "Failing"
        BROKEN = "broken", "Broken"
        REFUSED = "refused", "May not be checked"

    id = models.BigAutoField(primary_key=True)
    url = models.CharField(max_length=2000, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.UNCHECKED, db_default=State.UNCHECKED.value)
    # HTTP, as it answered last; None where there was no answer.
    status = models.PositiveSmallIntegerField(null=True)
    # Where its redirects end, when that is elsewhere.
    leads_to = models.CharField(max_length=2000, blank=True, default="", db_default="")
    # Why it failed, in a sentence.
    trouble = models.CharField(max_length=400, blank=True, default="", db_default="")
    checked_at = models.DateTimeField(null=True)
    next_check_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0, db_default=0)
    failing_since = models.DateTimeField(null=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            says_something("url"),
            models.CheckConstraint(
                condition=Q(failures=0, failing_since=None) | Q(failures__gt=0, failing_since__isnull=False),
                name="link_fails_since_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="broken") | Q(failures__gte=BROKEN_AFTER), name="link_breaks_after_three_failures"
            ),
        ]
        indexes = [
            models.Index(models.F("next_check_at").asc(nulls_first=True), name="link_by_next_check"),
            models.Index(fields=["id"], condition=Q(state="broken"), name="link_broken"),
        ]

    def __str__(self) -> str:
        return self.url
