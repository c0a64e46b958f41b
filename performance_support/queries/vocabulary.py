"""The words of the library, kept so that a misspelt one finds what was meant."""

from uuid import UUID

from django.db import connection

from base.vocabulary import Vocabulary

# ts_stat takes its query as text.
SAID = """
SELECT word, ndoc AS uses FROM ts_stat($$
    SELECT search FROM performance_support_resource WHERE state <> 'archived'
    UNION ALL
    SELECT to_tsvector('simple', text) FROM performance_support_tip WHERE retired_at IS NULL AND resource_id IS NULL
$$) WHERE word ~ '^[[:alpha:]]{3,40}$'
"""
# In the order of the words, so that two editors who learn the same ones cannot wait for each other.
LEARN = """
INSERT INTO performance_support_helpword (word)
SELECT DISTINCT word FROM (
    SELECT search FROM performance_support_resource WHERE id = %(noun)s
    UNION ALL
    SELECT to_tsvector('simple', text) FROM performance_support_tip WHERE id = %(noun)s
) said, unnest(tsvector_to_array(search)) word
WHERE word ~ '^[[:alpha:]]{3,40}$'
ORDER BY word
ON CONFLICT DO NOTHING
"""
WORDS = Vocabulary("performance_support_helpword", said=SAID, like="help_words_like")


def learn(noun: UUID) -> None:
    """Know the words of a resource or a tip at once; counting them waits for the next rebuild."""
    with connection.cursor() as cursor:
        cursor.execute(LEARN, {"noun": str(noun)})
