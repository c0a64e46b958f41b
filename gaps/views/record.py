"""One person's record: for themselves, and for the managers above."""

import datetime as dt
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_safe

from base import dialogs
from base.pages import page
from base.sheets import download
from gaps import record_export as export
from gaps.access import may_decide, record_for, skill_of_record_for
from gaps.models import Goal
from gaps.queries import looking, roles, said
from gaps.queries.record import percent, record_of
from workforce.models import Person
from workforce.requests import SignedIn

KINDS = ("csv", "xlsx", "json")
# So many roles in reach, and so many who looked, stand on the page; the file has all.
FEW = 5
LOOKED = 12


@require_safe
def my_page(request: SignedIn) -> HttpResponse:
    """What I do, who waits for it, my gaps, and everything that was said about me."""
    own = request.user.person
    if own is None:
        return page(request, "gaps/my_page_of_nobody.html", {})
    return show(request, record_for(request.user, own.pk, page="gaps"))


@require_safe
def person_gaps(request: SignedIn, pk: UUID) -> HttpResponse:
    """The same for whoever leads them. The person sees who looked."""
    return show(request, record_for(request.user, pk, page="gaps"))


def show(request: SignedIn, person: Person) -> HttpResponse:
    as_of = past_day(request.GET)
    record = record_of(person, as_of=as_of)
    context = {
        "record": record,
        "person": person,
        "is_own": request.user.person_id == person.pk,
        "decides": may_decide(request.user, person) and not as_of,
        "acts": not as_of,
        "readiness": percent(record.now.share),
        "towards": percent(record.towards.share),
        "goals": Goal.objects.of(person).open().with_dates(),
        "ended": Goal.objects.of(person).ended().with_names()[:FEW],
        "reach": [(each, percent(each.reach.share)) for each in roles.roles_in_reach(person, limit=FEW)],
        "looks": looking.who_looked(person, LOOKED),
        "today": timezone.localdate(),
    }
    return page(request, "gaps/person_gaps.html", context, regions=["record"])


def past_day(query: QueryDict) -> dt.date | None:
    """The past day that an address asks for; today, a day to come or anything else is none."""
    try:
        day = dt.date.fromisoformat(query.get("on", ""))
    except ValueError:
        return None
    return day if day < timezone.localdate() else None


@require_safe
def person_skill(request: SignedIn, pk: UUID, skill: UUID) -> HttpResponse:
    """Why this level: everything that was said, what decides, and why the rest does not."""
    person = record_for(request.user, pk, page="evidence")
    about = skill_of_record_for(request.user, skill)
    as_of = past_day(request.GET)
    found = said.about(person, skill=about, as_of=as_of)
    context = {
        "person": person,
        "skill": about,
        "each": found[0] if found else None,
        "is_own": request.user.person_id == person.pk,
        "as_of": as_of,
    }
    return dialogs.ask(request, "gaps/person_skill.html", context)


@require_safe
def record_export(request: SignedIn, pk: UUID, kind: str) -> HttpResponseBase:
    """The record as a table, or whole: whoever it is about may take it along."""
    if kind not in KINDS:
        raise Http404
    person = record_for(request.user, pk, page="export")
    record = record_of(person, as_of=past_day(request.GET))
    if kind != "json":
        return download(export.rows(record), name=f"Record of {person}", kind=kind)
    response = JsonResponse(export.whole(record), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="record.json"'
    return response
