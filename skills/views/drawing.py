"""The map as it is drawn: where everything stands, and what of it lies on the line of sight.

Steps and outcomes go by their numbers here. Ids would be hashed ten thousand times per drawing, and theirs is slow.
"""

from collections.abc import Collection, Mapping
from functools import cached_property
from uuid import UUID

from workflows.layout import Cell, Layout, Line, Result, Stop, lay_out
from workflows.queries.whole import Performed, Produced, Whole


class Drawing:
    """`hung` says how many skills each step carries; the line of sight begins at `step`, with the outcomes `start`."""

    def __init__(
        self, whole: Whole, *, hung: Mapping[UUID, int], step: Performed | None, start: Collection[Produced]
    ) -> None:
        self.whole, self.hung, self.step, self.start = whole, hung, step, start

    def receivers(self, produced: Produced) -> list[Performed]:
        """The steps of this workflow that an outcome lets begin."""
        found = (self.whole.by_step.get(handoff.to_step_id) for handoff in produced.handoffs)
        return [performed for performed in found if performed]

    @cached_property
    def layout(self) -> Layout:
        stops = [Stop(p.number, p.step.performed_by_id, self.hung[p.step.pk]) for p in self.whole.steps]
        return lay_out(stops, [self.result(performed, p) for performed in self.whole.steps for p in performed.outcomes])

    def result(self, performed: Performed, produced: Produced) -> Result:
        to = tuple(receiver.number for receiver in self.receivers(produced))
        return Result(produced.number, performed.number, to, leaves=len(to) < len(produced.handoffs))

    def onward(self, produced: Produced) -> list[Performed]:
        """Those of its receivers that are not asked to do their work again."""
        here = self.whole.by_step[produced.step.pk].number
        return [receiver for receiver in self.receivers(produced) if (here, receiver.number) not in self.layout.back]

    @cached_property
    def lit_steps(self) -> set[int]:
        return self._lit[0]

    @cached_property
    def lit_outcomes(self) -> set[int]:
        """Without those that only send work back."""
        return self._lit[1]

    @cached_property
    def _lit(self) -> tuple[set[int], set[int]]:
        steps: set[int] = {self.step.number} if self.step else set()
        outcomes: set[int] = set()
        waiting = list(self.start) if self.step else []
        while waiting:
            produced = waiting.pop()
            onward = self.onward(produced)
            if produced.number in outcomes or (self.receivers(produced) and not onward):
                continue
            outcomes.add(produced.number)
            waiting += [p for receiver in onward if receiver.number not in steps for p in receiver.outcomes]
            steps |= {receiver.number for receiver in onward}
        return steps, outcomes

    @cached_property
    def lines(self) -> dict[str, list[Line]]:
        lines: dict[str, list[Line]] = {"off": [], "back": [], "sightline": []}
        for line in self.layout.lines:
            lit = "sightline" if line.result in self.lit_outcomes else "off"
            lines["back" if line.is_back else lit].append(line)
        return lines

    @property
    def entries(self) -> list[Cell]:
        """Where steps also wait for an outcome of another workflow."""
        return [
            self.layout.cells[performed.number]
            for performed in self.whole.steps
            if any(handoff.outcome_id not in self.whole.outcomes for handoff in performed.waits_for)
        ]

    @property
    def fit(self) -> float:
        """How much smaller the map must be for one sheet: A4 across, less its margins and the page's head."""
        return round(min(1.0, 1040 / self.layout.width, 620 / max(self.layout.height, 1)), 3)
