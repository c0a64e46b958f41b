"""Whom one can ask at a step: champions, communities, and what colleagues have learnt there."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from base.models import Noun, Retirable, RetirableQuerySet, both_or_neither, says_something
from performance_support.models.resource import Resource
from skills.models import Skill
from workflows.models import Step
from workforce.models import Account


class ChampionQuerySet(models.QuerySet["Champion"]):
    def accepted(self) -> Self:
        """Who said yes and still works here."""
        return self.filter(state=Champion.State.ACCEPTED, account__is_active=True)

    def waiting(self) -> Self:
        return self.filter(state=Champion.State.ASKED)

    def of(self, account: Account) -> Self:
        return self.filter(account=account)

    def with_names(self) -> Self:
        return self.select_related("account", "step__workflow", "skill", "asked_by")


class Champion(Noun):
    """Somebody whom colleagues may ask about a step or a skill. Others ask; only they themselves answer."""

    class State(models.TextChoices):
        ASKED = "asked", "Asked"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    step = models.ForeignKey(Step, models.CASCADE, null=True, blank=True, related_name="champions")
    skill = models.ForeignKey(Skill, models.CASCADE, null=True, blank=True, related_name="champions")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED, db_default=State.ASKED.value)
    # In their own words: "Mondays and Thursdays, 14:00 to 16:00".
    available_when = models.CharField(max_length=200, blank=True, default="", db_default="")
    asked_at = models.DateTimeField(db_default=models.functions.Now())
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = ChampionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(step__isnull=False, skill=None) | Q(step=None, skill__isnull=False),
                name="champion_is_for_one_step_or_skill",
                violation_error_message="Choose one step or one skill.",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at=None) | (~Q(state="asked") & Q(answered_at__isnull=False)),
                name="champion_answers_at_a_moment",
            ),
            *(
                models.UniqueConstraint(
                    fields=["account", place],
                    condition=Q(**{f"{place}__isnull": False}),
                    name=f"champion_is_asked_once_per_{place}",
                    violation_error_message="They have been asked already.",
                )
                for place in ("step", "skill")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}, {self.place}"

    @property
    def place(self) -> Step | Skill:
        return self.step or self.skill  # type: ignore[return-value] # one of them is there


class CommunityQuerySet(RetirableQuerySet["Community"]):
    def with_places(self) -> Self:
        return self.select_related("owner").prefetch_related("steps__workflow", "skills").order_by("name")


class Community(Retirable):
    """People who do the same work and meet: where, when, and how to get in."""

    name = models.CharField(max_length=120)
    # In words: "Thursdays 14:00, room 3".
    meets = models.CharField(max_length=200, blank=True, default="", db_default="")
    url = models.URLField(max_length=2000, blank=True, default="", db_default="")
    steps = models.ManyToManyField(Step, blank=True, related_name="communities")
    skills = models.ManyToManyField(Skill, blank=True, related_name="communities")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = CommunityQuerySet.as_manager()

    class Meta:
        constraints = [
            says_something("name"),
            both_or_neither("retired_at", "retired_by"),
            models.CheckConstraint(
                condition=~Q(url="") | ~Q(meets=""),
                name="community_can_be_found",
                violation_error_message="Say where they meet, or give a link.",
            ),
            models.UniqueConstraint(
                models.functions.Lower("name"),
                condition=Q(retired_at=None),
                name="community_has_its_own_name",
                violation_error_message="There is a community of this name already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TipQuerySet(RetirableQuerySet["Tip"]):
    def at(self, step: Step) -> Self:
        """Not yet a resource."""
        return self.active().filter(step=step, resource=None)

    def matching(self, query: str) -> Self:
        """Not yet a resource, at work that is done; whose words a text search query finds."""
        said = self.annotate(said=SearchVector("text", config="simple"))
        here = said.active().filter(resource=None, step__retired_at=None, step__workflow__retired_at=None)
        return here.filter(said=SearchQuery(query, search_type="raw", config="simple"))

    def ranked_for(self, account: Account) -> Self:
        """Adds `voices`, how many it helped, and `is_mine`, whether this person said so."""
        own = TipVote.objects.filter(tip=OuterRef("pk"), voted_by=account)
        return self.annotate(voices=Count("votes"), is_mine=Exists(own)).order_by("-voices", "written_at")

    def with_people(self) -> Self:
        return self.select_related("written_by", "step__workflow__owner")


class Tip(Retirable):
    """What a colleague has learnt at the step, in a sentence or two."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="tips")
    text = models.CharField(max_length=600)
    written_at = models.DateTimeField(db_default=models.functions.Now())
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    # What whoever answers for the workflow made of it.
    resource = models.ForeignKey(Resource, models.SET_NULL, null=True, blank=True, editable=False, related_name="tips")

    objects = TipQuerySet.as_manager()

    class Meta:
        constraints = [says_something("text"), both_or_neither("retired_at", "retired_by")]
        indexes = [GinIndex(SearchVector("text", config="simple"), name="tip_search")]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 80 else f"{self.text[:79]}…"

    def get_absolute_url(self) -> str:
        return reverse("step_support", args=[self.step_id])


class TipVote(models.Model):
    """*It helped me*, once per person."""

    id = models.BigAutoField(primary_key=True)
    tip = models.ForeignKey(Tip, models.CASCADE, related_name="votes")
    voted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tip", "voted_by"], name="tipvote_is_once_per_person")]

    def __str__(self) -> str:
        return f"{self.voted_by_id} for {self.tip_id}"
