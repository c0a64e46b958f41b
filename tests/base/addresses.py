"""Pages that misbehave on purpose, under the house's own handlers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

from config import urls


def breaks(request):
    raise RuntimeError("a bug")


def refuses(request):
    raise PermissionDenied("Ask the owner, Maren Holt, to change this workflow.")


def makes_no_sense(request):
    raise SuspiciousOperation("crafted")


def says(request):
    messages.success(request, "“Prepare the account” is published.")
    return HttpResponse("<p>region</p>")


def says_and_leaves(request):
    messages.success(request, "Saved.")
    return redirect("/")


urlpatterns = [
    path("breaks/", breaks),
    path("refuses/", refuses),
    path("no-sense/", makes_no_sense),
    path("says/", says),
    path("leaves/", says_and_leaves),
    path("", include(urls.urlpatterns)),
]
handler400 = urls.handler400
handler429 = urls.handler429
