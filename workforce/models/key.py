"""How a program proves who it is."""

import datetime as dt
import hashlib
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from base.models import Noun, both_or_neither
from workforce.models.source import Source


def digest_of(secret: str) -> str:
    """A plain hash is enough: the secret is 256 random bits, so there is nothing to guess slowly."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Scope(models.TextChoices):
    READ = "read", "Read"
    DESIGN = "design", "Design: workflows and skills"
    HRIS = "hris", "HR sync: people and runs"


# Whoever looks after the program hears of the end while there is time to change the key.
SOON = dt.timedelta(days=14)


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self) -> Self:
        """See also: ApiKey.state."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), revoked_at=None)

    def expired(self) -> Self:
        return self.filter(expires_at__lte=timezone.now(), revoked_at=None)

    def revoked(self) -> Self:
        return self.exclude(revoked_at=None)

    def in_state(self, state: str) -> Self:
        """Usable, expired or revoked; anything else is all of them."""
        states = {"usable": self.usable, "expired": self.expired, "revoked": self.revoked}
        return states.get(state, self.all)()

    def of_scope(self, scope: str) -> Self:
        return self.filter(scopes__contains=[scope])

    def matching(self, words: str) -> Self:
        """Part of the name, or how the key begins."""
        return self.filter(Q(name__icontains=words) | Q(prefix__startswith=words))

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "pk").select_related("created_by", "revoked_by")


class ApiKey(Noun):
    """A key is shown once and stored as a hash; it acts through an account of its own."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="key")
    name = models.CharField(max_length=120)
    # The first characters, so that people can tell their keys apart.
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope))
    created_at = models.DateTimeField(db_default=models.functions.Now())
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    # The one that is called like the key, where it was looked up with it (queries/keys.py).
    source: Source | None = None

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            both_or_neither("revoked_at", "revoked_by"),
            models.CheckConstraint(condition=Q(scopes__contained_by=Scope.values), name="apikey_scopes_are_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        """See also: ApiKeyQuerySet.in_state."""
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at and self.expires_at <= timezone.now() else "usable"

    @property
    def ends_soon(self) -> bool:
        return self.state == "usable" and self.expires_at is not None and self.expires_at <= timezone.now() + SOON

    def scopes_in_words(self) -> list[str]:
        return [Scope(scope).label for scope in self.scopes]
