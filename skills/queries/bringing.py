"""A piece of a plan brought in, or taken back, in a few statements; never row by row."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import ManyToManyField

from base.changes import Actor
from skills.models import Import, ImportRow, Skill, SkillFlag

CHOSEN = "choice <> 'leave' AND result = ''"
DONE = "result IN ('created', 'updated', 'joined')"
PIECE = """
SELECT max(number), count(*) FROM (
    SELECT number FROM skills_importrow WHERE owner_id = %s AND number > %s AND {which} ORDER BY number LIMIT %s
) piece
"""


@dataclass(frozen=True)
class Piece:
    """The rows behind `after` up to `upto`."""

    after: int
    upto: int
    rows: int


def next_piece(plan: Import, which: str, size: int) -> Piece | None:
    """The next rows to work on; None when there are no more."""
    with connection.cursor() as cursor:
        cursor.execute(PIECE.format(which=which), [plan.pk, plan.reached, size])
        upto, rows = cursor.fetchone()
    return Piece(plan.reached, upto, rows) if rows else None


def count_of(plan: Import, which: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM skills_importrow WHERE owner_id = %s AND {which}", [plan.pk])
        count: int = cursor.fetchone()[0]
    return count


# One list at a time per name: two imports of one list would otherwise wait for each other's skills in a circle.
ALONE = "SELECT pg_advisory_xact_lock(hashtext('import of ' || %(origin)s))"

ABOUT_TO_CHANGE = """
SELECT skill_id FROM skills_importrow
WHERE owner_id = %(owner)s AND number > %(after)s AND number <= %(upto)s AND result <> 'undone' AND skill_id IS NOT NULL
"""

# What stands in a plan's difference is what is written, no more; and only onto the version it was compared with.
BRING_IN = """
WITH piece AS MATERIALIZED (
    SELECT * FROM skills_importrow
    WHERE owner_id = %(owner)s AND number > %(after)s AND number <= %(upto)s AND choice <> 'leave' AND result = ''
), created AS (
    INSERT INTO skills_skill (name, statement, description, also_called, details, origin, origin_key, origin_print,
        owner_id, created_by_id)
    SELECT name, statement, coalesce(description, ''), coalesce(also_called, '{}'), coalesce(details, '{}'),
        %(origin)s, origin_key, row_print, %(by)s, %(by)s
    FROM piece WHERE verdict IN ('create', 'look_alike') AND choice = 'apply' ORDER BY number
    ON CONFLICT (origin, origin_key) WHERE origin_key IS NOT NULL DO NOTHING
    RETURNING id, origin_key
), updated AS (
    UPDATE skills_skill skill SET
        name = coalesce(piece.difference #>> '{name,1}', skill.name),
        statement = coalesce(piece.difference #>> '{statement,1}', skill.statement),
        description = coalesce(piece.difference #>> '{description,1}', skill.description),
        also_called = CASE WHEN piece.difference ? 'also_called'
            THEN ARRAY(SELECT jsonb_array_elements_text(piece.difference #> '{also_called,1}'))
            ELSE skill.also_called END,
        details = coalesce(piece.difference #> '{details,1}', skill.details),
        origin_print = piece.row_print,
        version = skill.version + 1
    FROM piece
    WHERE piece.verdict = 'update' AND skill.id = piece.skill_id AND skill.version = piece.skill_version
        AND skill.state <> 'retired'
    RETURNING skill.id, skill.statement, piece.number, piece.difference
), trail AS (
    INSERT INTO base_change (by, by_name, verb, noun, subject, name, scope, facts)
    SELECT %(by)s, %(by_name)s, 'import', 'skill', id, left(statement, 400), id, difference FROM updated
)
UPDATE skills_importrow row SET
    skill_id = coalesce(created.id, piece.skill_id),
    result = CASE WHEN created.id IS NOT NULL THEN 'created' WHEN updated.id IS NOT NULL THEN 'updated'
        WHEN piece.choice = 'existing' AND existing.state <> 'retired' THEN 'joined' ELSE 'left' END,
    reason = CASE WHEN created.id IS NOT NULL OR updated.id IS NOT NULL OR piece.choice = 'existing' THEN piece.reason
        ELSE 'Somebody changed the skill after the plan was made. Upload the list again to see where it stands now.' END
FROM piece
LEFT JOIN created ON created.origin_key = piece.origin_key
LEFT JOIN updated ON updated.number = piece.number
LEFT JOIN skills_skill existing ON existing.id = piece.skill_id
WHERE row.id = piece.id
RETURNING row.skill_id, row.result
"""

# The label of a row that stands for an existing skill stays findable as one of that skill's other names.
JOIN = """
WITH labels AS (
    SELECT row.skill_id, array_agg(DISTINCT left(row.name, 300)) AS names FROM skills_importrow row
    JOIN skills_skill skill ON skill.id = row.skill_id
    WHERE row.owner_id = %(owner)s AND row.number > %(after)s AND row.number <= %(upto)s AND row.result = 'joined'
    AND row.choice = 'existing' AND row.name <> skill.name AND NOT row.name = ANY (skill.also_called)
    GROUP BY row.skill_id
), joined AS (
    UPDATE skills_skill skill SET also_called = skill.also_called || labels.names, version = version + 1
    FROM labels WHERE skill.id = labels.skill_id
    RETURNING skill.id, skill.statement, skill.also_called, labels.names
)
INSERT INTO base_change (by, by_name, verb, noun, subject, name, scope, facts)
SELECT %(by)s, %(by_name)s, 'absorb', 'skill', id, left(statement, 400), id, jsonb_build_object('also_called',
    jsonb_build_array(to_jsonb(also_called[:cardinality(also_called) - cardinality(names)]), to_jsonb(also_called)))
FROM joined
"""


def bring_in(plan: Import, piece: Piece, *, by: Actor) -> set[UUID]:
    """Create and update what the piece's chosen rows say; returns the skills whose flags may have moved."""
    facts = facts_of(plan, piece, by)
    with connection.cursor() as cursor:
        cursor.execute(ALONE, facts)
        touched = ids(cursor, ABOUT_TO_CHANGE, facts)
        alike = twins(cursor, touched)
        cursor.execute(BRING_IN, facts)
        results = cursor.fetchall()
        touched |= {skill for skill, _ in results if skill}
        if any(result == "joined" for _, result in results):
            cursor.execute(JOIN, facts)
        # Before and after: a new wording can end one likeness and begin another.
        return touched | alike | twins(cursor, touched)


def facts_of(plan: Import, piece: Piece, by: Actor) -> dict[str, Any]:
    return {
        "owner": plan.pk,
        "origin": plan.name,
        "after": piece.after,
        "upto": piece.upto,
        "by": by.pk,
        "by_name": by.name,
    }


def ids(cursor: Any, sql: str, facts: dict[str, Any]) -> set[UUID]:
    cursor.execute(sql, facts)
    return {row[0] for row in cursor.fetchall() if row[0]}


def twins(cursor: Any, skills: set[UUID]) -> set[UUID]:
    """The skills whose statements say the same as one of these. Plain lists, because they are quick by any plan."""
    cursor.execute("SELECT DISTINCT fingerprint FROM skills_skill WHERE id = ANY(%s)", [list(skills)])
    prints = [row[0] for row in cursor.fetchall()]
    cursor.execute("SELECT id FROM skills_skill WHERE fingerprint = ANY(%s)", [prints])
    return {row[0] for row in cursor.fetchall()}


# Untouched since: a draft of its first version that nobody placed, told apart, assigned or snoozed, and that no other
# list has taken up. {elsewhere}: nothing in the rooms above refers to it either.
TAKE_BACK = """
WITH piece AS MATERIALIZED (
    SELECT row.id, row.skill_id FROM skills_importrow row
    WHERE row.owner_id = %(owner)s AND row.number > %(after)s AND row.number <= %(upto)s AND row.result = 'created'
), untouched AS MATERIALIZED (
    SELECT skill.id FROM skills_skill skill JOIN piece ON piece.skill_id = skill.id
    WHERE skill.state = 'draft' AND skill.version = 1
    AND NOT EXISTS (SELECT FROM skills_skillflag flag WHERE flag.about_id = skill.id
        AND (flag.assigned_to_id IS NOT NULL OR flag.snoozed_until IS NOT NULL))
    AND NOT EXISTS (SELECT FROM skills_importrow other WHERE other.skill_id = skill.id
        AND other.owner_id <> %(owner)s AND (other.choice <> 'leave' OR other.result <> ''))
    {elsewhere}
), flags AS (
    DELETE FROM skills_skillflag flag USING untouched WHERE flag.about_id = untouched.id
), others AS (
    UPDATE skills_importrow other SET skill_id = NULL FROM untouched
    WHERE other.skill_id = untouched.id AND other.owner_id <> %(owner)s
), rows AS (
    UPDATE skills_importrow row SET
        result = CASE WHEN untouched.id IS NULL THEN 'kept' ELSE 'undone' END,
        skill_id = CASE WHEN untouched.id IS NULL THEN row.skill_id END,
        reason = CASE WHEN untouched.id IS NULL THEN 'Somebody has worked on the skill since, so it stays.' ELSE '' END
    FROM piece LEFT JOIN untouched ON untouched.id = piece.skill_id WHERE row.id = piece.id
)
DELETE FROM skills_skill skill USING untouched WHERE skill.id = untouched.id
"""

REVERT = """
WITH piece AS MATERIALIZED (
    SELECT * FROM skills_importrow
    WHERE owner_id = %(owner)s AND number > %(after)s AND number <= %(upto)s AND result = 'updated'
), reverted AS (
    UPDATE skills_skill skill SET
        name = coalesce(piece.difference #>> '{name,0}', skill.name),
        statement = coalesce(piece.difference #>> '{statement,0}', skill.statement),
        description = coalesce(piece.difference #>> '{description,0}', skill.description),
        also_called = CASE WHEN piece.difference ? 'also_called'
            THEN ARRAY(SELECT jsonb_array_elements_text(piece.difference #> '{also_called,0}'))
            ELSE skill.also_called END,
        details = coalesce(piece.difference #> '{details,0}', skill.details),
        origin_print = '',
        version = skill.version + 1
    FROM piece WHERE skill.id = piece.skill_id AND skill.version = piece.skill_version + 1 AND skill.state <> 'retired'
    RETURNING skill.id, skill.statement, piece.number, piece.difference
), trail AS (
    INSERT INTO base_change (by, by_name, verb, noun, subject, name, scope, facts)
    SELECT %(by)s, %(by_name)s, 'undo_import', 'skill', id, left(statement, 400), id,
        (SELECT jsonb_object_agg(key, jsonb_build_array(value -> 1, value -> 0)) FROM jsonb_each(difference))
    FROM reverted
)
UPDATE skills_importrow row SET
    result = CASE WHEN reverted.id IS NULL THEN 'kept' ELSE 'undone' END,
    reason = CASE WHEN reverted.id IS NULL THEN 'Somebody changed the skill since, so it stays as it is.' ELSE '' END
FROM piece LEFT JOIN reverted ON reverted.number = piece.number WHERE row.id = piece.id
"""

# A label among a skill's other names harms nobody and may be in use: it stays, and the row says so.
KEEP_JOINED = """
UPDATE skills_importrow SET result = 'kept', reason = 'Its label stays among the other names of the existing skill.'
WHERE owner_id = %(owner)s AND number > %(after)s AND number <= %(upto)s AND result = 'joined'
"""


def take_back(plan: Import, piece: Piece, *, by: Actor) -> set[UUID]:
    """Undo what the piece's rows did, where nobody touched it since; returns the skills whose flags may have moved."""
    facts = facts_of(plan, piece, by)
    with connection.cursor() as cursor:
        cursor.execute(ALONE, facts)
        touched = ids(cursor, ABOUT_TO_CHANGE, facts)
        alike = twins(cursor, touched)
        cursor.execute(REVERT, facts)
        cursor.execute(TAKE_BACK.replace("{elsewhere}", elsewhere()), facts)
        cursor.execute(KEEP_JOINED, facts)
        return touched | alike | twins(cursor, touched)


def elsewhere() -> str:
    """Whoever points at skills, in whatever room: read from the models, because this room cannot know those above."""
    conditions = ""
    for relation in Skill._meta.related_objects:
        model = relation.related_model
        if model not in {SkillFlag, ImportRow}:
            table, column = quoted(model._meta.db_table), quoted(relation.field.column or "")
            if isinstance(relation.field, ManyToManyField):  # its rows are in a table of their own
                table, column = quoted(relation.field.m2m_db_table()), quoted(relation.field.m2m_reverse_name())
            conditions += f" AND NOT EXISTS (SELECT FROM {table} use WHERE use.{column} = skill.id)"
    return conditions


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)
