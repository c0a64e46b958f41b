"""Programmes: who learns what, and what surrounds it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from base import dialogs
from base.errors import RuleBroken
from base.pages import as_id, asking, page, typed
from base.sheets import download
from gaps.access import note_list
from performance_support import access, actions, rules
from performance_support.access import Ability, programme_for
from performance_support.models import Fact, Programme, Talk
from performance_support.models.programme import SAID, ProgrammeQuerySet
from performance_support.programme_forms import ArrangeForm, ProgrammeForm
from performance_support.queries import environment, programmes
from workforce.requests import SignedIn


@require_safe
def programme_list(request: SignedIn) -> HttpResponse:
    """Those in which oneself or the own people take part, with what is missing around each."""
    seen = access.people_of_programmes(request.user)
    found = list(narrowed(request, access.programmes_seen_by(request.user)).with_work().with_flags())
    facts = environment.facts([programme.pk for programme in found if not programme.is_retired], people=seen)
    rows = [(each, [fact for fact in facts if fact.programme == each.pk]) for each in found]
    context = {
        "rows": [(each, len([fact for fact in about if fact.holds]), len(about)) for each, about in rows],
        "may_add": access.may_plan(request.user),
        "is_mine": is_mine(request),
        "because": because_of(request),
        "rules": rules.PROGRAMME_RULES,
    }
    return page(request, "performance_support/programme_list.html", context, regions=["programmes"])


def narrowed(request: SignedIn, found: ProgrammeQuerySet) -> ProgrammeQuerySet:
    """As the mail about flags leads here: what somebody planned, and what one rule finds wrong."""
    found = found.owned_by(request.user) if is_mine(request) else found
    because = because_of(request)
    return found.flagged_with(because) if because else found


def is_mine(request: SignedIn) -> bool:
    return typed(request.GET, "whose") == "mine"


def because_of(request: SignedIn) -> str:
    code = typed(request.GET, "because")
    return code if code in {rule.code for rule in rules.PROGRAMME_RULES} else ""


@require_safe
def programme_show(request: SignedIn, pk: UUID) -> HttpResponse:
    """The people, the ten facts with their remedies, and what was before and is now."""
    programme = access.programme_to_read(request.user, pk)
    return page(request, "performance_support/programme_show.html", about(request, programme), regions=["facts"])


def about(request: SignedIn, programme: Programme) -> dict[str, Any]:
    people = access.people_in(programme, request.user)
    grown = programmes.growth(programme, people)
    note_list(request.user, people, page="programme")
    facts = environment.facts([programme.pk], people=people)
    mine = next(
        (each.participant for each in grown.learners if each.participant.person_id == request.user.person_id), None
    )
    return {
        "programme": programme,
        "grown": grown,
        "facts": facts,
        "held": len([fact for fact in facts if fact.holds]),
        "mine": mine,
        "flags": [rules.PROGRAMME_RULES[flag.code] for flag in programme.flags.open()],
        "may_keep": access.keeps_programme(request.user, programme),
        "leads": any(pk != request.user.person_id for pk in people),
        "others": programme.participants.count() - len(people),
        "said": SAID,
        # Not a designer who is there for its work alone.
        "sees": bool(people) or programme.owner_id == request.user.pk,
    }


@asking
def programme_add(request: SignedIn) -> HttpResponse:
    """Who learns what work, and when?"""
    among = access.people_to_plan_for(request.user)
    form = ProgrammeForm(among=among, data=request.POST or None)
    if request.method == "POST":
        added, form = dialogs.attempt(form, lambda facts: actions.add_programme(by=request.user, **facts))
        if added:
            messages.success(request, f"“{added}” is planned. Look at what is missing around it.")
            return redirect(added)
    return dialogs.ask(request, "performance_support/programme_form.html", {"form": form})


@asking
def programme_change(request: SignedIn, pk: UUID) -> HttpResponse:
    programme = programme_for(request.user, pk, Ability.EDIT)
    if "keep" in request.POST:
        return redirect(programme)
    among = access.people_to_plan_for(request.user)
    form = ProgrammeForm(programme, among=among, data=request.POST or None)
    if request.method == "POST":
        seen = form.cleaned_data.get("seen") if form.is_valid() else None
        kept, form = dialogs.attempt(
            form,
            lambda facts: actions.change_programme(programme, among=among, seen=seen, by=request.user, **facts),
        )
        if kept:
            messages.success(request, f"“{kept}” is changed.")
            return redirect(kept)
    return dialogs.ask(request, "performance_support/programme_form.html", {"form": form, "programme": programme})


@require_POST
def programme_archive(request: SignedIn, pk: UUID) -> HttpResponse:
    programme = programme_for(request.user, pk, Ability.EDIT)
    actions.archive_programme(programme, by=request.user)
    messages.success(request, f"“{programme}” is in the archive; its page keeps what it was.")
    return redirect("programme_list")


@require_POST
def programme_restore(request: SignedIn, pk: UUID) -> HttpResponse:
    programme = programme_for(request.user, pk, Ability.EDIT)
    actions.restore_programme(programme, by=request.user)
    messages.success(request, f"“{programme}” is watched again.")
    return redirect(programme)


@asking
def programme_arrange(request: SignedIn, pk: UUID) -> HttpResponse:
    """Who does what, where and when, so that this holds?"""
    programme = programme_for(request.user, pk, Ability.EDIT)
    fact = typed(request.GET, "fact")
    cell = access.cell_for(
        request.user,
        programme,
        fact=fact,
        team=as_id(typed(request.GET, "team")),
        workflow=as_id(typed(request.GET, "workflow")),
    )
    form = ArrangeForm(data=request.POST or None, initial={"words": cell.said})
    if request.method == "POST":
        said, form = dialogs.attempt(
            form,
            lambda facts: actions.arrange(
                programme, team=cell.team, workflow=cell.workflow, fact=fact, by=request.user, **facts
            ),
        )
        if said:
            return dialogs.done(request, f"Noted, in your name: {said}.", to=programme)
    context = {"form": form, "programme": programme, "cell": cell, "title": Fact(fact).label}
    return dialogs.ask(request, "performance_support/programme_arrange.html", context)


@require_POST
def programme_talk(request: SignedIn, pk: UUID) -> HttpResponse:
    """A manager talked: with one person, or with all of the own people in it."""
    programme = programme_for(request.user, pk)
    people = access.people_to_talk_with(programme, request.user, only=as_id(typed(request.POST, "person")))
    moment = Talk.Moment.AFTER if request.POST.get("moment") == "after" else Talk.Moment.BEFORE
    try:
        count = actions.note_talks(programme, people=people, moment=moment, by=request.user)
    except RuleBroken as no:
        return dialogs.refused(request, no.message, to=programme)
    return dialogs.done(
        request, f"Noted: you talked with {count} of them." if count else "That was noted before.", to=programme
    )


@require_POST
def programme_goal(request: SignedIn, pk: UUID) -> HttpResponse:
    """What one wants from it oneself."""
    participant = access.own_part_for(request.user, pk)
    actions.set_goal(participant, goal=typed(request.POST, "goal", 400), by=request.user)
    messages.success(request, "Your goal is noted. Your manager sees it.")
    return redirect("programme_show", pk=pk)


@require_safe
def programme_export(request: SignedIn, pk: UUID, kind: str) -> HttpResponseBase:
    """The facts as a table."""
    programme = programme_for(request.user, pk)
    found = environment.facts([programme.pk], people=access.people_in(programme, request.user))
    head = ["Team", "Workflow", "Fact", "Holds", "Lacking", "People", "Said", "By", "On"]
    rows = [
        [
            fact.team_name, fact.workflow_name, fact.title, "yes" if fact.holds else "no", str(fact.lacking),
            str(fact.people), fact.words, fact.noted_by, fact.noted_at.date().isoformat() if fact.noted_at else "",
        ]
        for fact in found
    ]  # fmt: skip
    return download([head, *rows], name=f"environment of {programme}", kind=kind)
