"""The queue of flags, and what a designer does with one or with many."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseLocation, trigger_client_event

from base import watch
from base.errors import RuleBroken
from base.models import WatchRun
from base.pages import asking, page
from base.rules import Rule, Severity
from skills import access, queue
from skills.flag_forms import AssignForm, NarrowingForm, PlaceForm, SnoozeForm
from skills.models import Skill
from skills.queries.listing import origins
from skills.views import undoing
from workflows.access import outcome_for, step_for
from workflows.models import Step
from workforce.models import Account
from workforce.requests import SignedIn

LIST = "skills/flag_list.html"


@require_safe
def flag_list(request: SignedIn) -> HttpResponse:
    """The whole queue; `?reason=` says which group is open."""
    account = designer(request)
    narrowing = NarrowingForm(request.GET).narrowing(account)
    whole, in_use = queue.queue(narrowing), Skill.objects.in_use().count()
    rule = opened(whole, narrowing, request.GET.get("reason", ""))
    context = {
        "queue": whole,
        "narrowing": narrowing,
        "opened": rule,
        "page_of": rule and queue.rows(rule, narrowing, after=request.GET.get("after", "")),
        "facets": [("Blocks publishing", Severity.BLOCKS), ("Warns", Severity.WARNS), ("Hints", Severity.HINTS)],
        "reach": queue.reach(in_use),
        "designers": Account.objects.designers(),
        "origins": origins(),
        "ages": queue.AGES,
        "undo": undoing.offered(request),
        "run": last_run(),
    }
    return page(request, LIST, context, regions=["flagged"])


def last_run() -> WatchRun | None:
    return WatchRun.objects.order_by("-id").first()


def opened(whole: queue.Queue, narrowing: queue.Narrowing, reason: str) -> Rule | None:
    """The rule whose group is open: the one asked for, else the first that found something."""
    asked = queue.rule_called(reason)
    return asked or next((group.rule for group in whole.groups if group.waiting(narrowing)), None)


@require_safe
def watch_show(request: SignedIn) -> HttpResponse:
    """How far the check is; once it is through, the queue around it is fetched anew."""
    designer(request)
    run = last_run()
    answer = page(request, f"{LIST}#watch", {"run": run})
    return trigger_client_event(answer, "watch-done") if run is None or run.is_finished else answer


@require_safe
def flag_rows(request: SignedIn) -> HttpResponse:
    """The rows of one reason, for a group that is opened or read on."""
    account = designer(request)
    narrowing = NarrowingForm(request.GET).narrowing(account)
    rule = queue.rule_called(request.GET.get("reason", ""))
    if rule is None:
        return redirect("flag_list")
    after = request.GET.get("after", "")
    context = {"opened": rule, "narrowing": narrowing, "page_of": queue.rows(rule, narrowing, after=after)}
    return page(request, f"{LIST}#rows" if after else f"{LIST}#group-body", context)


@require_safe
def flag_show(request: SignedIn, pk: UUID) -> HttpResponse:
    """One flag, what became of it, and when the same reason was flagged before."""
    flag, rule = access.flag_for(request.user, pk)
    context = {
        "row": queue.Row(flag, rule, queue.owner_of(flag, rule.about)),
        "episodes": queue.episodes(flag),
        "changes": queue.history(flag),
    }
    return page(request, "skills/flag_show.html", context)


# Each of these asks first, by GET for one flag and by POST for as many as are ticked, and acts on the answer.


@asking
def flag_place(request: SignedIn) -> HttpResponse:
    """Place every chosen skill at one step for one outcome, or all of them as one skill."""
    account, chosen = request.user, chosen_flags(request)
    skills = skills_among(chosen)
    step = step_chosen(account, typed(request).get("step", ""))
    first = {"step": step, "kept": skills[0], "together": looks_alike(skills)}
    form = PlaceForm(answered(request), skills=skills, step=step, initial=first)
    if form.is_valid():
        undoing.place(request, skills, **form.cleaned_data, by=account)
        return acted(request)
    title = f"Place {len(skills)} skills together" if len(skills) > 1 else "Place a skill"
    return dialog(request, form, chosen, title=title, verb="Place", alike=looks_alike(skills))


@asking
def flag_assign(request: SignedIn) -> HttpResponse:
    """Say whose the chosen flags are."""
    account, chosen = request.user, chosen_flags(request)
    form = AssignForm(answered(request), designers=list(Account.objects.designers()))
    if form.is_valid():
        undoing.assign(request, flags_of(chosen), to=form.cleaned_data["to"], by=account)
        return acted(request)
    return dialog(request, form, chosen, title=f"Assign {in_words(chosen)}", verb="Assign")


@asking
def flag_snooze(request: SignedIn) -> HttpResponse:
    """Set the chosen flags aside until a day, with a reason."""
    account, chosen = request.user, chosen_flags(request)
    form = SnoozeForm(answered(request))
    if form.is_valid():
        undoing.snooze(request, flags_of(chosen), **form.cleaned_data, by=account)
        return acted(request)
    return dialog(request, form, chosen, title=f"Snooze {in_words(chosen)}", verb="Snooze")


@asking
def flag_retire(request: SignedIn) -> HttpResponse:
    """Take the chosen skills out of use."""
    account, chosen = request.user, chosen_flags(request)
    skills = skills_among(chosen)
    if (form := Form(answered(request))).is_valid():
        undoing.retire(request, skills, by=account)
        return acted(request)
    title = f"Retire {len(skills)} skills" if len(skills) > 1 else "Retire a skill"
    words = "Contexts stay for the record, flags are cleared, and the wording stays findable."
    return dialog(request, form, chosen, title=title, verb="Retire", words=words)


@require_POST
def flag_accept(request: SignedIn, pk: UUID) -> HttpResponse:
    """Place a skill where its words suggest: the step and one of its own outcomes, as the row offered them."""
    skills = skills_among([access.flag_for(request.user, pk)])
    outcome = outcome_for(request.user, as_id(request.POST.get("outcome", "")))
    undoing.place(request, skills, step=outcome.produced_by, outcome=outcome, required_level=3, by=request.user)
    return acted(request)


@require_POST
def flag_wake(request: SignedIn) -> HttpResponse:
    """Take the chosen flags up again before their day."""
    undoing.wake(request, flags_of(chosen_flags(request)), by=request.user)
    return acted(request)


@require_POST
def flag_undo(request: SignedIn) -> HttpResponse:
    """Take back what this person did last in the queue."""
    undoing.undo(request, by=designer(request))
    return acted(request)


@require_POST
def watch_ask(request: SignedIn) -> HttpResponse:
    """Check all rules now, in the background."""
    run = watch.ask(by=designer(request))
    return page(request, f"{LIST}#watch", {"run": run}) if request.htmx else redirect(way_back(request))  # type: ignore[attr-defined]


# --- what these have in common ----------------------------------------------------------------


def designer(request: SignedIn) -> Account:
    access.may_keep_the_queue(request.user)
    return request.user


def typed(request: SignedIn) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


def answered(request: SignedIn) -> QueryDict | None:
    """What the person said in the dialog; None while it is only being asked."""
    return request.POST if "answer" in request.POST else None


def chosen_flags(request: SignedIn) -> list[Any]:
    """The flags that the person ticked, each with its rule."""
    pks = list(dict.fromkeys(typed(request).getlist("flag")))
    queue.not_too_many(pks)
    return access.flags_for(request.user, [as_id(pk) for pk in pks])


def flags_of(chosen: Sequence[Any]) -> list[Any]:
    return [flag for flag, _ in chosen]


def as_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404(f"“{text}” is no id.") from None


def skills_among(chosen: Sequence[Any]) -> list[Skill]:
    """What is chosen may be flagged twice; a skill is placed once."""
    skills = list({flag.about_id: flag.about for flag, rule in chosen if rule.about == "skill"}.values())
    if not skills:
        raise RuleBroken(
            "This is for skills. Open whatever else is flagged by its name instead.", code="no_skill_chosen"
        )
    return skills


def looks_alike(skills: Sequence[Skill]) -> bool:
    return len({skill.fingerprint for skill in skills}) == 1


def in_words(chosen: Sequence[Any]) -> str:
    return f"{len(chosen)} flags" if len(chosen) > 1 else "a flag"


def step_chosen(account: Account, pk: str) -> Step | None:
    return step_for(account, as_id(pk)) if pk else None


def dialog(request: SignedIn, form: Form, chosen: Sequence[Any], **context: Any) -> HttpResponse:
    """The question as a dialog over the queue, or as a page of its own without scripts."""
    context |= {"form": form, "chosen": chosen, "back": way_back(request)}
    return page(request, "skills/flag_dialog.html", context, regions=["dialog"])


def way_back(request: SignedIn) -> str:
    """The queue as the person left it; only addresses of our own."""
    back = typed(request).get("back", "")
    inside = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if inside else reverse("flag_list")


def acted(request: SignedIn) -> HttpResponse:
    """Back to the queue as it is now."""
    back = way_back(request)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(back)
    answer = HttpResponseLocation(back, target="#flagged", select="#flagged", swap="outerHTML")
    return trigger_client_event(answer, "dialog-done")
