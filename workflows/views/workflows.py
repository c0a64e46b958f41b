"""The list of workflows; a workflow as a whole."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from base import dialogs
from base.pages import asking, page, typed
from workflows import actions, words
from workflows.access import Ability, may_design, workflow_for
from workflows.forms import WorkflowForm
from workflows.models import Outcome, Workflow
from workflows.queries.overview import deliveries
from workflows.views.editing import change, restore
from workforce.requests import SignedIn

PAGE = 50
SORTS = {
    "name": ("name",),
    "area": ("area", "name"),
    "steps": ("-step_count", "name"),
    "owner": ("owner__full_name", "name"),
}


@dataclass(frozen=True)
class Row:
    """A workflow and where it ends."""

    workflow: Workflow
    outcome: Outcome | None
    figures: str
    others: int

    @classmethod
    def of(cls, workflow: Workflow, ends: list[Outcome]) -> "Row":
        end = ends[0] if ends else None
        return cls(workflow, end, words.figures(end) if end else "", len(ends) - 1)


@require_safe
def workflow_list(request: SignedIn) -> HttpResponse:
    asked = request.GET
    show_retired = asked.get("retired") == "yes"
    everything = Workflow.objects.retired() if show_retired else Workflow.objects.active()
    found = everything.matching(typed(asked, "q"))
    areas = found.by_area()
    if "area" in asked:
        found = found.in_area(typed(asked, "area"))
    sort = asked.get("sort", "") if asked.get("sort") in SORTS else "name"
    rows = found.with_size().select_related("owner").order_by(*SORTS[sort])
    page_of = Paginator(rows, PAGE).get_page(asked.get("page"))
    delivered = deliveries([workflow.pk for workflow in page_of])
    context = {
        "page_of": page_of,
        "rows": [Row.of(workflow, delivered.get(workflow.pk, [])) for workflow in page_of],
        "areas": areas,
        "sort": sort,
        "show_retired": show_retired,
        "retired_count": Workflow.objects.retired().count(),
        "is_narrowed": bool(asked.get("q") or "area" in asked),
        "can_design": request.user.can_design,
    }
    return page(request, "workflows/workflow_list.html", context, regions=["workflows"])


@asking
def workflow_add(request: SignedIn) -> HttpResponse:
    may_design(request.user)
    form = WorkflowForm(data=request.POST or None, initial={"owner": request.user})
    if request.method == "POST":
        workflow, form = dialogs.attempt(form, lambda facts: actions.add_workflow(by=request.user, **facts))
        if workflow:
            return dialogs.go(request, workflow)
    return dialogs.ask(request, "workflows/workflow_form.html", {"form": form, "areas": areas_in_use()})


@asking
def workflow_change(request: SignedIn, pk: UUID) -> HttpResponse:
    workflow = workflow_for(request.user, pk, Ability.EDIT)
    context = {"workflow": workflow, "areas": areas_in_use()}
    return change(
        request,
        WorkflowForm,
        workflow,
        actions.change_workflow,
        template="workflows/workflow_form.html",
        context=context,
    )


@asking
def workflow_restore(request: SignedIn, pk: UUID) -> HttpResponse:
    workflow = workflow_for(request.user, pk, Ability.EDIT)
    return restore(request, workflow, actions.restore_workflow, workflow=workflow)


def areas_in_use() -> list[str]:
    return [area for area, _ in Workflow.objects.active().by_area() if area]
