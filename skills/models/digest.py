"""The weekly mail about flags, as a fact: for whom, for which week, and when it left."""

from django.conf import settings
from django.db import models


class DigestQuerySet(models.QuerySet["Digest"]):
    def unsent(self) -> "DigestQuerySet":
        return self.filter(sent_at=None)


class Digest(models.Model):
    """One person's mail of one week. The row is the claim: whoever finds it there already does nothing."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # The Monday it begins on.
    week = models.DateField()
    # Set before the mail leaves: a lost one is forgivable, a repeated one is not.
    sent_at = models.DateTimeField(null=True)

    objects = DigestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "week"], name="digest_is_one_a_week_for_each_account")
        ]

    def __str__(self) -> str:
        return f"week of {self.week}"
