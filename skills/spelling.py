"""Which word was meant: typing errors counted, no database."""

from collections.abc import Iterable, Sequence

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
