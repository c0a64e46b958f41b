"""The library: finding what helps, and keeping one resource."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from base import dialogs
from base.errors import RuleBroken
from base.models import Change
from base.pages import as_id, asking, page, question, typed
from base.sheets import download
from performance_support import access, actions
from performance_support.access import Ability, may_add, placement_for, resource_for
from performance_support.forms import HandOverForm, PlaceForm, ResourceForm
from performance_support.models import Moment, Resource, ResourceVersion
from performance_support.models.resource import ResourceQuerySet
from performance_support.queries import library
from performance_support.queries.library import STATES, Wanted
from performance_support.storing import most_bytes
from performance_support.wording import render
from performance_support.words import entry
from workflows.access import step_for
from workflows.models import Workflow
from workforce.requests import SignedIn

LIST, SHOW, FORM = (f"performance_support/resource_{name}.html" for name in ("list", "show", "form"))


@require_safe
def resource_list(request: SignedIn) -> HttpResponse:
    """Everything that helps, found by its words and narrowed."""
    wanted = asked_for(request)
    context = {
        "wanted": wanted,
        "found": library.page_of(wanted, seen_by=request.user),
        "kinds": Resource.Kind.choices,
        "states": [(value, words) for value, words in STATES.items() if value != "draft" or request.user.can_design],
        "workflows": Workflow.objects.active(),
        "question": question(request.GET),
        "is_mine": wanted.owner == request.user.pk,
    }
    return page(request, LIST, context, regions=["resources"])


@require_safe
def resource_export(request: SignedIn, kind: str) -> HttpResponseBase:
    """What the list shows, all pages of it."""
    found = library.by_title(library.wanted_resources(asked_for(request), seen_by=request.user))
    return download(lines(found), name="library", kind=kind)


HEAD = [
    "Resource", "Kind", "State", "Helps at", "Answers for it", "Verifies it", "Verified on", "Next review", "Language",
    "Version", "Address",
]  # fmt: skip


def lines(resources: ResourceQuerySet) -> Iterator[list[str]]:
    yield HEAD
    for resource in resources.iterator(chunk_size=1000):
        where = "; ".join(str(placement.place) for placement in resource.placements.all())
        verified = resource.verified_at.date().isoformat() if resource.verified_at else ""
        yield [
            resource.title, resource.get_kind_display(), STATES[resource.freshness], where, resource.owner.name,
            resource.asked.name, verified, str(resource.due_on or ""), resource.language,
            str(resource.content_version), resource.url,
        ]  # fmt: skip


def asked_for(request: SignedIn) -> Wanted:
    """What makes no sense in an address counts as not asked."""
    asked = request.GET
    kind, state = typed(asked, "kind"), typed(asked, "state")
    return Wanted(
        q=typed(asked, "q"),
        kind=kind if kind in Resource.Kind else "",
        state=state if state in STATES else "",
        owner=request.user.pk if asked.get("whose") == "mine" else None,
        workflow=as_id(asked.get("workflow", "")),
        unplaced="unplaced" in asked,
        language=typed(asked, "language", 12),
        after=asked.get("after", ""),
    )


@require_safe
def resource_show(request: SignedIn, pk: UUID) -> HttpResponse:
    """One resource: what it says, where it helps, how fresh it is, and what became of it."""
    resource = resource_for(request.user, pk)
    at = as_id(typed(request.GET, "step"))
    if resource.is_usable:
        actions.note_use(resource, step=step_for(request.user, at) if at else None, by=request.user)
    context = {
        "resource": resource,
        "html": render(resource.text),
        "placements": resource.placements.with_places().order_by("placed_at", "pk"),
        "may_keep": access.keeps(request.user, resource),
        "links": resource.links.order_by("url"),
        "votes": resource.votes.on_current_version().order_by("-voted_at")[:20],
        "entries": [entry(change) for change in Change.objects.about(resource)[:40]],
        "versions": versions_of(resource),
        "audience": resource.audience.all(),
    }
    return page(request, SHOW, context, regions=["resource"])


def versions_of(resource: Resource) -> list[ResourceVersion]:
    """The newest first; `has_file` where its file can still be fetched, `is_own` where it is not the current one."""
    erased = set(resource.erased_files.values_list("file", flat=True))
    found = list(resource.versions.select_related("written_by"))
    for version in found:
        version.has_file = bool(version.file) and version.file not in erased  # type: ignore[attr-defined]
        version.is_former_file = version.file != resource.file.name  # type: ignore[attr-defined]
    return found


@asking
def resource_add(request: SignedIn) -> HttpResponse:
    """Write something new; with `step` it is placed there at once."""
    may_add(request.user)
    step = step_for(request.user, pk) if (pk := as_id(request.GET.get("step", ""))) else None
    form = ResourceForm(
        data=request.POST or None, files=request.FILES, initial={"kind": request.GET.get("kind", "quick_steps")}
    )
    if size := getattr(request, "upload_too_large", 0):
        form.too_large(size)
    elif request.method == "POST":
        added, form = dialogs.attempt(form, lambda facts: actions.add_resource(by=request.user, **facts))
        if added and step:
            onward = QueryDict(mutable=True)
            onward.update({"step": str(step.pk), "moment": typed(request.GET, "moment")})
            return redirect(f"{reverse('resource_place', args=[added.pk])}?{question(onward)}")
        if added:
            return redirect(added)
    return dialogs.ask(request, FORM, {"form": form, "step": step, "limit": most_bytes()})


@asking
def resource_change(request: SignedIn, pk: UUID) -> HttpResponse:
    """Edit; two editors see each other. Editing is not verifying."""
    resource = resource_for(request.user, pk, Ability.EDIT)
    if "keep" in request.POST:
        return dialogs.done(request, f"“{resource}” stays as it is.", to=resource)
    form = ResourceForm(resource, data=request.POST or None, files=request.FILES)
    if size := getattr(request, "upload_too_large", 0):
        form.too_large(size)
    elif request.method == "POST":
        seen = form.version_seen if form.is_valid() else None
        kept, form = dialogs.attempt(
            form, lambda facts: actions.change_resource(resource, seen=seen, by=request.user, **facts)
        )
        if kept:
            return redirect(kept)
    return dialogs.ask(request, FORM, {"form": form, "resource": resource, "limit": most_bytes()})


@asking
def resource_place(request: SignedIn, pk: UUID) -> HttpResponse:
    """Where does it help? First the step, then whether it is the step, a skill or an outcome of it, and when."""
    resource = resource_for(request.user, pk, Ability.EDIT)
    step = step_for(request.user, found) if (found := as_id(typed(request.GET, "step"))) else None
    moment = typed(request.GET, "moment")
    form = PlaceForm(step, data=request.POST or None, moments=[moment] if moment in Moment else None) if step else None
    if request.method == "POST" and form:
        placed, form = dialogs.attempt(form, lambda facts: actions.place_resource(resource, by=request.user, **facts))
        if placed:
            return dialogs.done(request, f"“{resource}” helps there now.", to=resource)
    context: dict[str, Any] = {"resource": resource, "step": step, "form": form}
    if not step:
        workflow = as_id(typed(request.GET, "workflow"))
        context |= {"workflows": Workflow.objects.active(), "chosen": workflow, **steps_of(workflow)}
    return dialogs.ask(request, "performance_support/resource_place.html", context)


def steps_of(workflow: UUID | None) -> dict[str, Any]:
    found = Workflow.objects.active().in_bulk([workflow]).get(workflow) if workflow else None
    return {"steps": found.steps.active().in_process_order()} if found else {}


@require_POST
def placement_take_away(request: SignedIn, pk: UUID) -> HttpResponse:
    placement = placement_for(request.user, pk, Ability.EDIT)
    actions.take_away(placement, by=request.user)
    words = f"“{placement.resource}” helps no longer at “{placement.place}”."
    return dialogs.done(request, words, to=placement.resource)


@require_POST
def resource_verify(request: SignedIn, pk: UUID) -> HttpResponse:
    """Still correct, as it was read; the first time it is offered to people."""
    resource = resource_for(request.user, pk, Ability.EDIT)
    seen = request.POST.get("seen", "")
    try:
        actions.verify(resource, seen=int(seen) if seen.isdecimal() and len(seen) < 10 else None, by=request.user)
    except RuleBroken as no:
        return dialogs.refused(request, no.message, to=resource)
    words = "is still correct" if resource.is_usable else "is offered from now on, wherever it is placed"
    return dialogs.done(request, f"“{resource}” {words}.", to=resource)


@require_POST
def resource_archive(request: SignedIn, pk: UUID) -> HttpResponse:
    resource = resource_for(request.user, pk, Ability.EDIT)
    actions.archive_resource(resource, by=request.user)
    undo = reverse("resource_take_back", args=[resource.pk])
    return dialogs.done(request, f"“{resource}” is in the archive.", to=resource, undo=undo)


@require_POST
def resource_take_back(request: SignedIn, pk: UUID) -> HttpResponse:
    """From the archive, as a draft that somebody verifies."""
    resource = resource_for(request.user, pk, Ability.EDIT)
    try:
        actions.take_back(resource, by=request.user)
    except RuleBroken as no:
        return dialogs.refused(request, no.message, to=resource)
    return dialogs.done(request, f"“{resource}” is back as a draft.", to=resource)


@asking
def resource_hand_over(request: SignedIn, pk: UUID) -> HttpResponse:
    resource = resource_for(request.user, pk, Ability.EDIT)
    form = HandOverForm(data=request.POST or None)
    if request.method == "POST":
        kept, form = dialogs.attempt(form, lambda facts: actions.hand_over(resource, by=request.user, **facts))
        if kept:
            return dialogs.done(request, f"{kept.owner} answers for “{kept}” now.", to=kept)
    return dialogs.ask(request, "performance_support/resource_hand_over.html", {"form": form, "resource": resource})


@require_POST
def resource_return_to(request: SignedIn, pk: UUID, number: int) -> HttpResponse:
    """Say again what an earlier version said."""
    resource = resource_for(request.user, pk, Ability.EDIT)
    try:
        actions.return_to(resource, access.version_for(resource, number), by=request.user)
    except RuleBroken as no:
        return dialogs.refused(request, no.message, to=resource)
    return dialogs.done(request, f"“{resource}” says again what version {number} said.", to=resource)
