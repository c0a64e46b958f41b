"""People: finding them, and one of them."""

from dataclasses import replace
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from base import dialogs
from base.errors import RuleBroken
from base.pages import as_id, asking, page, question, typed
from base.sheets import as_csv
from workforce import actions, export
from workforce.access import colleague_for, may_run, person_to_keep_for
from workforce.forms import CorrectForm, LeaveForm
from workforce.models import CORRECTABLE, JobRole, Person, Source
from workforce.queries import lines, origins, people
from workforce.queries.people import LACKING, STATUSES, Wanted
from workforce.requests import SignedIn
from workforce.views import trail

# More reports than that are a list of their own.
REPORTS = 12


def asked_for(query: QueryDict, *, keeps: bool) -> Wanted:
    """What makes no sense in an address, or is not for everybody to ask, counts as not asked."""
    plain = Wanted(
        q=typed(query, "q"),
        team=as_id(query.get("team", "")),
        role=as_id(query.get("role", "")),
        title=as_id(query.get("title", "")),
        manager=as_id(query.get("manager", "")),
        after=query.get("after", ""),
    )
    if not keeps:
        return plain
    status, lacking = query.get("status", ""), query.get("lacking", "")
    return replace(
        plain,
        source=typed(query, "source", 60),
        status=status if status in STATUSES else "",
        lacking=lacking if lacking in LACKING else "",
        keeps=True,
    )


@require_safe
def person_list(request: SignedIn) -> HttpResponse:
    """Everybody who works here, for everybody; whoever keeps people may ask for the others too."""
    keeps = request.user.can_manage_people
    wanted = asked_for(request.GET, keeps=keeps)
    context = {
        "wanted": wanted,
        "found": people.people(wanted),
        "narrowed_to": people.named_things(wanted),
        "job_roles": JobRole.objects.active(),
        "statuses": STATUSES.items(),
        "lackings": LACKING.items(),
        "sources": Source.objects.all() if keeps else [],
        "question": question(request.GET),
        "own": request.user.person,
        "keeps": keeps,
    }
    return page(request, "workforce/person_list.html", context, regions=["people"])


@require_safe
def person_export(request: SignedIn) -> HttpResponseBase:
    """What the list shows, all pages of it, as a file."""
    may_run(request.user)
    rows = export.rows(people.to_export(asked_for(request.GET, keeps=True)))
    response = StreamingHttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="people.csv"'
    return response


@require_safe
def person_show(request: SignedIn, pk: UUID) -> HttpResponse:
    """One person: for everybody what a colleague needs, for those who may know where each value came from."""
    found = colleague_for(request.user, pk)
    person = found.person
    reports = Person.objects.reporting_to(person).active().with_names()
    context = {
        "person": person,
        "knows_all": found.knows_all,
        "keeps": found.keeps,
        "is_own": request.user.person_id == person.pk,
        "above": lines.above(person),
        "reports": reports[:REPORTS],
        "report_count": reports.count(),
        **(all_about(person) if found.knows_all else {}),
    }
    return page(request, "workforce/person_show.html", context, regions=["person"])


def all_about(person: Person) -> dict[str, object]:
    changes = origins.history(person)
    runs = origins.runs_of(changes)
    return {
        "values": origins.values(person, changes),
        "positions": person.positions.newest_first().with_names(),
        "entries": [trail.entry(change, runs.get(change.scope)) for change in changes],
        "restorable_until": people.last_day_to_restore(person),
    }


@asking
def person_correct(request: SignedIn, pk: UUID, field: str) -> HttpResponse:
    """Put one field right here."""
    person = person_to_keep_for(request.user, pk)
    if field not in CORRECTABLE:
        raise Http404
    form = CorrectForm(person, field, data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        kept, form = dialogs.attempt(
            form, lambda facts: actions.correct_person(person, field=field, by=request.user, **facts)
        )
        if kept:
            return dialogs.done(request, f"{origins.LABELS[field]} of {kept} is put right.", to=kept)
    stands = field in (Source.objects.stands_in(person.source))
    context = {"form": form, "person": person, "says": person.source_value(field), "stands": stands}
    return dialogs.ask(request, "workforce/person_correct.html", {**context, "label": origins.LABELS[field]})


@require_POST
def correction_remove(request: SignedIn, pk: UUID, field: str) -> HttpResponse:
    """Let the source's value stand again."""
    person = person_to_keep_for(request.user, pk)
    if field not in CORRECTABLE:
        raise Http404
    try:
        actions.take_back_correction(person, field=field, by=request.user)
    except RuleBroken as broken:
        return dialogs.refused(request, broken.message, to=person)
    return dialogs.done(request, f"{origins.LABELS[field]} is what {person.source} says again.", to=person)


@asking
def person_terminate(request: SignedIn, pk: UUID) -> HttpResponse:
    """Somebody leaves, today or on a day to come."""
    person = person_to_keep_for(request.user, pk)
    form = LeaveForm(data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        gone, form = dialogs.attempt(form, lambda facts: actions.terminate_person(person, by=request.user, **facts))
        if gone:
            left = "has left" if gone.left_at else f"leaves on {gone.end_date:%-d %B %Y}"
            undo = reverse("person_restore", args=[gone.pk]) if gone.left_at else ""
            return dialogs.done(request, f"{gone} {left}.", to=gone, undo=undo)
    return dialogs.ask(request, "workforce/person_terminate.html", {"form": form, "person": person})


@require_POST
def person_restore(request: SignedIn, pk: UUID) -> HttpResponse:
    """Take a leaver back whole."""
    person = person_to_keep_for(request.user, pk)
    try:
        back = actions.restore_person(person, by=request.user)
    except RuleBroken as broken:
        return dialogs.refused(request, broken.message, to=person)
    return dialogs.done(request, f"{back} is back. What was passed on meanwhile stays with whoever has it.", to=back)
