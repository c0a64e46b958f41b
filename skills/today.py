"""What waits for somebody today, what others did, and how far the own workflows are. Read by the home page."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from base import trail
from base.models import Change
from base.rules import Rule
from skills import queue
from skills.models import Context, Import, Skill
from workflows import words
from workflows.models import Outcome, Step, Workflow
from workforce.models import Account, JobRole, Person

# As many as fit on one screen; each kind leads on to a page that shows them all.
MOST = 4
# People, keys and what HR systems sent are in the same trail, and not for everybody who designs.
OF_THE_WORK = [
    *("workflow", "step", "outcome", "handoff", "skill", "context", "difference", "import", "jobrole"),
]
# How far back the trail is read for one page.
DEEPEST = 400


@dataclass(frozen=True)
class Wait:
    """One thing to do: what it is about, since when, and which of the page's sentences says so."""

    kind: str
    subject: Any
    since: dt.datetime
    count: int = 0
    warns: bool = False


@dataclass(frozen=True)
class Asked:
    """A flag that somebody gave to this person."""

    flag: Any
    rule: Rule


@dataclass(frozen=True)
class Deed:
    """What somebody did, told once however often they did it in a row."""

    by_name: str
    words: str
    at: dt.datetime


@dataclass(frozen=True)
class Begun:
    """How far an installation is on the way to its first published skill."""

    has_skills: bool
    has_steps: bool
    is_placed: bool
    workflow: Workflow | None
    placed: Skill | None


@dataclass(frozen=True)
class Own:
    """A workflow that somebody answers for: its steps, its skills and how many of those are published."""

    workflow: Workflow
    steps: int
    skills: int
    published: int
    end: Outcome | None

    @property
    def figures(self) -> str:
        return words.figures(self.end) if self.end else ""

    @property
    def reach(self) -> int:
        """The published share of a line 300 long."""
        return round(300 * self.published / self.skills) if self.skills else 0


def waits(account: Account) -> list[Wait]:
    """What a designer has to do, what blocks first."""
    flagged = [
        Wait("flags", group.rule, group.oldest or timezone.now(), group.awake, group.rule.blocks)
        for group in queue.queue(queue.Narrowing(whose=str(account.pk))).groups
        if group.awake and group.rule.severity != "hints"
    ]
    blocking, others = [w for w in flagged if w.warns], [w for w in flagged if not w.warns]
    return [*revised_steps(account), *blocking, *imports(account), *drafts(account), *others]


def begun(account: Account) -> Begun | None:
    """What the first published skill still needs; None from then on, when the day's work leads."""
    has_skills, has_steps, is_placed, has_published = (
        Account.objects.filter(pk=account.pk)
        .values_list(
            Exists(Skill.objects.in_use()),
            Exists(Step.objects.live()),
            Exists(Context.objects.live()),
            Exists(Skill.objects.published()),
        )
        .get()
    )
    if has_published:
        return None
    workflow = Workflow.objects.active().order_by("-created_at").first()
    placed = Skill.objects.drafts().filter(contexts__in=Context.objects.live()).order_by("-created_at").first()
    return Begun(has_skills, has_steps, is_placed, workflow, placed)


def revised_steps(account: Account) -> list[Wait]:
    """Steps that changed after people had rated them; the most critical first."""
    steps = Step.objects.live().owned_by(account).revised_since_rating().select_related("workflow")
    found: Any = steps.annotate(skill_count=Count("contexts__skill", distinct=True)).order_by("-criticality")[:MOST]
    return [Wait("revised", step, step.revised_at, step.skill_count, warns=True) for step in found]


def imports(account: Account) -> list[Wait]:
    """Lists that this person brought and that are under way or wait for an answer."""
    states = ["mapping", "reading", "planned", "applying", "stopped", "undoing"]
    found = Import.objects.filter(created_by=account, state__in=states).order_by("-created_at")[:MOST]
    return [Wait("import", each, each.created_at) for each in found]


def drafts(account: Account) -> list[Wait]:
    """What this person began to word, newest first; a list's labels are in the queue instead."""
    live = Context.objects.live().filter(skill=OuterRef("pk"))
    own = Skill.objects.drafts().owned_by(account).worded_here().annotate(is_placed=Exists(live))
    return [Wait("draft", skill, skill.created_at) for skill in own.order_by("-created_at")[:MOST]]


def asked_of(account: Account) -> list[Asked]:
    """Flags that others gave to this person, oldest first."""
    given = [
        queue.with_thing(source.rules.found.awake().filter(assigned_to=account), about)
        for about, source in queue.SOURCES.items()
    ]
    flags = [flag for of_one_noun in given for flag in of_one_noun.order_by("opened_at")[:MOST]]
    first = sorted(flags, key=lambda flag: flag.opened_at)[:MOST]
    return [Asked(flag, rule) for flag in first if (rule := queue.rule_called(flag.code))]


def lately(account: Account) -> list[Deed]:
    """What others did since yesterday, newest first; one line for the same deed done in a row."""
    yesterday = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) - dt.timedelta(days=1)
    newest = Change.objects.filter(noun__in=[*OF_THE_WORK, *queue.nouns()]).order_by("-id")[:DEEPEST]
    theirs = [change for change in newest if change.at >= yesterday and change.by != account.pk]
    return list(deeds(theirs))[: 2 * MOST]


def deeds(changes: list[Change]) -> Iterator[Deed]:
    for (_, verb, noun), run in groupby(changes, key=lambda change: (change.by, change.verb, change.noun)):
        same = list(run)
        said = trail.in_words(same[0]) if len(same) == 1 else trail.in_sum(verb, noun, len(same))
        yield Deed(same[0].by_name, said, same[0].at)


def own_workflows(account: Account) -> list[Own]:
    """The workflows that this person answers for."""
    workflows: list[Any] = list(Workflow.objects.active().owned_by(account).with_size())
    pks = [workflow.pk for workflow in workflows]
    sizes = {row["step__workflow"]: row for row in sizes_of(pks)}
    ends = {end.produced_by.workflow_id: end for end in ends_of(pks)}
    return [
        Own(
            workflow,
            workflow.step_count,
            sizes.get(workflow.pk, {}).get("skills", 0),
            sizes.get(workflow.pk, {}).get("published", 0),
            ends.get(workflow.pk),
        )
        for workflow in workflows
    ]


def sizes_of(workflows: list[UUID]) -> Any:
    """[{step__workflow, skills, published}] of those that have skills in sight."""
    placed = Context.objects.live().filter(step__workflow__in=workflows).exclude(skill__state=Skill.State.RETIRED)
    published = Q(skill__state=Skill.State.PUBLISHED)
    sizes = placed.values("step__workflow").annotate(
        skills=Count("skill", distinct=True), published=Count("skill", filter=published, distinct=True)
    )
    return sizes.order_by()


def ends_of(workflows: list[UUID]) -> QuerySet[Outcome]:
    """Final outcomes; where a workflow has several, the measured one of the last step comes last."""
    final = Outcome.objects.live().final().filter(produced_by__workflow__in=workflows).select_related("produced_by")
    return final.order_by("-measure", "produced_by__position")


def own_steps(job_role: JobRole) -> QuerySet[Step]:
    """The steps that a job role performs, workflow by workflow, with what they produce and the published skills."""
    outcomes = Prefetch("outcomes", Outcome.objects.active().order_by("statement"), to_attr="produces")
    needed = Count("contexts__skill", filter=Q(contexts__skill__state=Skill.State.PUBLISHED), distinct=True)
    steps = Step.objects.live().performed_by(job_role).select_related("workflow").annotate(skill_count=needed)
    return steps.prefetch_related(outcomes).order_by("workflow__name", "position")


def team_of(manager: Person) -> QuerySet[Person]:
    """Who reports to this person, with the job role that follows from the title."""
    return Person.objects.active().reporting_to(manager).select_related("job_title__job_role")
