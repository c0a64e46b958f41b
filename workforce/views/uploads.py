"""A file of people by hand: the file, its columns, and on to its dry run."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from base.errors import RuleBroken
from base.pages import asking, page
from base.tables.limits import MB
from workforce import actions
from workforce.access import may_run, upload_for
from workforce.actions.uploading import BY_PROGRAM
from workforce.feeds import columns
from workforce.models import Source, Upload
from workforce.requests import SignedIn
from workforce.upload_forms import ColumnsForm, SheetForm, UploadForm

SHOW = "workforce/upload_show.html"


@asking
def upload_add(request: SignedIn) -> HttpResponse:
    """Choose a file, whose people it holds, and whether it holds all of them."""
    may_run(request.user)
    form = UploadForm(request.POST or None, request.FILES or None)
    size = getattr(request, "upload_too_large", 0)
    if size:
        sentence = f"The file has {size / MB:,.0f} MB; the limit is 50 MB. {BY_PROGRAM}"
        form.errors["file"] = form.error_class([sentence])
    elif form.is_valid() and (upload := taken_in(request, form)):
        return onwards(request, upload.get_absolute_url())
    context = {"form": form, "sources": Source.objects.all()}
    status = 413 if size else 422 if form.errors else 200
    return page(request, "workforce/upload_add.html", context, regions=["upload"], status=status)


def taken_in(request: SignedIn, form: UploadForm) -> Upload | None:
    file, facts = form.cleaned_data["file"], form.cleaned_data
    try:
        return actions.add_upload(
            file.file, file_name=file.name, source=facts["source"], mode=facts["mode"], by=request.user
        )
    except RuleBroken as refused:
        form.add_error("source" if refused.code == "no_source" else "file", refused.message)
    return None


def onwards(request: SignedIn, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)  # type: ignore[attr-defined]


@asking
def upload_show(request: SignedIn, pk: UUID) -> HttpResponse:
    """Which column is which; how far it is; then on to the run."""
    upload = upload_for(request.user, pk)
    if request.method == "GET" and (answer := moved_on(request, upload)):
        return answer
    form = ColumnsForm(request.POST or None, upload=upload)
    if form.is_valid():
        try:
            actions.map_upload(upload, mapping=form.mapping(), by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken.message)
        else:
            return redirect(upload)
    sheets = upload.found.sheets
    context = {
        "upload": upload,
        "form": form,
        "dropped": columns.dropped(upload.shape["header"], upload.mapping),
        "sheets": SheetForm(None, sheets=sheets, initial={"sheet": upload.found.sheet}) if len(sheets) > 1 else None,
    }
    return page(request, SHOW, context, regions=["upload-progress"], status=409 if form.errors else 200)


def moved_on(request: SignedIn, upload: Upload) -> HttpResponse | None:
    """Where there is a run, it tells the rest."""
    run = upload.run or (upload.dry_run if upload.state == Upload.State.CHECKED else None)
    if request.htmx.target == "upload-progress" and not upload.is_wanted:  # type: ignore[attr-defined]
        return HttpResponseClientRefresh()
    if run and "columns" not in request.GET:
        return redirect(run)
    return None


@require_POST
def upload_look(request: SignedIn, pk: UUID) -> HttpResponse:
    """Read the columns from another sheet."""
    upload = upload_for(request.user, pk)
    form = SheetForm(request.POST, sheets=upload.found.sheets)
    if form.is_valid():
        try:
            actions.look_again(upload, sheet=form.cleaned_data["sheet"], by=request.user)
        except RuleBroken as refused:
            messages.error(request, refused.message)
    return redirect(upload)


@require_POST
def upload_apply(request: SignedIn, pk: UUID) -> HttpResponse:
    """Send the file as it was checked."""
    upload = upload_for(request.user, pk)
    try:
        actions.apply_upload(upload, by=request.user)
    except RuleBroken as refused:
        messages.error(request, refused.message)
        return redirect(upload.dry_run or upload)
    return redirect(upload)
