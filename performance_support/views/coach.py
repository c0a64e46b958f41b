"""The coach: what a worker opens while working. My steps, then this step; two clicks, ten seconds."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from base import dialogs
from base.pages import as_id, page, question, typed
from performance_support import actions
from performance_support.access import resource_for
from performance_support.models import Champion, Member, Moment, Vote
from performance_support.queries import coach, library
from performance_support.queries.asking import Colleagues
from performance_support.queries.coach import person_of
from performance_support.views.time import permission_of
from skills.queries.searching import search
from workflows.access import step_for
from workflows.models import Step, Workflow
from workforce.models import Account, JobRole
from workforce.requests import SignedIn

MOST_FOUND = 12


@require_safe
def support_home(request: SignedIn) -> HttpResponse:
    """My steps, each one click away; everything else by its words."""
    role = role_of(request.user)
    chosen = as_id(typed(request.GET, "workflow"))
    context = {
        "role": role,
        "steps": coach.steps_of_role(role) if role else [],
        "workflows": Workflow.objects.active(),
        "chosen": chosen,
        "elsewhere": coach.steps_of_workflow(chosen) if chosen else [],
        **permission_of(request.user),
        "invited": Member.objects.of(request.user).waiting(),
        "asked": Champion.objects.of(request.user).waiting().with_names(),
        **found(request),
    }
    return page(request, "performance_support/support_home.html", context, regions=["found-help"])


def found(request: SignedIn) -> dict[str, Any]:
    """Steps and resources of these words, with typing errors forgiven."""
    words = typed(request.GET, "q")
    if not words:
        return {"words": "", "found_steps": [], "found_resources": [], "found_tips": []}
    hits = [hit.pk for hit in search(words, seen_by=request.user) if hit.kind == "step"]
    resources = library.likeliest(words, seen_by=request.user, most=MOST_FOUND)
    tips = library.tips_about(words, reader=request.user, most=MOST_FOUND)
    steps = coach.steps_called(hits)
    return {"words": words, "found_steps": steps, "found_resources": resources, "found_tips": tips}


def role_of(account: Account) -> JobRole | None:
    """What this person works as."""
    person = person_of(account)
    return person.job_title.job_role if person and person.job_title else None


@require_safe
def step_support(request: SignedIn, pk: UUID) -> HttpResponse:
    """Everything that helps at one step."""
    step = step_for(request.user, pk)
    context = {**about(step, request.user), **permission_of(request.user), "question": question(request.GET)}
    if not request.htmx:  # type: ignore[attr-defined]
        quick = context["coached"].quick
        context["is_told"] = actions.note_visit(step, quick=quick.resource if quick else None, by=request.user)
    response = page(request, "performance_support/step_support.html", context, regions=["worked", "tips", "ask"])
    # For the worker that keeps the last steps: it must know whose page this is.
    response["Coach-Reader"] = str(request.user.pk)
    return response


def about(step: Step, account: Account) -> dict[str, Any]:
    """Designers see what is meant for any job role."""
    return {
        "step": step,
        "coached": coach.coached(step, by=account, role=None if account.can_design else role_of(account)),
        "moments": Moment.choices,
        "wrongs": Vote.Wrong.choices,
        "people": Colleagues(step, by=account),
        "still": False,
        "may_keep": account.can_design or step.workflow.owner_id == account.pk,
    }


@require_safe
def resource_open(request: SignedIn, pk: UUID) -> HttpResponse:
    """From a step to what helps: counted there, then straight on to where it leads."""
    resource = resource_for(request.user, pk)
    step = as_id(typed(request.GET, "step"))
    if not resource.url or resource.text or not resource.is_usable:
        return redirect(f"{resource.get_absolute_url()}{f'?step={step}' if step else ''}")
    actions.note_use(resource, step=step_for(request.user, step) if step else None, by=request.user)
    return redirect(resource.url)


@require_POST
def resource_vote(request: SignedIn, pk: UUID) -> HttpResponse:
    """*Did this work?* Whoever answers for it hears what did not."""
    resource = resource_for(request.user, pk)
    at = as_id(typed(request.POST, "step"))
    step = step_for(request.user, at) if at else None
    worked, wrong = request.POST.get("worked") == "yes", typed(request.POST, "wrong")
    actions.vote(
        resource,
        worked=worked,
        wrong=wrong if not worked and wrong in Vote.Wrong else "",
        comment=typed(request.POST, "comment", 400),
        step=step,
        by=request.user,
    )
    words = "Noted: it worked." if worked else f"{resource.asked.name} hears of it. You are told when it changes."
    to = reverse("step_support", args=[step.pk]) if step else resource
    return dialogs.done(request, words, to=to)
