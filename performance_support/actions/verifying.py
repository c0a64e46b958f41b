"""*Still correct*: what makes a resource fresh, and nothing else does."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from base import edits
from base.errors import RuleBroken
from performance_support import rules
from performance_support.actions.writing import must_be_kept
from performance_support.models import Resource, Verification
from performance_support.queries import freshness
from workforce.models import Account

# Bulk verifying is for a morning's reading, not for a button that makes everything green.
MOST_TOGETHER = 25


@transaction.atomic
def verify(
    resource: Resource,
    *,
    seen: int | None = None,
    way: str = Verification.Way.PAGE,
    note: str = "",
    by: Account,
) -> Resource:
    """Say that it is correct as it is, against the steps as they are. The first time it offers a draft to people.

    `seen` is the version of the row that was read; a newer one raises Outdated, because nobody has read that yet.
    """
    resource = edits.locked(resource, seen=seen)
    must_be_kept(resource)
    must_lead_somewhere(resource)
    now = timezone.now()
    against = freshness.verified_against([resource.pk]).get(resource.pk, {})
    values = {
        "state": Resource.State.VERIFIED,
        "verified_at": now,
        "verified_by": by,
        # Moved by `set_due` to where the criticality of the steps puts it.
        "due_on": timezone.localdate(now),
        "stale_since": None,
        "stale_because": [],
        "escalated_at": None,
        "archive_on": None,
    }
    edits.save(resource, values, by=by, verb="verify")
    Verification.objects.create(
        resource=resource,
        content_version=resource.content_version,
        revisions=against,
        way=way,
        note=note,
        verified_by=by,
    )
    freshness.set_due([resource.pk])
    rules.recheck([resource.pk])
    resource.refresh_from_db()
    return resource


@transaction.atomic
def verify_together(resources: Collection[tuple[Resource, int]], *, by: Account) -> int:
    """Several at once, each as it was seen: [(resource, version)]; how many. All or none."""
    if len(resources) > MOST_TOGETHER:
        raise RuleBroken(
            f"Verify at most {MOST_TOGETHER} at once: each of them should have been read.", code="too_many_together"
        )
    for resource, seen in sorted(resources, key=lambda pair: pair[0].pk):
        verify(resource, seen=seen, way=Verification.Way.TOGETHER, by=by)
    return len(resources)


def must_lead_somewhere(resource: Resource) -> None:
    """Nobody can say that a link works which has failed three times. Raises RuleBroken `link_broken`."""
    if broken := resource.links.broken().first():
        raise RuleBroken(
            f"{broken} has not answered for two days. Give the new address or take it out, then verify.",
            code="link_broken",
        )
