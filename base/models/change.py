"""The trail: who changed what, when, from what to what."""

import uuid
from collections.abc import Collection
from typing import Self

from django.db import models


class ChangeQuerySet(models.QuerySet["Change"]):
    def about(self, thing: models.Model) -> Self:
        """What happened to it and in it, newest first."""
        return self.filter(scope=thing.pk).order_by("-id")

    def made_in(self, scope: models.Model, noun: str, verb: str = "") -> Self:
        """What happened to things of one kind within a larger thing."""
        return self.filter(scope=scope.pk, noun=noun, **({"verb": verb} if verb else {}))

    def of_noun(self, noun: str) -> Self:
        """What happened to things of one kind, newest first."""
        return self.filter(noun=noun).order_by("-id")

    def saying(self, words: str, subjects: Collection[uuid.UUID] = ()) -> Self:
        """With these words in the name, or about one of these."""
        return self.filter(models.Q(name__icontains=words) | models.Q(subject__in=subjects)) if words else self

    def behind(self, pk: int) -> Self:
        return self.filter(pk__gt=pk)


class Change(models.Model):
    """One change to one thing, written in the transaction that made it. Append-only.

    `subject` and `by` are ids without foreign keys: the trail outlives both the thing and the account.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=models.functions.Now())
    by = models.UUIDField()
    by_name = models.CharField(max_length=200)
    verb = models.CharField(max_length=40)
    noun = models.CharField(max_length=40)
    subject = models.UUIDField()
    # What the subject was called at that moment.
    name = models.CharField(max_length=400)
    # The larger thing it happened in, such as the workflow of a step; the subject itself where there is none.
    scope = models.UUIDField(default=uuid.uuid4)
    # {field: [before, after]}
    facts = models.JSONField(default=dict)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-id"], name="change_of_a_subject"),
            models.Index(fields=["scope", "-id"], name="change_in_a_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.by_name} {self.verb} {self.noun} {self.name}"
