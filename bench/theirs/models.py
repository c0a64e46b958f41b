"""The Django user that django-scim2 is made for, and what it leaves to us: the enterprise extension, and keys."""

from hashlib import sha256
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import Group as AuthGroup
from django.db import models
from django_scim.models import AbstractSCIMUserMixin


class User(AbstractSCIMUserMixin, AbstractUser):  # type: ignore[misc]
    scim_groups: Any = models.ManyToManyField(AuthGroup, related_name="+")
    title = models.CharField(max_length=200, blank=True, default="")
    employee_number = models.CharField(max_length=200, blank=True, default="")
    department = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        app_label = "theirs"


class Key(models.Model):
    digest = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(User, models.CASCADE)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "theirs"

    def __str__(self) -> str:
        return self.digest[:8]


def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
