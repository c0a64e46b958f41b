"""What belongs where: the decision table applied to every step, in one statement. Its twin: `deciding.decide`."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from performance_support.deciding import Facts, Rule

# The first rule that no known fact contradicts; where it asks what nobody has rated, nothing is decided.
PLAN = """
SELECT step.id, step.name, step.position, role.name, workflow.id, workflow.name,
    step.criticality, step.difficulty, step.frequency,
    rule.id, rule.position,
    ARRAY[rule.criticality_from, rule.criticality_to, rule.difficulty_from, rule.difficulty_to,
        rule.frequency_from, rule.frequency_to],
    coalesce(rule.lacks, '{}'), rule.training, rule.practice, rule.support,
    other.id, other.training, other.practice, other.support, other.reason, other.overruled_at, account.full_name,
    other.id IS NOT NULL AND (
        (other.criticality, other.difficulty, other.frequency)
            IS DISTINCT FROM (step.criticality, step.difficulty, step.frequency)
        OR other.rule_id IS DISTINCT FROM CASE WHEN rule.lacks = '{}' THEN rule.id END
        OR other.said <> CASE WHEN rule.lacks = '{}'
            THEN jsonb_build_array(rule.training, rule.practice, rule.support) ELSE '[]'::jsonb END
    ),
    (SELECT jsonb_agg(jsonb_build_array(skill.id, skill.name, needed.level) ORDER BY lower(skill.name), skill.id)
        FROM (
            SELECT context.skill_id, max(context.required_level) AS level
            FROM skills_context context WHERE context.step_id = step.id GROUP BY context.skill_id
        ) needed JOIN skills_skill skill ON skill.id = needed.skill_id AND skill.state = 'published')
FROM workflows_step step
JOIN workflows_workflow workflow ON workflow.id = step.workflow_id AND workflow.retired_at IS NULL
LEFT JOIN workforce_jobrole role ON role.id = step.performed_by_id
LEFT JOIN LATERAL (
    SELECT candidate.*, array_remove(ARRAY[
        CASE WHEN step.criticality IS NULL AND (criticality_from, criticality_to) <> (1, 7) THEN 'criticality' END,
        CASE WHEN step.difficulty IS NULL AND (difficulty_from, difficulty_to) <> (1, 3) THEN 'difficulty' END,
        CASE WHEN step.frequency IS NULL AND (frequency_from, frequency_to) <> (1, 7) THEN 'frequency' END
    ], NULL) AS lacks
    FROM performance_support_planrule candidate
    WHERE candidate.retired_at IS NULL
    AND (step.criticality IS NULL OR step.criticality BETWEEN criticality_from AND criticality_to)
    AND (step.difficulty IS NULL OR step.difficulty BETWEEN difficulty_from AND difficulty_to)
    AND (step.frequency IS NULL OR step.frequency BETWEEN frequency_from AND frequency_to)
    ORDER BY candidate.position, candidate.id LIMIT 1
) rule ON true
LEFT JOIN performance_support_planoverrule other ON other.step_id = step.id AND other.taken_back_at IS NULL
LEFT JOIN workforce_account account ON account.id = other.overruled_by_id
WHERE step.retired_at IS NULL
AND (%(workflow)s::uuid IS NULL OR workflow.id = %(workflow)s) AND (%(step)s::uuid IS NULL OR step.id = %(step)s)
ORDER BY lower(workflow.name), workflow.id, step.position, step.id
"""


class Ways(NamedTuple):
    training: str = ""
    practice: str = ""
    support: str = ""


@dataclass(frozen=True)
class Other:
    """What somebody decided instead. `is_outdated`: the facts or the rule are not what they had before them."""

    pk: UUID
    ways: Ways
    reason: str
    at: dt.datetime
    by: str
    is_outdated: bool


@dataclass(frozen=True)
class Planned:
    """One step. `rule`: the one that fires, None where none fits or facts lack; `says`: what it says."""

    step: UUID
    name: str
    position: int
    role: str | None
    workflow: UUID
    workflow_name: str
    facts: Facts
    rule: UUID | None
    rule_position: int | None
    asks: list[str]
    lacks: list[str]
    says: Ways
    other: Other | None
    skills: list[tuple[str, str, int]]

    @property
    def ways(self) -> Ways:
        return self.other.ways if self.other else self.says

    @property
    def is_decided(self) -> bool:
        return self.other is not None or self.rule is not None

    @property
    def why(self) -> str:
        if self.rule is not None:
            return f"Rule {self.rule_position}: {', '.join(self.asks) or 'any step'}"
        if self.lacks:
            return f"Rate its {' and '.join(self.lacks)} first"
        return "No rule fits"

    @property
    def rated(self) -> str:
        """The facts by which it is decided."""
        told = (f"{scale} {'–' if fact is None else fact}" for scale, fact in self.facts._asdict().items())
        return ", ".join(told)

    @property
    def belongs(self) -> str:
        """`training`, `practice`, `support` or `nothing`: the most that is needed. `undecided` before that."""
        if not self.is_decided:
            return "undecided"
        return next((way for way, words in self.ways._asdict().items() if words), "nothing")


def plan(*, workflow: UUID | None = None, step: UUID | None = None) -> list[Planned]:
    """Every step, workflow by workflow in the order of the work."""
    asked = {"workflow": workflow and str(workflow), "step": step and str(step)}
    with connection.cursor() as cursor:
        cursor.execute(PLAN, asked)
        return [planned(*row) for row in cursor.fetchall()]


def planned(*row: Any) -> Planned:
    step, name, place, role, workflow, workflow_name = row[:6]
    rule, position, spans, lacks = row[9:13]
    pk, training, practice, support, reason, at, by, is_outdated, skills = row[16:]
    fires = rule is not None and not lacks
    asks = Rule((spans[0], spans[1]), (spans[2], spans[3]), (spans[4], spans[5])).asks if rule else []
    return Planned(
        step,
        name,
        place,
        role,
        workflow,
        workflow_name,
        facts=Facts(*row[6:9]),
        rule=rule if fires else None,
        rule_position=position,
        asks=asks,
        lacks=lacks,
        says=Ways(*row[13:16]) if fires else Ways(),
        other=Other(pk, Ways(training, practice, support), reason, at, by, is_outdated) if pk else None,
        skills=[(skill, statement, level) for skill, statement, level in json.loads(skills)] if skills else [],
    )


@dataclass(frozen=True)
class Count:
    """Of the steps of one workflow: in how many of them something belongs in which place."""

    workflow: UUID
    name: str
    steps: int
    training: int
    practice: int
    support: int
    undecided: int
    overruled: int
    outdated: int


def counts(rows: Iterable[Planned]) -> list[Count]:
    found: dict[tuple[UUID, str], list[Planned]] = {}
    for row in rows:
        found.setdefault((row.workflow, row.workflow_name), []).append(row)
    return [
        Count(
            *workflow,
            steps=len(steps),
            training=sum(bool(one.ways.training) for one in steps),
            practice=sum(bool(one.ways.practice) for one in steps),
            support=sum(bool(one.ways.support) for one in steps),
            undecided=sum(not one.is_decided for one in steps),
            overruled=sum(one.other is not None for one in steps),
            outdated=sum(one.other is not None and one.other.is_outdated for one in steps),
        )
        for workflow, steps in found.items()
    ]
