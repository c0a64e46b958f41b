"""A chain of steps that delivers something to a customer, inside or outside."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse

from base.models import Retirable, RetirableQuerySet, both_or_neither, says_something
from workforce.models import Account, Person


class WorkflowQuerySet(RetirableQuerySet["Workflow"]):
    def matching(self, words: str) -> Self:
        """Each word is somewhere in its name, area, purpose, owner or the name of a step."""
        found = self
        for word in words.split():
            own = Q(name__icontains=word) | Q(area__icontains=word) | Q(purpose__icontains=word)
            at_a_step = Q(pk__in=self.model.objects.filter(steps__name__icontains=word, steps__retired_at=None))
            found = found.filter(own | Q(owner__full_name__icontains=word) | at_a_step)
        return found

    def owned_by(self, account: Account) -> Self:
        return self.filter(owner=account)

    def left_behind(self) -> Self:
        """In use, and its owner has left."""
        return self.active().filter(owner__person__left_at__isnull=False)

    def left_by(self, leaver: Person) -> Self:
        return self.filter(owner__person=leaver)

    def by_area(self) -> list[tuple[str, int]]:
        """[(area, how many)], in the alphabet's order; the empty area first."""
        return list(self.order_by("area").values_list("area").annotate(count=Count("pk", distinct=True)))

    def in_area(self, area: str) -> Self:
        return self.filter(area=area)

    def with_size(self) -> Self:
        """Adds `step_count`, and `role_count`: how many job roles perform it."""
        active = Q(steps__retired_at=None)
        return self.annotate(
            step_count=Count("steps", filter=active, distinct=True),
            role_count=Count("steps__performed_by", filter=active, distinct=True),
        )


class Workflow(Retirable):
    name = models.CharField(max_length=120)
    # Where it belongs, such as "Sales and service".
    area = models.CharField(max_length=120, blank=True, default="")
    purpose = models.TextField(blank=True, default="")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Counts the edits inside the workflow: what people mean by "revision 14".
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")

    objects = WorkflowQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [says_something("name"), both_or_neither("retired_at", "retired_by")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("workflow_show", args=[self.pk])
