"""Uploads end where the limit is, not where the disk is full."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

MB = 1024 * 1024
# A little more than any file we take: fields and boundaries travel with it.
MAX_UPLOAD = (max(50, settings.FILE_MOST_MB) + 1) * MB
# What is dropped so that the browser shows our page. More than that nobody waits for: the connection ends.
MOST_DROPPED = 4 * MAX_UPLOAD


class StopsAtTheLimit(FileUploadHandler):
    """First of the handlers: a body that says it is too large has no file, and the view is told its size.

    The rest of the body is read and dropped, because a browser that is cut off shows an error of its own, not ours;
    of a body beyond all measure not a byte more is read.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        self.is_too_large = content_length > MAX_UPLOAD
        self.is_endless = content_length > MOST_DROPPED
        if self.is_too_large and self.request is not None:
            self.request.upload_too_large = content_length  # type: ignore[attr-defined]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.is_too_large:
            raise StopUpload(connection_reset=self.is_endless)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
