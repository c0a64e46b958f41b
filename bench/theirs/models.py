"""The plain Django user that django-scim2 is made for."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import Group as AuthGroup
from django.db import models
from django_scim.models import AbstractSCIMUserMixin


class User(AbstractSCIMUserMixin, AbstractUser):  # type: ignore[misc]
    scim_groups: Any = models.ManyToManyField(AuthGroup, related_name="+")

    class Meta:
        app_label = "theirs"
