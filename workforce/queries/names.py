"""People by their names, misspelt or not."""

from base.vocabulary import Vocabulary

# ts_stat takes its query as text. Whoever has left is looked for too.
SAID = """
SELECT word, ndoc AS uses FROM ts_stat($$SELECT to_tsvector('simple', display_name) FROM workforce_person$$)
WHERE word ~ '^[[:alpha:]]{3,40}$'
"""
NAMES = Vocabulary("workforce_nameword", said=SAID, like="names_like")
