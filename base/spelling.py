"""Which word was meant: typing errors counted, no database. A `Vocabulary` knows the words in use."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

# As the text search parser cuts words: letters and digits, nothing else.
WORD = re.compile(r"[^\W_]+")
# A sentence pasted into the box is searched by its beginning.
MOST_WORDS = 8

# Of a short word one letter may be wrong, of a long one two.
SLIPS = {1: 0, 2: 0, 3: 1, 4: 1, 5: 1, 6: 2}
MOST_SLIPS = 2


def slips_allowed(word: str) -> int:
    return SLIPS.get(len(word), MOST_SLIPS)


def slips(typed: str, meant: str) -> int:
    """Letters that are wrong, missing, too many or swapped with their neighbour, where `meant` may go on longer.

    The optimal string alignment distance to the nearest beginning of `meant`: “custm” is one slip from “customer”.
    """
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, letter in enumerate(typed, 1):
        previous, before, row = before, row, [i]
        for j, other in enumerate(meant, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == meant[j - 2] and typed[i - 2] == other:
                cost = min(cost, previous[j - 2] + 1)
            row.append(cost)
    return min(row)


def nearest(typed: str, words: Iterable[tuple[str, int]], *, most: int = 6) -> Sequence[str]:
    """Of (word, uses) the likeliest that were meant: fewest slips, then most used."""
    allowed = slips_allowed(typed)
    ranked = sorted((slips(typed, word), -uses, word) for word, uses in words)
    return [word for slipped, _, word in ranked if slipped <= allowed][:most]


class Vocabulary(Protocol):
    def unknown(self, words: Collection[str], /) -> Collection[str]:
        """Those of these words with which no word in use begins."""
        ...

    def meant_by(self, words: Collection[str], /) -> Mapping[str, Collection[str]]:
        """{typed word: the likeliest words that were meant}"""
        ...


def words_of(typed: str) -> list[str]:
    return [word.lower() for word in WORD.findall(typed)[:MOST_WORDS]]


def as_query(words: Collection[str]) -> str:
    """Every word, as the beginning of a word: “cust inf” finds “customer information”."""
    return " & ".join(f"{word}:*" for word in words)


def query_for(typed: str, vocabulary: Vocabulary) -> str:
    """What a list filters by: every word, or what was meant where a word is misspelt; empty where none was typed."""
    words = words_of(typed)
    long = [word for word in words if len(word) > 2]
    misspelt = vocabulary.unknown(long) if long else []
    return (respelt(words, vocabulary, misspelt) if misspelt else None) or as_query(words)


def respelt(words: list[str], vocabulary: Vocabulary, unknown: Collection[str] = ()) -> str | None:
    """The query with each misspelt word widened to the words it resembles; None where nothing resembles it.

    A word that begins one in use is somebody still typing. Only when every word is like that, one of them was misspelt
    into another word, and each is asked about. `unknown`: those with which no word in use begins, where they are known.
    """
    long = [word for word in words if len(word) > 2]
    meant = vocabulary.meant_by(unknown or vocabulary.unknown(long) or long)
    if not any(set(meant.get(word, [])) - {word} for word in words):
        return None
    choices = [dict.fromkeys([*meant.get(word, []), word]) for word in words]
    return " & ".join(f"({' | '.join(f'{word}:*' for word in likely)})" for likely in choices)
