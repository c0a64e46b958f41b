"""A reusable, observable ability, worded as a statement, and the contexts that give it meaning."""

from collections.abc import Collection, Iterable
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse

from base.models import Noun, both_or_neither, is_between, says_something
from workflows.models import LineOfSight, Outcome, Step
from workforce.models import Account, Person

# Nobody *requires* level 0, and readiness divides by the level required.
LEVEL: dict[str, Any] = {"min_value": 1, "max_value": 4}


def in_sight() -> Exists:
    """Of a context: its outcome is downstream of its step. `LineOfSight` holds active work only: one look is enough."""
    return Exists(LineOfSight.objects.filter(step=OuterRef("step"), outcome=OuterRef("outcome")))


class SkillQuerySet(models.QuerySet["Skill"]):
    def published(self) -> Self:
        return self.filter(state=Skill.State.PUBLISHED)

    def drafts(self) -> Self:
        return self.filter(state=Skill.State.DRAFT)

    def in_use(self) -> Self:
        """Not retired."""
        return self.exclude(state=Skill.State.RETIRED)

    def visible_to(self, account: Account) -> Self:
        """Drafts are for those who design; a published skill is for everybody."""
        return self if account.can_see_drafts else self.published()

    def in_sight(self) -> Self:
        """With a live context. See also: context_free."""
        return self.filter(Exists(Context.objects.live().filter(skill=OuterRef("pk"))))

    def context_free(self) -> Self:
        return self.filter(~Exists(Context.objects.live().filter(skill=OuterRef("pk"))))

    def matching(self, query: str) -> Self:
        """Whose words a text search query finds, such as “cust:* & info:*”."""
        return self.filter(search=SearchQuery(query, search_type="raw", config="simple"))

    def flagged(self, code: str) -> Self:
        """With an open flag of that code."""
        return self.filter(flags__code=code, flags__cleared_at=None)

    def needed_in(self, workflow: UUID) -> Self:
        """Placed at a step of that workflow, live or not."""
        return self.filter(Exists(Context.objects.filter(skill=OuterRef("pk"), step__workflow=workflow)))

    def needed_at(self, step: UUID) -> Self:
        """Placed at that step, live or not."""
        return self.filter(Exists(Context.objects.filter(skill=OuterRef("pk"), step=step)))

    def performed_by(self, job_roles: Collection[UUID]) -> Self:
        """Placed at a step that one of these job roles performs, live or not."""
        at_a_step = Context.objects.filter(skill=OuterRef("pk"), step__performed_by__in=job_roles)
        return self.filter(Exists(at_a_step))

    def owned_by(self, account: Account) -> Self:
        return self.filter(owner=account)

    def left_behind(self) -> Self:
        """In use, and its owner has left."""
        return self.in_use().filter(owner__person__left_at__isnull=False)

    def left_by(self, leaver: Person) -> Self:
        return self.filter(owner__person=leaver)

    def worded_here(self) -> Self:
        """By a person, not by a list that was imported."""
        return self.filter(origin="")


class Skill(Noun):
    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"

    name = models.CharField(max_length=300)
    statement = models.TextField()
    # What one would see someone do: "completing and submitting the customer information". The composer's own part.
    behaviour = models.CharField(max_length=400, blank=True, default="", db_default="")
    description = models.TextField(blank=True, default="", db_default="")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, db_default=State.DRAFT.value)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=models.functions.Now())
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    # Where it came from: the list, and its key there (a canonical URL, an ESCO URI, or the name).
    origin = models.CharField(max_length=120, blank=True, default="", db_default="")
    origin_key = models.CharField(max_length=400, null=True, blank=True)
    # md5 of what the list last said about it. The same again changes nothing, whatever was reworded here since.
    origin_print = models.CharField(max_length=32, blank=True, default="", db_default="")
    # Former and other labels.
    also_called = ArrayField(models.CharField(max_length=300), default=list, blank=True, db_default=[])
    # Columns of the list that have no place of their own, kept as they came: {"Keywords": ["…"], …}.
    details = models.JSONField(default=dict, blank=True, db_default={})

    # The statement without case, punctuation, endings, filler and word order; equal fingerprints look alike.
    fingerprint = models.GeneratedField(
        expression=Func(F("statement"), function="statement_fingerprint"),
        output_field=models.CharField(max_length=32),
        db_persist=True,
    )
    search = models.GeneratedField(
        # A name it had before finds it too.
        expression=Func(F("name"), F("statement"), F("also_called"), function="skill_words"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = SkillQuerySet.as_manager()

    class Meta:
        constraints = [
            says_something("name"),
            says_something("statement"),
            both_or_neither("published_at", "published_by"),
            both_or_neither("retired_at", "retired_by"),
            models.CheckConstraint(
                condition=Q(state="retired", retired_at__isnull=False) | (~Q(state="retired") & Q(retired_at=None)),
                name="skill_is_retired_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="skill_is_published_at_a_moment"
            ),
            models.UniqueConstraint(
                fields=["origin", "origin_key"],
                name="skill_comes_once_from_its_origin",
                condition=Q(origin_key__isnull=False),
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="skill_search"),
            GinIndex(OpClass(F("statement"), name="gin_trgm_ops"), name="skill_statement_trigrams"),
            models.Index(fields=["fingerprint"], name="skill_fingerprint"),
            models.Index(fields=["state", "id"], name="skill_by_state"),
            models.Index(Lower("name"), "id", name="skill_by_name"),
            # Whatever the database's collation, `LIKE 'cus%'` finds its way.
            models.Index(OpClass(Lower("name"), name="text_pattern_ops"), name="skill_by_first_letters"),
            models.Index(fields=["-created_at", "id"], name="skill_by_age"),
            models.Index(fields=["origin", "id"], name="skill_by_origin"),
        ]

    def __str__(self) -> str:
        return self.statement

    def get_absolute_url(self) -> str:
        return reverse("skill_show", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def is_retired(self) -> bool:
        return self.state == self.State.RETIRED


class ContextQuerySet(models.QuerySet["Context"]):
    def of(self, skills: Iterable[Skill]) -> Self:
        return self.filter(skill__in=skills)

    def live(self) -> Self:
        """Step, outcome and workflow are active and the outcome is still downstream of the step."""
        return self.filter(in_sight())

    def broken(self) -> Self:
        """Not live any more. See also: live."""
        return self.filter(~in_sight())

    def with_places(self) -> Self:
        """With all that says where it is."""
        return self.select_related(
            "step__workflow", "step__performed_by", "outcome__produced_by", "placed_by"
        ).annotate(is_live=in_sight())

    def on_active_work(self) -> Self:
        """Step, outcome and workflow are in use; whether the path still leads there is another question."""
        return self.filter(step__retired_at=None, outcome__retired_at=None, step__workflow__retired_at=None)


class Context(Noun):
    """Written only while its outcome is downstream of its step (`context_outcome_is_downstream_of_its_step`)."""

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="contexts")
    step = models.ForeignKey(Step, models.PROTECT, related_name="contexts")
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="contexts")
    required_level = models.PositiveSmallIntegerField(default=3, db_default=3)
    # Who or what it serves, from the verb on: "Support the sales rep".
    contribution = models.CharField(max_length=300, blank=True, default="", db_default="")
    # Given what, to what degree (Mager; ABCD).
    condition = models.CharField(max_length=300, blank=True, default="", db_default="")
    degree = models.CharField(max_length=300, blank=True, default="", db_default="")
    placed_at = models.DateTimeField(db_default=models.functions.Now())
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ContextQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["skill", "step", "outcome"],
                name="context_is_once_per_skill_step_and_outcome",
                violation_error_message="This skill is placed at that step for that outcome already.",
            ),
            is_between("required_level", 1, 4),
        ]

    def __str__(self) -> str:
        return f"{self.skill} at {self.step}"
