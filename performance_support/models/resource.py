"""Anything that helps at the moment of need, who answers for it, and how fresh it is."""

import datetime as dt
from collections.abc import Collection
from typing import Self
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from base.models import Noun, both_or_neither, says_something
from performance_support.filetypes import BY_TYPE as KINDS
from performance_support.models.link import Link
from workforce.models import Account, JobRole

DUE_SOON = dt.timedelta(days=14)
# What turns a verified resource stale, in the order people should read it.
STALE_BECAUSE = {
    "step_changed": "a step it serves was revised",
    "link_broken": "its link is broken",
    "voted_down": "people say that it did not work",
    "owner_left": "its owner left",
    "review_due": "its review is due",
}


class ResourceQuerySet(models.QuerySet["Resource"]):
    def in_use(self) -> Self:
        """Neither a draft nor archived: what people may find. Stale support stays usable, with a badge."""
        return self.filter(state__in=[Resource.State.VERIFIED, Resource.State.STALE])

    def drafts(self) -> Self:
        return self.filter(state=Resource.State.DRAFT)

    def verified(self) -> Self:
        """See also: Resource.freshness."""
        return self.filter(state=Resource.State.VERIFIED)

    def stale(self) -> Self:
        return self.filter(state=Resource.State.STALE)

    def stale_because(self, code: str) -> Self:
        return self.stale().filter(stale_because__contains=[code])

    def due_soon(self, today: dt.date | None = None) -> Self:
        return self.verified().filter(due_on__lte=(today or timezone.localdate()) + DUE_SOON)

    def archived(self) -> Self:
        return self.filter(state=Resource.State.ARCHIVED)

    def kept(self) -> Self:
        """Not archived: what somebody answers for."""
        return self.exclude(state=Resource.State.ARCHIVED)

    def visible_to(self, account: Account) -> Self:
        """Drafts are for those who design and for whoever wrote them; the rest is for everybody."""
        if account.can_see_drafts:
            return self
        return self.filter(~Q(state=Resource.State.DRAFT) | Q(owner=account))

    def owned_by(self, account: Account) -> Self:
        return self.filter(owner=account)

    def for_step(self, step: UUID) -> Self:
        """Placed at that very step. What serves it through a skill or an outcome: `queries.serving`."""
        return self.filter(placements__step=step)

    def in_language(self, tag: str) -> Self:
        """ "pt" finds "pt-BR" as well."""
        return self.filter(Q(language__iexact=tag) | Q(language__istartswith=f"{tag}-"))

    def unplaced(self) -> Self:
        return self.filter(placements=None)

    def leading_to(self, links: Collection[int]) -> Self:
        """In which one of these links stands."""
        return self.filter(links__in=links).distinct()

    def matching(self, query: str) -> Self:
        """Whose words a text search query finds, such as “cust:* & info:*”."""
        return self.filter(search=SearchQuery(query, search_type="raw", config="simple"))

    def with_people(self) -> Self:
        return self.select_related("owner", "verifier", "verified_by")


class Resource(Noun):
    class Kind(models.TextChoices):
        QUICK_STEPS = "quick_steps", "Quick steps"
        GUIDANCE = "guidance", "Detailed guidance"
        CHECKLIST = "checklist", "Checklist"
        JOB_AID = "job_aid", "Job aid"
        VIDEO = "video", "Video"
        COURSE = "course", "Course"
        REFERENCE = "reference", "Reference"
        TEMPLATE = "template", "Template"
        LINK = "link", "Link"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        VERIFIED = "verified", "Verified"
        STALE = "stale", "Stale"
        ARCHIVED = "archived", "Archived"

    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=400, blank=True, default="", db_default="")
    # Markdown.
    text = models.TextField(blank=True, default="", db_default="")
    # What is done, in order, for quick steps and checklists: [{"text": …, "detail": …}]
    steps = models.JSONField(default=list, blank=True, db_default=[])
    url = models.URLField(max_length=2000, blank=True, default="", db_default="")
    # Its name in the storage is of chance (`storing`).
    file = models.FileField(blank=True, default="", db_default="", max_length=400)
    # What it was called when it came, and what it is by its own first bytes.
    file_name = models.CharField(max_length=200, blank=True, default="", db_default="")
    file_type = models.CharField(max_length=100, blank=True, default="", db_default="")
    file_size = models.PositiveBigIntegerField(default=0, db_default=0)
    # What a picture shows, for whoever cannot see it.
    file_alt = models.CharField(max_length=300, blank=True, default="", db_default="")
    # As in BCP 47: "en", "pt-BR".
    language = models.CharField(max_length=12, default="en", db_default="en")
    # Whom it is for; nobody named: for everybody who does the step.
    audience = models.ManyToManyField(JobRole, blank=True, related_name="+")
    # Counts the edits of what it says. Votes and verifications name the one they are about.
    content_version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    # Every address in it, `url` among them.
    links = models.ManyToManyField(Link, blank=True, related_name="resources", editable=False)

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Who looks whether it is still correct; the owner where nobody is named.
    verifier = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=models.functions.Now())
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")

    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, db_default=State.DRAFT.value)
    verified_at = models.DateTimeField(null=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    # The next review, from the highest criticality of the steps it serves (`queries.freshness.set_due`).
    due_on = models.DateField(null=True, editable=False)
    stale_since = models.DateTimeField(null=True, editable=False)
    # Why; more reasons may join, and only verifying takes them away.
    stale_because = ArrayField(models.CharField(max_length=20), default=list, db_default=[], editable=False)
    # The workflow's owner was told that nobody verified it for 14 days.
    escalated_at = models.DateTimeField(null=True, editable=False)
    # Stale and unseen: it goes to the archive on this day unless somebody verifies or opens it.
    archive_on = models.DateField(null=True, editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    # Everything that it says, the lines of its steps among it.
    search = models.GeneratedField(
        expression=models.expressions.CombinedExpression(
            SearchVector("title", "summary", "text", "file_name", "file_alt", config="simple"),
            "||",
            models.Func(
                F("steps"),
                function="jsonb_to_tsvector",
                template="%(function)s('simple', %(expressions)s, '[\"string\"]')",
                output_field=SearchVectorField(),
            ),
            output_field=SearchVectorField(),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ResourceQuerySet.as_manager()

    class Meta:
        constraints = [
            says_something("title"),
            both_or_neither("verified_at", "verified_by"),
            both_or_neither("archived_at", "archived_by"),
            models.CheckConstraint(
                condition=Q(state="archived", archived_at__isnull=False) | (~Q(state="archived") & Q(archived_at=None)),
                name="resource_is_archived_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", due_on=None)
                | Q(state="archived")
                | Q(state__in=["verified", "stale"], due_on__isnull=False, verified_at__isnull=False),
                name="resource_in_use_was_verified_and_has_a_review_ahead",
            ),
            models.CheckConstraint(
                condition=Q(state="stale", stale_since__isnull=False, stale_because__len__gt=0)
                | Q(state="archived")
                | Q(state__in=["draft", "verified"], stale_since=None, stale_because=[]),
                name="resource_is_stale_since_a_moment_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(stale_because__contained_by=list(STALE_BECAUSE)), name="resource_is_stale_for_known_reasons"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(text="") | ~Q(url="") | ~Q(file="") | ~Q(steps=[]),
                name="resource_in_use_holds_something",
                violation_error_message="Write something, add steps, an address or a file first.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="link") | Q(state="draft") | ~Q(url=""),
                name="resource_that_is_a_link_leads_somewhere",
                violation_error_message="Give the address that it leads to.",
            ),
            models.CheckConstraint(
                condition=Q(file="", file_name="", file_type="", file_size=0)
                | (~Q(file="") & ~Q(file_name="") & ~Q(file_type="") & Q(file_size__gt=0)),
                name="resource_file_has_a_name_a_type_and_a_size",
            ),
            models.CheckConstraint(
                condition=~Q(file_type__startswith="image/") | ~Q(file_alt=""),
                name="resource_picture_says_what_it_shows",
                violation_error_message="Say what the picture shows, for whoever cannot see it.",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="resource_search"),
            models.Index(fields=["owner", "state"], name="resource_by_owner"),
            models.Index(fields=["due_on"], condition=Q(state="verified"), name="resource_by_review"),
            models.Index(fields=["stale_since"], condition=Q(state="stale"), name="resource_by_staleness"),
            models.Index(fields=["archive_on"], condition=Q(archive_on__isnull=False), name="resource_by_archiving"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("resource_show", args=[self.pk])

    @property
    def freshness(self) -> str:
        """The state as people see it: *due soon* is a verified one whose review is at most 14 days away."""
        if self.state == self.State.VERIFIED and self.due_on and self.due_on <= timezone.localdate() + DUE_SOON:
            return "due_soon"
        return self.state

    @property
    def file_shown(self) -> str:
        """How the page shows its file: picture, video or audio; "" where it is fetched."""
        return KINDS[self.file_type].shown if self.file_type in KINDS else ""

    @property
    def file_called(self) -> str:
        """What its file is, as people call it."""
        return KINDS[self.file_type].name if self.file_type in KINDS else self.file_type

    def has_erased(self, file: str) -> bool:
        return self.erased_files.filter(file=file).exists()

    @property
    def is_usable(self) -> bool:
        """Stale support stays usable, with a badge."""
        return self.state in {self.State.VERIFIED, self.State.STALE}

    @property
    def asked(self) -> Account:
        """Who is asked whether it is still correct."""
        return self.verifier or self.owner

    def reasons(self) -> list[str]:
        """Why it is stale, in words."""
        return [words for code, words in STALE_BECAUSE.items() if code in self.stale_because]


class ResourceVersion(models.Model):
    """What a resource said at one of its versions. Append-only; the newest is what the resource says now."""

    id = models.BigAutoField(primary_key=True)
    resource = models.ForeignKey(Resource, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    # The fields that say something: {"title", "summary", "text", "steps", "url", "file", "file_name", …}
    content = models.JSONField()
    written_at = models.DateTimeField(db_default=models.functions.Now())
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = [F("number").desc()]
        constraints = [
            models.UniqueConstraint(fields=["resource", "number"], name="resourceversion_is_once_per_number")
        ]

    def __str__(self) -> str:
        return f"version {self.number}"

    @property
    def file(self) -> str:
        """The name in the storage of the file that it had; "" where it had none."""
        return str(self.content.get("file") or "")


class ErasedFile(models.Model):
    """A file that is gone for good from every version that had it, for a reason that stays."""

    id = models.BigAutoField(primary_key=True)
    resource = models.ForeignKey(Resource, models.CASCADE, related_name="erased_files")
    file = models.CharField(max_length=400, unique=True)
    reason = models.CharField(max_length=400)
    erased_at = models.DateTimeField(db_default=models.functions.Now())
    erased_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [says_something("reason")]

    def __str__(self) -> str:
        return f"a file of {self.resource_id}"
