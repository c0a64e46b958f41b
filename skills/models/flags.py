"""What the rules found wrong with skills."""

from django.db import models

from base.models import Flag, FlagQuerySet
from skills.models.skill import Skill


class SkillFlagQuerySet(FlagQuerySet["SkillFlag"]):
    pass


class SkillFlag(Flag):
    about = models.ForeignKey(Skill, models.CASCADE, related_name="flags")

    objects = SkillFlagQuerySet.as_manager()
