"""What the clock starts in this room."""

from celery import shared_task

from workflows import actions
from workflows.models import Workflow
from workforce.models import Account, Person


@shared_task
def pass_on_work() -> int:
    """Look for workflows whose owner has left; returns how many were passed on."""
    leavers = Person.objects.filter(account__in=Workflow.objects.left_behind().values("owner"))
    return sum(len(actions.pass_on_workflows(leaver, by=Account.objects.system())) for leaver in leavers)
