"""What the rules found wrong with resources."""

from django.db import models

from base.models import Flag, FlagQuerySet
from performance_support.models.resource import Resource


class ResourceFlagQuerySet(FlagQuerySet["ResourceFlag"]):
    pass


class ResourceFlag(Flag):
    about = models.ForeignKey(Resource, models.CASCADE, related_name="flags")

    objects = ResourceFlagQuerySet.as_manager()
