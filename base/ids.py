"""Ids as people and their browsers send them, and as PostgreSQL does."""

from functools import lru_cache
from uuid import UUID

from psycopg2.extensions import new_array_type, new_type, register_type


def uuid_in(text: object) -> UUID | None:
    """The id that an address or a form holds; None where it holds nothing, or something else."""
    try:
        return UUID(str(text))
    except ValueError:
        return None


class Id(UUID):
    """An id that knows its letters: a page writes each of them many times."""

    __slots__ = ("letters",)
    letters: str

    def __init__(self, text: str) -> None:
        super().__init__(text)
        object.__setattr__(self, "letters", super().__str__())

    def __str__(self) -> str:
        return self.letters

    def __reduce__(self) -> tuple[type[UUID], tuple[str]]:
        return UUID, (self.letters,)


# A page about twelve people reads two thousand ids, most of them of the same few people, steps and roles; an id never
# changes, so one object will do for all.
same = lru_cache(10_000)(Id)
UUIDS, ARRAYS_OF_UUIDS = (2950,), (2951,)  # their types in PostgreSQL's catalogue


def read_ids_once() -> None:
    """Have the driver keep the ids that it has read."""
    one = new_type(UUIDS, "UUID", lambda text, _: None if text is None else same(text))
    register_type(one)
    register_type(new_array_type(ARRAYS_OF_UUIDS, "UUID[]", one))
