"""A list on its way in: the file, its columns, and the lists that came before."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from base.errors import RuleBroken
from base.pages import asking, page
from base.tables.limits import too_large
from skills import access, actions
from skills.import_forms import LookForm, MapForm, UploadForm
from skills.models import Import
from skills.queries.listing import origins
from workforce.requests import SignedIn

LATEST = 50


@require_safe
def import_list(request: SignedIn) -> HttpResponse:
    """The lists that came in, newest first."""
    access.may_design(request.user)
    lists = Import.objects.newest_first().select_related("created_by")[:LATEST]
    return page(request, "skills/import_list.html", {"lists": lists})


@asking
def import_add(request: SignedIn) -> HttpResponse:
    """Choose a file."""
    access.may_design(request.user)
    form = UploadForm(request.POST or None, request.FILES or None)
    size = getattr(request, "upload_too_large", 0)
    if size:
        form.errors["file"] = form.error_class([too_large(size).message])
    elif form.is_valid() and (plan := taken_in(request, form)):
        return redirect("import_show" if plan.is_wanted else "import_map", plan.pk)
    context = {"form": form, "origins": origins()}
    return page(request, "skills/import_add.html", context, status=413 if size else 200)


def taken_in(request: SignedIn, form: UploadForm) -> Import | None:
    upload = form.cleaned_data["file"]
    try:
        return actions.add_import(upload.file, file_name=upload.name, name=form.cleaned_data["name"], by=request.user)
    except RuleBroken as refused:
        form.add_error("file", refused.message)
    return None


@asking
def import_map(request: SignedIn, pk: UUID) -> HttpResponse:
    """Say which column is which, with the first rows before one's eyes."""
    plan = access.import_for(request.user, pk)
    form = MapForm(request.POST or None, plan=plan)
    if form.is_valid():
        try:
            actions.map_columns(plan, name=form.cleaned_data["name_of_list"], mapping=form.mapping(), by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken.message)
        else:
            return redirect(plan)
    return page(request, "skills/import_map.html", {"plan": plan, "form": form, "look": look_form(plan)})


def look_form(plan: Import, data: object = None) -> LookForm:
    first_row = "yes" if plan.found.header_at else "no"
    initial = {"sheet": plan.found.sheet, "first_row": first_row}
    return LookForm(data, sheets=plan.found.sheets, initial=initial)


@require_POST
def import_look(request: SignedIn, pk: UUID) -> HttpResponse:
    """Another sheet, or a first row that is a skill already."""
    plan = access.import_for(request.user, pk)
    form = look_form(plan, request.POST)
    if form.is_valid():
        has_header = form.cleaned_data["first_row"] == "yes"
        try:
            actions.look_again(plan, sheet=form.cleaned_data.get("sheet", ""), has_header=has_header, by=request.user)
        except RuleBroken as refused:
            messages.error(request, refused.message)
    return redirect("import_map", plan.pk)
