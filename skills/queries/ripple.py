"""What a change of the work would do to the skills that hang on it, before it is done."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from base.models import Retirable
from skills.models import Skill
from workflows.models import Outcome, Workflow
from workflows.queries.line_of_sight import lost_without

# The live contexts of every skill that has one on a lost pair: which of them are lost, and whether all are.
TOUCHED = """
WITH lost (step_id, outcome_id) AS (SELECT * FROM unnest(%(steps)s::uuid[], %(outcomes)s::uuid[])),
live AS (
    SELECT context.skill_id, context.outcome_id, lost.step_id IS NOT NULL AS is_lost
    FROM skills_context context
    JOIN skills_skill skill ON skill.id = context.skill_id AND skill.state <> 'retired'
    JOIN workflows_lineofsight sight ON sight.step_id = context.step_id AND sight.outcome_id = context.outcome_id
    LEFT JOIN lost ON lost.step_id = context.step_id AND lost.outcome_id = context.outcome_id
    WHERE context.skill_id IN (
        SELECT skill_id FROM skills_context JOIN lost USING (step_id, outcome_id)
    )
)
SELECT skill_id, array_agg(outcome_id) FILTER (WHERE is_lost), bool_and(is_lost)
FROM live GROUP BY skill_id HAVING bool_or(is_lost)
"""


@dataclass(frozen=True)
class Lost:
    """An outcome that some steps, and the skills placed there for it, lose sight of."""

    outcome: Outcome
    steps: int
    skills: int


@dataclass(frozen=True)
class Ripple:
    """`contexts` lose their line of sight; `skills` have at least one of them, `context_free` no other that is live."""

    contexts: int
    skills: list[Skill]
    context_free: list[Skill]
    outcomes: list[Lost]

    @property
    def published(self) -> int:
        return sum(skill.is_published for skill in self.context_free)

    @property
    def size(self) -> str:
        """Equal for two looks between which nothing has changed that matters here."""
        return f"{self.contexts}.{len(self.skills)}.{len(self.context_free)}.{len(self.outcomes)}"


def ripple_of_retiring(noun: Retirable, workflow: Workflow) -> Ripple:
    """What retiring a workflow, or something in it, takes out of sight. Four queries."""
    pairs = lost_without(noun, workflow)
    touched = contexts_on(pairs)
    skills = Skill.objects.in_bulk(touched)
    return Ripple(
        contexts=sum(len(outcomes) for outcomes, _ in touched.values()),
        skills=in_order(skills.values()),
        context_free=in_order(skills[pk] for pk, (_, is_last) in touched.items() if is_last),
        outcomes=outcomes_lost(pairs, touched, but=noun),
    )


def in_order(skills: object) -> list[Skill]:
    return sorted(skills, key=lambda skill: skill.statement.casefold())  # type: ignore[call-overload,no-any-return]


def contexts_on(pairs: Collection[tuple[UUID, UUID]]) -> dict[UUID, tuple[list[UUID], bool]]:
    """{skill: (the outcomes it loses sight of, whether no live context is left)}."""
    with connection.cursor() as cursor:
        cursor.execute(
            TOUCHED, {"steps": [str(step) for step, _ in pairs], "outcomes": [str(outcome) for _, outcome in pairs]}
        )
        return {skill: (outcomes, is_last) for skill, outcomes, is_last in cursor.fetchall()}


def outcomes_lost(
    pairs: Collection[tuple[UUID, UUID]], touched: dict[UUID, tuple[list[UUID], bool]], *, but: Retirable
) -> list[Lost]:
    """The outcomes that stay in use, those that most steps lose sight of first."""
    steps: dict[UUID, int] = {}
    for _, outcome in pairs:
        steps[outcome] = steps.get(outcome, 0) + 1
    skills: dict[UUID, int] = {}
    for outcomes, _ in touched.values():
        for outcome in set(outcomes):
            skills[outcome] = skills.get(outcome, 0) + 1
    stay = Outcome.objects.in_bulk(pk for pk in steps if pk != but.pk)
    lost = [Lost(outcome, steps[pk], skills.get(pk, 0)) for pk, outcome in stay.items()]
    return sorted(lost, key=lambda each: (-each.skills, -each.steps, each.outcome.statement))
