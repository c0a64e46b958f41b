"""The words in use, kept so that a misspelt one finds what was meant."""

from uuid import UUID

from django.db import connection

from base.vocabulary import Vocabulary
from skills.models import Skill

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

# In the order of the words, so that two editors who learn the same ones cannot wait for each other.
LEARN = """
INSERT INTO skills_word (word)
SELECT DISTINCT word FROM skills_skill, unnest(tsvector_to_array(search)) word
WHERE id = ANY (%s::uuid[]) AND word ~ '^[[:alpha:]]{3,40}$'
ORDER BY word
ON CONFLICT DO NOTHING
"""
WORDS = Vocabulary("skills_word", said=SAID, like="words_like")


def rebuild() -> tuple[int, int]:
    """Make the vocabulary what is said now, in one statement; returns how many words came or changed, and went."""
    return WORDS.rebuild()


def recomputed() -> dict[str, int]:
    """{word: uses} as it should be, without touching the table."""
    return WORDS.recomputed()


def learn(*skills: Skill | UUID) -> None:
    """Know the words of these skills at once; counting them waits for the next rebuild."""
    with connection.cursor() as cursor:
        cursor.execute(LEARN, [[str(skill.pk if isinstance(skill, Skill) else skill) for skill in skills]])
