"""Search over the library's 100,000 resources, beside what somebody would write for this one page of it.

`BENCH_RESOURCES` shrinks it. The words are those of `search`: made up, and used as unevenly as real ones.
"""

import os
import random
from io import StringIO
from itertools import accumulate
from uuid import UUID

from django.db import connection

from base.spelling import query_for
from bench import ground
from bench.ground import seconds
from bench.search import made_up_words, p95, slip
from performance_support.queries import library, vocabulary
from performance_support.queries.library import PER_PAGE, Wanted
from workforce.models import Account, Role

RESOURCES = int(os.environ.get("BENCH_RESOURCES", "100000"))
FILL = """
COPY performance_support_resource (
    kind, title, summary, text, owner_id, created_by_id, state, verified_at, verified_by_id, due_on
) FROM STDIN
"""
# What somebody would write who needs this page of the list: its rows, who answers for them, where they are, how many.
ROWS = """
    SELECT resource.*, owner.full_name, verifier.full_name, verified_by.full_name
    FROM performance_support_resource resource JOIN workforce_account owner ON owner.id = resource.owner_id
    LEFT JOIN workforce_account verifier ON verifier.id = resource.verifier_id
    LEFT JOIN workforce_account verified_by ON verified_by.id = resource.verified_by_id
    WHERE search @@ to_tsquery('simple', %(query)s) AND state IN ('verified', 'stale')
    ORDER BY lower(title), resource.id LIMIT %(most)s
"""
PLACES = "SELECT * FROM performance_support_placement WHERE resource_id = ANY (%(found)s::uuid[])"
COUNT = """
    SELECT count(*) FROM performance_support_resource
    WHERE search @@ to_tsquery('simple', %(query)s) AND state IN ('verified', 'stale')
"""


def fill(by: Account, dice: random.Random) -> list[str]:
    """Titles of three to eight words, texts of forty."""
    words = made_up_words(dice)
    uses = list(accumulate(1 / (rank + 2) for rank in range(len(words))))
    said = lambda most: " ".join(dice.choices(words, cum_weights=uses, k=dice.randint(3, most)))  # noqa: E731
    titles, rows = [], StringIO()
    for _ in range(RESOURCES):
        titles.append(said(8))
        rows.write(
            f"job_aid\t{titles[-1]}\t{said(12)}\t{said(40)}\t{by.pk}\t{by.pk}\tverified\tnow\t{by.pk}\t2099-01-01\n"
        )
    rows.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(FILL, rows)
    vocabulary.WORDS.rebuild()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE performance_support_resource")
        cursor.execute("VACUUM ANALYZE performance_support_helpword")
    return titles


def plain(query: str) -> tuple[list[UUID], int]:
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"query": query, "most": PER_PAGE + 1})
        rows = cursor.fetchall()
        cursor.execute(PLACES, {"found": [str(row[0]) for row in rows]})
        cursor.fetchall()
        cursor.execute(COUNT, {"query": query})
        return [row[0] for row in rows][:PER_PAGE], cursor.fetchone()[0]


def searching(by: Account, dice: random.Random) -> bool:
    """One or two words of a title, a fifth of them misspelt; each both ways, one right after the other."""
    titles, ours, floor = fill(by, dice), [], []
    for n in range(400):
        words = dice.sample(dice.choice(titles).split(), dice.choice([1, 2]))
        if n % 5 == 0 and len(words[0]) > 4:
            words[0] = slip(words[0], dice)
        typed = " ".join(words)
        query = query_for(typed, vocabulary.WORDS)
        page, (found, count) = library.page_of(Wanted(q=typed), seen_by=by), plain(query)
        if ([resource.pk for resource in page.resources], page.count) != (found, count):
            raise SystemExit(f"the library finds something else by {typed}")
        floor.append(seconds(lambda query=query: plain(query)))
        ours.append(seconds(lambda typed=typed: library.page_of(Wanted(q=typed), seen_by=by)))
    return ground.compare(f"p95 of searching {RESOURCES:,} resources", ours=p95(ours), floor=p95(floor), limit=2)


def main() -> bool:
    """True when the ratio keeps within its limit."""
    with ground.database("library"):
        by = Account.objects.create_user("bench@example.com", full_name="Bench", roles=[Role.DESIGNER])
        return searching(by, random.Random(25))
