"""The line of sight as set-based SQL: which outcomes lie downstream of which steps, and along which way."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection

from base.models import Retirable
from base.rows import Statement
from workflows.models import Outcome, Step, Workflow

# A breadth-first walk from every step at once. Each row carries what it has seen, so a rework loop ends, and the first
# arrival at an outcome is the shortest way to it. Handoffs may cross workflows: the walk covers all that are connected.
# `without` leaves out work as if it were retired; ids are unique across nouns, so one list serves all four.
SIGHT = """
WITH RECURSIVE connected (id) AS (
    SELECT unnest(%(workflows)s::uuid[])
    UNION
    SELECT neighbour.workflow_id FROM connected CROSS JOIN LATERAL (
        SELECT receiver.workflow_id
        FROM workflows_step giver
        JOIN workflows_outcome outcome ON outcome.produced_by_id = giver.id
        JOIN workflows_handoff handoff ON handoff.outcome_id = outcome.id
        JOIN workflows_step receiver ON receiver.id = handoff.to_step_id
        WHERE giver.workflow_id = connected.id
        UNION
        SELECT giver.workflow_id
        FROM workflows_step receiver
        JOIN workflows_handoff handoff ON handoff.to_step_id = receiver.id
        JOIN workflows_outcome outcome ON outcome.id = handoff.outcome_id
        JOIN workflows_step giver ON giver.id = outcome.produced_by_id
        WHERE receiver.workflow_id = connected.id
    ) neighbour
),
produced AS MATERIALIZED (
    SELECT outcome.id, outcome.produced_by_id AS step_id
    FROM connected
    JOIN workflows_workflow workflow ON workflow.id = connected.id AND workflow.retired_at IS NULL
    JOIN workflows_step step ON step.workflow_id = workflow.id AND step.retired_at IS NULL
    JOIN workflows_outcome outcome ON outcome.produced_by_id = step.id AND outcome.retired_at IS NULL
    WHERE NOT (ARRAY[workflow.id, step.id, outcome.id] && %(without)s::uuid[])
),
onward AS MATERIALIZED (
    SELECT handoff.outcome_id, produced.id AS next_id
    FROM workflows_handoff handoff
    JOIN produced source ON source.id = handoff.outcome_id
    JOIN produced ON produced.step_id = handoff.to_step_id
    WHERE handoff.retired_at IS NULL AND handoff.id <> ALL (%(without)s::uuid[])
),
walk (step_id, frontier, seen, distance) AS (
    SELECT step_id, array_agg(id), array_agg(id), 0 FROM produced GROUP BY step_id
    UNION ALL
    SELECT walk.step_id, further.frontier, walk.seen || further.frontier, walk.distance + 1
    FROM walk CROSS JOIN LATERAL (
        SELECT array_agg(DISTINCT onward.next_id) AS frontier
        FROM onward
        WHERE onward.outcome_id = ANY (walk.frontier) AND onward.next_id <> ALL (walk.seen)
    ) further
    WHERE further.frontier IS NOT NULL
),
sight AS MATERIALIZED (
    SELECT step_id, unnest(frontier) AS outcome_id, distance FROM walk
)
"""

REBUILD = (
    SIGHT
    + """,
lost AS (
    DELETE FROM workflows_lineofsight kept USING workflows_step step, connected
    WHERE kept.step_id = step.id AND step.workflow_id = connected.id
    AND NOT EXISTS (SELECT FROM sight WHERE sight.step_id = kept.step_id AND sight.outcome_id = kept.outcome_id)
    RETURNING 1
),
gained AS (
    INSERT INTO workflows_lineofsight AS kept (step_id, outcome_id, distance)
    SELECT sight.step_id, sight.outcome_id, sight.distance FROM sight
    WHERE NOT EXISTS (
        SELECT FROM workflows_lineofsight same WHERE same.step_id = sight.step_id
        AND same.outcome_id = sight.outcome_id AND same.distance = sight.distance
    )
    ON CONFLICT (step_id, outcome_id) DO UPDATE SET distance = EXCLUDED.distance
    RETURNING 1
)
SELECT array_agg(id) FROM connected
"""
)

LOST = (
    SIGHT
    + """
SELECT kept.step_id, kept.outcome_id
FROM connected
JOIN workflows_step step ON step.workflow_id = connected.id
JOIN workflows_lineofsight kept ON kept.step_id = step.id
WHERE NOT EXISTS (SELECT FROM sight WHERE sight.step_id = kept.step_id AND sight.outcome_id = kept.outcome_id)
"""
)

RECOMPUTED = SIGHT + "SELECT step_id, outcome_id, distance FROM sight"


def rebuild(workflows: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Make `LineOfSight` true again after an edit; returns the ids of all workflows connected with these.

    Called last in the edit's transaction. Two edits of connected workflows must not each rebuild without the other's
    rows, so the second waits here until the first has committed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('line of sight'))")
        cursor.execute(REBUILD, {"workflows": [str(pk) for pk in workflows], "without": []})
        connected: list[uuid.UUID] = cursor.fetchone()[0]
    return connected


def recomputed(workflows: Collection[uuid.UUID]) -> set[tuple[uuid.UUID, uuid.UUID, int]]:
    """{(step, outcome, distance)} as it should be, without touching the table."""
    with connection.cursor() as cursor:
        cursor.execute(RECOMPUTED, {"workflows": [str(pk) for pk in workflows], "without": []})
        return set(cursor.fetchall())


def lost_without(noun: Retirable, workflow: Workflow) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """{(step, outcome)} that would no longer be downstream if this workflow, or this thing in it, were retired."""
    with connection.cursor() as cursor:
        cursor.execute(LOST, {"workflows": [str(workflow.pk)], "without": [str(noun.pk)]})
        return set(cursor.fetchall())


def hold_still() -> None:
    """Until this transaction ends nobody rebuilds the line of sight, so what is checked against it stays true.

    Take it before any row: an edit of the work takes the same lock before it touches skills.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext('line of sight'))")


@dataclass(frozen=True)
class Leg:
    """One outcome on the way and the step that produces it."""

    step: Step
    outcome: Outcome


# Backwards along the closure: from each wanted outcome to its step, every leg one handoff closer. {wanted}: a statement
# that yields (step_id, outcome_id).
WAYS = """
wanted (step_id, outcome_id) AS (
    {wanted}
),
way (from_step, to_outcome, outcome_id, step_id, distance) AS (
    SELECT wanted.step_id, wanted.outcome_id, sight.outcome_id, outcome.produced_by_id, sight.distance
    FROM wanted
    JOIN workflows_lineofsight sight ON sight.step_id = wanted.step_id AND sight.outcome_id = wanted.outcome_id
    JOIN workflows_outcome outcome ON outcome.id = sight.outcome_id
    UNION ALL
    SELECT way.from_step, way.to_outcome, before.outcome_id, before.produced_by_id, before.distance
    FROM way CROSS JOIN LATERAL (
        SELECT sight.outcome_id, outcome.produced_by_id, sight.distance
        FROM workflows_handoff handoff
        JOIN workflows_lineofsight sight ON sight.outcome_id = handoff.outcome_id AND sight.step_id = way.from_step
        JOIN workflows_outcome outcome ON outcome.id = sight.outcome_id
        WHERE handoff.to_step_id = way.step_id AND handoff.retired_at IS NULL AND sight.distance = way.distance - 1
        ORDER BY sight.outcome_id LIMIT 1
    ) before
    WHERE way.distance > 0
)
"""
BETWEEN = "SELECT * FROM unnest(%(steps)s::text[]::uuid[], %(outcomes)s::text[]::uuid[])"
LEGS = Statement(f"""
WITH RECURSIVE {WAYS.format(wanted=BETWEEN)}
SELECT from_step, to_outcome, step_id, outcome_id FROM way ORDER BY from_step, to_outcome, distance
""")

# Beyond a final outcome no further one lies. Of several the one that ends the outcome's own workflow counts, then one
# that is measured, then the one furthest on in the process; and the step through which it is reached. {which} says of
# which outcomes.
ENDS = """
SELECT DISTINCT ON (handoff.outcome_id) handoff.outcome_id, handoff.to_step_id, sight.outcome_id AS final_id
FROM workflows_handoff handoff
JOIN workflows_outcome outcome ON outcome.id = handoff.outcome_id
JOIN workflows_step origin ON origin.id = outcome.produced_by_id
JOIN workflows_lineofsight sight ON sight.step_id = handoff.to_step_id
JOIN workflows_outcome final ON final.id = sight.outcome_id
JOIN workflows_step ending ON ending.id = final.produced_by_id
WHERE {which} AND handoff.retired_at IS NULL
AND NOT EXISTS (
    SELECT FROM workflows_handoff onward
    JOIN workflows_lineofsight further ON further.step_id = onward.to_step_id
    WHERE onward.outcome_id = sight.outcome_id AND onward.retired_at IS NULL
)
ORDER BY handoff.outcome_id, (ending.workflow_id = origin.workflow_id) DESC, (final.measure <> '') DESC,
    ending.position DESC, sight.distance, sight.outcome_id
"""
ENDS_OF = Statement(ENDS.format(which="handoff.outcome_id = ANY (%(outcomes)s::text[]::uuid[])"))

Pair = tuple[uuid.UUID, uuid.UUID]


def ways(pairs: Collection[Pair]) -> dict[Pair, list[Leg]]:
    """The shortest way from each step to its downstream outcome, leg by leg; pairs without one are left out.

    Three queries, whatever the number of pairs.
    """
    legs = LEGS.rows(steps=[str(step) for step, _ in pairs], outcomes=[str(outcome) for _, outcome in pairs])
    steps = Step.objects.select_related("performed_by", "workflow").in_bulk({leg[2] for leg in legs})
    outcomes = Outcome.objects.select_related("beneficiary_role").in_bulk({leg[3] for leg in legs})
    found: dict[Pair, list[Leg]] = {}
    for from_step, to_outcome, step, outcome in legs:
        found.setdefault((from_step, to_outcome), []).append(Leg(steps[step], outcomes[outcome]))
    return found


def way(step: Step, outcome: Outcome) -> list[Leg]:
    """The shortest way from one step to one outcome; empty where there is none. See also: ways."""
    return ways([(step.pk, outcome.pk)]).get((step.pk, outcome.pk), [])


def ends(outcomes: Collection[uuid.UUID]) -> dict[uuid.UUID, Pair]:
    """{outcome: (the step it is handed to, the final outcome beyond)}; final outcomes are left out."""
    found = ENDS_OF.rows(outcomes=[str(pk) for pk in outcomes])
    return {outcome: (to_step, final) for outcome, to_step, final in found}


@dataclass(frozen=True)
class Sight:
    """From a step to one downstream outcome, and from there on to the final outcome; empty where there is no way."""

    way: list[Leg]
    beyond: list[Leg]

    @property
    def legs(self) -> list[Leg]:
        return self.way + self.beyond


def sights(pairs: Sequence[Pair]) -> list[Sight]:
    """For each (step id, outcome id) the way between them and on to the final outcome; four queries in all."""
    beyond = ends({outcome for _, outcome in pairs})
    found = ways({*pairs, *beyond.values()})
    onward = {outcome: found.get(pair, []) for outcome, pair in beyond.items()}
    return [Sight(found[pair], onward.get(pair[1], [])) if pair in found else Sight([], []) for pair in pairs]


def sight(step: Step, outcome: Outcome) -> Sight:
    """One of `sights`."""
    return sights([(step.pk, outcome.pk)])[0]


def ways_to_the_end(pairs: Collection[Pair]) -> dict[Pair, list[Leg]]:
    """The whole line of sight for each pair that has one. See also: sights."""
    listed = list(pairs)
    return {pair: seen.legs for pair, seen in zip(listed, sights(listed), strict=True) if seen.way}
