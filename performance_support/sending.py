"""A stored file as an answer: what only shows within the page, everything else to be kept; none of it runs here."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from performance_support.filetypes import BY_TYPE
from performance_support.models import Resource

PIECE = 64 * 1024
# Even opened by itself it is in a box of its own: no scripts, no forms, no origin, nothing fetched.
BOXED = "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'; sandbox"
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def current_file(request: Any, resource: Resource) -> HttpResponseBase:
    """What people are offered now; 404 where it has none."""
    if not resource.file:
        raise Http404("This resource has no file.")
    return send(request, str(resource.file), name=resource.file_name, media_type=resource.file_type)


def send(request: Any, stored: str, *, name: str, media_type: str) -> HttpResponseBase:
    """The whole file or the one part that is asked for (videos are watched in parts). 404 where it is gone."""
    try:
        size = default_storage.size(stored)
    except FileNotFoundError:
        raise Http404("This file is gone. Ask an administrator to restore it from a backup.") from None
    first, last = part_of(request.headers.get("Range", ""), size)
    if first > last:
        response: HttpResponseBase = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    else:
        status = 206 if last - first + 1 < size else 200
        response = StreamingHttpResponse(pieces(stored, first, last), status=status, content_type=media_type)
        response["Content-Length"] = str(last - first + 1)
        if status == 206:
            response["Content-Range"] = f"bytes {first}-{last}/{size}"
    kind = BY_TYPE.get(media_type)
    # A PDF would not open in the box, and without it its viewer runs scripts: it is kept instead.
    response["Content-Disposition"] = content_disposition_header(not (kind and kind.shown), name) or "attachment"
    response["Accept-Ranges"] = "bytes"
    response["Content-Security-Policy"] = BOXED
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def part_of(asked: str, size: int) -> tuple[int, int]:
    """(first, last) byte; all of it for what is no single range; (1, 0) where there is no such part."""
    found = RANGE.fullmatch(asked.strip())
    if not found or not any(found.groups()):
        return 0, size - 1
    begin, end = found.groups()
    if end == "0" and not begin:
        return 1, 0
    if not begin:
        return max(0, size - int(end)), size - 1
    first, last = int(begin), min(int(end) if end else size - 1, size - 1)
    return (first, last) if first < size else (1, 0)


def pieces(stored: str, first: int, last: int) -> Iterator[bytes]:
    """Opened when somebody reads, so that an answer nobody reads leaves nothing open."""
    with default_storage.open(stored) as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
