"""Changing work, and taking it back into use: the same questions for every noun."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpResponse

from base import dialogs
from base.forms import EditForm
from base.models import Retirable
from workflows.models import Workflow
from workforce.requests import SignedIn

R = TypeVar("R", bound=Retirable)


def in_quotes(noun: Retirable) -> str:
    return f"“{noun}”"


def change(
    request: SignedIn,
    form_of: Callable[..., EditForm],
    noun: R,
    act: Callable[..., R],
    *,
    template: str,
    context: dict[str, Any],
    called: Callable[[R], str] = in_quotes,
) -> HttpResponse:
    """Ask on GET, save on POST; whoever meets what somebody else saved meanwhile may `keep` that.

    `context` holds the workflow, and what else the template shows.
    """
    if "keep" in request.POST:
        return dialogs.done(request, f"{called(noun)} stays as it is.", to=context["workflow"])
    form = form_of(noun, data=request.POST or None)
    if request.method == "POST":
        kept, form = dialogs.attempt(form, lambda facts: act(noun, seen=form.version_seen, by=request.user, **facts))
        if kept:
            return dialogs.done(request, f"{called(kept)} is saved.", to=context["workflow"])
    return dialogs.ask(request, template, {"form": form, **context})


def restore(request: SignedIn, noun: R, act: Callable[..., R], *, workflow: Workflow) -> HttpResponse:
    """Ask on GET, restore on POST, and offer the way back."""
    form = EditForm(noun, data=request.POST or {}) if request.method == "POST" else EditForm(noun)
    if request.method == "POST":
        restored, form = dialogs.attempt(form, lambda _: act(noun, by=request.user))
        if restored:
            return dialogs.done(request, f"{in_quotes(restored)} is in use again.", to=workflow)
    context: dict[str, Any] = {"form": form, "noun": noun, "workflow": workflow, "kind": noun._meta.model_name}
    return dialogs.ask(request, "workflows/restore.html", context)
