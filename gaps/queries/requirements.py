"""What steps and roles need, made from live contexts of published skills by one statement."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from gaps.arithmetic import UNRATED

# Live: `LineOfSight` holds active work only, so one look is enough (skills.models.skill.in_sight).
WANTED = """
SELECT context.step_id, context.skill_id, step.performed_by_id AS job_role_id,
    max(context.required_level)::smallint AS level,
    coalesce(step.criticality, %(unrated)s)::smallint AS criticality,
    step.criticality IS NOT NULL AS is_rated,
    count(*)::smallint AS contexts,
    greatest(step.revised_at, min(context.placed_at)) AS asked_since
FROM skills_context context
JOIN skills_skill skill ON skill.id = context.skill_id AND skill.state = 'published'
JOIN workflows_lineofsight sight ON sight.step_id = context.step_id AND sight.outcome_id = context.outcome_id
JOIN workflows_step step ON step.id = context.step_id
WHERE {wanted}
GROUP BY context.step_id, context.skill_id, step.id
"""
REQUIRED = """
SELECT job_role_id, skill_id, max(level) AS level, max(criticality) AS criticality, bool_and(is_rated) AS is_rated,
    count(*)::smallint AS steps, min(asked_since) AS asked_since
FROM {needs} WHERE job_role_id IS NOT NULL GROUP BY job_role_id, skill_id
"""
# `touched`: the pairs of role and skill of whatever need came, went or changed, under its former role and its new one.
# A pair may rest on needs beyond the scope as well; those are read from the table, which the statement sees as it was.
# EXCEPT rather than NOT EXISTS: it hashes, however few rows the planner expects of a step that comes before.
REBUILD = (
    """
WITH wanted AS MATERIALIZED ("""
    + WANTED
    + """),
kept AS MATERIALIZED (SELECT need.* FROM gaps_need need WHERE {kept}),
moved AS MATERIALIZED (
    SELECT wanted.*, kept.job_role_id AS former_role_id
    FROM wanted LEFT JOIN kept USING (step_id, skill_id)
    WHERE (kept.job_role_id, kept.level, kept.criticality, kept.is_rated, kept.contexts, kept.asked_since)
        IS DISTINCT FROM (wanted.job_role_id, wanted.level, wanted.criticality, wanted.is_rated, wanted.contexts,
            wanted.asked_since)
),
unwanted AS MATERIALIZED (SELECT step_id, skill_id FROM kept EXCEPT SELECT step_id, skill_id FROM wanted),
lost AS (
    DELETE FROM gaps_need need USING unwanted
    WHERE need.step_id = unwanted.step_id AND need.skill_id = unwanted.skill_id
    RETURNING need.job_role_id, need.skill_id
),
written AS (
    INSERT INTO gaps_need (step_id, skill_id, job_role_id, level, criticality, is_rated, contexts, asked_since)
    SELECT step_id, skill_id, job_role_id, level, criticality, is_rated, contexts, asked_since FROM moved
    ON CONFLICT (step_id, skill_id) DO UPDATE SET job_role_id = EXCLUDED.job_role_id, level = EXCLUDED.level,
        criticality = EXCLUDED.criticality, is_rated = EXCLUDED.is_rated, contexts = EXCLUDED.contexts,
        asked_since = EXCLUDED.asked_since
),
touched AS MATERIALIZED (
    SELECT job_role_id, skill_id FROM lost
    UNION SELECT job_role_id, skill_id FROM moved
    UNION SELECT former_role_id, skill_id FROM moved
),
asking AS (
    SELECT wanted.* FROM wanted JOIN touched USING (job_role_id, skill_id)
    UNION ALL
    SELECT need.step_id, need.skill_id, need.job_role_id, need.level, need.criticality, need.is_rated, need.contexts,
        need.asked_since
    FROM touched JOIN gaps_need need USING (job_role_id, skill_id)
    WHERE NOT ({kept})
),
required AS MATERIALIZED ("""
    + REQUIRED.format(needs="asking")
    + """),
unasked AS MATERIALIZED (SELECT job_role_id, skill_id FROM touched EXCEPT SELECT job_role_id, skill_id FROM required),
dropped AS (
    DELETE FROM gaps_requirement old USING unasked
    WHERE old.job_role_id = unasked.job_role_id AND old.skill_id = unasked.skill_id
)
INSERT INTO gaps_requirement AS old (job_role_id, skill_id, level, criticality, is_rated, steps, asked_since)
SELECT job_role_id, skill_id, level, criticality, is_rated, steps, asked_since FROM required
ON CONFLICT (job_role_id, skill_id) DO UPDATE SET level = EXCLUDED.level, criticality = EXCLUDED.criticality,
    is_rated = EXCLUDED.is_rated, steps = EXCLUDED.steps, asked_since = EXCLUDED.asked_since, changed_at = now()
WHERE (old.level, old.criticality, old.is_rated, old.steps, old.asked_since)
    IS DISTINCT FROM (EXCLUDED.level, EXCLUDED.criticality, EXCLUDED.is_rated, EXCLUDED.steps, EXCLUDED.asked_since)
"""
)
ALONE = "hashtext('requirements')"


@dataclass(frozen=True)
class Scope:
    """What an edit can have touched: needs at these workflows' steps, or of these skills."""

    wanted: str
    kept: str
    ids: tuple[UUID, ...] = ()


def of_workflows(workflows: Collection[UUID]) -> Scope:
    kept = "need.step_id IN (SELECT id FROM workflows_step WHERE workflow_id = ANY (%(ids)s::uuid[]))"
    return Scope("step.workflow_id = ANY (%(ids)s::uuid[])", kept, tuple(workflows))


def of_skills(skills: Collection[UUID]) -> Scope:
    return Scope("context.skill_id = ANY (%(ids)s::uuid[])", "need.skill_id = ANY (%(ids)s::uuid[])", tuple(skills))


EVERYTHING = Scope("true", "true")


def rebuild(scope: Scope = EVERYTHING) -> None:
    """Make needs and requirements true again; waits until nobody else does."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({ALONE})")
    write(scope)


def rebuild_if_alone(scope: Scope) -> bool:
    """The same inside an edit, which holds other locks and must not wait: False where somebody else is at it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({ALONE})")
        if not cursor.fetchone()[0]:
            return False
    write(scope)
    return True


def write(scope: Scope) -> None:
    with connection.cursor() as cursor:
        statement = REBUILD.replace("{wanted}", scope.wanted).replace("{kept}", scope.kept)
        cursor.execute(statement, {"ids": [str(pk) for pk in scope.ids], "unrated": UNRATED})


def recomputed_needs() -> list[tuple[object, ...]]:
    """All needs as they should be, without touching the table."""
    with connection.cursor() as cursor:
        cursor.execute(WANTED.replace("{wanted}", "true"), {"unrated": UNRATED})
        return list(cursor.fetchall())


def recomputed() -> list[tuple[object, ...]]:
    """All requirements as they should be, without touching the table."""
    with connection.cursor() as cursor:
        wanted = WANTED.replace("{wanted}", "true")
        cursor.execute(f"WITH needs AS ({wanted}) " + REQUIRED.format(needs="needs"), {"unrated": UNRATED})
        return list(cursor.fetchall())
