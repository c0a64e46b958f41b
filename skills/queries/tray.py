"""The context-free skills beside a map: those that fit its words first, then the oldest."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from base.spelling import as_query, words_of

# Together they are exactly the skills without a live context; each has one of them at a time.
REASONS = ("no_context", "path_broken", "work_retired")

# Two index scans: ranking every context-free skill would cost more the longer the imported list is.
LOOSE = """
WITH asked AS (SELECT to_tsquery('simple', %(words)s) AS fits, to_tsquery('simple', %(search)s) AS found),
fitting AS (
    SELECT skill.id, skill.statement, flag.code, flag.opened_at, ts_rank(skill.search, asked.fits) AS rank
    FROM asked
    JOIN skills_skill skill ON skill.search @@ asked.fits
    JOIN skills_skillflag flag ON flag.about_id = skill.id AND flag.cleared_at IS NULL AND flag.code = ANY (%(reasons)s)
    WHERE (%(search)s = '' OR skill.search @@ asked.found)
    ORDER BY rank DESC, flag.opened_at, skill.id LIMIT %(limit)s
),
other AS (
    SELECT skill.id, skill.statement, flag.code, flag.opened_at, 0::real AS rank
    FROM asked
    JOIN skills_skillflag flag ON flag.cleared_at IS NULL AND flag.code = ANY (%(reasons)s)
    JOIN skills_skill skill ON skill.id = flag.about_id
    WHERE NOT skill.search @@ asked.fits AND (%(search)s = '' OR skill.search @@ asked.found)
    ORDER BY flag.opened_at, skill.id LIMIT %(limit)s
),
loose AS (SELECT * FROM fitting UNION ALL SELECT * FROM other)
SELECT loose.id, loose.statement, loose.code, loose.opened_at, EXISTS (
    SELECT FROM skills_skillflag hint
    WHERE hint.about_id = loose.id AND hint.code = 'says_little' AND hint.cleared_at IS NULL
)
FROM loose ORDER BY loose.rank DESC, loose.opened_at, loose.id LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Loose:
    """A context-free skill: why (the code of its flag) and since when."""

    pk: UUID
    statement: str
    code: str
    since: dt.datetime
    says_little: bool


def loose(*, words: Collection[str], search: str = "", reason: str = "", limit: int) -> list[Loose]:
    """At most `limit` skills: those that share `words` first, best first, then by age.

    `search` is what a person typed; each word may be unfinished. `reason` is one of REASONS.
    """
    asked: dict[str, Any] = {
        "words": " | ".join(words),
        "search": as_query(words_of(search)),
        "reasons": [reason] if reason in REASONS else list(REASONS),
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(LOOSE, asked)
        return [Loose(*row) for row in cursor.fetchall()]


WAITING = "SELECT code::text, count(*) FROM skills_skillflag WHERE cleared_at IS NULL AND code = ANY (%s) GROUP BY code"


def loose_by_reason() -> dict[str, int]:
    """How many context-free skills there are, by reason."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [list(REASONS)])
        found = dict(cursor.fetchall())
    return {code: found.get(code, 0) for code in REASONS}
