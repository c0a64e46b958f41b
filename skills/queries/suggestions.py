"""Where a context-free skill probably belongs: the step and outcome whose words it shares. Advice, never a decision."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

# Words of the step count double: its object is what the skill works on. A word that many steps share says little, hence
# the logarithm (inverse document frequency, Spärck Jones 1972).
LIKELY = """
WITH target AS MATERIALIZED (
    SELECT outcome.id, outcome.statement, step.id AS step_id, step.name
    FROM workflows_outcome outcome
    JOIN workflows_step step ON step.id = outcome.produced_by_id AND step.retired_at IS NULL
    JOIN workflows_workflow workflow ON workflow.id = step.workflow_id AND workflow.retired_at IS NULL
    WHERE outcome.retired_at IS NULL AND (%(workflow)s::uuid IS NULL OR workflow.id = %(workflow)s::uuid)
),
word AS MATERIALIZED (
    SELECT target.id, said.lexeme, CASE WHEN 'A' = ANY (said.weights) THEN 2 ELSE 1 END AS weight
    FROM target CROSS JOIN LATERAL unnest(
        setweight(to_tsvector('english', target.name), 'A') || to_tsvector('english', target.statement)
    ) said
),
worth AS MATERIALIZED (
    SELECT lexeme, ln(1 + (SELECT count(*) FROM target)::float / count(*)) AS worth FROM word GROUP BY lexeme
),
likely AS (
    SELECT DISTINCT ON (skill.id) skill.id, skill.statement, word.id AS target_id,
        array_agg(word.lexeme) AS shared, sum(word.weight * worth.worth) AS score, bool_or(word.weight = 2) AS is_work
    FROM skills_skill skill
    CROSS JOIN LATERAL unnest(to_tsvector('english', skill.statement)) said
    JOIN word ON word.lexeme = said.lexeme
    JOIN worth ON worth.lexeme = said.lexeme
    WHERE skill.id = ANY (%(skills)s::uuid[])
    GROUP BY skill.id, word.id
    ORDER BY skill.id, sum(word.weight * worth.worth) DESC, word.id
)
SELECT likely.id, target.step_id, target.name, target.id, target.statement, likely.score, likely.statement,
    likely.shared, likely.is_work
FROM likely JOIN target ON target.id = likely.target_id
"""


@dataclass(frozen=True)
class Suggestion:
    """A step and one of its own outcomes; `because` is a sentence; `score` only ranks suggestions of one call."""

    step: UUID
    step_name: str
    outcome: UUID
    outcome_statement: str
    score: float
    because: str


def likely_places(skills: Collection[UUID], *, workflow: UUID | None = None) -> dict[UUID, Suggestion]:
    """{skill: where it probably belongs}, in one workflow or anywhere; nothing for a skill that shares no word.

    One query. It reads every active outcome in question, so ask for a page of skills, not for all of them.
    """
    with connection.cursor() as cursor:
        cursor.execute(LIKELY, {"skills": [str(pk) for pk in skills], "workflow": workflow and str(workflow)})
        rows = cursor.fetchall()
    return {
        skill: Suggestion(
            step=step,
            step_name=name,
            outcome=outcome,
            outcome_statement=result,
            score=score,
            because=because(shared_words(said, shared), name, is_work=is_work),
        )
        for skill, step, name, outcome, result, score, said, shared, is_work in rows
    }


def shared_words(statement: str, lexemes: Collection[str]) -> str:
    """The longest run of words with these stems: “customer information” of “Complete the customer information”."""
    runs, run = [""], ""
    for word in re.findall(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]", statement):
        run = f"{run} {word}".strip() if any(has_stem(word.lower(), lexeme) for lexeme in lexemes) else ""
        runs.append(run)
    return max(runs, key=len)


def has_stem(word: str, lexeme: str) -> bool:
    """Whether a word can have come to this stem: “companies” to “compani”, “company” too."""
    return word.startswith(lexeme.removesuffix("i") if lexeme.endswith("i") else lexeme)


def because(words: str, step: str, *, is_work: bool) -> str:
    return (
        f"because “{words}” is what the step “{step}” works on"
        if is_work
        else f"because “{words}” is in the outcome of the step “{step}”"
    )
