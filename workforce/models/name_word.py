"""The words that people's names are made of. Derived; only `queries.names` writes it."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F


class NameWord(models.Model):
    """`uses` counts the people whose name it stood in when the vocabulary was last rebuilt."""

    word = models.TextField(primary_key=True)
    uses = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        indexes = [
            GinIndex(OpClass(F("word"), name="gin_trgm_ops"), name="nameword_trigrams"),
            models.Index(OpClass(F("word"), name="text_pattern_ops"), name="nameword_beginnings"),
        ]

    def __str__(self) -> str:
        return self.word
