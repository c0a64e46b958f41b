"""What helps is found in the one search that everybody has in the bar."""

from performance_support.models import Resource
from performance_support.queries import library
from skills.queries import searching
from skills.queries.searching import Hit
from workforce.models import Account


def enter() -> None:
    searching.enter(find)


def find(typed: str, seen_by: Account, limit: int) -> list[Hit]:
    found = library.likeliest(typed, seen_by=seen_by, most=limit)
    return [Hit("resource", each.pk, each.title, about(each), each.freshness, None) for each in found]


def about(resource: Resource) -> str:
    """Stale support is found, and says so."""
    kind = resource.get_kind_display()
    return f"{kind}, stale" if resource.state == Resource.State.STALE else kind
