"""HR sources: what their guards let through, and whose word stands in which field."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from base import dialogs
from base.changes import last_change_of
from base.forms import EditForm
from base.pages import asking, page
from workforce import actions, guards
from workforce.access import may_run, source_for
from workforce.forms import SourceForm
from workforce.forms.sources import in_words
from workforce.models import Run, Source
from workforce.requests import SignedIn
from workforce.views.going import Place

LATELY = 10


@require_safe
def source_list(request: SignedIn) -> HttpResponse:
    may_run(request.user)
    rows = [
        {
            "source": source,
            "key_fields": [in_words(field) for field in source.key_fields],
            "stands": [in_words(field) for field in source.corrections_stand],
        }
        for source in Source.objects.all()
    ]
    return page(request, "workforce/settings/source_list.html", {"rows": rows}, regions=["sources"])


@asking
def source_change(request: SignedIn, pk: UUID) -> HttpResponse:
    """Change on POST; a GET with values asks what they would have meant for the last runs."""
    source = source_for(request.user, pk)
    if "keep" in request.POST:
        return dialogs.done(request, f"{source} stays as it is.", to=Place("source_list"))
    tried = request.POST or (request.GET if "leavers_number" in request.GET else None)
    form = SourceForm(source, data=tried)
    if request.method == "POST":
        changed, form = dialogs.attempt(
            form, lambda facts: actions.change_source(source, seen=form.version_seen, by=request.user, **facts)
        )
        if changed:
            return dialogs.done(request, f"{changed} is saved.", to=Place("source_list"))
    context = {"form": form, "source": source, "last": last_change_of(source), **meant(source, form)}
    return dialogs.ask(request, "workforce/settings/source_change.html", context, regions=("meant",))


@asking
def source_allow(request: SignedIn, pk: UUID) -> HttpResponse:
    """Programs of this source may let people leave for 24 hours, however many."""
    source = source_for(request.user, pk)
    form = EditForm(source, data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        allowed, form = dialogs.attempt(
            form, lambda _: actions.allow_leavers(source, seen=form.version_seen, by=request.user)
        )
        if allowed:
            words = f"Programs of {allowed} may let people leave for 24 hours."
            return dialogs.done(request, words, to=Place("source_list"))
    return dialogs.ask(
        request,
        "workforce/settings/source_allow.html",
        {"form": form, "source": source, "back": reverse("source_list")},
    )


def meant(source: Source, form: SourceForm) -> dict[str, Any]:
    """Which of the last runs would have been held under the numbers in the form, and which were."""
    values = form.facts() if form.is_bound and not form.errors else form.initial
    tried = Source(**{name: values[name] for name in form.base_fields if name != "seen"})
    runs = list(Run.objects.of(source).ended().newest_first()[:LATELY])
    held = [run for run in runs if any(guards.would_trip(tried, fact) for fact in run.guards)]
    return {"runs": len(runs), "held": held, "were": sum(any(f["is_tripped"] for f in run.guards) for run in runs)}
