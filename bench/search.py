"""Search as you type over 100,000 statements, against the plain indexed query; and how many typing errors it forgives.

`BENCH_STATEMENTS` shrinks it. The words are made up from the letters of real ones, and used as unevenly as real ones.
"""

import os
import random
import string
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from io import StringIO
from itertools import accumulate

from django.db import connection

from base.spelling import as_query, words_of
from bench import ground
from skills.queries import vocabulary
from skills.queries.searching import search
from skills.verbs import VERBS
from workforce.models import Account, Role

STATEMENTS = int(os.environ.get("BENCH_STATEMENTS", "100000"))
WORDS = 11_000
SEED = 20260
LIMIT = 8

# What somebody would write who needs this one answer: the same words, the same order, through psycopg2.
PLAIN = """
    SELECT id, statement FROM skills_skill
    WHERE search @@ to_tsquery('simple', %s) AND state = ANY (%s)
    ORDER BY (state = 'published') DESC, length(statement), id LIMIT %s
"""
STATES = ["published", "draft"]


def made_up_words(dice: random.Random) -> list[str]:
    """Words that begin, go on and end like the verbs of the product."""
    pairs: dict[str, list[str]] = defaultdict(list)
    for verb in sorted(VERBS):
        spelt = f"^{verb}."
        for place in range(len(spelt) - 1):
            pairs[spelt[max(place - 1, 0) : place + 1]].append(spelt[place + 1])
    words: dict[str, None] = {}
    while len(words) < WORDS:
        word = "^"
        while len(word) < 14 and (letter := dice.choice(pairs[word[-2:]])) != ".":
            word += letter
        if len(word) > 3:
            words[word[1:]] = None
    return list(words)


def statements(words: list[str], dice: random.Random) -> Iterator[str]:
    # Zipf: the second word half as often as the first, the third a third as often.
    uses = list(accumulate(1 / (rank + 2) for rank in range(len(words))))
    for _ in range(STATEMENTS):
        yield " ".join(dice.choices(words, cum_weights=uses, k=dice.randint(3, 10)))


def fill(said: list[str], by: Account) -> None:
    rows = StringIO()
    rows.writelines(f"{statement}\t{statement}\t{by.pk}\n" for statement in said)
    rows.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert("COPY skills_skill (name, statement, created_by_id) FROM STDIN", rows)
    vocabulary.rebuild()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE skills_skill")
        cursor.execute("VACUUM ANALYZE skills_word")


def keystrokes(said: list[str], dice: random.Random, count: int) -> Iterator[str]:
    """What the box holds while people type one or two words of a statement, from the second letter on."""
    for _ in range(count):
        words = dice.choice(said).split()
        start = dice.randrange(len(words))
        typed = " ".join(words[start : start + dice.choice([1, 1, 2])])
        yield from (typed[:end] for end in range(2, len(typed) + 1) if typed[end - 1] != " ")


def slip(word: str, dice: random.Random) -> str:
    """One letter wrong, missing, too many, or swapped with the next."""
    place, letter = dice.randrange(len(word) - 1), dice.choice(string.ascii_lowercase)
    return dice.choice(
        [
            word[:place] + letter + word[place + 1 :],
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place:],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        ]
    )


def seconds(work: Callable[[str], object], typed: str) -> float:
    start = time.perf_counter()
    work(typed)
    return time.perf_counter() - start


def p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def main() -> bool:
    """True when every ratio and the share of typing errors keep within their limits."""
    dice = random.Random(SEED)
    with ground.database("search"):
        words = made_up_words(dice)
        said = list(statements(words, dice))
        designer = Account.objects.create_user("designer@example.com", full_name="Designer", roles=[Role.DESIGNER])
        fill(said, designer)
        return all([typing(said, designer, dice), short(words, designer), slips(said, designer, dice)])


def plain(typed: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, [as_query(words_of(typed)), STATES, LIMIT])
        return cursor.fetchall()


def typing(said: list[str], designer: Account, dice: random.Random) -> bool:
    """Each keystroke both ways, one right after the other, so that the weather is the same for both."""
    typed = list(keystrokes(said, dice, 120))
    for text in typed[:50]:
        plain(text), search(text, seen_by=designer, limit=LIMIT)
    floor, ours, everything = [], [], []
    for text in typed:
        floor.append(seconds(plain, text))
        ours.append(seconds(lambda text: search(text, seen_by=designer, limit=LIMIT, kinds="skill"), text))
        everything.append(seconds(lambda text: search(text, seen_by=designer, limit=LIMIT), text))
    kept = ground.compare(f"p95 of {len(typed)} keystrokes, skills", ours=p95(ours), floor=p95(floor), limit=2)
    return ground.compare("p95, skills, work and people", ours=p95(everything), floor=p95(floor), limit=2) and kept


def short(words: list[str], designer: Account) -> bool:
    """The first two keystrokes are everybody's: they must not be the slow ones."""
    beginnings = sorted({word[:n] for word in words for n in (1, 2)})
    longer = sorted({word[:4] for word in words if len(word) > 4})[: len(beginnings)]
    look = lambda text: search(text, seen_by=designer, limit=LIMIT)  # noqa: E731
    first = p95([seconds(look, text) for text in beginnings])
    four = p95([seconds(look, text) for text in longer])
    return ground.compare("p95 of one or two letters, to four", ours=first, floor=four, limit=1.5)


def slips(said: list[str], designer: Account, dice: random.Random) -> bool:
    """A misspelt word beside a right one must still find its statement among the first ten."""
    found, times, tries = 0, [], 1000
    for _ in range(tries):
        statement = dice.choice(said)
        words = [word for word in statement.split() if len(word) > 4]
        if not words:
            tries -= 1
            continue
        wrong = dice.choice(words)
        rest = [word for word in statement.split() if word != wrong]
        typed = " ".join([slip(wrong, dice), *rest])
        start = time.perf_counter()
        hits = search(typed, seen_by=designer, limit=10, kinds="skill")
        times.append(time.perf_counter() - start)
        found += any(hit.says == statement for hit in hits)
    share = found / tries
    print(f"{'typing errors forgiven':<48}{share:>10.1%} of {tries} (≥ 95 %), p95 {p95(times) * 1000:.1f} ms")
    return share >= 0.95
