"""What a skill is in sight of."""

from dataclasses import dataclass

from skills.models import Context, Skill
from workflows.models import Outcome
from workflows.queries.line_of_sight import Leg, ways_to_the_end


@dataclass(frozen=True)
class Sight:
    """One context's way from its step through its outcome to the final outcome; no legs where the path is broken."""

    context: Context
    legs: list[Leg]

    @property
    def is_live(self) -> bool:
        return bool(self.legs)

    @property
    def final(self) -> Outcome | None:
        return self.legs[-1].outcome if self.legs else None


def sights_of(skill: Skill) -> list[Sight]:
    """One per context, oldest first; five queries, whatever the number of contexts."""
    contexts = list(
        skill.contexts.select_related("step__performed_by", "step__workflow", "outcome").order_by("placed_at", "pk")
    )
    legs = ways_to_the_end({(context.step_id, context.outcome_id) for context in contexts})
    return [Sight(context, legs.get((context.step_id, context.outcome_id), [])) for context in contexts]
