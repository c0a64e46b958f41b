"""Lists of people that an identity provider keeps. A department is a `Team`, and everybody has at most one."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from base.models import Noun, says_something
from workforce.models.person import Person


class GroupQuerySet(models.QuerySet["Group"]):
    def sent_by(self, source: str) -> Self:
        return self.filter(source=source)

    def update_one(self, group: "Group", values: dict[str, Any]) -> None:
        """Without reading the group first: whoever changes one may hold no more of it than its id."""
        self.filter(pk=group.pk).update(**values)


class Group(Noun):
    """One list of one source. Its members are rows of their own, so that one of 20,000 can change alone."""

    source = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    external_id = models.CharField(max_length=200, null=True, blank=True)
    created_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)
    changed_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(models.F("source"), Lower("name"), name="group_has_its_own_name"),
            models.UniqueConstraint(
                fields=["source", "external_id"],
                name="group_is_once_in_a_source",
                condition=Q(external_id__isnull=False),
            ),
            says_something("name"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """Somebody is in a group."""

    id = models.BigAutoField(primary_key=True)
    group = models.ForeignKey(Group, models.CASCADE, related_name="memberships", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "person"], name="membership_is_once_per_person")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.group_id}"
