"""The learning record store that is told what people open and how they vote; and what is on its way there."""

from typing import Self
from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Now
from django.db.models.lookups import Exact
from django.urls import reverse

from base.models import Job, JobQuerySet, Noun, says_something
from workforce.models import Account


class Told(models.TextChoices):
    """What people do that an LRS may hear of."""

    STEP = "step", "Somebody opens the support of a step"
    RESOURCE = "resource", "Somebody opens a resource"
    VOTE = "vote", "Somebody says whether a resource worked"


# Only when somebody asks for it.
TEST = "test"


def all_told() -> list[str]:
    return list(Told.values)


class LrsQuerySet(JobQuerySet["Lrs"]):
    def switched_on(self) -> Self:
        return self.wanted()

    def due(self) -> Self:
        """Switched on, nobody is at it, and it has not asked us to wait."""
        return self.free().filter(Q(next_at=None) | Q(next_at__lte=Now()))


class Lrs(Job, Noun):
    """Where statements go, at most one in the house. A job that never ends: wanted while it is switched on.

    The secret is sealed (xapi/sealing.py), so that the database holds none that could be read out of it.
    """

    url = models.CharField(max_length=2000)
    key = models.CharField(max_length=200)
    sealed = models.TextField(editable=False)
    kinds = ArrayField(models.CharField(max_length=10, choices=Told), default=all_told)
    # Otherwise people are told of by an id that means nothing outside this house.
    with_names = models.BooleanField(default=False, db_default=False)
    is_only = models.BooleanField(default=True, db_default=True, unique=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    # Since the last statement that was taken: how often it failed, since when, and what was said last.
    attempts = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    next_at = models.DateTimeField(null=True, editable=False)
    taken_at = models.DateTimeField(null=True, editable=False)
    # Administrators have their mail about this trouble.
    told_at = models.DateTimeField(null=True, editable=False)

    objects = LrsQuerySet.as_manager()

    class Meta:
        constraints = [
            says_something("url"),
            says_something("key"),
            says_something("sealed"),
            models.CheckConstraint(condition=Q(is_only=True), name="lrs_is_the_only_one"),
            models.CheckConstraint(
                condition=Q(kinds__contained_by=Told.values) & Q(kinds__len__gt=0),
                name="lrs_hears_of_something_known",
                violation_error_message="Choose at least one thing that it hears of.",
            ),
            models.CheckConstraint(
                condition=Q(attempts=0, failing_since=None, told_at=None)
                | Q(attempts__gt=0, failing_since__isnull=False),
                name="lrs_fails_since_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.url[:400]

    def get_absolute_url(self) -> str:
        return reverse("lrs_show")

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def is_on(self) -> bool:
        return self.is_wanted

    @property
    def counts(self) -> dict[str, int]:
        """How many statements are in each state that has any."""
        by_state = self.statements.order_by().values_list("state").annotate(count=models.Count("pk"))
        return dict(by_state)

    @property
    def kinds_in_words(self) -> list[str]:
        return [kind.label for kind in Told if kind in self.kinds]


class StatementQuerySet(models.QuerySet["Statement"]):
    def waiting(self) -> Self:
        """Oldest first; tests go by themselves."""
        return self.filter(state=Statement.State.WAITING).exclude(kind=TEST).order_by("made_at", "id")

    def tests_waiting(self) -> Self:
        return self.filter(state=Statement.State.WAITING, kind=TEST)

    def unsent(self) -> Self:
        """What can be sent again."""
        return self.filter(state__in=[Statement.State.REFUSED, Statement.State.GIVEN_UP]).exclude(kind=TEST)

    def in_state(self, state: str) -> Self:
        return self.filter(state=state)

    def about(self, account: Account) -> Self:
        """What still says that it is about them; once sent, none does."""
        return self.filter(about=account)

    def newest_first(self) -> Self:
        return self.order_by("-made_at", "id")


class Statement(models.Model):
    """One statement on its way, written in the transaction of what it tells of. Once sent, it no longer says who."""

    class Kind(models.TextChoices):
        STEP = Told.STEP.value, "step opened"
        RESOURCE = Told.RESOURCE.value, "resource opened"
        VOTE = Told.VOTE.value, "vote"
        TEST = TEST, "test"

    class State(models.TextChoices):
        WAITING = "waiting", "Waits"
        SENT = "sent", "Sent"
        REFUSED = "refused", "Refused"
        GIVEN_UP = "given_up", "Given up"

    # Follows from the event, so that an LRS knows what it has already.
    id = models.UUIDField(primary_key=True)
    lrs = models.ForeignKey(Lrs, models.CASCADE, related_name="statements")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    body = models.JSONField(default=dict)
    about = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    # What the LRS said: of HTTP, and why not.
    status = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField(blank=True, default="", db_default="")

    objects = StatementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at=None) | ~Q(state="waiting") & Q(settled_at__isnull=False),
                name="statement_that_waits_is_not_settled",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", body={}, about=None) | ~Q(state="sent") & ~Q(body={}),
                name="statement_that_was_sent_names_nobody",
            ),
            models.CheckConstraint(
                condition=Q(state="sent") | Q(Exact(KeyTextTransform("id", "body"), Cast("id", models.TextField()))),
                name="statement_body_bears_its_id",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "given_up"]) | ~Q(reason=""), name="statement_not_sent_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["made_at", "id"], condition=Q(state="waiting"), name="statement_waiting"),
            models.Index(fields=["state", "-made_at"], name="statement_by_state"),
            models.Index(fields=["settled_at"], name="statement_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.id}"

    @property
    def opened(self) -> str:
        """What was opened or voted on, by name; "" once it was sent."""
        said = self.body.get("object", {}).get("definition", {})
        return next(iter((said.get("description") or said.get("name") or {}).values()), "")
