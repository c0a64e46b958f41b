"""What a page about a team asks for, and of whom: the filters of an address, narrowed to what its reader may see."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.utils import timezone

from base.pages import as_id
from gaps.access import SMALLEST_GROUP
from gaps.groups import Groups, days_to_tell, groups_to_tell
from gaps.queries.among import roles_asked_in
from gaps.queries.reckoning import Whose
from gaps.queries.trend import present
from gaps.seeing import own_tree
from workforce.models import Account


@dataclass(frozen=True)
class Look:
    """`people`: whoever is shown by name, the own reporting tree; None: sums over everybody, and nobody by name."""

    people: frozenset[UUID] | None
    # Leads people and may look at everybody as well.
    has_both: bool = False
    team: UUID | None = None
    role: UUID | None = None
    workflow: UUID | None = None
    # A past day; None is today.
    on: dt.date | None = None
    # Whom the reader of sums sees one by one elsewhere.
    known: frozenset[UUID] = frozenset()

    @property
    def shows_people(self) -> bool:
        return self.people is not None

    @property
    def leads(self) -> bool:
        """Whether anybody reports to whoever reads."""
        return len(self.known) > 1

    @property
    def whose(self) -> Whose:
        return Whose(people=None if self.people is None else sorted(self.people), team=self.team, job_role=self.role)

    @property
    def day(self) -> dt.date:
        return self.on or timezone.localdate()

    @cached_property
    def groups(self) -> Groups:
        """Which groups sums may be told of; asked only where nobody is shown by name."""
        return groups_to_tell(self.known)

    @cached_property
    def days(self) -> set[dt.date]:
        """The days of which sums may be told."""
        return days_to_tell(present(self.whose))

    def tells_of_day(self, day: dt.date) -> bool:
        return self.shows_people or day in self.days

    def withholds(self, people: int) -> bool:
        """Whether a figure about so many would say who they are."""
        return not self.shows_people and 0 < people < SMALLEST_GROUP

    def tells_of(self, *, team: UUID | None = None, role: UUID | None = None) -> bool:
        """Whether sums of this team or role may be told; without either, of what this look is narrowed to."""
        if self.shows_people:
            return True
        asked = roles_asked_in(self.workflow) if self.workflow else ()
        return self.groups.tells_of(team=team or self.team, role=role or self.role, among=asked)

    @property
    def asked(self) -> dict[str, str]:
        """As it stands in an address; empty where nothing is narrowed."""
        said: Mapping[str, object] = {
            "whose": "all" if self.has_both and not self.shows_people else "",
            "team": self.team,
            "role": self.role,
            "workflow": self.workflow,
            "on": self.on,
        }
        return {name: str(value) for name, value in said.items() if value}

    @property
    def question(self) -> str:
        """For links to other pages about the same people on the same day."""
        return urlencode(self.asked)


def one_of(choices: Mapping[str, str], query: QueryDict, name: str) -> str:
    """The first choice where the address names none that there is."""
    said = query.get(name)
    return said if said is not None and said in choices else next(iter(choices))


def look_of(account: Account, query: QueryDict) -> Look | None:
    """None for whoever leads nobody and sees no sums: their own page is theirs."""
    tree = own_tree(account)
    leads = len(tree) > 1
    sees_sums = account.can_design or account.can_manage_people
    if not leads and not sees_sums:
        return None
    by_name = leads and not (sees_sums and query.get("whose") == "all")
    return Look(
        people=frozenset(tree) if by_name else None,
        has_both=leads and sees_sums,
        team=as_id(query.get("team", "")),
        role=as_id(query.get("role", "")),
        workflow=as_id(query.get("workflow", "")),
        on=past_day(query.get("on", "")),
        known=frozenset(tree),
    )


def past_day(text: str) -> dt.date | None:
    """Today, days to come and what is no day count as not asked."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if dt.date(2000, 1, 1) <= day < timezone.localdate() else None


def figures_for(account: Account, query: QueryDict) -> Look:
    """The door to figures about others: whoever leads people, and whoever may see sums."""
    look = look_of(account, query)
    if look is None:
        raise PermissionDenied("Only whoever leads people sees figures about them. Your own are on your own page.")
    return look


def people_for(account: Account, query: QueryDict) -> Look:
    """The same where people are shown by name."""
    look = figures_for(account, query)
    if not look.shows_people:
        raise PermissionDenied("Sums tell of nobody by name. Ask the managers of these people.")
    return look
