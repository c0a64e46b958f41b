"""Where files lie: under a name of chance, so that a name tells nothing and nobody's file takes another's place."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, default_storage

from performance_support.filetypes import MB, Upload, examined

FOLDER = "resources"
# What a resource says about the file it has none of.
NO_FILE: dict[str, Any] = {"file": "", "file_name": "", "file_type": "", "file_size": 0, "file_alt": ""}


def most_bytes() -> int:
    return int(settings.FILE_MOST_MB) * MB


def looked_at(file: Any, name: str) -> Upload:
    """The file, examined against this installation's limits. Raises FileRefused."""
    return examined(file, name, most=most_bytes(), allowed=frozenset(settings.FILE_KINDS))


@contextmanager
def kept(upload: Upload | None) -> Iterator[dict[str, Any]]:
    """The file's facts for its resource, stored; gone again where what follows is refused. Nothing without a file.

    What a worker that was killed leaves behind, `sweep` finds.
    """
    if upload is None:
        yield {}
        return
    stored = default_storage.save(path_for(uuid4().hex), File(upload.file))
    facts = {"file": stored, "file_name": upload.name, "file_type": upload.kind.media_type, "file_size": upload.size}
    try:
        yield facts
    except BaseException:
        default_storage.delete(stored)
        raise


def path_for(key: str) -> str:
    """Two levels, because file systems slow down in folders of a hundred thousand."""
    return f"{FOLDER}/{key[:2]}/{key}"


def stored_names(storage: Storage = default_storage) -> Iterator[list[str]]:
    """Every file there is, folder by folder."""
    if not storage.exists(FOLDER):
        return
    for folder in sorted(storage.listdir(FOLDER)[0]):
        yield [f"{FOLDER}/{folder}/{name}" for name in storage.listdir(f"{FOLDER}/{folder}")[1]]
