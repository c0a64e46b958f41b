"""A resource's file, through the door of its resource; a former one for whoever keeps it."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from base import dialogs
from base.pages import asking
from performance_support import access, actions
from performance_support.access import Ability, resource_for
from performance_support.forms import EraseFileForm
from performance_support.models import ResourceVersion
from performance_support.sending import current_file, send
from workforce.requests import SignedIn


@require_safe
def resource_file(request: SignedIn, pk: UUID) -> HttpResponseBase:
    """The file that people are offered now."""
    return current_file(request, resource_for(request.user, pk))


@require_safe
def version_file(request: SignedIn, pk: UUID, number: int) -> HttpResponseBase:
    """The file that an earlier version had."""
    version = version_with_file(request, pk, number)
    said = version.content
    return send(request, version.file, name=said["file_name"], media_type=said["file_type"])


def version_with_file(request: SignedIn, pk: UUID, number: int) -> ResourceVersion:
    resource = resource_for(request.user, pk, Ability.EDIT)
    version = access.version_for(resource, number)
    if not version.file or resource.has_erased(version.file):
        raise Http404("This version has no file.")
    return version


@asking
def file_erase(request: SignedIn, pk: UUID, number: int) -> HttpResponse:
    """An administrator takes the file of a former version away for good, with a reason."""
    resource = resource_for(request.user, pk)
    access.may_erase_files(request.user)
    version = access.version_for(resource, number)
    form = EraseFileForm(data=request.POST or None)
    if request.method == "POST":
        erased, form = dialogs.attempt(
            form, lambda facts: actions.erase_file(resource, version, by=request.user, **facts) or True
        )
        if erased:
            return dialogs.done(request, f"The file of version {number} is gone for good.", to=resource)
    context = {"form": form, "resource": resource, "version": version}
    return dialogs.ask(request, "performance_support/file_erase.html", context)
