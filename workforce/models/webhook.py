"""Whom we call when a run ends, what we tell them, and how every call went."""

import base64
import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Max, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from base.models import Job, JobQuerySet, Noun, Retirable, RetirableQuerySet, both_or_neither, says_something
from workforce.models.run import Run

# How long receivers may go on checking with the secret before.
BOTH_SECRETS = dt.timedelta(hours=24)


class Told(models.TextChoices):
    """What happens that somebody may want to hear of."""

    APPLIED = "run.applied", "A run was applied"
    HELD = "run.held", "A run is held and waits for a decision"
    FAILED = "run.failed", "A run failed"
    REJECTED = "run.rejected", "A held run was rejected"
    EXPIRED = "run.expired", "A run expired"
    BRAKED = "leavers.braked", "A program was stopped that let too many people leave"


# Only when somebody asks for it.
TEST = "webhook.test"


def all_told() -> list[str]:
    return list(Told.values)


class WebhookQuerySet(RetirableQuerySet["Webhook"]):
    def that_hear(self, kind: str) -> Self:
        """Also those that are off: what they miss can be sent again."""
        return self.active().filter(kinds__contains=[kind])

    def with_counts(self) -> Self:
        """Adds `waiting_count`, `failed_count`, and `told_at`: when it last heard of anything."""
        state = Delivery.State
        return self.annotate(
            waiting_count=Count("deliveries", filter=Q(deliveries__state=state.WAITING)),
            failed_count=Count("deliveries", filter=Q(deliveries__state=state.FAILED)),
            told_at=Max("deliveries__event__created_at", filter=Q(deliveries__state=state.DELIVERED)),
        ).order_by("created_at")


class Webhook(Retirable):
    """An address that is called, its secret, and whether it is on.

    The secret is derived from SECRET_KEY and the generation, so the database holds none that could be read out of it.
    """

    class Off(models.TextChoices):
        BY_HAND = "by_hand", "switched off by hand"
        GONE = "gone", "it answered 410 Gone"
        FAILING = "failing", "every call failed for days"

    url = models.CharField(max_length=2000)
    kinds = ArrayField(models.CharField(max_length=20, choices=Told), default=all_told)
    generation = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    rotated_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)
    # Hears when it is switched off.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    off_since = models.DateTimeField(null=True, blank=True, editable=False)
    off_why = models.CharField(max_length=10, choices=Off, blank=True, default="", editable=False)
    # The first failure after the last success.
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            both_or_neither("retired_at", "retired_by"),
            says_something("url"),
            models.CheckConstraint(
                condition=Q(kinds__contained_by=Told.values) & Q(kinds__len__gt=0),
                name="webhook_hears_of_something_known",
                violation_error_message="Choose at least one event.",
            ),
            models.CheckConstraint(
                condition=Q(off_since=None, off_why="") | Q(off_since__isnull=False) & ~Q(off_why=""),
                name="webhook_that_is_off_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.url[:400]

    def get_absolute_url(self) -> str:
        return reverse("webhook_show", args=[self.pk])

    @property
    def is_on(self) -> bool:
        return self.off_since is None

    @property
    def secret(self) -> str:
        return self.secret_of(self.generation)

    def secret_of(self, generation: int) -> str:
        value = salted_hmac("workforce.webhook", f"{self.pk} {generation}", algorithm="sha256").digest()
        return "whsec_" + base64.b64encode(value).decode()

    def secrets(self) -> list[str]:
        """The current one first; the one before it for a day after a change."""
        is_fresh = self.rotated_at is not None and timezone.now() < self.rotated_at + BOTH_SECRETS
        return [self.secret, *([self.secret_of(self.generation - 1)] if is_fresh else [])]


class WebhookEvent(Noun):
    """Something that happened, as it is told to everybody: written in the transaction that made it so."""

    kind = models.CharField(max_length=20)
    run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="events")
    created_at = models.DateTimeField(db_default=models.functions.Now())
    body = models.JSONField(default=dict)

    class Meta:
        constraints = [says_something("kind")]
        indexes = [models.Index(fields=["created_at"], name="webhookevent_by_age")]

    def __str__(self) -> str:
        return self.kind


class DeliveryQuerySet(JobQuerySet["Delivery"]):
    def due(self) -> Self:
        """Its time has come, and nobody is at it."""
        return self.free().filter(next_at__lte=Now())

    def to(self, webhook: Webhook) -> Self:
        return self.filter(webhook=webhook)

    def in_state(self, state: str) -> Self:
        return self.filter(state=state)

    def undelivered(self) -> Self:
        return self.filter(state=Delivery.State.FAILED)

    def waiting(self) -> Self:
        return self.filter(state=Delivery.State.WAITING)

    def made_since(self, moment: dt.datetime) -> Self:
        return self.filter(event__created_at__gte=moment)

    def newest_first(self) -> Self:
        return self.select_related("event__run__source").prefetch_related("tries").order_by("-event__created_at", "pk")


class Delivery(Job, Noun):
    """One event on its way to one webhook. `wanted_at` is set while it waits; `tries` say how it went."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waits"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Given up"

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(WebhookEvent, models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    # Tries since it was asked for; asking again begins anew.
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    next_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event"], name="delivery_is_once_per_webhook_and_event"),
            models.CheckConstraint(
                condition=Q(state="waiting", next_at__isnull=False, wanted_at__isnull=False)
                | ~Q(state="waiting") & Q(next_at=None, wanted_at=None),
                name="delivery_that_waits_has_its_time",
            ),
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(state="waiting"), name="delivery_waiting")]

    def __str__(self) -> str:
        return f"{self.event.kind} to {self.webhook}"

    @property
    def last_try(self) -> "DeliveryTry | None":
        """Of prefetched tries."""
        tries = list(self.tries.all())
        return tries[-1] if tries else None


class DeliveryTry(models.Model):
    """One call: when, how long, and what came back. Append-only."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="tries")
    at = models.DateTimeField(db_default=models.functions.Now())
    milliseconds = models.PositiveIntegerField()
    # None where nobody answered; then `failure` says why.
    status = models.PositiveSmallIntegerField(null=True)
    failure = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__isnull=False) | ~Q(failure=""), name="deliverytry_ends_in_a_status_or_a_reason"
            )
        ]

    def __str__(self) -> str:
        return str(self.status or self.failure)

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


Body = dict[str, Any]
