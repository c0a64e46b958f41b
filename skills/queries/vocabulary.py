"""The words in use, kept so that a misspelt one finds what was meant."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from skills.models import Skill
from skills.spelling import nearest

# Every text that search looks at. ts_stat takes its query as text.
SAID = """
SELECT word, sum(ndoc)::int AS uses FROM (
    SELECT word, ndoc FROM ts_stat($$SELECT search FROM skills_skill WHERE state <> 'retired'$$)
    UNION ALL
    SELECT word, ndoc FROM ts_stat($$SELECT to_tsvector('simple', name) FROM workflows_step$$)
    UNION ALL
    SELECT word, ndoc FROM ts_stat($$SELECT to_tsvector('simple', statement) FROM workflows_outcome$$)
    UNION ALL
    SELECT word, ndoc FROM ts_stat($$SELECT to_tsvector('simple', name) FROM workflows_workflow$$)
    UNION ALL
    SELECT word, ndoc FROM ts_stat($$SELECT to_tsvector('simple', display_name) FROM workforce_person$$)
) each_noun
WHERE word ~ '^[[:alpha:]]{3,40}$'
GROUP BY word
"""

REBUILD = f"""
WITH said AS MATERIALIZED ({SAID}),
forgotten AS (
    DELETE FROM skills_word kept WHERE NOT EXISTS (SELECT FROM said WHERE said.word = kept.word) RETURNING 1
),
learnt AS (
    INSERT INTO skills_word AS kept (word, uses) SELECT word, uses FROM said ORDER BY word
    ON CONFLICT (word) DO UPDATE SET uses = EXCLUDED.uses WHERE kept.uses <> EXCLUDED.uses
    RETURNING 1
)
SELECT (SELECT count(*) FROM learnt), (SELECT count(*) FROM forgotten)
"""

# In the order of the words, so that two editors who learn the same ones cannot wait for each other.
LEARN = """
INSERT INTO skills_word (word)
SELECT DISTINCT word FROM skills_skill, unnest(tsvector_to_array(search)) word
WHERE id = ANY (%s::uuid[]) AND word ~ '^[[:alpha:]]{3,40}$'
ORDER BY word
ON CONFLICT DO NOTHING
"""
UNKNOWN = """
SELECT asked.word FROM unnest(%s::text[]) AS asked (word)
WHERE NOT EXISTS (SELECT FROM skills_word known WHERE known.word LIKE asked.word || '%%')
"""


def rebuild() -> tuple[int, int]:
    """Make the vocabulary what is said now, in one statement; returns how many words came or changed, and went."""
    with connection.cursor() as cursor:
        cursor.execute(REBUILD)
        learnt, forgotten = cursor.fetchone()
    return learnt, forgotten


def recomputed() -> dict[str, int]:
    """{word: uses} as it should be, without touching the table."""
    with connection.cursor() as cursor:
        cursor.execute(SAID)
        return dict(cursor.fetchall())


def learn(*skills: Skill | UUID) -> None:
    """Know the words of these skills at once; counting them waits for the next rebuild."""
    with connection.cursor() as cursor:
        cursor.execute(LEARN, [[str(skill.pk if isinstance(skill, Skill) else skill) for skill in skills]])


def unknown(words: Collection[str]) -> list[str]:
    """Those of these words with which no word in use begins. Letters and digits only, so LIKE needs no escape."""
    with connection.cursor() as cursor:
        cursor.execute(UNKNOWN, [list(words)])
        return [word for (word,) in cursor.fetchall()]


def meant_by(words: Collection[str]) -> dict[str, list[str]]:
    """{typed word: the likeliest words that were meant}; a word nobody can guess is left out. One query."""
    candidates: dict[str, list[tuple[str, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT typed, known, uses FROM words_like(%s::text[])", [list(words)])
        for typed, known, uses in cursor.fetchall():
            candidates.setdefault(typed, []).append((known, uses))
    found = {typed: list(nearest(typed, known)) for typed, known in candidates.items()}
    return {typed: likely for typed, likely in found.items() if likely}
