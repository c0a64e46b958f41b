"""The manager's page: what is in danger, because of whom, and what to do next. Reckoned anew on every look."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from gaps import advice
from gaps.advice import Advice, Facts
from gaps.arithmetic import GATE, Cover
from gaps.looking import Look
from gaps.models import Cause
from gaps.queries import coming, cover, gaps, heat, risk, summing
from gaps.queries.coming import Due, Move
from gaps.queries.cover import Leaver, StepCover
from gaps.queries.gaps import Counts, Gap
from gaps.queries.heat import Cell, Someone
from gaps.queries.listing import Listed, listed
from gaps.queries.risk import OutcomeRisk
from gaps.queries.summing import Sum
from gaps.queries.trend import Trend, trend

# Named one by one; beyond that the page says how many there are, and the file has them all.
MOST_GAPS = 200
# A page that shows more people than that is a wall: the heatmap is a page of its own.
MOST_IN_HEAT = 40
DUE_WITHIN = dt.timedelta(days=30)


@dataclass(frozen=True)
class Team:
    """Everything the page shows, each figure reckoned once. `look` says whose, of which work, on which day."""

    look: Look

    @cached_property
    def people(self) -> list[Someone]:
        return heat.people(self.look.whose, as_of=self.look.on) if self.look.shows_people else []

    @cached_property
    def names(self) -> dict[UUID, str]:
        return {someone.person: someone.name for someone in self.people}

    @cached_property
    def sum(self) -> Sum:
        if self.look.shows_people:
            return self.listed.sum
        return summing.sum_of_all(self.look.whose, workflow=self.look.workflow, as_of=self.look.on)

    @cached_property
    def listed(self) -> Listed:
        return listed(self.look.whose, limit=MOST_GAPS, workflow=self.look.workflow, as_of=self.look.on)

    @cached_property
    def trend(self) -> Trend | None:
        """Ninety days of what the strip shows; nobody keeps them by workflow."""
        if self.look.workflow or self.look.on or not self.sum.of:
            return None
        told = None if self.look.shows_people else self.look.days
        found = trend(self.look.whose, now=self.sum, told=told)
        return None if found.is_empty else found

    @cached_property
    def is_withheld(self) -> bool:
        return self.look.withholds(self.sum.people) or not (
            self.look.tells_of() and self.look.tells_of_day(self.look.day)
        )

    @cached_property
    def all_covers(self) -> list[StepCover]:
        found = cover.cover(cover.Wanted(self.look.whose), as_of=self.look.on)
        if self.look.shows_people:
            return found
        # Who performs a step is a role; of one team that would be the people of one team in one role.
        hidden = self.look.groups.hidden_roles
        return [each for each in found if not self.look.team and each.job_role not in hidden]

    @cached_property
    def covers(self) -> list[StepCover]:
        return [each for each in self.all_covers if self.look.workflow in {None, each.workflow}]

    @cached_property
    def outcomes(self) -> list[OutcomeRisk]:
        """Worst first, those without risk last."""
        return risk.risks(self.all_covers, workflow=self.look.workflow, as_of=self.look.on)

    @cached_property
    def at_risk(self) -> list[OutcomeRisk]:
        return [each for each in self.outcomes if each.is_at_risk]

    @cached_property
    def alone(self) -> list[StepCover]:
        """Critical steps that nobody can do, or only one person."""
        found = cover.in_state(self.covers, Cover.NONE, Cover.SINGLE)
        return [each for each in found if each.criticality >= advice.CRITICAL and each.performers]

    @property
    def gaps(self) -> list[Gap]:
        return self.listed.gaps if self.look.shows_people else []

    @cached_property
    def by_kind(self) -> dict[str, list[Gap]]:
        return gaps.by_kind(gap for gap in self.gaps if not is_not_built(gap))

    @cached_property
    def not_built(self) -> list[Gap]:
        """Closed by no training: somebody found another cause. Counted, so that the money not spent is seen."""
        return [gap for gap in self.gaps if is_not_built(gap)]

    @property
    def counts(self) -> Counts:
        """How many there are of each kind, named on the page or not."""
        return self.listed.counts

    @property
    def gate(self) -> list[Gap]:
        return [gap for gap in self.gaps if gap.criticality >= GATE]

    @property
    def shows_heat(self) -> bool:
        return 0 < len(self.people) <= MOST_IN_HEAT

    @cached_property
    def cells(self) -> list[Cell]:
        return heat.cells(heat.Wanted(self.look.whose, workflow=self.look.workflow), as_of=self.look.on)

    @cached_property
    def facts(self) -> Facts:
        return Facts(self.covers, self.at_risk, self.cells, self.gaps, self.names, self.look.day)

    @cached_property
    def advice(self) -> list[Advice]:
        return advice.advise(self.facts) if self.shows_heat and not self.look.on else []

    @cached_property
    def closest(self) -> dict[UUID, str]:
        return advice.closest_to(self.alone, self.facts) if self.shows_heat else {}

    @property
    def leavers(self) -> list[Leaver]:
        """Everybody who leaves within the time that counts, with the cover they take, if any."""
        taking = {leaver.who.person: leaver for leaver in cover.leavers(self.covers)}
        until = self.look.day + cover.LEAVES_SOON
        going = [one for one in self.people if one.last_day and one.last_day <= until]
        found = [
            taking.get(one.person) or Leaver(cover.Someone(one.person, one.name, one.last_day), []) for one in going
        ]
        return sorted(found, key=lambda leaver: leaver.who[::-1])

    @cached_property
    def moves(self) -> list[Move]:
        """Whoever is agreed to change roles soon: cover that goes, though the person stays."""
        return coming.moves(self.names, self.look.day + cover.LEAVES_SOON) if self.names else []

    @cached_property
    def due(self) -> list[Due]:
        """What runs out soon and is asked for, a line for each person."""
        return coming.due(self.names, self.look.day + DUE_WITHIN) if self.names and not self.look.on else []


def is_not_built(gap: Gap) -> bool:
    return bool(gap.cause) and gap.cause not in Cause.Kind.for_training()
