"""How a program proves who it is."""

import hashlib

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from base.models import Noun, both_or_neither


def digest_of(secret: str) -> str:
    """A plain hash is enough: the secret is 256 random bits, so there is nothing to guess slowly."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Scope(models.TextChoices):
    READ = "read", "Read"
    DESIGN = "design", "Design: workflows and skills"
    HRIS = "hris", "HR sync: people and runs"


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self) -> "ApiKeyQuerySet":
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), revoked_at=None)


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

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            both_or_neither("revoked_at", "revoked_by"),
            models.CheckConstraint(condition=Q(scopes__contained_by=Scope.values), name="apikey_scopes_are_known"),
        ]

    def __str__(self) -> str:
        return self.name
