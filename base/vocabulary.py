"""The words in use, kept in a table (word, uses) so that a misspelt one finds what was meant. See also: spelling."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from base.spelling import nearest

REBUILD = """
WITH said AS MATERIALIZED ({said}),
forgotten AS (
    DELETE FROM {table} kept WHERE NOT EXISTS (SELECT FROM said WHERE said.word = kept.word) RETURNING 1
),
learnt AS (
    INSERT INTO {table} AS kept (word, uses) SELECT word, uses FROM said ORDER BY word
    ON CONFLICT (word) DO UPDATE SET uses = EXCLUDED.uses WHERE kept.uses <> EXCLUDED.uses
    RETURNING 1
)
SELECT (SELECT count(*) FROM learnt), (SELECT count(*) FROM forgotten)
"""
# Letters and digits only, so LIKE needs no escape.
UNKNOWN = """
SELECT asked.word FROM unnest(%s::text[]) AS asked (word)
WHERE NOT EXISTS (SELECT FROM {table} known WHERE known.word LIKE asked.word || '%%')
"""
LIKE = "SELECT typed, known, uses FROM {like}(%s::text[])"


@dataclass(frozen=True)
class Vocabulary:
    """`said` selects (word, uses) from every text that is searched; `like` is the SQL function that finds others."""

    table: str
    said: str
    like: str

    def rebuild(self) -> tuple[int, int]:
        """Make it what is said now, in one statement; returns how many words came or changed, and went."""
        with connection.cursor() as cursor:
            cursor.execute(REBUILD.format(table=self.table, said=self.said))
            learnt, forgotten = cursor.fetchone()
        return learnt, forgotten

    def recomputed(self) -> dict[str, int]:
        """{word: uses} as it should be, without touching the table."""
        with connection.cursor() as cursor:
            cursor.execute(self.said)
            return dict(cursor.fetchall())

    def unknown(self, words: Collection[str]) -> list[str]:
        """Those of these words with which no word in use begins."""
        with connection.cursor() as cursor:
            cursor.execute(UNKNOWN.format(table=self.table), [list(words)])
            return [word for (word,) in cursor.fetchall()]

    def meant_by(self, words: Collection[str]) -> dict[str, list[str]]:
        """{typed word: the likeliest words that were meant}; a word nobody can guess is left out. One query."""
        candidates: dict[str, list[tuple[str, int]]] = {}
        with connection.cursor() as cursor:
            cursor.execute(LIKE.format(like=self.like), [list(words)])
            for typed, known, uses in cursor.fetchall():
                candidates.setdefault(typed, []).append((known, uses))
        found = {typed: list(nearest(typed, known)) for typed, known in candidates.items()}
        return {typed: likely for typed, likely in found.items() if likely}
