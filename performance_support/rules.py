"""What can be wrong with a resource. What turned it stale stays true until somebody verifies it.

The causes are found by `queries.freshness.turn_stale`; the first five rules read what it noted.
"""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone

from base.rules import Reconciled, Rules, Severity
from performance_support.models import ProgrammeFlag, ResourceFlag, Use
from performance_support.models.programme import WATCHED_BEFORE, ProgrammeQuerySet
from performance_support.models.resource import ResourceQuerySet
from performance_support.queries import environment

RESOURCE_RULES = Rules("resource", ResourceFlag)
# What the weekly mail about freshness asks of whoever keeps it, with a link to say that it is still correct.
STALE_BECAUSE = ("step_changed", "link_broken", "voted_down", "owner_left", "review_due")
# As long as a view counts (design section 7).
UNUSED_FOR = dt.timedelta(days=90)


@RESOURCE_RULES.rule(
    "step_changed",
    Severity.WARNS,
    title="Step changed",
    sentence="A step it serves was revised after somebody last looked whether it is correct.",
    remedy="Read what changed at the step, then mend the resource or say that it is still correct.",
)
def step_changed(resources: ResourceQuerySet) -> ResourceQuerySet:
    return resources.stale_because("step_changed")


@RESOURCE_RULES.rule(
    "link_broken",
    Severity.WARNS,
    title="Link broken",
    sentence="An address it leads to failed three times over two days.",
    remedy="Give the new address, or take the link out.",
)
def link_broken(resources: ResourceQuerySet) -> ResourceQuerySet:
    return resources.stale_because("link_broken")


@RESOURCE_RULES.rule(
    "voted_down",
    Severity.WARNS,
    title="Did not work",
    sentence="At least two people said that its current version did not work.",
    remedy="Read what they wrote, mend it, and verify the new version.",
)
def voted_down(resources: ResourceQuerySet) -> ResourceQuerySet:
    return resources.stale_because("voted_down")


@RESOURCE_RULES.rule(
    "owner_left",
    Severity.WARNS,
    title="Owner left",
    sentence="Whoever answered for it has left.",
    remedy="Verify it and keep it, or give it to somebody who knows the work.",
)
def owner_left(resources: ResourceQuerySet) -> ResourceQuerySet:
    return resources.stale_because("owner_left")


@RESOURCE_RULES.rule(
    "review_due",
    Severity.WARNS,
    title="Review due",
    sentence="The day of its review has come.",
    remedy="Look whether it is still correct, and say so.",
)
def review_due(resources: ResourceQuerySet) -> ResourceQuerySet:
    return resources.stale_because("review_due")


@RESOURCE_RULES.rule(
    "unplaced",
    Severity.WARNS,
    title="Serves nothing",
    sentence="It is placed at no step, skill or outcome, so nobody meets it while working.",
    remedy="Place it where it helps, or archive it.",
)
def unplaced(resources: ResourceQuerySet) -> ResourceQuerySet:
    return resources.kept().unplaced()


@RESOURCE_RULES.rule(
    "unused",
    Severity.HINTS,
    title="Not used",
    sentence="Nobody opened it for 90 days.",
    remedy="Ask at the step whether it is known, place it better, or archive it.",
)
def unused(resources: ResourceQuerySet) -> ResourceQuerySet:
    since = timezone.localdate() - UNUSED_FOR
    seen = Use.objects.filter(resource=OuterRef("pk"), day__gt=since)
    return resources.in_use().filter(~Exists(seen), created_at__date__lte=since)


# --- programmes -------------------------------------------------------------------------------

PROGRAMME_RULES = Rules("programme", ProgrammeFlag)
AGAIN = {30: "a month", 60: "two months", 90: "three months"}
MEND = "Open the programme: beside each fact that does not hold stands what to do about it."


@PROGRAMME_RULES.rule(
    "environment_before",
    Severity.WARNS,
    title="Environment missing",
    sentence="It begins soon or runs, and something is missing that carries it over to the work.",
    remedy=MEND,
)
def environment_before(programmes: ProgrammeQuerySet) -> ProgrammeQuerySet:
    return programmes.begins_within(WATCHED_BEFORE).filter(pk__in=environment.without_something())


def declare_afterwards(days: int, words: str) -> None:
    """An event is over in days; what keeps people able is asked for again, each time as an episode of its own."""

    @PROGRAMME_RULES.rule(
        f"environment_after_{days}",
        Severity.WARNS,
        title=f"Environment missing after {days} days",
        sentence=f"It ended {words} ago, and something is missing that carries it over to the work.",
        remedy=MEND,
    )
    def failing(programmes: ProgrammeQuerySet) -> ProgrammeQuerySet:
        return programmes.ended_ago(days, most=days + 30).filter(pk__in=environment.without_something())


for days, words in AGAIN.items():
    declare_afterwards(days, words)


def recheck_programmes(programmes: Collection[UUID]) -> dict[str, Reconciled | None]:
    """The same as `recheck`, for programmes."""
    return PROGRAMME_RULES.check_all(among=programmes)


def recheck(resources: Collection[UUID]) -> dict[str, Reconciled | None]:
    """Bring the flags of these resources up to date, inside the edit that touched them."""
    return RESOURCE_RULES.check_all(among=resources)
