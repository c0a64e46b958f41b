"""What the map's page shows: the workflow, what is chosen on it, the panel and the tray. Read only when asked for."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

from base.dense import dense
from base.ids import uuid_in
from skills.queries.placed import Placed, placed_at
from skills.views.addresses import address_of
from skills.views.chips import Chips, address_around
from skills.views.drawing import Drawing
from skills.views.panel import Act, Onward, Stop, Way, acts_on_outcome, acts_on_step, broken, gauge_of, onward_of
from skills.views.tray import Tray
from skills.views.words import Words
from workflows.layout import Node
from workflows.models import Workflow
from workflows.queries.line_of_sight import Leg, ways_to_the_end
from workflows.queries.whole import Performed, Produced, Whole, whole
from workforce.models import Account

# More skills than this at one step are folded: the lane would grow past the screen.
HUNG = 6
REM = 16


class Hung(NamedTuple):
    shown: list[Placed]
    more: int

    @property
    def places(self) -> int:
        return len(self.shown) + bool(self.more)

    def place_of(self, context: str | None) -> int:
        """Counted from 0; the line is drawn down to here."""
        return next((n for n, placed in enumerate(self.shown) if placed.pk == context), 0)


class Retired(NamedTuple):
    noun: str
    name: str
    when: dt.datetime | None
    restore: str


@dataclass(frozen=True)
class Asked:
    """What the address asks for. An id that is not one asks for nothing."""

    skill: UUID | None = None
    context: UUID | None = None
    step: UUID | None = None
    outcome: UUID | None = None
    just_placed: UUID | None = None
    view: str = "map"
    kept: dict[str, str] = field(default_factory=dict)

    @classmethod
    def by(cls, request: HttpRequest) -> "Asked":
        query = request.GET
        return cls(
            skill=uuid_in(query.get("skill")),
            context=uuid_in(query.get("context")),
            step=uuid_in(query.get("step")),
            outcome=uuid_in(query.get("outcome")),
            just_placed=uuid_in(query.get("placed")),
            view="list" if query.get("view") == "list" else "map",
            kept={name: query[name] for name in ("view", "q", "why", "more") if query.get(name)},
        )

    @property
    def chosen(self) -> dict[str, str]:
        """What is chosen, as an address says it."""
        ids = {"skill": self.skill, "context": self.context, "step": self.step, "outcome": self.outcome}
        return {name: str(pk) for name, pk in ids.items() if pk}


class Desk:
    """Everything on the page of one workflow for one account."""

    def __init__(self, workflow: Workflow, *, account: Account, asked: Asked) -> None:
        self.workflow, self.account, self.asked = workflow, account, asked
        self.may_edit = account.can_design and not workflow.is_retired
        self.path = reverse("workflow_show", args=[workflow.pk])
        self.kept = f"{urlencode(asked.kept)}&" if asked.kept else ""

    # --- what is there ---

    @cached_property
    def whole(self) -> Whole:
        return whole(self.workflow)

    @cached_property
    def words(self) -> Words:
        return Words(self.whole)

    @cached_property
    def placed(self) -> dict[UUID, list[Placed]]:
        return placed_at(self.whole.by_step.keys(), account=self.account)

    @property
    def skill_count(self) -> int:
        return len({placed.skill for at_step in self.placed.values() for placed in at_step})

    @cached_property
    def tray(self) -> Tray:
        return Tray(self.whole, asked=self.asked.kept)

    @cached_property
    def hung(self) -> dict[UUID, Hung]:
        hung = {}
        for step in self.whole.by_step:
            at_step = self.placed[step]
            shown = at_step if len(at_step) <= HUNG else self._with_chosen(at_step)
            hung[step] = Hung(shown, len(at_step) - len(shown))
        return hung

    def _with_chosen(self, at_step: list[Placed]) -> list[Placed]:
        """The first few; the chosen one never hides."""
        first = at_step[: HUNG - 1]
        chosen = [placed for placed in at_step[HUNG - 1 :] if placed.pk == self.chosen_context]
        return [*first[: HUNG - 1 - len(chosen)], *chosen]

    # --- what is chosen ---

    @cached_property
    def chosen(self) -> Placed | None:
        """The context asked for; with a skill alone, the first of its contexts in process order."""
        every = [placed for performed in self.whole.steps for placed in self.placed[performed.step.pk]]
        asked = str(self.asked.context)
        by_context = [placed for placed in every if placed.pk == asked]
        return next(iter(by_context or [placed for placed in every if placed.skill == str(self.asked.skill)]), None)

    @property
    def chosen_context(self) -> str | None:
        return self.chosen.pk if self.chosen else None

    @cached_property
    def chosen_performed(self) -> Performed | None:
        return self.whole.by_step.get(self.asked.step) if self.asked.step and not self.chosen else None

    @cached_property
    def chosen_produced(self) -> Produced | None:
        return self.whole.outcomes.get(self.asked.outcome) if self.asked.outcome and not self.chosen else None

    @property
    def chosen_outcome(self) -> UUID | None:
        return self.chosen_produced.outcome.pk if self.chosen_produced else None

    @property
    def chosen_step(self) -> UUID | None:
        """The step at which the line of sight begins."""
        if self.chosen:
            return self.chosen.step
        if self.chosen_produced:
            return self.chosen_produced.step.pk
        return self.chosen_performed.step.pk if self.chosen_performed else None

    @property
    def start(self) -> Collection[Produced]:
        """The outcomes from which the line of sight leads on."""
        if self.chosen:
            own = self.whole.by_step[self.chosen.step].outcomes
            # An outcome farther down is reached through any of the step's own.
            return ([p for p in own if str(p.outcome.pk) == self.chosen.outcome] or own) if self.chosen.is_live else ()
        if self.chosen_produced:
            return [self.chosen_produced]
        return self.chosen_performed.outcomes if self.chosen_performed else ()

    @cached_property
    def legs(self) -> list[Leg]:
        """The way from the chosen thing to the final outcome it serves."""
        if self.chosen:
            return self.way_from(self.chosen.step, UUID(self.chosen.outcome))
        produced = self.chosen_produced or next(iter(self.in_order(self.chosen_performed)), None)
        return self.way_from(produced.step.pk, produced.outcome.pk) if produced else []

    def way_from(self, step: UUID, outcome: UUID) -> list[Leg]:
        return ways_to_the_end([(step, outcome)]).get((step, outcome), [])

    def in_order(self, performed: Performed | None) -> list[Produced]:
        """A step's outcomes, what leads onward first."""
        if performed is None:
            return []
        nodes = self.picture.layout.nodes
        return sorted(performed.outcomes, key=lambda produced: nodes[produced.number].y)

    # --- how it is drawn ---

    @cached_property
    def picture(self) -> Drawing:
        hung = {step: hung.places for step, hung in self.hung.items()}
        step = self.whole.by_step[self.chosen_step] if self.chosen_step else None
        return Drawing(self.whole, hung=hung, step=step, start=self.start)

    @cached_property
    def drawing(self) -> SafeString:
        template, chip = ("map", self.chips.on_map) if self.asked.view == "map" else ("list", self.chips.in_list)
        own = {"hangs": self.hung, "chip": chip}
        return dense(f"skills/{template}.html", {**self.drawn, **own, **MARKS})

    @property
    def chips(self) -> Chips:
        return Chips(
            self.address(), chosen=self.chosen_context, may_edit=self.may_edit, warnings=self.words.warnings_of_skill
        )

    @property
    def drawn(self) -> dict[str, Any]:
        """What all drawings need, worked out once and not for every step."""
        return {
            "desk": self,
            "whole": self.whole,
            "words": self.words,
            "names": self.words.lane_names,
            "go": self.link_to(),
            "picture": self.picture,
            "may_edit": self.may_edit,
            "chosen_step": self.chosen_step,
            "chosen_context": self.chosen_context,
            "chosen_outcome": self.chosen_outcome,
        }

    def link_to(self) -> Callable[[str], SafeString]:
        """Writes the two attributes of a link that chooses something; `query` is made of ids, escaped already."""
        base = escape(self.address())
        return lambda query: SafeString(f'href="{base}{query}" hx-get="{base}{query}"')

    @cached_property
    def loose(self) -> SafeString:
        placing = address_around("skill_place")
        return dense("skills/loose.html", {"tray": self.tray, "workflow": self.workflow, "placing": placing})

    @cached_property
    def ruler(self) -> SafeString:
        return dense("skills/ruler.html", self.drawn)

    # --- addresses ---

    def address(self, query: str = "") -> str:
        return f"{self.path}?{self.kept}{query}"

    @property
    def here(self) -> str:
        """This page as it stands, without what was said once."""
        return self.address(urlencode(self.asked.chosen))

    def edit(self, name: str, pk: UUID) -> str:
        return address_of(name, pk)

    @property
    def as_map(self) -> str:
        return self.here_as("map")

    @property
    def as_list(self) -> str:
        return self.here_as("list")

    def here_as(self, view: str) -> str:
        kept = {name: value for name, value in self.asked.kept.items() if name != "view"}
        asked = {**kept, **self.asked.chosen, **({"view": "list"} if view == "list" else {})}
        return f"{self.path}?{urlencode(asked)}"

    @property
    def more_address(self) -> str:
        return f"{self.path}?{urlencode({**self.asked.kept, **self.asked.chosen, 'more': self.tray.next_limit})}"

    @property
    def kept_by_tray(self) -> dict[str, str]:
        """What a filter of the tray leaves as it is."""
        view = {"view": "list"} if self.asked.view == "list" else {}
        return {**view, **self.asked.chosen}

    # --- the panel ---

    @property
    def just_placed(self) -> Placed | None:
        return self.chosen if self.chosen and self.chosen.pk == str(self.asked.just_placed) and self.may_edit else None

    @property
    def way(self) -> SafeString:
        return dense("skills/way.html", {"way": self.stops})

    @property
    def stops(self) -> list[Stop]:
        if self.chosen and not self.legs:
            return broken(self.chosen, self.whole)
        way = Way(self.whole, self.legs, back=self.picture.layout.back, kept=self.kept)
        return list(way.stops(skip_step=self.chosen_performed is not None))

    @property
    def chosen_number(self) -> int:
        return self.whole.by_step[self.chosen_step].number if self.chosen_step else 0

    @property
    def chosen_role(self) -> str:
        return self.words.lane_names[self.chosen_performed.step.performed_by_id] if self.chosen_performed else ""

    @property
    def chosen_warnings(self) -> list[str]:
        if self.chosen:
            return self.words.warnings_of_skill(self.chosen)
        if self.chosen_performed:
            return self.words.warnings_in_row(self.chosen_performed)
        return (
            [warned.why for warned in self.words.warnings_of_outcome(self.chosen_produced)]
            if self.chosen_produced
            else []
        )

    @property
    def chosen_skills(self) -> list[tuple[Placed, str]]:
        at_step = self.placed[self.chosen_performed.step.pk] if self.chosen_performed else []
        return [(placed, self.address(f"skill={placed.skill}&context={placed.pk}")) for placed in at_step]

    @property
    def chosen_handoffs(self) -> list[Onward]:
        if self.chosen_produced is None:
            return []
        handoffs = self.chosen_produced.handoffs
        names = [
            (self.words.name_of_receiver(handoff), self.words.address_of_receiver(handoff)) for handoff in handoffs
        ]
        return onward_of(self.chosen_produced, names, may_edit=self.may_edit)

    @property
    def chosen_waits(self) -> list[Onward]:
        """What the chosen step waits for from other workflows."""
        waits = self.chosen_performed.waits_for if self.chosen_performed else []
        return [
            Onward(
                name=f"{handoff.outcome} ({handoff.from_workflow})",
                address=f"{reverse('workflow_show', args=[handoff.from_workflow_id])}?outcome={handoff.outcome_id}",
                accepted_when=handoff.accepted_when,
                share=handoff.share,
                acts=[],
            )
            for handoff in waits
            if handoff.outcome_id not in self.whole.outcomes
        ]

    @property
    def chosen_beneficiary(self) -> str:
        outcome = self.chosen_produced.outcome if self.chosen_produced else None
        role = outcome.beneficiary_role_id if outcome else None
        return self.whole.roles[role].name if role else outcome.beneficiary if outcome else ""

    @property
    def role_count(self) -> int:
        return len({p.step.performed_by_id for p in self.whole.steps} - {None})

    @property
    def chosen_measure(self) -> SafeString:
        outcome = self.chosen_produced.outcome if self.chosen_produced else None
        gauge = gauge_of(outcome) if outcome else None
        return dense("skills/measure.html", {"gauge": gauge, "unit": outcome.unit if outcome else ""})

    @property
    def step_acts(self) -> list[Act]:
        return acts_on_step(self.chosen_performed.step) if self.chosen_performed else []

    @property
    def outcome_acts(self) -> list[Act]:
        return acts_on_outcome(self.chosen_produced.outcome) if self.chosen_produced else []

    @property
    def retired(self) -> list[Retired]:
        return [
            Retired(noun, str(thing), thing.retired_at, address_of(f"{noun}_restore", thing.pk))
            for noun, thing in self.whole.retired
        ]


def rem(px: int) -> str:
    return f"{px / REM:g}rem"


def diamond(node: Node, state: str) -> SafeString:
    return SafeString(f'<path class="node{state}" d="M{node.x} {node.y - 5}l5 5-5 5-5-5z"/>')


def goal(node: Node, state: str) -> SafeString:
    rings = [("goal", 7), ("dot", 3)]
    return SafeString("".join(f'<circle class="{c}{state}" cx="{node.x}" cy="{node.y}" r="{r}"/>' for c, r in rings))


MARKS = {"diamond": diamond, "goal": goal, "rem": rem}
