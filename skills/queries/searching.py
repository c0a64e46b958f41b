"""Search as you type over everything that has a name: one query, and one more when nothing was spelt like that."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from base.spelling import as_query, respelt, words_of
from skills.models import Skill
from skills.queries import vocabulary
from workforce.models import Account

Kind = Literal["skill", "step", "outcome", "workflow", "person", "resource"]

# Below this many hits the words may be misspelt.
FEW = 5
# How many of the matches are looked at for the best ones; beyond that, typing one more letter is the better ranking.
POOL = 200


@dataclass(frozen=True)
class Hit:
    """One thing found: what it says, and where it belongs."""

    kind: Kind
    pk: UUID
    says: str
    where: str
    state: str
    within: UUID | None


# What a room above finds by the same words, for whom, and how many at most; it enters as it starts.
Finder = Callable[[str, Account, int], list[Hit]]
ELSEWHERE: list[Finder] = []


def enter(finder: Finder) -> None:
    if finder not in ELSEWHERE:
        ELSEWHERE.append(finder)


def search_everywhere(typed: str, *, seen_by: Account, limit: int) -> list[Hit]:
    """What this room finds, then what the rooms above it find."""
    found = search(typed, seen_by=seen_by, limit=limit)
    return [*found, *(hit for finder in ELSEWHERE for hit in finder(typed, seen_by, limit))]


# First what begins with the very letters, then what contains every word; published before draft, short before long.
SKILLS = """
(
    SELECT 'skill', id, statement, CASE WHEN name <> statement THEN name ELSE '' END, state, NULL::uuid, 0 AS nearness
    FROM skills_skill WHERE lower(name) LIKE %(begins)s AND state = ANY (%(states)s) LIMIT %(limit)s
)
"""
SKILLS_BY_WORD = """
(
    SELECT 'skill', id, statement, CASE WHEN name <> statement THEN name ELSE '' END, state, NULL::uuid, 1 AS nearness
    FROM (
        SELECT id, name, statement, state FROM skills_skill
        WHERE search @@ to_tsquery('simple', %(words)s) AND state = ANY (%(states)s) LIMIT %(pool)s
    ) pool
    ORDER BY (state = 'published') DESC, length(statement), id LIMIT %(limit)s
)
"""
WORK_AND_PEOPLE = """
(
    SELECT 'workflow', id, name, area, '', id, 1 FROM workflows_workflow
    WHERE to_tsvector('simple', COALESCE(name, '')) @@ to_tsquery('simple', %(words)s) AND retired_at IS NULL
    ORDER BY name LIMIT %(limit)s
)
UNION ALL
(
    SELECT 'step', step.id, step.name, workflow.name, '', workflow.id, 1
    FROM workflows_step step JOIN workflows_workflow workflow ON workflow.id = step.workflow_id
    WHERE to_tsvector('simple', COALESCE(step.name, '')) @@ to_tsquery('simple', %(words)s)
    AND step.retired_at IS NULL AND workflow.retired_at IS NULL
    ORDER BY workflow.name, step.position LIMIT %(limit)s
)
UNION ALL
(
    SELECT 'outcome', outcome.id, outcome.statement, step.name || ', ' || workflow.name, '', workflow.id, 1
    FROM workflows_outcome outcome
    JOIN workflows_step step ON step.id = outcome.produced_by_id
    JOIN workflows_workflow workflow ON workflow.id = step.workflow_id
    WHERE to_tsvector('simple', COALESCE(outcome.statement, '')) @@ to_tsquery('simple', %(words)s)
    AND outcome.retired_at IS NULL AND step.retired_at IS NULL AND workflow.retired_at IS NULL
    ORDER BY outcome.statement LIMIT %(limit)s
)
UNION ALL
(
    SELECT 'person', person.id, person.display_name, COALESCE(title.name, ''), '', NULL::uuid, 1
    FROM workforce_person person LEFT JOIN workforce_jobtitle title ON title.id = person.job_title_id
    WHERE to_tsvector('simple', COALESCE(person.display_name, '')) @@ to_tsquery('simple', %(words)s)
    AND person.status IN ('active', 'leave')
    ORDER BY person.display_name LIMIT %(limit)s
)
"""


def search(typed: str, *, seen_by: Account, limit: int = 8, kinds: Literal["all", "skill"] = "all") -> list[Hit]:
    """The best few of each kind that this account may see. A misspelt word is read as the words it resembles."""
    words = words_of(typed)
    if not words:
        return []
    hits = looked_up(typed, as_query(words), seen_by=seen_by, limit=limit, kinds=kinds)
    if len(hits) >= FEW or max(map(len, words)) < 3:
        return hits
    meant = respelt(words, vocabulary.WORDS)
    if meant is None:
        return hits
    known = {hit.pk for hit in hits}
    more = looked_up("", meant, seen_by=seen_by, limit=limit, kinds=kinds)
    return [*hits, *(hit for hit in more if hit.pk not in known)]


def looked_up(typed: str, query: str, *, seen_by: Account, limit: int, kinds: str) -> list[Hit]:
    letters = len("".join(words_of(typed)))
    parts = [SKILLS] if typed else []
    # One or two letters stand in nearly every statement: only what begins with them is of use.
    if not typed or letters > 2:
        parts.append(SKILLS_BY_WORD)
    if kinds == "all":
        parts.append(WORK_AND_PEOPLE)
    facts: dict[str, Any] = {
        "begins": typed.strip().lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%",
        "words": query,
        "states": states_seen_by(seen_by),
        "limit": limit,
        "pool": POOL,
    }
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), facts)
        rows = cursor.fetchall()
    found: dict[UUID, Hit] = {}
    for *facts_of_hit, _ in rows:
        hit = Hit(*facts_of_hit)
        found.setdefault(hit.pk, hit)
    return trimmed(list(found.values()), limit)


def trimmed(hits: list[Hit], limit: int) -> list[Hit]:
    """Skills come from two looks; together they keep to the limit."""
    skills = [hit for hit in hits if hit.kind == "skill"][:limit]
    return [*skills, *(hit for hit in hits if hit.kind != "skill")]


def states_seen_by(account: Account) -> list[str]:
    """What `SkillQuerySet.visible_to` lets through; retired skills are found in the list, not here."""
    return [Skill.State.PUBLISHED, Skill.State.DRAFT] if account.can_see_drafts else [Skill.State.PUBLISHED]
