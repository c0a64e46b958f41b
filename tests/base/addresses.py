"""Pages that misbehave on purpose, under the house's own handlers."""

from pathlib import Path

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path
from django.views.decorators.http import require_POST

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


def conflicts(request):
    return HttpResponse('<p id="answer">Rafael Ortiz changed it first.</p>', status=409)


def opens(request):
    return HttpResponse(
        '<dialog data-open aria-label="Place"><form method="dialog"><button>Close</button></form></dialog>'
    )


def signs_out(request):
    logout(request)
    return HttpResponse()


def regions(request):
    words = ["breaks", "refuses", "conflicts", "says", "opens", "account/2fa"]
    template = engines["django"].from_string((Path(__file__).parent / "regions.html").read_text())
    return HttpResponse(template.render({"words": words}, request))


@require_POST
def takes_answers(request):
    return HttpResponse("done")


urlpatterns = [
    path("takes-answers/", takes_answers),
    path("regions/", regions),
    path("conflicts/", conflicts),
    path("opens/", opens),
    path("signs-out/", signs_out),
    path("breaks/", breaks),
    path("refuses/", refuses),
    path("no-sense/", makes_no_sense),
    path("says/", says),
    path("leaves/", says_and_leaves),
    path("", include(urls.urlpatterns)),
]
handler400 = urls.handler400
handler429 = urls.handler429
