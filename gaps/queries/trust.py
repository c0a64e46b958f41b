"""What became of the trust in each type of evidence."""

from django.db.models import QuerySet

from base.models import Change
from gaps.models import Reweighing


def trust_changes() -> QuerySet[Change]:
    """Newest first."""
    return Change.objects.filter(noun="trust").order_by("-id")


def last_reweighing() -> Reweighing | None:
    """The one under way, else the last one that was finished."""
    return Reweighing.objects.select_related("asked_by").order_by("wanted_at", "-finished_at").first()
