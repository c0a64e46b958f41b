"""Tables that leave as files. Whatever leaves is harmless: nobody who makes a table has to think of it."""

import csv
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.text import slugify
from openpyxl import Workbook

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# What a spreadsheet would run instead of showing.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell: str) -> str:
    """Text that no spreadsheet takes for a formula, without characters that a workbook cannot hold."""
    shown = "".join(letter for letter in cell if letter >= " " or letter in "\t\n\r")
    return f"'{shown}" if shown.startswith(FORMULA) else shown


def as_csv(rows: Iterable[list[str]]) -> Iterator[bytes]:
    """One line at a time, with a byte order mark: without it Excel takes UTF-8 for something else."""
    yield b"\xef\xbb\xbf"
    buffer = StringIO()
    writer = csv.writer(buffer)
    for cells in rows:
        writer.writerow(map(harmless, cells))
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def as_workbook(title: str, rows: Iterable[list[str]]) -> bytes:
    """One sheet of text, for Excel."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for cells in rows:
        sheet.append([harmless(cell) for cell in cells])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def download(rows: Iterable[list[str]], *, name: str, kind: str) -> HttpResponseBase:
    """A table as a file: `kind` is csv or xlsx, and comes from an address."""
    if kind not in {"csv", "xlsx"}:
        raise Http404
    response: HttpResponseBase
    if kind == "csv":
        response = StreamingHttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(as_workbook("Sheet", rows), content_type=WORKBOOK)
    response["Content-Disposition"] = f'attachment; filename="{slugify(name) or "table"}.{kind}"'
    return response
