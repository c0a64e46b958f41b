"""The queue of flags: how many of each reason, and the rows of one, oldest first, in pages.

Flags of skills, steps and outcomes lie in tables of their own and are worked through in one queue; a room above enters
its own (`enter`) when it starts. It stands above `rules` and not among the queries, because the rules say which reasons
there are and how much each weighs.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from base.errors import RuleBroken
from base.models import Change, Flag, FlagQuerySet
from base.pages import moment
from base.rules import Rule, Rules, Severity
from skills.models import Skill, SkillFlag
from skills.queries.suggestions import Suggestion, likely_places
from skills.rules import SKILL_RULES
from workflows.rules import OUTCOME_RULES, STEP_RULES
from workforce.models import Account

T = TypeVar("T")

PAGE = 50
AGES = (7, 30, 90)
# What one request may act on.
MOST = 200


@dataclass(frozen=True)
class Source:
    """Where the flags about one noun are, and the ways from there to whoever owns it when nobody is assigned.

    `desk` is the page where owners who do not design find what waits for them; it knows `whose` and `because`.
    `told_elsewhere`: codes of which a mail of the room's own tells its owners, so that the weekly mail does not.
    """

    rules: Rules
    owners: tuple[str, ...]
    desk: str = "flag_list"
    told_elsewhere: tuple[str, ...] = ()

    @property
    def flags(self) -> FlagQuerySet[Any]:
        """The open ones, each with `whose` it is."""
        return self.rules.found.open().annotate(whose=Coalesce("assigned_to", *self.owners))

    @property
    def by_mail(self) -> FlagQuerySet[Any]:
        """Those of which the weekly mail tells. Who was given one to mend hears of it here, whatever the code."""
        return self.flags.exclude(code__in=self.told_elsewhere, assigned_to__isnull=True)


SOURCES = {
    "skill": Source(SKILL_RULES, ("about__owner",)),
    "step": Source(STEP_RULES, ("about__workflow__owner",)),
    "outcome": Source(OUTCOME_RULES, ("about__produced_by__workflow__owner",)),
}


def enter(source: Source) -> None:
    """Have the flags of a room above worked through here too. See also: Rules.watched."""
    SOURCES[source.rules.about] = source


def nouns() -> list[str]:
    """What flags are called in the trail."""
    return [str(source.rules.flags._meta.model_name) for source in SOURCES.values()]


@dataclass(frozen=True)
class Narrowing:
    """What part of the queue somebody looks at. `whose` is "", "nobody" or an account's id; `age` is days."""

    whose: str = ""
    origin: str = ""
    age: int = 0
    asleep: bool = False
    by_mail: bool = False

    def of(self, source: Source) -> FlagQuerySet[Any]:
        flags = source.by_mail if self.by_mail else source.flags
        if self.whose == "nobody":
            flags = flags.filter(whose=None)
        elif self.whose:
            flags = flags.filter(whose=self.whose)
        if self.origin:
            flags = flags.filter(about__origin=self.origin) if source.rules.about == "skill" else flags.none()
        if self.age:
            flags = flags.filter(opened_at__lt=timezone.now() - dt.timedelta(days=self.age))
        return flags


@dataclass(frozen=True)
class Group:
    """One reason: its rule, how many wait, how many are set aside, since when, and how many are nobody's."""

    rule: Rule
    awake: int = 0
    asleep: int = 0
    oldest: dt.datetime | None = None
    nobodys: int = 0

    def waiting(self, narrowing: Narrowing) -> int:
        return self.asleep if narrowing.asleep else self.awake


@dataclass(frozen=True)
class Queue:
    """Every reason, what blocks first; how many flags of each weight are awake, and how many are snoozed."""

    groups: list[Group]
    asleep: int
    awake: dict[str, int]


@dataclass(frozen=True)
class Reach:
    """How many skills are in sight of an outcome, of all in use; `share` in thousandths, as the line is drawn."""

    in_sight: int
    share: int


def reach(in_use: int) -> Reach:
    """Each skill without a live context has exactly one open flag of a blocking rule, snoozed or not."""
    blocking = [rule.code for rule in SKILL_RULES if rule.blocks]
    in_sight = in_use - SkillFlag.objects.open().filter(code__in=blocking).count()
    return Reach(in_sight, round(1000 * in_sight / in_use) if in_use else 0)


def queue(narrowing: Narrowing) -> Queue:
    """Every reason with its numbers, what blocks first; one query per noun."""
    counts = {
        (about, row["code"]): {fact: row[fact] for fact in ("awake", "asleep", "oldest", "nobodys")}
        for about, source in SOURCES.items()
        for row in _counted(narrowing.of(source))
    }
    groups = [Group(rule, **counts.get((rule.about, rule.code), {})) for rule in every_rule()]
    groups.sort(key=lambda group: list(Severity).index(group.rule.severity))
    awake = {weight: sum(g.awake for g in groups if g.rule.severity is weight) for weight in Severity}
    return Queue(groups, sum(group.asleep for group in groups), {weight.value: n for weight, n in awake.items()})


def _counted(flags: QuerySet[Any]) -> Iterator[dict[str, Any]]:
    asleep = Q(snoozed_until__gt=timezone.localdate())
    awake = ~asleep | Q(snoozed_until=None)
    yield from (
        flags.values("code")
        .annotate(
            awake=Count("pk", filter=awake),
            asleep=Count("pk", filter=asleep),
            oldest=Min("opened_at", filter=awake),
            nobodys=Count("pk", filter=Q(whose=None)),
        )
        .order_by()
    )


def source_of(flag: Flag) -> Source:
    return next(source for source in SOURCES.values() if isinstance(flag, source.rules.flags))


def rule_of(flag: Flag) -> Rule:
    return source_of(flag).rules[flag.code]


def every_rule() -> Iterator[Rule]:
    for source in SOURCES.values():
        yield from source.rules


def rule_called(code: str) -> Rule | None:
    return next((rule for rule in every_rule() if rule.code == code), None)


@dataclass(frozen=True)
class Row:
    """One flag as the queue shows it; `also` are the titles of the other rules that its skill breaks."""

    flag: Any
    rule: Rule
    owner: Account | None
    also: list[str] = field(default_factory=list)
    twins: list[Skill] = field(default_factory=list)
    suggestion: Suggestion | None = None


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    # Where the next page begins; empty at the end.
    after: str


def rows(rule: Rule, narrowing: Narrowing, *, after: str = "") -> Page:
    """The next flags of one reason, oldest first, from a position that an earlier page gave."""
    waiting = narrowing.of(SOURCES[rule.about]).coded(rule.code)
    flags = with_thing(waiting.asleep() if narrowing.asleep else waiting.awake(), rule.about)
    if position := position_of(after):
        opened_at, pk = position
        flags = flags.filter(Q(opened_at__gt=opened_at) | Q(opened_at=opened_at, pk__gt=pk))
    found = list(flags.order_by("opened_at", "pk")[: PAGE + 1])
    shown = found[:PAGE]
    onward = f"{shown[-1].opened_at.isoformat()}_{shown[-1].pk}" if len(found) > PAGE else ""
    return Page(_rows_about_skills(shown, rule) if rule.about == "skill" else [_row(f, rule) for f in shown], onward)


def position_of(after: str) -> tuple[dt.datetime, UUID] | None:
    """What `Page.after` says; None for anything else, which is the first page."""
    since, _, pk = after.partition("_")
    try:
        return moment(since), UUID(pk)
    except ValueError:
        return None


def with_thing(flags: QuerySet[Any], about: str) -> QuerySet[Any]:
    """With what each flag is about, up to whoever owns it."""
    return flags.select_related("assigned_to", "snoozed_by", *SOURCES[about].owners)


def owner_of(flag: Any, about: str) -> Account | None:
    """Whose it is: the assignee, else the owner of what it is about."""
    ways = ("assigned_to", *SOURCES[about].owners)
    return next((owner for way in ways if (owner := reduce(getattr, way.split("__"), flag))), None)


def _row(flag: Flag, rule: Rule) -> Row:
    return Row(flag, rule, owner_of(flag, rule.about))


def _rows_about_skills(flags: list[Any], rule: Rule) -> list[Row]:
    skills = [flag.about_id for flag in flags]
    also = other_reasons(skills, rule.code)
    twins = twins_of(flags) if rule.code == "looks_alike" else {}
    places = likely_places(skills) if rule.blocks and skills else {}
    return [
        Row(flag, rule, owner_of(flag, "skill"), also.get(pk, []), twins.get(pk, []), places.get(pk))
        for pk, flag in zip(skills, flags, strict=True)
    ]


def other_reasons(skills: Collection[UUID], code: str) -> dict[UUID, list[str]]:
    """{skill: titles of the other rules it breaks}"""
    found: dict[UUID, list[str]] = {}
    flags = SkillFlag.objects.open().filter(about__in=skills).exclude(code=code).order_by("code")
    for pk, other in flags.values_list("about_id", "code"):
        found.setdefault(pk, []).append(SKILL_RULES[other].title)
    return found


def twins_of(flags: list[Any]) -> dict[UUID, list[Skill]]:
    """{skill: others in use with the same fingerprint}"""
    prints = {flag.about.fingerprint for flag in flags}
    by_print: dict[str, list[Skill]] = {}
    for skill in Skill.objects.in_use().filter(fingerprint__in=prints).order_by("created_at", "pk"):
        by_print.setdefault(skill.fingerprint, []).append(skill)
    return {f.about_id: [t for t in by_print.get(f.about.fingerprint, []) if t.pk != f.about_id] for f in flags}


def episodes(flag: Flag) -> QuerySet[Any]:
    """When the same thing was flagged for the same reason, newest first; the flag itself among them."""
    same = type(flag)._default_manager.filter(about=flag.about_id, code=flag.code)  # type: ignore[attr-defined,misc]
    return same.order_by("-opened_at")


def history(flag: Flag) -> QuerySet[Change]:
    """What people did with one flag, newest first."""
    return Change.objects.filter(subject=flag.pk).order_by("-id")


def flags_by_id(pks: Collection[UUID]) -> list[tuple[Any, Rule]]:
    """The flags with these ids, of whatever noun, each with its rule, in the order asked for."""
    found = {
        flag.pk: (flag, source.rules[flag.code])
        for about, source in SOURCES.items()
        for flag in with_thing(source.rules.found.filter(pk__in=pks), about)
        if flag.code in source.rules.by_code
    }
    return [found[pk] for pk in pks if pk in found]


def not_too_many(things: Sequence[T]) -> Sequence[T]:
    """The things themselves. Raises RuleBroken where there are none, or more than one request should act on."""
    if not things:
        raise RuleBroken("Choose at least one row first.", code="nothing_chosen")
    if len(things) > MOST:
        raise RuleBroken(f"Choose at most {MOST} at a time.", code="too_many_chosen")
    return things
