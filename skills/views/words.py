"""What the map says about steps, outcomes and skills, in words."""

import datetime as dt
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from skills.queries.placed import Placed
from skills.rules import SKILL_RULES
from skills.views.figures import figures_of, in_words
from workflows.queries.whole import Handed, Performed, Produced, Whole
from workflows.rules import OUTCOME_RULES, STEP_RULES

# Said at the step or the outcome itself already.
SAID_ELSEWHERE = {"outcome_unmeasured", "step_unrated", "says_little"}


class Warned(NamedTuple):
    words: str
    why: str


class Words:
    """About one workflow."""

    def __init__(self, whole: Whole) -> None:
        self.whole = whole

    @cached_property
    def lane_names(self) -> dict[UUID | None, str]:
        return {None: "No job role yet", **{pk: role.name for pk, role in self.whole.roles.items()}}

    def lane_people(self, role: UUID | None) -> str:
        people = self.whole.roles[role].people if role else 0
        return "" if role is None else "1 person" if people == 1 else f"{people} people" if people else "nobody yet"

    def figures(self, produced: Produced) -> str:
        return figures_of(produced)

    def day(self, moment: dt.datetime) -> str:
        return f"{timezone.localtime(moment):%-d %b}"

    def warnings_of_step(self, performed: Performed) -> list[str]:
        """Not the missing outcome: that is said where the outcome would stand."""
        said = [STEP_RULES[code].sentence for code in performed.flags if code != "no_outcome"]
        if performed.step.was_revised_since_rating:
            said.append(f"Criticality was rated before the change of {self.day(performed.step.revised_at)}.")
        return said

    def warnings_of_outcome(self, produced: Produced) -> list[Warned]:
        said = [Warned(OUTCOME_RULES[code].title, OUTCOME_RULES[code].sentence) for code in produced.flags]
        if not said and not produced.outcome.measure:
            said.append(Warned("No measure", "Nobody has said how this is counted."))
        return said

    def warnings_of_skill(self, placed: Placed) -> list[str]:
        said = [] if placed.is_live else ["Its outcome is no longer downstream of this step."]
        codes = {"path_broken", "work_retired", *SAID_ELSEWHERE} if not placed.is_live else SAID_ELSEWHERE
        return said + [SKILL_RULES[code].sentence for code in placed.flags if code not in codes]

    def warnings_in_row(self, performed: Performed) -> list[str]:
        said = [STEP_RULES[code].sentence for code in performed.flags if code == "no_outcome"]
        said += self.warnings_of_step(performed)
        return said + [f"{w.words}: {p.outcome}" for p in performed.outcomes for w in self.warnings_of_outcome(p)]

    def leaving(self, produced: Produced) -> list[Handed]:
        return [handoff for handoff in produced.handoffs if handoff.to_step_id not in self.whole.by_step]

    def lets_begin(self, produced: Produced) -> str:
        here = [
            self.whole.by_step[h.to_step_id].number for h in produced.handoffs if h.to_step_id in self.whole.by_step
        ]
        if here:
            return f"Lets begin step {in_words(here)}."
        return "Final outcome." if produced.is_final else ""

    def name_of_receiver(self, handoff: Handed) -> str:
        here = self.whole.by_step.get(handoff.to_step_id)
        return f"{here.number} {handoff.to_step}" if here else f"{handoff.to_workflow}: {handoff.to_step}"

    def address_of_receiver(self, handoff: Handed) -> str:
        return f"{reverse('workflow_show', args=[handoff.to_workflow_id])}?step={handoff.to_step_id}"
