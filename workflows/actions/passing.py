"""What somebody who left owned."""

from django.db import transaction

from base import edits
from workflows.models import Workflow
from workforce.actions.leaving import note_passed_on
from workforce.models import Account, Person
from workforce.queries.heirs import heir_of


@transaction.atomic
def pass_on_workflows(leaver: Person, *, by: Account) -> list[Workflow]:
    """Hand a leaver's workflows to the nearest manager who can sign in, else to an administrator. Twice is once.

    Whoever comes back gets nothing back by itself: the new owner may have changed the work since.
    """
    leaver = edits.locked(leaver)
    heir = heir_of(leaver) if leaver.left_at else None
    if heir is None:
        return []
    left = Workflow.objects.left_behind().left_by(leaver).order_by("pk")
    passed = [workflow for workflow in map(edits.locked, left) if workflow.owner.person_id == leaver.pk]
    for workflow in passed:
        edits.save(workflow, {"owner": heir}, by=by, verb="pass_on")
    if passed:
        note_passed_on(leaver, to=heir, work=[workflow.name for workflow in passed], by=by)
    return passed
