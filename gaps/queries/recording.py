"""Up to a thousand statements judged and written by one SQL statement."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

# Whoever vouches for somebody's work at level 3 stands at least there. Whoever says that work was accepted performs a
# step that receives it. The same reference again is the same statement: the id is told, nothing is written.
RECORD = """
WITH incoming AS MATERIALIZED (
    SELECT row.*, ordered_uuid() AS id, trust.months, step.revision,
        row.reference <> ''
            AND row_number() OVER (PARTITION BY row.source, row.reference ORDER BY row.place) > 1 AS is_twice
    FROM jsonb_to_recordset(%(rows)s) row (
        place int, person_id uuid, skill_id uuid, level smallint, type text, observed_at timestamptz,
        valid_until date, observer_id uuid, step_id uuid, source text, reference text, note text,
        recorded_at timestamptz
    )
    JOIN gaps_trust trust ON trust.type = row.type
    LEFT JOIN workflows_step step ON step.id = row.step_id
),
judged AS MATERIALIZED (
    SELECT incoming.*, known.id AS known_id,
        -- Whichever comes first: what the source says, or what the type allows.
        least(incoming.valid_until, (incoming.observed_at + make_interval(months => incoming.months))::date) AS until,
        CASE
            WHEN is_twice THEN 'reference_twice'
            WHEN known.id IS NOT NULL THEN CASE
                WHEN (known.person_id, known.skill_id, known.level, known.type, known.observed_at)
                    IS DISTINCT FROM (incoming.person_id, incoming.skill_id, incoming.level, incoming.type,
                        incoming.observed_at) THEN 'reference_used' ELSE 'known' END
            WHEN skill.state = 'retired' THEN 'skill_retired'
            WHEN incoming.observed_at > now() + interval '1 day' THEN 'not_yet'
            WHEN incoming.type IN ('observed', 'accepted') AND incoming.step_id IS NULL THEN 'step_missing'
            WHEN incoming.type IN ('observed', 'accepted') AND incoming.observer_id IS NULL THEN 'observer_missing'
            WHEN incoming.type IN ('observed', 'accepted', 'manager', 'peer')
                AND incoming.observer_id = incoming.person_id THEN 'own_view'
            WHEN incoming.type = 'own' AND incoming.observer_id <> incoming.person_id THEN 'not_own_view'
            WHEN incoming.type = 'observed' AND NOT EXISTS (
                SELECT FROM gaps_standing standing WHERE standing.person_id = incoming.observer_id
                AND standing.skill_id = incoming.skill_id AND standing.level >= 3
            ) THEN 'observer_level'
            WHEN incoming.type = 'accepted' AND NOT EXISTS (
                SELECT FROM workflows_outcome outcome
                JOIN workflows_handoff handoff ON handoff.outcome_id = outcome.id AND handoff.retired_at IS NULL
                JOIN workflows_step receiving ON receiving.id = handoff.to_step_id AND receiving.retired_at IS NULL
                JOIN workforce_jobtitle title ON title.job_role_id = receiving.performed_by_id
                JOIN workforce_person observer ON observer.job_title_id = title.id
                WHERE outcome.produced_by_id = incoming.step_id AND outcome.retired_at IS NULL
                AND observer.id = incoming.observer_id
            ) THEN 'not_a_receiver'
            ELSE ''
        END AS verdict
    FROM incoming
    JOIN skills_skill skill ON skill.id = incoming.skill_id
    LEFT JOIN gaps_evidence known
        ON incoming.reference <> '' AND known.source = incoming.source AND known.reference = incoming.reference
        AND known.reference <> ''
),
written AS (
    INSERT INTO gaps_evidence (id, person_id, skill_id, level, type, observed_at, valid_until, observer_id, step_id,
        step_revision, source, reference, note, recorded_at, recorded_by_id)
    SELECT id, person_id, skill_id, level, type, observed_at, until, observer_id, step_id, revision, source, reference,
        note, coalesce(recorded_at, now()), %(by)s
    FROM judged WHERE verdict = ''
    ON CONFLICT (source, reference) WHERE reference <> '' DO NOTHING
    RETURNING id
)
SELECT judged.place, coalesce(judged.known_id, written.id),
    -- Somebody else sent the same reference at this very moment.
    CASE WHEN judged.verdict = '' AND written.id IS NULL THEN 'reference_used' ELSE judged.verdict END
FROM judged LEFT JOIN written ON written.id = judged.id ORDER BY judged.place
"""


@dataclass(frozen=True)
class Verdict:
    """What became of one statement: "" where it was written, `known` where it had come before, or why it was not."""

    # What was written, or had come before; null where neither.
    evidence: UUID | None
    code: str

    @property
    def is_written(self) -> bool:
        return self.code == ""

    @property
    def is_refused(self) -> bool:
        return self.code not in {"", "known"}


def record(rows: Sequence[dict[str, Any]], *, by: UUID) -> list[Verdict]:
    """One verdict per row, in their order. Ids must exist; every row names all columns."""
    told = json.dumps([{**row, "place": place} for place, row in enumerate(rows)], default=str)
    with connection.cursor() as cursor:
        cursor.execute(RECORD, {"rows": told, "by": by})
        return [Verdict(evidence, code) for _, evidence, code in cursor.fetchall()]
