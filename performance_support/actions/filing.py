"""Files that go for good: what an administrator erases, and what nothing leads to."""

import datetime as dt
from collections.abc import Collection

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from base import changes, edits
from base.errors import RuleBroken
from performance_support.models import ErasedFile, Resource, ResourceVersion
from performance_support.queries import files
from performance_support.storing import stored_names
from workforce.models import Account

# Longer than any upload takes, so that a file whose resource is still being written stays.
YOUNG = dt.timedelta(days=1)


@transaction.atomic
def erase_file(resource: Resource, version: ResourceVersion, *, reason: str, by: Account) -> None:
    """Take the file of a former version away for good, from every version that had it. Their words stay."""
    resource = edits.locked(resource)
    if not version.file or resource.has_erased(version.file):
        raise RuleBroken(f"Version {version.number} has no file any more. Reload the page.", code="no_file")
    if resource.file == version.file:
        raise RuleBroken(
            "People are offered this file now. Edit the resource and take it out or replace it, then erase it here.",
            code="file_in_use",
        )
    if not reason.strip():
        raise RuleBroken("Say why. The reason stays when the file is gone.", code="erasing_needs_a_reason")
    ErasedFile.objects.create(resource=resource, file=version.file, reason=reason.strip(), erased_by=by)
    called = version.content.get("file_name") or None
    facts = {"file_name": (called, None), "reason": (None, reason.strip())}
    changes.record("erase_file", resource, by=by, facts=facts)
    # After the commit: what is rolled back is still there. What fails here, the night's sweep does.
    transaction.on_commit(lambda: remove([version.file]), robust=True)


def sweep_files(*, by: Account) -> int:
    """Remove what no version leads to, and what was erased; how many files went. `by` is who looked."""
    gone = 0
    for names in stored_names():
        gone += remove([name for name in files.leading_nowhere(names) if is_old(name)])
    return gone


def is_old(name: str) -> bool:
    try:
        return default_storage.get_modified_time(name) < timezone.now() - YOUNG
    except FileNotFoundError:
        return False


def remove(names: Collection[str]) -> int:
    for name in names:
        default_storage.delete(name)
    return len(names)
