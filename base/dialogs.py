"""A question in a dialog: over the page where htmx asks for `#dialog`, as a page of its own where nothing does.

The dialog's template defines the region `dialog`; its form posts back to where it came from.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from base.errors import Outdated, RuleBroken
from base.forms import EditForm
from base.pages import page

T = TypeVar("T")


class HasAddress(Protocol):
    def get_absolute_url(self) -> str: ...


F = TypeVar("F", bound=EditForm)


def ask(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, regions: tuple[str, ...] = ()
) -> TemplateResponse:
    """Show the question, again where the answer was refused: 422 for what is wrong in it, 409 for what moved on."""
    form = context.get("form")
    status = form.status if isinstance(form, EditForm) else 200
    return page(request, template, context, regions=["dialog", *regions], status=status)


def attempt(form: F, act: Callable[[Mapping[str, Any]], T]) -> tuple[T | None, F]:
    """Do what the form asks for. Returns what came of it, or None and the form to show again, with the reason."""
    if not form.is_valid():
        return None, form
    try:
        return act(form.facts()), form
    except Outdated as error:
        return None, form.beside(error)
    except RuleBroken as error:
        form.refuse(error.message)
    except ValidationError as error:
        form.blame(error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list})
    return None, form


def done(request: HttpRequest, words: str, *, to: HasAddress | str, undo: str = "") -> HttpResponse:
    """Kept. With htmx the dialog closes and the page below hears `work-changed`; otherwise on to the thing.

    `undo` is an address that takes a POST.
    """
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, format_html('{} <a href="{}">Undo</a>', words, undo) if undo else words)
        return redirect(to)
    response = HttpResponse(status=204)
    trigger_client_event(response, "work-changed", {})
    trigger_client_event(response, "dialog-done", {})
    # Last: a new message takes away the one whose Undo was pressed, and nobody hears what a button says that is gone.
    return trigger_client_event(response, "messages", {"value": [{"text": words, "level": "ok", "undo": undo}]})


def refused(request: HttpRequest, words: str, *, to: HasAddress | str) -> HttpResponse:
    """A rule says no where no question was open: the sentence stays until it is read, and the page as it is."""
    if not request.htmx:  # type: ignore[attr-defined]
        messages.error(request, words)
        return redirect(to)
    return trigger_client_event(
        HttpResponse(status=204), "messages", {"value": [{"text": words, "level": "block", "undo": ""}]}
    )


def go(request: HttpRequest, to: HasAddress) -> HttpResponse:
    """On to another page, from a dialog as well."""
    response = redirect(to)
    return HttpResponseClientRedirect(response.url) if request.htmx else response  # type: ignore[attr-defined]
