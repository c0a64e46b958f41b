"""Taking work back into use: the same question for every noun."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpResponse

from base import dialogs
from base.forms import EditForm
from base.models import Retirable
from workflows.models import Workflow
from workforce.requests import SignedIn

R = TypeVar("R", bound=Retirable)


def restore(request: SignedIn, noun: R, act: Callable[..., R], *, workflow: Workflow) -> HttpResponse:
    """Ask on GET, restore on POST, and offer the way back."""
    form = EditForm(noun, data=request.POST or {}) if request.method == "POST" else EditForm(noun)
    if request.method == "POST":
        restored, form = dialogs.attempt(form, lambda _: act(noun, by=request.user))
        if restored:
            return dialogs.done(request, f"“{restored}” is in use again.", to=workflow)
    context: dict[str, Any] = {"form": form, "noun": noun, "workflow": workflow, "kind": noun._meta.model_name}
    return dialogs.ask(request, "workflows/restore.html", context)
