"""The words of the library, kept so that a misspelt one finds what was meant."""

from uuid import UUID

from django.db import connection

from base.vocabulary import Vocabulary

# ts_stat takes its query as text.
SAID = """
SELECT word, ndoc AS uses FROM ts_stat($$
    SELECT search FROM performance_support_resource WHERE state <> 'archived'
$$) WHERE word ~ '^[[:alpha:]]{3,40}$'
"""
# In the order of the words, so that two editors who learn the same ones cannot wait for each other.
LEARN = """
INSERT INTO performance_support_helpword (word)
SELECT DISTINCT word FROM performance_support_resource, unnest(tsvector_to_array(search)) word
WHERE id = %s AND word ~ '^[[:alpha:]]{3,40}$'
ORDER BY word
ON CONFLICT DO NOTHING
"""
WORDS = Vocabulary("performance_support_helpword", said=SAID, like="help_words_like")


def learn(resource: UUID) -> None:
    """Know its words at once; counting them waits for the next rebuild."""
    with connection.cursor() as cursor:
        cursor.execute(LEARN, [str(resource)])
