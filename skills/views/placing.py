"""Placing a skill at a step, moving it, taking it away, and undoing that."""

from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect, HttpResponseLocation, trigger_client_event

from base.errors import RuleBroken
from base.ids import uuid_in
from base.pages import asking, page
from skills import actions
from skills.access import Ability, context_for, skill_for
from skills.forms import PlaceForm
from skills.models import Context, Skill
from skills.queries.suggestions import Suggestion, likely_places
from skills.views.addresses import address_of
from workflows.access import step_for, workflow_for
from workflows.models import Step, Workflow
from workforce.requests import SignedIn


@asking
def skill_place(request: SignedIn, pk: UUID) -> HttpResponse:
    """Ask for the step, the outcome and the level, with the likely ones chosen; then place the skill."""
    skill = skill_for(request.user, pk, Ability.EDIT)
    question = Question(request, skill)
    if request.method == "POST" and question.form.is_valid():
        facts = question.form.cleaned_data
        try:
            context = actions.place(skill, by=request.user, **facts)
        except RuleBroken as broken:
            question.form.add_error(None, broken.message)
        else:
            return word_it(request, context) if "word" in request.POST else shown(request, context, is_new=True)
    return question.asked(request)


@asking
def context_move(request: SignedIn, pk: UUID) -> HttpResponse:
    """The same question about a context that is there already."""
    context = context_for(request.user, pk, Ability.EDIT)
    question = Question(request, context.skill, context)
    if request.method == "POST" and question.form.is_valid():
        facts = question.form.cleaned_data
        try:
            context = actions.change_context(context, seen=question.seen, by=request.user, **facts)
        except RuleBroken as broken:
            question.form.add_error(None, broken.message)
        else:
            return shown(request, context)
    return question.asked(request)


@require_POST
def context_take_away(request: SignedIn, pk: UUID) -> HttpResponse:
    context = context_for(request.user, pk, Ability.EDIT)
    actions.remove_context(context, by=request.user)
    if "undo" in request.POST:
        messages.success(request, "Undone. It waits in the tray again.")
    else:
        messages.success(request, f"“{context.skill}” is taken away from “{context.step}”.")
    return elsewhere(request, context.step.workflow, {"step": context.step_id})


class Question:
    """At which step, for which outcome, at which level? Answered in part by what is known already."""

    def __init__(self, request: SignedIn, skill: Skill, context: Context | None = None) -> None:
        self.skill, self.context = skill, context
        self.likely = None if context else self.suggested(uuid_in(request.GET.get("workflow")))
        self.step = self.chosen_step(request)
        self.workflow = self.chosen_workflow(request)
        known: dict[str, Any] = {"step": self.step}
        if context and self.step == context.step:
            known |= {"outcome": context.outcome_id}
        elif self.likely and self.step and self.step.pk == self.likely.step:
            known |= {"outcome": self.likely.outcome}
        known["required_level"] = context.required_level if context else 3
        self.form = PlaceForm(
            request.POST if request.method == "POST" else None, workflow=self.workflow, step=self.step, initial=known
        )

    def suggested(self, workflow: UUID | None) -> Suggestion | None:
        return likely_places([self.skill.pk], workflow=workflow).get(self.skill.pk)

    def chosen_step(self, request: SignedIn) -> Step | None:
        asked = uuid_in(request.POST.get("step") or request.GET.get("step"))
        if asked:
            return step_for(request.user, asked)
        if self.context:
            return self.context.step
        return step_for(request.user, self.likely.step) if self.likely else None

    def chosen_workflow(self, request: SignedIn) -> Workflow | None:
        asked = uuid_in(request.GET.get("workflow"))
        if asked and (self.step is None or self.step.workflow_id == asked):
            return workflow_for(request.user, asked)
        return self.step.workflow if self.step else None

    @property
    def seen(self) -> int | None:
        seen = self.form.data.get("seen", "")
        return int(seen) if seen.isdecimal() and len(seen) < 10 else None

    @property
    def address(self) -> str:
        if self.context:
            return reverse("context_move", args=[self.context.pk])
        return reverse("skill_place", args=[self.skill.pk])

    @property
    def steps(self) -> list[Step]:
        return list(self.form.fields["step"].queryset) if self.workflow else []  # type: ignore[attr-defined]

    @property
    def is_offered_first(self) -> UUID | None:
        """The outcome that is selected: what was sent, else what is known, else the nearest."""
        value = uuid_in(str(self.form["outcome"].value() or ""))
        nearest = self.form.fields["outcome"].queryset.first()  # type: ignore[attr-defined]
        return value or (nearest.pk if nearest else None)

    @property
    def workflows(self) -> Any:
        return Workflow.objects.active()

    def asked(self, request: SignedIn) -> HttpResponse:
        status = 422 if self.form.is_bound and self.form.errors else 200
        return page(
            request,
            "skills/skill_place.html",
            {"question": self, "form": self.form, "skill": self.skill},
            regions=["dialog", "for"],
            status=status,
        )


def shown(request: SignedIn, context: Context, *, is_new: bool = False) -> HttpResponse:
    """The map with the context chosen; `placed` offers to undo it."""
    query = {"skill": context.skill_id, "context": context.pk}
    if is_new:
        query["placed"] = context.pk
    return elsewhere(request, context.step.workflow, query)


def word_it(request: SignedIn, context: Context) -> HttpResponse:
    """To the composer with what was chosen; where there is none, to the skill on the map."""
    address = address_of("skill_compose", context.skill_id)
    if not address:
        address = reverse("workflow_show", args=[context.step.workflow_id])
    query = urlencode({"step": context.step_id, "outcome": context.outcome_id})
    address = f"{address}?{query}"
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)  # type: ignore[attr-defined]


def elsewhere(request: SignedIn, workflow: Workflow, query: dict[str, UUID]) -> HttpResponse:
    """The map after a change: its regions if it is the page that asked, the whole page otherwise."""
    address = f"{workflow.get_absolute_url()}?{urlencode(query)}"
    htmx = request.htmx  # type: ignore[attr-defined]
    if not htmx:
        return redirect(address)
    came_from = urlsplit(htmx.current_url or "")
    if came_from.path != workflow.get_absolute_url():
        # From the queue, say: that page knows best what to show again.
        response = HttpResponse(status=204)
        trigger_client_event(response, "work-changed")
        return trigger_client_event(response, "dialog-done")
    response = HttpResponseLocation(address, target="#map", swap="outerHTML")
    return trigger_client_event(response, "dialog-done")
