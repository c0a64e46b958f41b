"""What would be: a change taken from the link, laid over what is. Nothing is written."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from base.pages import as_id, page, typed
from gaps import export, work_export
from gaps.access import record_for
from gaps.arithmetic import Cover
from gaps.counting import counting_for, note_named, only_own
from gaps.models import Requirement
from gaps.queries import cover, risk
from gaps.queries.cover import Change, StepCover
from gaps.queries.reckoning import EVERYBODY
from gaps.seeing import people_seen_by
from workforce.access import job_role_for
from workforce.models import JobRole, Person
from workforce.requests import SignedIn

# What “reaches a level” means: to the full standard, and more where the role asks for it.
FULL = 3
# So many people are offered at once; further ones are found by name.
OFFERED = 200
SUGGESTED = 5
WHATS = {"leaves": "leaves", "moves": "moves to another role", "reaches": "reaches level 3"}


@require_safe
def what_if(request: SignedIn) -> HttpResponse:
    """Somebody leaves, moves or learns: each step and outcome before and after."""
    asked = as_id(request.GET.get("person", ""))
    what = request.GET.get("what", "")
    words = typed(request.GET, "q")
    people = people_seen_by(request.user).active().called(words)[:OFFERED]
    context: dict[str, Any] = {"people": people, "whats": WHATS.items(), "what": what, "words": words}
    context |= {"job_roles": JobRole.objects.active(), "question": request.GET.urlencode()}
    if asked:
        person = record_for(request.user, asked, page="what if")
        needs = needs_of(person)
        context |= {"person": person, "needs": needs} | tried(request, person, what, needs)
    else:
        context["suggested"] = suggested(request)
    return page(request, "gaps/what_if.html", context)


@require_safe
def what_if_export(request: SignedIn, kind: str) -> HttpResponseBase:
    """The answer to the question of the address, as a file."""
    asked = as_id(request.GET.get("person", ""))
    person = record_for(request.user, asked, page="what if") if asked else None
    found = tried(request, person, request.GET.get("what", ""), needs_of(person)) if person else {}
    if not found:
        return redirect("what_if")
    return export.answer(kind, "what-if", work_export.what_if_rows(found["said"], found["steps"], found["outcomes"]))


def needs_of(person: Person) -> list[Requirement]:
    return list(Requirement.objects.held_by(person).with_names().critical_first())


def suggested(request: SignedIn) -> list[StepCover]:
    """Questions worth asking first: the most critical steps that hang on one person of one's own."""
    counting = counting_for(request.user)
    if not counting.names:
        return []
    found = cover.in_state(only_own(cover.cover(cover.Wanted(counting.whose)), counting), Cover.SINGLE)[:SUGGESTED]
    note_named(request.user, found, counting)
    return found


def tried(request: SignedIn, person: Person, what: str, needs: list[Requirement]) -> dict[str, Any]:
    """The change in words, and what it moves; {} where the link says no whole change."""
    role, skill = as_id(request.GET.get("role", "")), as_id(request.GET.get("skill", ""))
    if what == "moves" and role:
        towards = job_role_for(request.user, role)
        return moved(request, Change(moves={person.pk: towards.pk}), f"{person} moves to {towards}", role=role)
    if what == "leaves":
        return moved(request, Change(leaves=[person.pk]), f"{person} leaves")
    learnt = [need for need in needs if skill in {None, need.skill_id}]
    if what == "reaches" and learnt:
        reaches = {(person.pk, need.skill_id): max(FULL, need.level) for need in learnt}
        said = f"“{learnt[0].skill}”" if skill else "every skill of the role"
        return moved(
            request, Change(reaches=reaches), f"{person} reaches {levels(reaches.values())} in {said}", skill=skill
        )
    return {}


def levels(reached: Collection[int]) -> str:
    """“level 3”; “level 3, or 4 where that is asked” where some of the role needs more."""
    least, most = min(reached), max(reached)
    return f"level {least}" if least == most else f"level {least}, or {most} where that is asked,"


def moved(
    request: SignedIn, given: Change, said: str, *, role: UUID | None = None, skill: UUID | None = None
) -> dict[str, Any]:
    counting = counting_for(request.user)
    # Whoever leads nobody asks about themselves, among everybody, and sees groups only.
    found = risk.what_if(given, whose=counting.whose if counting.names else EVERYBODY)
    told = {each.step for each in only_own([step.before for step in found.steps], counting)}
    steps = [each for each in found.steps if each.before.step in told or counting.names]
    note_named(request.user, [side for each in steps for side in each], counting)
    return {
        "said": said,
        "steps": steps,
        "outcomes": found.outcomes if counting.names else [],
        "counting": counting,
        "role": role,
        "skill": skill,
    }
