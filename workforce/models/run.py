"""One delivery from an HR system: its pages, what was wrong in them, and what waits for a person's decision."""

from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from base.models import Job, JobQuerySet, Noun, both_or_neither, says_something
from workforce.models.source import Source


class RunQuerySet(JobQuerySet["Run"]):
    def overdue(self) -> Self:
        """Never closed, or held, for longer than anybody is waited for."""
        waiting = Q(state__in=[Run.State.OPEN, Run.State.HELD])
        return self.filter(waiting, expires_at__lte=timezone.now())

    def of(self, source: Source) -> Self:
        return self.filter(source=source)

    def closed_before(self, run: "Run") -> Self:
        """See also: in_turn."""
        return self.filter(Q(closed_at__lt=run.closed_at) | Q(closed_at=run.closed_at, pk__lt=run.pk))

    def held(self) -> Self:
        """Somebody must decide."""
        return self.filter(state=Run.State.HELD)

    def newest_first(self) -> Self:
        return self.order_by("-opened_at", "pk")

    def narrowed(self, *, source: UUID | None = None, state: str = "") -> Self:
        """By what a page asks for."""
        wanted = {"source": source, "state": state}
        return self.filter(**{name: value for name, value in wanted.items() if value})

    def with_names(self) -> Self:
        return self.select_related("source", "opened_by", "closed_by", "decided_by")

    def ended(self) -> Self:
        return self.exclude(state__in=[Run.State.OPEN, Run.State.APPLYING, Run.State.HELD])

    def read(self) -> Self:
        """Nobody needs their pages any more: they have ended, or what they wait with stands elsewhere."""
        return self.exclude(state__in=[Run.State.OPEN, Run.State.APPLYING])

    def in_turn(self) -> Self:
        """As they were closed: that is the order in which they are applied."""
        return self.order_by("closed_at", "pk")


# What a run counted, as people say it: of what was done, and of what a dry run would do.
COUNTED = {
    "left": ("left", "would leave"),
    "restored": ("came back", "would come back"),
    "updated": ("changed", "would change"),
    "created": ("joined", "would join"),
    "managers_found": ("found their manager", "would find their manager"),
    "held": ("wait", "would wait"),
    "rejected": ("turned away", "turned away"),
    "unchanged": ("unchanged", "unchanged"),
}


class Run(Job, Noun):
    """Open → pages → close → applying → applied, or held, rejected, failed, expired.

    A dry run ends as applied too, and has changed nothing; what it would have done are its `RunChange`s.
    """

    class Mode(models.TextChoices):
        DELTA = "delta", "Delta"
        SNAPSHOT = "snapshot", "Snapshot"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        APPLYING = "applying", "Being applied"
        APPLIED = "applied", "Applied"
        HELD = "held", "Held"
        REJECTED = "rejected", "Rejected"
        FAILED = "failed", "Failed"
        EXPIRED = "expired", "Expired"

    source = models.ForeignKey(Source, models.PROTECT, related_name="runs")
    mode = models.CharField(max_length=10, choices=Mode)
    is_dry = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(db_default=models.functions.Now())
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    applied_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=400, blank=True, default="")
    # Not sent by anybody: somebody has those back whom that run let leave.
    takes_back = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="returns")
    # An open run is closed by then, a held one decided.
    expires_at = models.DateTimeField(null=True, blank=True)
    # How many people: {"created": …, "updated": …, "unchanged": …, …}
    counts = models.JSONField(default=dict, blank=True)
    # What every guard found: [{"code", "found", "limit", "of", "holds"}]
    guards = models.JSONField(default=list, blank=True)
    # Fields that came and were not taken: {name: rows}
    dropped = models.JSONField(default=dict, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = [
            both_or_neither("closed_at", "closed_by"),
            both_or_neither("decided_at", "decided_by"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "expired"]) | Q(closed_at__isnull=False),
                name="run_is_closed_before_it_is_applied",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["open", "held"]) | Q(expires_at__isnull=False), name="run_that_waits_has_an_end"
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | Q(decided_at__isnull=False), name="run_is_rejected_by_somebody"
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(failure=""), name="run_that_failed_says_why"),
            models.UniqueConstraint(
                fields=["takes_back"], condition=Q(state="applying"), name="run_is_taken_back_by_one_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["source", "closed_at"], name="run_of_a_source")]

    def __str__(self) -> str:
        return f"{'return to' if self.is_return else self.mode + ' from'} {self.source}"

    @property
    def is_return(self) -> bool:
        return self.takes_back_id is not None

    @property
    def kind(self) -> str:
        """What to call it on a page."""
        return "Return" if self.is_return else self.get_mode_display()

    def get_absolute_url(self) -> str:
        return reverse("run_show", args=[self.pk])

    @property
    def is_snapshot(self) -> bool:
        return self.mode == self.Mode.SNAPSHOT

    @property
    def tally(self) -> list[tuple[int, str]]:
        """How many people, and what became of them; nothing about what did not happen."""
        told = COUNTED
        if self.state in {self.State.REJECTED, self.State.EXPIRED}:
            told = COUNTED | {"held": ("were not done", "would not be done")}
        return [(count, words[self.is_dry]) for name, words in told.items() if (count := self.counts.get(name))]

    @property
    def tripped(self) -> list[dict[str, Any]]:
        """The guards that hold it."""
        return [guard for guard in self.guards if guard["is_tripped"]]

    @property
    def is_over(self) -> bool:
        return self.state not in {self.State.OPEN, self.State.APPLYING, self.State.HELD}

    @property
    def is_approved(self) -> bool:
        """Somebody said that what it held is right; that is done, or about to be."""
        return self.decided_at is not None and self.state in {self.State.APPLYING, self.State.APPLIED}

    @property
    def state_of_changes(self) -> str:
        """Which changes somebody wants to see first."""
        if self.is_dry:
            return RunChange.State.PLANNED
        states = {Run.State.HELD: RunChange.State.HELD, Run.State.REJECTED: RunChange.State.DROPPED}
        return states.get(Run.State(self.state), RunChange.State.APPLIED)


class RunNoticeQuerySet(models.QuerySet["RunNotice"]):
    def unsent(self) -> Self:
        return self.filter(sent_at=None)


class RunNotice(models.Model):
    """One mail about a run to one person; the row is the claim, so that it leaves once."""

    class About(models.TextChoices):
        HELD = "held", "Waits for a decision"
        FAILED = "failed", "Has failed"

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="notices")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    about = models.CharField(max_length=10, choices=About)
    # Set before it is sent: a lost mail is forgivable, a repeated one is not.
    sent_at = models.DateTimeField(null=True)

    objects = RunNoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "account", "about"], name="runnotice_is_written_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.about}"


class RunPage(models.Model):
    """Some people of a run, checked and written as COPY reads them; gone when the run is done."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="pages")
    rows = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    # {field: rows}: what was not taken, and the key fields that were blank.
    dropped = models.JSONField(default=dict)
    blanks = models.JSONField(default=dict)
    content = models.TextField()
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        indexes = [models.Index(fields=["run", "id"], name="runpage_of_a_run")]

    def __str__(self) -> str:
        return f"page {self.pk}"


class RunProblemQuerySet(models.QuerySet["RunProblem"]):
    def rejected(self) -> Self:
        return self.filter(is_rejected=True)

    def coded(self, code: str) -> Self:
        return self.filter(code=code) if code else self

    def codes(self) -> dict[str, int]:
        """{code: problems}, most first."""
        found = self.order_by().values_list("code").annotate(found=Count("*"))
        return dict(sorted(found, key=lambda each: (-each[1], each[0])))

    def behind(self, pk: int) -> Self:
        return self.filter(pk__gt=pk)


class RunProblem(models.Model):
    """What was wrong with one row, in a sentence. A rejected row changed nothing; another one lost a field only."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="problems")
    page = models.BigIntegerField(null=True)
    # Counted from 1 within its page; the header of a CSV is not counted.
    row = models.PositiveIntegerField(null=True)
    source_id = models.CharField(max_length=200, blank=True, default="")
    field = models.CharField(max_length=40, blank=True, default="")
    code = models.CharField(max_length=40)
    detail = models.TextField()
    is_rejected = models.BooleanField()

    objects = RunProblemQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["run", "id"], name="runproblem_of_a_run")]
        constraints = [says_something("code"), says_something("detail")]

    def __str__(self) -> str:
        return self.detail


# What a change is about, the worst first. One that is about several things counts as the worst of them.
CHANGED = Q(verb="change")
KINDS = {
    "leave": Q(verb="leave"),
    "manager": CHANGED & Q(facts__has_key="manager_source_id"),
    "title": CHANGED & Q(facts__has_key="job_title") & ~Q(facts__has_key="manager_source_id"),
    "change": CHANGED & ~Q(facts__has_any_keys=["manager_source_id", "job_title"]),
    "restore": Q(verb="restore"),
    "add": Q(verb="add"),
}


class RunChangeQuerySet(models.QuerySet["RunChange"]):
    def held(self) -> Self:
        return self.filter(state=RunChange.State.HELD)

    def in_state(self, state: str, verb: str = "") -> Self:
        return self.filter(state=state, **({"verb": verb} if verb else {}))

    def of_kind(self, kind: str) -> Self:
        """See also: kinds."""
        return self.filter(KINDS[kind])

    def kinds(self) -> dict[tuple[str, str], int]:
        """{(state, kind): people}, the worst kind first; one statement."""
        sums = {kind: Count("pk", filter=which) for kind, which in KINDS.items()}
        found: dict[str, Any] = {row["state"]: row for row in self.order_by().values("state").annotate(**sums)}
        return {(state, kind): found[state][kind] for kind in KINDS for state in found if found[state][kind]}

    def saying(self, words: str) -> Self:
        """With these words in the name, or with this id."""
        return self.filter(Q(name__icontains=words) | Q(source_id=words)) if words else self

    def behind(self, pk: int) -> Self:
        return self.filter(pk__gt=pk)


class RunChange(models.Model):
    """A change that a dry run would make, or that a held run waits with. What was done stands in the trail."""

    class State(models.TextChoices):
        PLANNED = "planned", "Would be done"
        HELD = "held", "Waits"
        APPLIED = "applied", "Done"
        DROPPED = "dropped", "Not done"

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="changes")
    # Without a foreign key: in a dry run the person may not be there.
    person = models.UUIDField(null=True)
    # Of the person; an approved change never overwrites what came later.
    seen_version = models.PositiveIntegerField(null=True)
    source_id = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    verb = models.CharField(max_length=10)
    # {field: [before, after]}
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State)

    objects = RunChangeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["run", "id"], name="runchange_of_a_run"),
            models.Index(fields=["person"], condition=Q(state="held"), name="runchange_held"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(verb__in=["add", "change", "leave", "restore"]), name="runchange_has_a_known_verb"
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.name}"
