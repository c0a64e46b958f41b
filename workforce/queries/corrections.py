"""Where people put something right and the source says otherwise: per field one of them wins, and the trail says so."""

from uuid import UUID

from django.db import connection

from base.changes import Actor
from workforce.feeds.rows import BIT
from workforce.models import Source

# A correction and the row that has come about the same person; older news than what is here ends nothing.
MET = """
workforce_correction correction
JOIN workforce_person person ON person.id = correction.person_id AND person.source = %(source)s
JOIN incoming ON incoming.source_id = person.source_id AND incoming.given >= 0 AND incoming.given & {bit} <> 0
    AND (incoming.updated_at < person.updated_at) IS NOT TRUE
"""
FIELDS_MET = """
SELECT DISTINCT correction.field FROM workforce_correction correction
JOIN workforce_person person ON person.id = correction.person_id AND person.source = %(source)s
"""
# Once for every new value of the source, not every night.
KEEP = """
WITH met AS (
    SELECT correction.id, person.id AS person, person.display_name, person.source_id, correction.value,
        coalesce(incoming.{field}, '') AS says, correction.source_value
    FROM {met} WHERE correction.field = '{field}'
), agreed AS (
    DELETE FROM workforce_correction correction USING met WHERE correction.id = met.id AND met.says = met.value
), told AS (
    UPDATE workforce_correction correction SET source_value = met.says FROM met
    WHERE correction.id = met.id AND met.says NOT IN (met.value, met.source_value)
    RETURNING met.*
), reported AS (
    INSERT INTO workforce_runproblem (run_id, source_id, field, code, detail, is_rejected)
    SELECT %(run)s, source_id, '{field}', 'corrected_here',
        'Somebody put this right here as “' || value || '”, which stands against “' || says || '”.', false
    FROM told WHERE %(run)s IS NOT NULL
)
INSERT INTO base_change (by, by_name, verb, noun, subject, name, scope, facts)
SELECT %(by)s, %(by_name)s, 'keep', 'person', person, display_name, coalesce(%(run)s, person),
    jsonb_build_object('{field}', jsonb_build_array(says, value))
FROM told
"""
LEAVE_OUT = """
UPDATE incoming SET given = incoming.given & ~{bit}
FROM workforce_correction correction
JOIN workforce_person person ON person.id = correction.person_id AND person.source = %(source)s
WHERE incoming.source_id = person.source_id AND incoming.given >= 0 AND correction.field = '{field}'
"""
YIELD = """
WITH met AS (
    SELECT correction.id, person.id AS person, person.display_name, correction.value,
        coalesce(incoming.{field}, '') AS says
    FROM {met} WHERE correction.field = '{field}'
), ended AS (
    DELETE FROM workforce_correction correction USING met WHERE correction.id = met.id RETURNING met.*
)
INSERT INTO base_change (by, by_name, verb, noun, subject, name, scope, facts)
SELECT %(by)s, %(by_name)s, 'overrule', 'person', person, display_name, coalesce(%(run)s, person),
    jsonb_build_object('{field}', jsonb_build_array(value, says))
FROM ended
"""


def heed(source: Source, run: UUID | None, *, is_dry: bool, by: Actor) -> None:
    """Leave out of `incoming` what stands corrected here; corrections in the source's own fields end."""
    facts = {"source": source.name, "run": run, "by": by.pk, "by_name": by.name}
    with connection.cursor() as cursor:
        cursor.execute(FIELDS_MET, facts)
        for (field,) in cursor.fetchall():
            words = {"field": field, "bit": BIT[field], "met": MET.format(bit=BIT[field])}
            stands = field in source.corrections_stand
            if not is_dry:
                cursor.execute((KEEP if stands else YIELD).format(**words), facts)
            if stands:
                cursor.execute(LEAVE_OUT.format(**words), facts)
