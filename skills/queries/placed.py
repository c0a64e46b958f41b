"""The skills at the steps of one workflow: one query, whatever its size."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from skills.models import Skill
from workforce.models import Account

# By hand, and ids as text: the map draws hundreds of these, and making objects of them would take longer than drawing.
PLACED = """
WITH placed AS MATERIALIZED (
    SELECT context.id, context.version, context.step_id, context.outcome_id, context.required_level, context.placed_at,
        skill.id AS skill_id, skill.statement, skill.state
    FROM skills_context context JOIN skills_skill skill ON skill.id = context.skill_id
    WHERE context.step_id = ANY (%(steps)s::uuid[]) AND skill.state = ANY (%(states)s)
),
flagged AS (
    SELECT flag.about_id, array_agg(flag.code::text ORDER BY flag.code) AS codes FROM skills_skillflag flag
    WHERE flag.cleared_at IS NULL AND flag.about_id IN (SELECT skill_id FROM placed)
    GROUP BY flag.about_id
)
SELECT placed.id::text, placed.version, placed.step_id::text, placed.outcome_id::text, placed.required_level,
    placed.skill_id::text, placed.statement, placed.state, sight.step_id IS NOT NULL, coalesce(flagged.codes, '{}')
FROM placed
LEFT JOIN workflows_lineofsight sight ON sight.step_id = placed.step_id AND sight.outcome_id = placed.outcome_id
LEFT JOIN flagged ON flagged.about_id = placed.skill_id
ORDER BY placed.placed_at, placed.id
"""


@dataclass(slots=True)
class Placed:
    """One context as the map shows it. `is_live`: its outcome is still downstream of its step."""

    pk: str
    version: int
    step: UUID
    outcome: str
    level: int
    skill: str
    statement: str
    state: str
    is_live: bool
    flags: list[str]

    @property
    def is_draft(self) -> bool:
        return self.state == "draft"

    @property
    def serves(self) -> str:
        """“Support the sales rep” of “Support the sales rep by completing …”; all of it where nothing is split off."""
        return self.statement.partition(" by ")[0]

    @property
    def behaviour(self) -> str:
        _, by, rest = self.statement.partition(" by ")
        return f"by {rest}" if by else ""


def placed_at(steps: Collection[UUID], *, account: Account) -> defaultdict[UUID, list[Placed]]:
    """{step: its contexts, first placed first}, of the skills in use that this account may see."""
    states = [Skill.State.PUBLISHED, Skill.State.DRAFT][: 2 if account.can_see_drafts else 1]
    at: defaultdict[UUID, list[Placed]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(PLACED, {"steps": [str(pk) for pk in steps], "states": [state.value for state in states]})
        here = {str(pk): pk for pk in steps}
        for pk, version, step, outcome, level, skill, statement, state, is_live, flags in cursor.fetchall():
            # “It looks like another” would tell of a draft.
            told = flags if account.can_see_drafts else []
            placed = Placed(pk, version, here[step], outcome, level, skill, statement, state, is_live, told)
            at[placed.step].append(placed)
    return at
