"""Job roles: what workflows are performed by, and which titles stand for each."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from base import dialogs
from base.errors import RuleBroken
from base.pages import asking, page
from workforce import actions
from workforce.access import job_role_for, may_name_roles
from workforce.forms import JobRoleForm
from workforce.models import JobRole, Role
from workforce.queries import roles
from workforce.requests import SignedIn

LIST = "job_role_list"


@require_safe
def job_role_list(request: SignedIn) -> HttpResponse:
    """Every job role in use, with its titles and people; the retired ones below."""
    people = roles.people_by_role()
    rows = [(role, people.get(role.pk, 0)) for role in roles.with_counts()]
    context = {
        "rows": [row for row in rows if not row[0].is_retired],
        "retired": [row for row in rows if row[0].is_retired],
        "names_them": request.user.has_role(Role.DESIGNER, Role.PEOPLE_ADMIN),
    }
    return page(request, "workforce/job_role_list.html", context, regions=["roles"])


@asking
def job_role_add(request: SignedIn) -> HttpResponse:
    may_name_roles(request.user)
    form = JobRoleForm(data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        added, form = dialogs.attempt(form, lambda facts: actions.add_job_role(by=request.user, **facts))
        if added:
            return dialogs.done(request, f"“{added}” is a job role now.", to=LIST)
    return dialogs.ask(request, "workforce/job_role_form.html", {"form": form, "title": "Name a job role"})


@asking
def job_role_change(request: SignedIn, pk: UUID) -> HttpResponse:
    role = job_role_for(request.user, pk, to_edit=True)
    if "keep" in request.POST:
        return dialogs.done(request, f"“{role}” stays as it is.", to=LIST)
    form = JobRoleForm(role, data=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        kept, form = dialogs.attempt(form, lambda facts: change(request, role, form, **facts))
        if kept:
            return dialogs.done(request, f"“{kept}” is saved.", to=LIST)
    return dialogs.ask(request, "workforce/job_role_form.html", {"form": form, "title": "Change a job role"})


def change(request: SignedIn, role: JobRole, form: JobRoleForm, **facts: str) -> JobRole:
    return actions.change_job_role(role, seen=form.version_seen, by=request.user, **facts)


@require_POST
def job_role_retire(request: SignedIn, pk: UUID) -> HttpResponse:
    role = job_role_for(request.user, pk, to_edit=True)
    try:
        actions.retire_job_role(role, by=request.user)
    except RuleBroken as broken:
        return dialogs.refused(request, f"“{role}” is not retired. {broken.message}", to=LIST)
    return dialogs.done(request, f"“{role}” is retired. Steps that it performs are flagged.", to=LIST)


@require_POST
def job_role_restore(request: SignedIn, pk: UUID) -> HttpResponse:
    role = actions.restore_job_role(job_role_for(request.user, pk, to_edit=True), by=request.user)
    return dialogs.done(request, f"“{role}” is in use again.", to=LIST)
