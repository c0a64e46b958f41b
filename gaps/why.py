"""Why a figure changed between two days: what happened, each thing with what it did, down to the whole difference."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.utils import timezone

from base.pages import as_id
from gaps.access import SMALLEST_GROUP, record_for
from gaps.looking import Look, look_of, past_day
from gaps.models import SnapshotDay, Type
from gaps.queries import why
from gaps.queries.reckoning import Whose
from gaps.queries.summing import sum_of_all
from gaps.queries.trend import Point, point_of, point_on
from gaps.queries.why import Between, Event
from workforce.models import Account, Person

DAYS = dt.timedelta(days=30)
# Named one by one; what lies beyond is one line of its own, so that the sum stays whole. The file has them all.
MOST = 200
FIGURES = {"": "Every figure", "met": "Met", "share": "Readiness", "upskill": "Upskill gaps", "reskill": "Reskill gaps"}
GROUPS = {"": "Nothing: one by one", "kind": "What happened", "person": "Person", "skill": "Skill"}
KINDS = {
    "joined": "Came to the group",
    "left": "Left the group",
    "moved": "Took another role",
    "asked": "The work asks for more",
    "no_longer_asked": "The work no longer asks",
    "asked_otherwise": "The work asks otherwise",
    "aged": "No longer new",
    "recorded": "Evidence recorded",
    "withdrawn": "Evidence withdrawn",
    "expired": "Evidence ran out",
    "outdated": "A step changed",
    "trusted": "Trusted otherwise",
    "goal": "A target role was agreed or given up",
    "overruled": "A label was overruled, or that taken back",
}
SAYS = {
    "joined": "{person} came{as_role}.",
    "left": "{person} left{as_role}.",
    "moved": "{person} took another role{as_role}.",
    "asked": "{role} needs “{skill}” at level {after}.",
    "no_longer_asked": "{role} no longer needs “{skill}”.",
    "asked_otherwise": "{role} needs “{skill}” {otherwise}.",
    "aged": "{role}: “{skill}” counts otherwise as news of the role.",
    "recorded": "{person}, “{skill}”: {type}, {change}.",
    "withdrawn": "{person}, “{skill}”: evidence was withdrawn, {change}.",
    "expired": "{person}, “{skill}”: evidence ran out, {change}.",
    "outdated": "“{step}” changed: what was seen there before no longer counts.",
    "trusted": "An administrator said how far evidence is trusted.",
    "goal": "{person} and a manager agreed on a target role, or gave one up.",
    "overruled": "{person}, “{skill}”: {kind}.",
}
# Nobody by name: sums tell how many people it moved, never whom.
OF_MANY = {
    "joined", "left", "moved", "recorded", "withdrawn", "expired", "goal", "overruled",
}  # fmt: skip


class Moved(NamedTuple):
    """What something did to the figures; `share` is readiness, None where there is none to compare."""

    met: int = 0
    of: int = 0
    share: Fraction | None = Fraction(0)
    upskill: int = 0
    reskill: int = 0

    def __bool__(self) -> bool:
        return any(self)

    def and_(self, other: "Moved") -> "Moved":
        share = None if self.share is None or other.share is None else self.share + other.share
        return Moved(
            self.met + other.met, self.of + other.of, share, self.upskill + other.upskill,
            self.reskill + other.reskill,
        )  # fmt: skip

    def less(self, other: "Moved") -> "Moved":
        share = None if self.share is None or other.share is None else self.share - other.share
        return Moved(
            self.met - other.met, self.of - other.of, share, self.upskill - other.upskill,
            self.reskill - other.reskill,
        )  # fmt: skip


class Line(NamedTuple):
    """One thing that happened, or several of a kind together."""

    day: dt.date | None
    what: str
    events: list[Event]
    people: int
    moved: Moved

    @property
    def event(self) -> Event | None:
        """The only one, where there is one: it can be opened."""
        return self.events[0] if len(self.events) == 1 else None


@dataclass(frozen=True)
class Why:
    """`person`: one person's record, asked through its door; otherwise whom `look` says."""

    look: Look
    between: Between
    person: Person | None = None
    figure: str = ""
    by: str = ""

    @property
    def names(self) -> bool:
        return self.look.shows_people

    @property
    def asked(self) -> dict[str, str]:
        """As it stands in an address: the whole state of the page."""
        said: dict[str, object] = {
            "person": self.person and self.person.pk,
            **self.look.asked,
            "from": self.between.first,
            "until": self.between.last,
            "figure": self.figure,
            "by": self.by,
        }
        return {name: str(value) for name, value in said.items() if value}

    @property
    def question(self) -> str:
        return urlencode(self.asked)

    @property
    def is_until_now(self) -> bool:
        return self.between.last >= timezone.localdate()

    @cached_property
    def before(self) -> Point:
        return figures_on(self.look, self.between.first)

    @cached_property
    def after(self) -> Point:
        return figures_on(self.look, self.between.last)

    @property
    def is_known(self) -> bool:
        return self.before.is_known and self.after.is_known

    @property
    def is_empty(self) -> bool:
        """Nobody was there on either day, or nothing was asked of them."""
        return not (self.before.of or self.after.of)

    @cached_property
    def difference(self) -> Moved:
        old, new = self.before, self.after
        share = None if old.share is None or new.share is None else new.share - old.share
        return Moved(new.met - old.met, new.of - old.of, share, new.upskill - old.upskill, new.reskill - old.reskill)

    @cached_property
    def events(self) -> list[Event]:
        if not self.is_known:
            return []
        return why.events(self.of_whom_moved, self.between, names=self.names)

    @property
    def of_whom_moved(self) -> Whose:
        """Of everybody only whose figures were kept otherwise: the others need no reckoning again."""
        kept = SnapshotDay.objects.filter(day__in=(self.between.first, self.between.last)).count()
        if self.names or kept < 2 or self.is_until_now:
            return self.look.whose
        return Whose(why.movers(self.between), self.look.team, self.look.role)

    def moved_by(self, event: Event) -> Moved:
        """Readiness is a quotient; what an event adds to it is what it reached beyond the share that was there before.

        r' / w' − s = Σ (Δr − s · Δw) / w', where s = r / w: so the parts sum up exactly.
        """
        share, weight = self.before.share, self.after.weight
        part = (
            Fraction(event.reached - 12 * share * event.weight) / (12 * weight)
            if share is not None and self.after.share is not None
            else None
        )
        return Moved(event.met, event.needs, part, event.upskill, event.reskill)

    @cached_property
    def lines(self) -> list[Line]:
        found = [Line(each.day, self.sentence(each), [each], each.people, self.moved_by(each)) for each in self.events]
        # Folded before anything is left out: what two views of the same days leave out could be told apart otherwise.
        found = found if self.names else folded(found)
        wanted = [line for line in found if not self.figure or getattr(line.moved, self.figure)]
        return grouped(wanted, self.by) if self.by else wanted

    @property
    def shown(self) -> list[Line]:
        return self.lines[:MOST]

    @property
    def rest(self) -> Line | None:
        return together(self.lines[MOST:], f"{len(self.lines) - MOST} more") if len(self.lines) > MOST else None

    @property
    def explained(self) -> Moved:
        return total(self.moved_by(each) for each in self.events)

    @property
    def elsewhere(self) -> Moved:
        """What these lines leave out, because it moved only other figures than the one asked for."""
        return self.explained.less(total(line.moved for line in self.lines))

    @property
    def other(self) -> Moved:
        """What no event explains. Never hidden; tests want it to be nothing."""
        found = self.difference.less(self.explained)
        return found._replace(share=found.share or Fraction(0))

    def sentence(self, event: Event) -> str:
        if not self.names and event.kind in OF_MANY:
            return f"{KINDS[event.kind]}."
        return SAYS[event.kind].format(
            person=event.person_name,
            role=event.role_name,
            as_role=f", as {event.role_name}" if event.role_name else "",
            skill=event.skill_name,
            step=event.step_name,
            after=event.level,
            type=Type(event.type).label.lower() if event.type else "evidence",
            change=levels(event.level_before, event.level),
            otherwise=f"at level {event.level}, not {event.level_before}"
            if event.level != event.level_before
            else "at another criticality",
            kind=KINDS[event.kind].lower(),
        )


def levels(before: int | None, after: int | None) -> str:
    """“level 2 → 3”; “no level” is not level 0."""
    was, now = ("none" if level is None else str(level) for level in (before, after))
    return f"level {now}, as before" if was == now else f"level {was} → {now}"


def total(parts: Iterable[Moved]) -> Moved:
    found = Moved()
    for part in parts:
        found = found.and_(part)
    return found


def together(lines: Sequence[Line], what: str) -> Line:
    """Several as one. Who is behind one may be behind another, so people are not added up."""
    events = [event for line in lines for event in line.events]
    most = max((line.people for line in lines), default=0)
    return Line(None, what, events, most, total(line.moved for line in lines))


HEADS: dict[str, Callable[[Event], str]] = {
    "kind": lambda event: KINDS[event.kind],
    "person": lambda event: event.person_name or KINDS[event.kind],
    "skill": lambda event: event.skill_name or KINDS[event.kind],
}


def grouped(lines: Sequence[Line], by: str) -> list[Line]:
    """In the order in which they first come."""
    heads: dict[str, list[Line]] = {}
    for line in lines:
        heads.setdefault(HEADS[by](line.events[0]) if line.events else line.what, []).append(line)
    return [together(found, head) if len(found) > 1 else found[0]._replace(what=head) for head, found in heads.items()]


FEW = "Things that each moved fewer than five people, told of together."


def folded(lines: Sequence[Line]) -> list[Line]:
    """For whoever may see the group and not the people: what moved fewer than five is told of as one, and with it the
    next larger thing. What nothing larger stands beside says no more than the difference itself."""
    small = [line for line in lines if line.people < SMALLEST_GROUP]
    large = sorted((line for line in lines if line.people >= SMALLEST_GROUP), key=lambda line: -line.people)
    if not small:
        return list(lines)
    if large and max(line.people for line in small) < SMALLEST_GROUP:
        small.append(large.pop())
    return [*(line for line in lines if line in large), together(small, FEW)._replace(events=[])]


def figures_on(look: Look, day: dt.date) -> Point:
    """As they were kept that night, or reckoned where nobody kept it; of today, as they are by now."""
    point = point_on(look.whose, day)
    if not point.is_kept:
        point = point_of(day, sum_of_all(look.whose, as_of=day))
    is_told = look.tells_of() and look.tells_of_day(day) and not look.withholds(point.people)
    return point if is_told else point._replace(is_shown=False)


# --- the door ---------------------------------------------------------------------------------


def why_for(account: Account, query: QueryDict) -> Why:
    """The door to why figures changed: of oneself, of the own people by name, of others as sums only.

    One person's figures are that person's record: whoever else looks is noted.
    """
    look, person = look_of(account, query), None
    wanted = as_id(query.get("person", ""))
    if wanted or look is None:
        if wanted is None and account.person is None:
            raise PermissionDenied("These are figures about people. Ask whoever leads them.")
        person = record_for(account, wanted or account.person.pk, page="why figures changed")  # type: ignore[union-attr]
        look = Look(people=frozenset([person.pk]))
    look = replace(look, workflow=None, on=None)
    return Why(
        look,
        between(query, look),
        person,
        figure=one_of(FIGURES, query.get("figure")),
        by=one_of(GROUPS, query.get("by")),
    )


def one_of(choices: dict[str, str], said: str | None) -> str:
    return said if said in choices else next(iter(choices))


def between(query: QueryDict, look: Look) -> Between:
    """Thirty days up to today, unless the address says otherwise; turned round where it names them the wrong way.

    Sums end with the last night that was kept: nobody waits for everybody to be reckoned six times over.
    """
    last = past_day(query.get("until", "")) or timezone.localdate()
    if not look.shows_people:
        last = max((day for day in look.days if day <= last), default=last) if "until" not in query else last
        last = SnapshotDay.objects.last_by(last) or last
    first = past_day(query.get("from", "")) or last - DAYS
    if not look.shows_people and "from" not in query:
        # The nearest day of which may be told, rather than a page that says no.
        first = max((day for day in look.days if day <= first), default=first)
    return Between(min(first, last), max(first, last))
