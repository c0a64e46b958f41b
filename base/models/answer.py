"""What a program was told once, so that it may ask again."""

from django.db import models


class Answer(models.Model):
    """The first answer to a request that carried an Idempotency-Key, written in the transaction of its effect."""

    id = models.BigAutoField(primary_key=True)
    # The account that asked: two programs may choose the same key.
    by = models.UUIDField()
    place = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    # As it was sent, letter by letter.
    body = models.TextField()
    answered_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "place", "key"], name="answer_is_given_once")]
        indexes = [models.Index(fields=["answered_at"], name="answer_by_age")]

    def __str__(self) -> str:
        return f"{self.place} {self.key}"
