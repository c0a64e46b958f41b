"""Add, change and restore a handoff."""

from uuid import UUID

from django.http import HttpResponse

from base import dialogs
from base.ids import uuid_in
from base.pages import asking, typed
from workflows import actions
from workflows.access import Ability, handoff_for, outcome_for
from workflows.forms import HandoffForm, NewHandoffForm
from workflows.queries.receivers import receivers
from workflows.views.editing import change, restore
from workforce.requests import SignedIn


@asking
def handoff_add(request: SignedIn, pk: UUID) -> HttpResponse:
    outcome = outcome_for(request.user, pk, Ability.EDIT)
    # Without a script "Search" sends the whole form as a GET, so that nothing typed is lost.
    form = NewHandoffForm(outcome, data=request.POST or None, initial=request.GET.dict())
    if request.method == "POST":
        handoff, form = dialogs.attempt(form, lambda facts: actions.add_handoff(outcome, by=request.user, **facts))
        if handoff:
            words = f"“{outcome}” lets “{handoff.to_step}” begin."
            return dialogs.done(request, words, to=outcome.produced_by.workflow)
    sought = typed(request.POST, "q") or typed(request.GET, "q")
    context = {
        "form": form,
        "outcome": outcome,
        "workflow": outcome.produced_by.workflow,
        "q": sought,
        "groups": receivers(outcome, sought=sought, chosen=uuid_in(form["to_step"].value())),
    }
    return dialogs.ask(request, "workflows/handoff_add.html", context, regions=("to-step",))


@asking
def handoff_change(request: SignedIn, pk: UUID) -> HttpResponse:
    handoff = handoff_for(request.user, pk, Ability.EDIT)
    return change(
        request,
        HandoffForm,
        handoff,
        actions.change_handoff,
        template="workflows/handoff_change.html",
        context={"handoff": handoff, "workflow": handoff.outcome.produced_by.workflow},
        called=lambda handoff: f"The handoff to “{handoff.to_step}”",
    )


@asking
def handoff_restore(request: SignedIn, pk: UUID) -> HttpResponse:
    handoff = handoff_for(request.user, pk, Ability.EDIT)
    return restore(request, handoff, actions.restore_handoff, workflow=handoff.outcome.produced_by.workflow)
