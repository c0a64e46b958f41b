"""Roles beside each other, who is nearest to one, and which are in reach of one person."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from base import sheets
from base.pages import as_id, page
from gaps import export, work_export
from gaps.access import SMALLEST_GROUP, note_list, record_for
from gaps.looking import past_day
from gaps.queries import roles
from gaps.queries.roles import Between, Comparison, Lack, PersonNear, Place, RoleNear
from gaps.seeing import sight_of
from gaps.views.needed import group_of, listed
from workforce.access import job_role_for
from workforce.models import Account, JobRole
from workforce.requests import SignedIn

# In the trail of who looked at whose record.
LOOKED_AT = "roles in reach"
HEAD = [
    "Skill",
    "What becomes of it",
    "Level here",
    "Level there",
    "Levels to climb",
    "Criticality",
    "Steps here",
    "Steps there",
]


@require_safe
def role_choose(request: SignedIn) -> HttpResponse:
    """Choose two roles to compare, or one to see what and who is near it."""
    here, there = as_id(request.GET.get("here", "")), as_id(request.GET.get("there", ""))
    if here and there:
        question = question_of(past_day(request.GET.get("on", "")))
        return redirect(reverse("role_compare", args=[here, there]) + (question and f"?{question}"))
    one = here or there
    chosen = job_role_for(request.user, one) if one else None
    context: dict[str, Any] = {"job_roles": JobRole.objects.active(), "chosen": chosen, "here": here, "there": there}
    context |= around(request.user, chosen) if chosen else {"listed": listed()}
    return page(request, "gaps/role_choose.html", context | {"smallest": SMALLEST_GROUP})


def around(account: Account, chosen: JobRole) -> dict[str, Any]:
    """What and who is near one role. Names only of people whose record this account may open."""
    near, onward = roles.roles_near(chosen.pk), roles.roles_onward(chosen.pk)
    sight = sight_of(account)
    people = roles.people_near(chosen.pk, whose=sight.whose) if sight.sees_people else []
    note_list(account, [each.person for each in people], page=LOOKED_AT)
    held = roles.holders([chosen.pk, *(each.job_role for each in near), *(each.job_role for each in onward)])
    return {
        "near": [Neighbour(each, group_of(held, each.job_role)) for each in near],
        "onward": [Neighbour(each, group_of(held, each.job_role)) for each in onward],
        "people": nearest(people, chosen),
        "holders": group_of(held, chosen.pk),
        "sees_everybody": sight.sees_everybody,
        "asked": roles.asked_of(chosen),
    }


@require_safe
def role_near_export(request: SignedIn, pk: UUID, kind: str) -> HttpResponseBase:
    """Who and what is near one role, as a file."""
    chosen = job_role_for(request.user, pk)
    sight = sight_of(request.user)
    people = roles.people_near(chosen.pk, whose=sight.whose) if sight.sees_people else []
    note_list(request.user, [each.person for each in people], page=LOOKED_AT)
    rows = work_export.near_rows(people, roles.roles_near(chosen.pk), roles.roles_onward(chosen.pk))
    return export.answer(kind, f"Near {chosen}", rows)


class Neighbour(NamedTuple):
    role: RoleNear
    # How many hold it; None where so few do that a figure would say who.
    holders: int | None


class Candidate(NamedTuple):
    who: PersonNear
    lacks: list[Lack]


def nearest(people: list[PersonNear], towards: JobRole) -> list[Candidate]:
    lacks = roles.to_learn([each.person for each in people], towards.pk) if people else {}
    return [Candidate(each, lacks[each.person]) for each in people]


@require_safe
def role_compare(request: SignedIn, here: UUID, there: UUID) -> HttpResponse:
    """What one role brings to another, skill by skill and step by step."""
    found, on = compared(request, here, there)
    context = {"found": found, "job_roles": JobRole.objects.active(), "on": on, "question": question_of(on)}
    return page(request, "gaps/role_compare.html", context)


@require_safe
def role_export(request: SignedIn, here: UUID, there: UUID, kind: str) -> HttpResponseBase:
    found, on = compared(request, here, there)
    return sheets.download(as_rows(found), name=export.on_day(f"{found.here} to {found.there}", on), kind=kind)


def compared(request: SignedIn, here: UUID, there: UUID) -> tuple[Comparison, dt.date | None]:
    """Nobody is in it, so its past is for everybody who may see the roles."""
    on = past_day(request.GET.get("on", ""))
    return roles.compare(job_role_for(request.user, here), job_role_for(request.user, there), as_of=on), on


def question_of(on: dt.date | None) -> str:
    """For links to the same day."""
    return f"on={on}" if on else ""


def as_rows(found: Comparison) -> Iterator[list[str]]:
    yield HEAD
    for each in found.skills:
        cells = [each.statement, fate(each), level(each.here), level(each.there), str(each.levels)]
        yield [*cells, str(each.criticality), steps(each.steps_here), steps(each.steps_there)]


def fate(each: Between) -> str:
    if not each.there:
        return "left behind"
    return "shared" if each.here else "missing"


def level(need: Any) -> str:
    return str(need.level) if need else ""


def steps(places: list[Place]) -> str:
    return "; ".join(f"{place.name} ({place.workflow})" for place in places)


@require_safe
def role_reach(request: SignedIn, pk: UUID) -> HttpResponse:
    """Which other roles one person could take on, and what each would ask of them."""
    person = record_for(request.user, pk, page=LOOKED_AT)
    on = past_day(request.GET.get("on", ""))
    found = roles.roles_in_reach(person, as_of=on)
    towards = next((each for each in found if each.job_role == as_id(request.GET.get("role", ""))), None)
    lacks = roles.to_learn([person.pk], towards.job_role, as_of=on)[person.pk] if towards else []
    context = {
        "person": person,
        "found": found,
        "towards": towards,
        "lacks": lacks,
        "on": on,
        "question": question_of(on),
    }
    return page(request, "gaps/role_reach.html", context, regions=["work"])


@require_safe
def reach_export(request: SignedIn, pk: UUID, kind: str) -> HttpResponseBase:
    person = record_for(request.user, pk, page=LOOKED_AT)
    on = past_day(request.GET.get("on", ""))
    rows = work_export.reach_rows(roles.roles_in_reach(person, as_of=on))
    return export.answer(kind, export.on_day(f"Roles in reach of {person}", on), rows)
