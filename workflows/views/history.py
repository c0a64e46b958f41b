"""Who changed what in a workflow, from what to what."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from base.models import Change
from base.pages import page
from base.trail import Fact
from workflows import words
from workflows.access import workflow_for
from workflows.queries.trail import Undo, trail, undoable
from workforce.requests import SignedIn

PAGE = 50


@dataclass(frozen=True)
class Entry:
    change: Change
    deed: str
    facts: list[Fact]
    undo: Undo | None

    @property
    def undo_name(self) -> str:
        """The address that takes it back; the template looks whether there is one."""
        return f"{self.change.noun}_{self.undo.verb}" if self.undo else ""


@require_safe
def workflow_history(request: SignedIn, pk: UUID) -> HttpResponse:
    workflow = workflow_for(request.user, pk)
    page_of = Paginator(trail(workflow), PAGE).get_page(request.GET.get("page"))
    undos = undoable(list(page_of)) if request.user.can_design else {}
    entries = [Entry(c, words.deed(c), words.facts(c), undos.get(c.pk)) for c in page_of]
    context = {"workflow": workflow, "page_of": page_of, "entries": entries}
    return page(request, "workflows/workflow_history.html", context, regions=["history"])
