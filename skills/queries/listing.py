"""The list of skills: what may be asked of it, and its pages by position."""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Max, Prefetch, Q, QuerySet
from django.db.models.functions import Lower

from base.pages import moment
from base.spelling import query_for
from skills.models import Context, Skill, SkillFlag
from skills.queries.vocabulary import WORDS
from workflows.models import Workflow
from workforce.models import Account, Role

PER_PAGE = 50
# Counting further would cost more than it tells.
COUNTED = 1000
# What people may sort by: (the column, descending).
SORTS = {"name": ("key", False), "newest": ("created_at", True), "oldest": ("created_at", False)}
STATES = {"in_use": "Draft or published", **dict(Skill.State.choices), "all": "All, retired too"}


@dataclass(frozen=True)
class Wanted:
    """What the address asks of the list."""

    q: str = ""
    state: str = "in_use"
    flag: str = ""
    origin: str = ""
    workflow: UUID | None = None
    owner: UUID | None = None
    sort: str = "name"
    after: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.flag or self.origin or self.workflow or self.owner or self.state != "in_use")


def wanted_skills(wanted: Wanted, *, seen_by: Account) -> QuerySet[Skill]:
    """The skills that the list shows, in no order yet."""
    skills = Skill.objects.visible_to(seen_by)
    if wanted.state == "in_use":
        skills = skills.in_use()
    elif wanted.state != "all":
        skills = skills.filter(state=wanted.state)
    if query := query_for(wanted.q, WORDS) if wanted.q else "":
        skills = skills.matching(query)
    # Whether a skill is flagged is not for everybody to ask.
    if wanted.flag and seen_by.can_see_drafts:
        skills = skills.flagged(wanted.flag)
    if wanted.origin:
        skills = skills.filter(origin=wanted.origin)
    if wanted.workflow:
        skills = skills.needed_in(wanted.workflow)
    if wanted.owner:
        skills = skills.filter(owner=wanted.owner)
    return skills


@dataclass(frozen=True)
class Page:
    skills: list[Skill]
    count: int
    # The address of the page after this one; empty on the last.
    after: str

    @property
    def count_in_words(self) -> str:
        return f"more than {COUNTED:,}" if self.count > COUNTED else f"{self.count:,}"


def page_of(wanted: Wanted, *, seen_by: Account) -> Page:
    """One page by position, never by offset: the thousandth costs what the first does."""
    found = wanted_skills(wanted, seen_by=seen_by)
    column, descending = SORTS[wanted.sort]
    skills = found.annotate(key=Lower("name"))
    if beyond := position(wanted.after, column):
        skills = further_than(skills, column, descending, *beyond)
    ordering = F(column).desc() if descending else F(column).asc()
    rows = list(with_what_a_row_shows(skills.order_by(ordering, "pk"))[: PER_PAGE + 1])
    after = cursor_of(rows[PER_PAGE - 1], column) if len(rows) > PER_PAGE else ""
    return Page(rows[:PER_PAGE], count=found[: COUNTED + 1].count(), after=after)


def further_than(skills: QuerySet[Any], column: str, descending: bool, value: Any, pk: str) -> QuerySet[Any]:
    side = "lte" if descending else "gte"
    # Both bounds, so that the index is entered at the right place.
    return skills.filter(**{f"{column}__{side}": value}).exclude(Q(**{column: value}) & Q(pk__lte=pk))


def with_what_a_row_shows(skills: QuerySet[Any]) -> QuerySet[Any]:
    contexts = Context.objects.select_related("step__workflow").order_by("placed_at", "pk")
    return skills.select_related("owner").prefetch_related(
        Prefetch("contexts", contexts),
        Prefetch("flags", SkillFlag.objects.open().order_by("code"), to_attr="open_flags"),
    )


def cursor_of(skill: Any, column: str) -> str:
    value = getattr(skill, column)
    plain = value.isoformat() if isinstance(value, dt.datetime) else value
    return base64.urlsafe_b64encode(json.dumps([plain, str(skill.pk)]).encode()).decode().rstrip("=")


def position(after: str, column: str) -> tuple[Any, str] | None:
    """(value, id) of the last row seen; None for the beginning, and for what nobody could have been given."""
    if not after:
        return None
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        # Half a character, as JSON can hold it, is none.
        value = str(value).replace("\x00", "").encode().decode()
        return moment(value) if column == "created_at" else value, str(UUID(str(pk)))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        return None


# From one origin to the next along the index, instead of reading every row.
ORIGINS = """
WITH RECURSIVE found (origin) AS (
    SELECT min(origin) FROM skills_skill
    UNION ALL
    SELECT (SELECT min(origin) FROM skills_skill WHERE origin > found.origin) FROM found WHERE found.origin IS NOT NULL
)
SELECT origin FROM found WHERE origin <> ''
"""


def origins() -> list[str]:
    """The lists that skills came from."""
    with connection.cursor() as cursor:
        cursor.execute(ORIGINS)
        return [origin for (origin,) in cursor.fetchall()]


def workflows_to_choose() -> QuerySet[Workflow]:
    return Workflow.objects.active().order_by("name")


def owners_to_choose() -> QuerySet[Account]:
    """Whoever designs can answer for a skill."""
    return Account.objects.filter(roles__overlap=[Role.DESIGNER, Role.ADMINISTRATOR], is_active=True).order_by(
        "full_name"
    )


def to_export(wanted: Wanted, *, seen_by: Account) -> tuple[Iterator[Skill], int]:
    """Every skill that the list would show, page after page, and the most contexts any of them has."""
    found = wanted_skills(wanted, seen_by=seen_by)
    most = found.annotate(places=Count("contexts")).aggregate(most=Max("places"))["most"] or 0
    contexts = Context.objects.select_related("step__workflow", "outcome").order_by("placed_at", "pk")
    rows = found.select_related("owner").prefetch_related(Prefetch("contexts", contexts))
    return rows.order_by(Lower("name"), "pk").iterator(chunk_size=1000), most
