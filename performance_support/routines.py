"""What the clock starts in this room."""

from celery import shared_task

from performance_support import actions, checking, settling
from performance_support.actions.checking import in_batches
from workforce.models import Account

# A round ends before the clock begins the next one.
ROUND = 240


@shared_task
def check_links() -> int:
    """Look whether links still lead somewhere; how many were looked at."""
    by = Account.objects.system()
    looked_at = 0
    for findings in in_batches(checking.check_many(actions.take_due(by=by), seconds=ROUND)):
        actions.keep_findings(findings, by=by)
        looked_at += len(findings)
    return looked_at


@shared_task
def turn_stale() -> None:
    """What is due by now, whose owner left, what no edit told us about."""
    settling.settle_everything()
