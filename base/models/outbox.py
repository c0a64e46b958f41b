"""Side effects that must happen exactly when their transaction commits."""

from django.db import models
from django.db.models import Q


class OutboxMessage(models.Model):
    """A mail to send or a task to queue, written beside the facts that ask for it. See base/outbox.py."""

    id = models.BigAutoField(primary_key=True)
    topic = models.CharField(max_length=80)
    payload = models.JSONField()
    created_at = models.DateTimeField(db_default=models.functions.Now())
    # Claimed before it is sent: a lost mail is forgivable, a repeated one is not.
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    failure = models.TextField(blank=True, default="", db_default="")

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(sent_at=None), name="outboxmessage_waiting")]

    def __str__(self) -> str:
        return f"{self.topic} {self.pk}"
