"""Job titles, and which job role each stands for."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from base import dialogs
from base.errors import RuleBroken
from base.pages import as_id, page, question, typed
from workforce import actions
from workforce.access import job_role_for, job_titles_for, mapping_for, may_map_titles
from workforce.actions.titles import Mapped
from workforce.forms import NewRoleForm
from workforce.models import JobRole
from workforce.queries import titles
from workforce.queries.titles import STATES, Likely, Title, Wanted
from workforce.requests import SignedIn

MOST_LETTERS = 120
STATE_WORDS = {"unmapped": "Without a job role", "mapped": "With a job role", "all": "All"}


class Row(NamedTuple):
    title: Title
    likely: Likely | None


def asked_for(query: QueryDict) -> Wanted:
    """What makes no sense in an address counts as not asked."""
    state = query.get("state", "")
    return Wanted(
        q=typed(query, "q"),
        state=state if state in STATES else "unmapped",
        role=as_id(query.get("role", "")),
        idle=bool(query.get("idle")),
        after=query.get("after", ""),
    )


@require_safe
def job_title_list(request: SignedIn) -> HttpResponse:
    """Titles, most people first; those without a job role unless the address asks for others."""
    may_map_titles(request.user)
    wanted = asked_for(request.GET)
    found = titles.titles(wanted)
    likely = titles.likely([row.pk for row in found.rows if not row.role_pk])
    context = {
        "wanted": wanted,
        "found": found,
        "rows": [Row(row, likely.get(row.pk)) for row in found.rows],
        "states": STATE_WORDS.items(),
        "job_roles": JobRole.objects.active(),
        "question": question(request.GET),
    }
    return page(request, "workforce/job_title_list.html", context, regions=["titles"])


@require_POST
def job_title_map(request: SignedIn) -> HttpResponse:
    """Map the chosen titles: to the role that was typed, to the one suggested for each, or to none."""
    sent = request.POST
    chosen = job_titles_for(request.user, sent.getlist("title") or [sent.get("accept", "").partition(" ")[0]])
    try:
        wanted = wanted_roles(request, chosen)
        if wanted is None:
            return ask_for_new_role(request, chosen)
        mapped = actions.map_job_titles(wanted, by=request.user)
    except RuleBroken as broken:
        return dialogs.refused(request, broken.message, to="job_title_list")
    return dialogs.done(request, in_words(mapped, wanted), to="job_title_list", undo=address_of_undo(mapped))


def wanted_roles(request: SignedIn, chosen: Mapping[UUID, str]) -> dict[UUID, JobRole | None] | None:
    """{title: the role it is to stand for}; None where the role that was typed is not there yet."""
    sent = request.POST
    if accepted := as_id(sent.get("accept", "").partition(" ")[2]):
        return dict.fromkeys(chosen, job_role_for(request.user, accepted))
    if "none" in sent:
        return dict.fromkeys(chosen, None)
    if "suggested" in sent:
        return suggested(request, chosen)
    name = typed(sent, "existing", MOST_LETTERS) or typed(sent, "role", MOST_LETTERS)
    if not name:
        raise RuleBroken("Type the job role that these titles stand for.", code="no_role")
    if "make" in sent:
        return dict.fromkeys(chosen, actions.job_role_named(name, by=request.user))
    role = JobRole.objects.active().called(name).first()
    return dict.fromkeys(chosen, role) if role else None


def suggested(request: SignedIn, chosen: Mapping[UUID, str]) -> dict[UUID, JobRole | None]:
    """As the page showed it beside each of them: a suggestion that is another one by now was not agreed to."""
    shown = {pk: as_id(request.POST.get(f"likely-{pk}", "")) for pk in chosen}
    roles = JobRole.objects.in_bulk([pk for pk in shown.values() if pk])
    found: dict[UUID, JobRole | None] = {pk: roles[role] for pk, role in shown.items() if role in roles}
    if not found:
        raise RuleBroken("Nothing is suggested for the titles you chose. Type their job role.", code="no_suggestion")
    return found


def ask_for_new_role(request: SignedIn, chosen: Mapping[UUID, str]) -> HttpResponse:
    name = typed(request.POST, "role", MOST_LETTERS)
    context = {
        "form": NewRoleForm(initial={"role": name}),
        "name": name,
        "titles": chosen,
        "alike": titles.roles_called_like(name),
    }
    return dialogs.ask(request, "workforce/job_title_map.html", context)


def in_words(mapped: Mapped, wanted: Mapping[UUID, JobRole | None]) -> str:
    if not mapped.count:
        return "That is how it was already; nothing was changed."
    what = f"{mapped.count} title{'s' if mapped.count != 1 else ''}"
    roles = set(wanted.values())
    if roles == {None}:
        return f"{what} {'are' if mapped.count != 1 else 'is'} without a job role again."
    stand = "stands" if mapped.count == 1 else "stand"
    return f"{what} {stand} for {roles.pop() if len(roles) == 1 else f'{len(roles)} job roles'} now."


def address_of_undo(mapped: Mapped) -> str:
    return reverse("job_title_undo", args=[mapped.batch]) if mapped.count else ""


@require_POST
def job_title_undo(request: SignedIn, pk: UUID) -> HttpResponse:
    """Take one mapping back, but for titles that were mapped again since."""
    batch = mapping_for(request.user, pk)
    try:
        undone = actions.undo_mapping(batch, by=request.user)
    except RuleBroken as broken:
        return dialogs.refused(request, broken.message, to="job_title_list")
    words = f"{undone.count} title{'s are' if undone.count != 1 else ' is'} as before."
    if undone.left:
        words += f" {undone.left} changed since and {'stay' if undone.left != 1 else 'stays'} as mapped."
    return dialogs.done(request, words, to="job_title_list")
