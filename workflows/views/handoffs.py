"""Add, change and restore a handoff."""

from uuid import UUID

from django.http import HttpResponse

from base import dialogs
from workflows import actions
from workflows.access import Ability, handoff_for, outcome_for
from workflows.forms import HandoffForm, NewHandoffForm
from workflows.queries.receivers import receivers
from workflows.views.restoring import restore
from workflows.views.steps import ASKING
from workforce.requests import SignedIn


@ASKING
def handoff_add(request: SignedIn, pk: UUID) -> HttpResponse:
    outcome = outcome_for(request.user, pk, Ability.EDIT)
    # Without a script "Search" sends the whole form as a GET, so that nothing typed is lost.
    form = NewHandoffForm(outcome, data=request.POST or None, initial=request.GET.dict())
    if request.method == "POST":
        handoff, form = dialogs.attempt(form, lambda facts: actions.add_handoff(outcome, by=request.user, **facts))
        if handoff:
            words = f"“{outcome}” lets “{handoff.to_step}” begin."
            return dialogs.done(request, words, to=outcome.produced_by.workflow)
    sought = request.POST.get("q", request.GET.get("q", "")).strip()[:200]
    context = {
        "form": form,
        "outcome": outcome,
        "workflow": outcome.produced_by.workflow,
        "q": sought,
        "groups": receivers(outcome, sought=sought, chosen=uuid_or_none(form["to_step"].value())),
    }
    return dialogs.ask(request, "workflows/handoff_add.html", context, regions=("to-step",))


@ASKING
def handoff_change(request: SignedIn, pk: UUID) -> HttpResponse:
    handoff = handoff_for(request.user, pk, Ability.EDIT)
    workflow = handoff.outcome.produced_by.workflow
    if "keep" in request.POST:
        return dialogs.done(request, "The handoff stays as it is.", to=workflow)
    form = HandoffForm(handoff, data=request.POST or None)
    if request.method == "POST":
        kept, form = dialogs.attempt(
            form, lambda facts: actions.change_handoff(handoff, seen=form.version_seen, by=request.user, **facts)
        )
        if kept:
            return dialogs.done(request, f"The handoff to “{kept.to_step}” is saved.", to=workflow)
    return dialogs.ask(
        request, "workflows/handoff_change.html", {"form": form, "handoff": handoff, "workflow": workflow}
    )


@ASKING
def handoff_restore(request: SignedIn, pk: UUID) -> HttpResponse:
    handoff = handoff_for(request.user, pk, Ability.EDIT)
    return restore(request, handoff, actions.restore_handoff, workflow=handoff.outcome.produced_by.workflow)


def uuid_or_none(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
