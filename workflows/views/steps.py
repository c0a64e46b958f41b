"""Add, change, move and restore a step, in a dialog over the map. Retiring shows the skills it touches: see skills."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from base import dialogs
from base.pages import asking
from workflows import actions
from workflows.access import Ability, step_for, workflow_for
from workflows.forms import MoveForm, NewStepForm, StepForm
from workflows.views.editing import change, restore
from workforce.requests import SignedIn


@asking
def step_add(request: SignedIn, pk: UUID) -> HttpResponse:
    workflow = workflow_for(request.user, pk, Ability.EDIT)
    form = NewStepForm(workflow, data=request.POST or None, initial=place_asked_for(request))
    if request.method == "POST":
        step, form = dialogs.attempt(form, lambda facts: actions.add_step(workflow, by=request.user, **facts))
        if step:
            return dialogs.done(request, f"“{step}” is step {step.position}.", to=workflow)
    return dialogs.ask(request, "workflows/step_form.html", {"form": form, "workflow": workflow})


@asking
def step_change(request: SignedIn, pk: UUID) -> HttpResponse:
    step = step_for(request.user, pk, Ability.EDIT)
    context = {"step": step, "workflow": step.workflow}
    return change(request, StepForm, step, actions.change_step, template="workflows/step_form.html", context=context)


@asking
def step_move(request: SignedIn, pk: UUID) -> HttpResponse:
    step = step_for(request.user, pk, Ability.EDIT)
    if "keep" in request.POST:
        return dialogs.done(request, f"“{step}” stays where it is.", to=step.workflow)
    # "Undo" carries the place in its address.
    data = request.POST if "position" in request.POST else request.GET
    form = MoveForm(step, data=data) if request.method == "POST" else MoveForm(step, initial=place_asked_for(request))
    before = step.position
    if request.method == "POST":
        moved, form = dialogs.attempt(
            form, lambda facts: actions.move_step(step, seen=form.version_seen, by=request.user, **facts)
        )
        if moved:
            back = f"{reverse('step_move', args=[pk])}?position={before}"
            words = f"“{moved}” is step {moved.position} now."
            return dialogs.done(request, words, to=step.workflow, undo=back if moved.position != before else "")
    return dialogs.ask(request, "workflows/step_move.html", {"form": form, "step": step, "workflow": step.workflow})


@asking
def step_restore(request: SignedIn, pk: UUID) -> HttpResponse:
    step = step_for(request.user, pk, Ability.EDIT)
    return restore(request, step, actions.restore_step, workflow=step.workflow)


def place_asked_for(request: SignedIn) -> dict[str, int]:
    """`?position=3`: where somebody pointed at on the map."""
    asked = request.GET.get("position", "")
    return {"position": int(asked)} if asked.isdecimal() and len(asked) < 5 else {}
