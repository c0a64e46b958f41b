"""The words that support is made of. Derived; only `queries.vocabulary` writes it."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F


class HelpWord(models.Model):
    """`uses` counts the resources it stood in when the vocabulary was last rebuilt."""

    word = models.TextField(primary_key=True)
    uses = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        indexes = [
            GinIndex(OpClass(F("word"), name="gin_trgm_ops"), name="helpword_trigrams"),
            models.Index(OpClass(F("word"), name="text_pattern_ops"), name="helpword_beginnings"),
        ]

    def __str__(self) -> str:
        return self.word
