"""The library: what is there, found by its words with typing errors forgiven, and narrowed."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import BooleanField, ExpressionWrapper, Prefetch, Q
from django.db.models.functions import Length, Lower

from base import cursors
from base.spelling import query_for
from performance_support.models import Placement, Resource, Tip
from performance_support.models.resource import ResourceQuerySet
from performance_support.queries.vocabulary import WORDS
from workforce.models import Account

PER_PAGE = 50
# How many of the matches are looked at for the likeliest; beyond that, one more word is the better ranking.
POOL = 200
STATES = {
    "": "In use",
    "verified": "Verified",
    "due_soon": "Due soon",
    "stale": "Stale",
    "draft": "Draft",
    "archived": "In the archive",
}


@dataclass(frozen=True)
class Wanted:
    """What the address asks of the library."""

    q: str = ""
    kind: str = ""
    state: str = ""
    owner: UUID | None = None
    workflow: UUID | None = None
    unplaced: bool = False
    language: str = ""
    after: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.kind or self.state or self.owner or self.workflow or self.unplaced or self.language)


@dataclass(frozen=True)
class Page:
    resources: list[Resource]
    count: int
    after: str


def wanted_resources(wanted: Wanted, *, seen_by: Account) -> ResourceQuerySet:
    resources = in_state(Resource.objects.visible_to(seen_by), wanted.state)
    if query := query_for(wanted.q, WORDS) if wanted.q else "":
        resources = resources.matching(query)
    elif wanted.q:
        resources = resources.none()
    if wanted.kind:
        resources = resources.filter(kind=wanted.kind)
    if wanted.owner:
        resources = resources.filter(Q(owner=wanted.owner) | Q(verifier=wanted.owner))
    if wanted.workflow:
        resources = resources.filter(placements__step__workflow=wanted.workflow).distinct()
    if wanted.language:
        resources = resources.in_language(wanted.language)
    return resources.unplaced() if wanted.unplaced else resources


def likeliest(words: str, *, seen_by: Account, most: int) -> list[Resource]:
    """Whatever is in use and speaks of these words: first what has them in its title, the short before the long."""
    query = query_for(words, WORDS) if words else ""
    if not query:
        return []
    pool = Resource.objects.visible_to(seen_by).in_use().matching(query).values("pk")[:POOL]
    titled = Q(titled=SearchQuery(query, search_type="raw", config="simple"))
    found = by_title(Resource.objects.filter(pk__in=pool)).annotate(
        titled=SearchVector("title", config="simple"), is_titled=ExpressionWrapper(titled, BooleanField())
    )
    return list(found.order_by("-is_titled", Length("title"), "pk")[:most])


def tips_about(words: str, *, reader: Account, most: int) -> list[Tip]:
    """What colleagues have learnt that speaks of these words, the most helpful first."""
    query = query_for(words, WORDS) if words else ""
    return list(Tip.objects.matching(query).ranked_for(reader).with_people()[:most]) if query else []


def in_state(resources: ResourceQuerySet, state: str) -> ResourceQuerySet:
    ways = {
        "": resources.in_use,
        "verified": resources.verified,
        "due_soon": resources.due_soon,
        "stale": resources.stale,
        "draft": resources.drafts,
        "archived": resources.archived,
    }
    return ways[state]()


def page_of(wanted: Wanted, *, seen_by: Account) -> Page:
    """One page by position, by title."""
    found = wanted_resources(wanted, seen_by=seen_by)
    rows = by_title(found)
    if place := cursors.unpacked(wanted.after, cursors.words, cursors.identity):
        key, pk = place
        rows = rows.filter(Q(key__gt=key) | Q(key=key, pk__gt=pk))
    listed = list(rows[: PER_PAGE + 1])
    shown = listed[:PER_PAGE]
    return Page(shown, found.count(), beyond(shown[-1]) if len(listed) > PER_PAGE else "")


def by_title(resources: ResourceQuerySet) -> ResourceQuerySet:
    """With who answers for them and where they help."""
    placed = Prefetch("placements", Placement.objects.with_places().order_by("placed_at", "pk"))
    return resources.with_people().annotate(key=Lower("title")).order_by("key", "pk").prefetch_related(placed)


def beyond(last: Any) -> str:
    """Where the next page begins: after this row, with its annotation."""
    return cursors.packed(last.key, last.pk)
