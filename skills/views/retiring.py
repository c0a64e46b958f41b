"""Taking work out of use, with what that does to skills on the table first: so these pages live above the work."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from base import dialogs
from base.forms import EditForm
from base.models import Retirable
from base.pages import asking
from skills.queries.ripple import ripple_of_retiring
from workflows import actions
from workflows.access import Ability, handoff_for, outcome_for, step_for, workflow_for
from workflows.models import Workflow
from workforce.requests import SignedIn

R = TypeVar("R", bound=Retirable)
EVERYTHING = {
    "workflow": "Everything in it goes out of use with it.",
    "step": "What led through it no longer does, and what it produces is no longer waited for.",
    "outcome": "The steps that wait for it have nothing to begin with.",
    "handoff": "The step that waits for it is no longer told that it can begin.",
}


class RetireForm(EditForm):
    """`shown`: the size of the ripple that somebody agreed to."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)


@asking
def workflow_retire(request: SignedIn, pk: UUID) -> HttpResponse:
    workflow = workflow_for(request.user, pk, Ability.EDIT)
    return retire(request, workflow, actions.retire_workflow, workflow=workflow)


@asking
def step_retire(request: SignedIn, pk: UUID) -> HttpResponse:
    step = step_for(request.user, pk, Ability.EDIT)
    return retire(request, step, actions.retire_step, workflow=step.workflow)


@asking
def outcome_retire(request: SignedIn, pk: UUID) -> HttpResponse:
    outcome = outcome_for(request.user, pk, Ability.EDIT)
    return retire(request, outcome, actions.retire_outcome, workflow=outcome.produced_by.workflow)


@asking
def handoff_retire(request: SignedIn, pk: UUID) -> HttpResponse:
    handoff = handoff_for(request.user, pk, Ability.EDIT)
    return retire(request, handoff, actions.retire_handoff, workflow=handoff.outcome.produced_by.workflow)


def retire(request: SignedIn, noun: R, act: Callable[..., R], *, workflow: Workflow) -> HttpResponse:
    """Show the ripple and ask on GET, retire on POST, and offer the way back."""
    kind = str(noun._meta.model_name)
    ripple = ripple_of_retiring(noun, workflow)
    form = RetireForm(noun, data=request.POST or None, initial={"shown": ripple.size})
    if request.method == "POST":
        if request.POST.get("shown") != ripple.size:
            form = RetireForm(noun, initial={"shown": ripple.size})
            form.status = 409
        else:
            retired, form = dialogs.attempt(form, lambda _: act(noun, by=request.user))
            if retired:
                undo = reverse(f"{kind}_restore", args=[noun.pk])
                return dialogs.done(request, f"“{retired}” is retired.", to=workflow, undo=undo)
    context = {
        "form": form,
        "noun": noun,
        "kind": kind,
        "workflow": workflow,
        "ripple": ripple,
        "consequence": EVERYTHING[kind],
        "is_outdated": form.status == 409 and not form.errors,
    }
    return dialogs.ask(request, "skills/retire.html", context)
