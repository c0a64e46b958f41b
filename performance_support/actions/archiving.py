"""Out of use and back. Nothing is deleted."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from base import edits
from base.errors import RuleBroken
from performance_support.models import Resource
from performance_support.settling import settle
from workforce.models import Account


@transaction.atomic
def archive_resource(resource: Resource, *, seen: int | None = None, by: Account) -> Resource:
    """Put it away: nobody meets it at a step any more, and it can be taken back whole."""
    resource = edits.locked(resource, seen=seen)
    if resource.state == Resource.State.ARCHIVED:
        return resource
    values = {"state": Resource.State.ARCHIVED, "archived_at": timezone.now(), "archived_by": by, "archive_on": None}
    edits.save(resource, values, by=by, verb="archive")
    settle([resource.pk])
    return resource


@transaction.atomic
def take_back(resource: Resource, *, by: Account) -> Resource:
    """From the archive, as a draft: somebody verifies it before people rely on it again."""
    resource = edits.locked(resource)
    if resource.state != Resource.State.ARCHIVED:
        raise RuleBroken(f"“{resource}” is not in the archive. There is nothing to take back.", code="not_archived")
    values: dict[str, Any] = {
        "state": Resource.State.DRAFT,
        "archived_at": None,
        "archived_by": None,
        "due_on": None,
        "stale_since": None,
        "stale_because": [],
        "escalated_at": None,
    }
    edits.save(resource, values, by=by, verb="restore")
    settle([resource.pk])
    return resource
