"""The list of skills, and the same list as a file."""

from itertools import chain
from typing import NamedTuple

from django.http import HttpResponseBase, QueryDict
from django.views.decorators.http import require_safe

from base import sheets
from base.pages import as_id, page, question
from base.rules import Rule
from skills import export
from skills.models import Context, Skill
from skills.queries import listing
from skills.queries.listing import SORTS, STATES, Wanted
from skills.rules import SKILL_RULES
from workforce.requests import SignedIn

SORT_WORDS = {"name": "Name", "newest": "Newest first", "oldest": "Oldest first"}


def asked_for(query: QueryDict) -> Wanted:
    """What makes no sense in an address counts as not asked."""
    state, sort, flag = query.get("state", ""), query.get("sort", ""), query.get("flag", "")
    return Wanted(
        q=query.get("q", "").replace("\x00", "").strip()[:200],
        state=state if state in STATES else "in_use",
        flag=flag if flag in SKILL_RULES.by_code else "",
        origin=query.get("origin", "").replace("\x00", ""),
        workflow=as_id(query.get("workflow", "")),
        owner=as_id(query.get("owner", "")),
        sort=sort if sort in SORTS else "name",
        after=query.get("after", ""),
    )


class Row(NamedTuple):
    skill: Skill
    broken: list[Rule]


def rows_of(skills: list[Skill]) -> list[Row]:
    """Each skill with the rules its open flags stand for, what blocks first."""
    codes = {skill.pk: {flag.code for flag in skill.open_flags} for skill in skills}  # type: ignore[attr-defined]
    return [Row(skill, [rule for rule in SKILL_RULES if rule.code in codes[skill.pk]]) for skill in skills]


@require_safe
def skill_list(request: SignedIn) -> HttpResponseBase:
    """Skills, narrowed by what the address asks."""
    wanted = asked_for(request.GET)
    found = listing.page_of(wanted, seen_by=request.user)
    facts = {
        "wanted": wanted,
        "found": found,
        "rows": rows_of(found.skills),
        "question": question(request.GET),
        "states": STATES.items(),
        "sorts": SORT_WORDS.items(),
        "rules": SKILL_RULES,
        "origins": listing.origins,
        "workflows": listing.workflows_to_choose,
        "owners": listing.owners_to_choose,
        "q": "",
    }
    return page(request, "skills/skill_list.html", facts, regions=["skills"])


@require_safe
def skill_export(request: SignedIn, kind: str) -> HttpResponseBase:
    """What the list shows, all pages of it, as a file."""
    skills, alignments = listing.to_export(asked_for(request.GET), seen_by=request.user)
    address = lambda context: request.build_absolute_uri(context_address(context))  # noqa: E731
    rows = chain([export.header(alignments)], (export.row(skill, address) for skill in skills))
    return sheets.download(rows, name="skills", kind=kind)


def context_address(context: Context) -> str:
    """The step's place on its map, with the outcome it is there for."""
    page_of_step, _, place = context.step.get_absolute_url().partition("#")
    return f"{page_of_step}?outcome={context.outcome_id}#{place}"
