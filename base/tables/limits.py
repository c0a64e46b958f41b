"""How much of a stranger's file we take on, and how we say no. Every limit is here once and stands in its sentence."""

from base.errors import RuleBroken

MB = 1024 * 1024
MAX_BYTES = 50 * MB
# Packed text rarely shrinks more than twenty times; what claims more is made to fill a disk.
MAX_UNPACKED = 150 * MB
MAX_RATIO = 100
MAX_DIRECTORY = MB
MAX_WORKBOOK = 60 * MB
MAX_WORKBOOK_CELLS = 2_000_000
MAX_COLUMNS = 500
MAX_ROWS = 200_000
MAX_LINE = MB


class CannotRead(RuleBroken):
    """The file is not a list we can take in. The sentence says which limit or fault, and what to do."""


def too_large(size: int, most: int = MAX_BYTES) -> CannotRead:
    return CannotRead(
        f"The file has {size / MB:,.0f} MB; the limit is {most // MB} MB. Split the list, or leave out columns.",
        code="too_large",
    )
