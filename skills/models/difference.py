"""Two statements that look alike and are not the same."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from base.models import says_something
from skills.models.skill import Skill


class Difference(models.Model):
    """Two statements look alike and a person says they are not the same, and why. Stored once, smaller id first."""

    one = models.ForeignKey(Skill, models.CASCADE, related_name="+")
    other = models.ForeignKey(Skill, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=400)
    said_at = models.DateTimeField(db_default=models.functions.Now())
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="difference_is_said_once_per_pair"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="difference_has_the_smaller_id_first"),
            says_something("reason"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} is not {self.other_id}: {self.reason}"
