"""People, and what they are called."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from base.pages import page
from workforce import actions
from workforce.access import job_title_for
from workforce.forms import MapTitleForm
from workforce.models import JobRole, JobTitle
from workforce.requests import SignedIn


@require_safe
def person_list(request: SignedIn) -> HttpResponse:
    """Titles without a job role for those who keep people; for everybody, their own entry."""
    keeps = request.user.can_manage_people
    context = {
        "person": request.user.person,
        "keeps_people": keeps,
        "job_roles": JobRole.objects.active(),
        "unmapped": JobTitle.objects.unmapped().held() if keeps else [],
        "mapped": JobTitle.objects.mapped().held().select_related("job_role") if keeps else [],
    }
    return page(request, "workforce/person_list.html", context, regions=["titles"])


@require_POST
def job_title_map(request: SignedIn, pk: UUID) -> HttpResponse:
    """Say which job role a title stands for."""
    title = job_title_for(request.user, pk)
    form = MapTitleForm(request.POST)
    if form.is_valid():
        job_role = form.cleaned_data["job_role"]
        actions.map_job_title(title.name, job_role=job_role, by=request.user)
        messages.success(request, f"“{title}” stands for {job_role or 'no job role'} now.")
    else:
        messages.error(request, "That job role is retired or gone. Choose one from the list.")
    return person_list(request) if request.htmx else redirect("person_list")  # type: ignore[attr-defined]
