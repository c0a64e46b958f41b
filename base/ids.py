"""Ids as people and their browsers send them."""

from uuid import UUID


def uuid_in(text: object) -> UUID | None:
    """The id that an address or a form holds; None where it holds nothing, or something else."""
    try:
        return UUID(str(text))
    except ValueError:
        return None
