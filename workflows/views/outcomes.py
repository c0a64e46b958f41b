"""Add, change and restore what a step produces."""

from uuid import UUID

from django.http import HttpResponse

from base import dialogs
from base.pages import asking
from workflows import actions
from workflows.access import Ability, outcome_for, step_for
from workflows.forms import OutcomeForm
from workflows.views.editing import change, restore
from workforce.requests import SignedIn


@asking
def outcome_add(request: SignedIn, pk: UUID) -> HttpResponse:
    step = step_for(request.user, pk, Ability.EDIT)
    form = OutcomeForm(data=request.POST or None)
    if request.method == "POST":
        outcome, form = dialogs.attempt(form, lambda facts: actions.add_outcome(step, by=request.user, **facts))
        if outcome:
            return dialogs.done(request, f"“{step}” produces “{outcome}”.", to=step.workflow)
    return dialogs.ask(request, "workflows/outcome_form.html", {"form": form, "step": step, "workflow": step.workflow})


@asking
def outcome_change(request: SignedIn, pk: UUID) -> HttpResponse:
    outcome = outcome_for(request.user, pk, Ability.EDIT)
    step = outcome.produced_by
    context = {"outcome": outcome, "step": step, "workflow": step.workflow}
    return change(
        request, OutcomeForm, outcome, actions.change_outcome, template="workflows/outcome_form.html", context=context
    )


@asking
def outcome_restore(request: SignedIn, pk: UUID) -> HttpResponse:
    outcome = outcome_for(request.user, pk, Ability.EDIT)
    return restore(request, outcome, actions.restore_outcome, workflow=outcome.produced_by.workflow)
