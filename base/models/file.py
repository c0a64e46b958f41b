"""A file that somebody brought, kept where every worker can read it until its work is done."""

from collections.abc import Iterator
from typing import Any, BinaryIO, Protocol

from django.db import models

from base.models.job import Job
from base.tables.limits import MB
from base.tables.shape import Shape, spooled


class Piece(models.Model):
    """Some of its bytes as they came; mixed into a table of its own per kind of file, with `owner` as the key."""

    id = models.BigAutoField(primary_key=True)
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"piece {self.number}"


class HasPieces(Protocol):
    pieces: Any


class BroughtFile(Job):
    """Mixed into a noun such as an import. Its `pieces` hold the bytes."""

    file_name = models.CharField(max_length=200)
    # What the file turned out to be: kind, encoding, delimiter, sheet, header. See base/tables/shape.py.
    shape = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        abstract = True

    @property
    def found(self) -> Shape:
        """What the file turned out to be."""
        return Shape(**self.shape)

    def keep(self: HasPieces, file: BinaryIO) -> None:
        """One piece at a time: nobody holds the whole file."""
        file.seek(0)
        for number, content in enumerate(contents(file)):
            self.pieces.create(number=number, content=content)

    def open(self: HasPieces) -> BinaryIO:
        """The file as it came, on disk; close it."""
        pieces = self.pieces.order_by("number").values_list("content", flat=True).iterator(chunk_size=1)
        return spooled(bytes(piece) for piece in pieces)


def contents(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(MB):
        yield piece
