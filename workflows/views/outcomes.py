"""Add, change and restore what a step produces."""

from uuid import UUID

from django.http import HttpResponse

from base import dialogs
from workflows import actions
from workflows.access import Ability, outcome_for, step_for
from workflows.forms import OutcomeForm
from workflows.views.restoring import restore
from workflows.views.steps import ASKING
from workforce.requests import SignedIn


@ASKING
def outcome_add(request: SignedIn, pk: UUID) -> HttpResponse:
    step = step_for(request.user, pk, Ability.EDIT)
    form = OutcomeForm(data=request.POST or None)
    if request.method == "POST":
        outcome, form = dialogs.attempt(form, lambda facts: actions.add_outcome(step, by=request.user, **facts))
        if outcome:
            return dialogs.done(request, f"“{step}” produces “{outcome}”.", to=step.workflow)
    return dialogs.ask(request, "workflows/outcome_form.html", {"form": form, "step": step, "workflow": step.workflow})


@ASKING
def outcome_change(request: SignedIn, pk: UUID) -> HttpResponse:
    outcome = outcome_for(request.user, pk, Ability.EDIT)
    step = outcome.produced_by
    if "keep" in request.POST:
        return dialogs.done(request, f"“{outcome}” stays as it is.", to=step.workflow)
    form = OutcomeForm(outcome, data=request.POST or None)
    if request.method == "POST":
        kept, form = dialogs.attempt(
            form, lambda facts: actions.change_outcome(outcome, seen=form.version_seen, by=request.user, **facts)
        )
        if kept:
            return dialogs.done(request, f"“{kept}” is saved.", to=step.workflow)
    context = {"form": form, "outcome": outcome, "step": step, "workflow": step.workflow}
    return dialogs.ask(request, "workflows/outcome_form.html", context)


@ASKING
def outcome_restore(request: SignedIn, pk: UUID) -> HttpResponse:
    outcome = outcome_for(request.user, pk, Ability.EDIT)
    return restore(request, outcome, actions.restore_outcome, workflow=outcome.produced_by.workflow)
