"""What the clock starts in this room."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from performance_support import actions, checking, settling
from performance_support.actions import conveying
from performance_support.actions.checking import in_batches
from performance_support.queries import vocabulary
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
def keep_fresh() -> None:
    """Every hour: what is due by now, what waits too long, what nobody comes back to."""
    by = Account.objects.system()
    settling.settle_everything()
    actions.escalate(by=by)
    actions.announce_archiving(by=by)
    actions.archive_announced(by=by)
    actions.note_the_day(by=by)


@shared_task
def pass_on_work() -> int:
    """Look for what leavers owned or looked after; how much passed on."""
    return actions.hand_on_from_leavers(by=Account.objects.system())


@shared_task
def send_reminders() -> None:
    """Once a week; whoever keeps something stale or due soon hears of it."""
    actions.ask_for_reminders(timezone.localdate(), by=Account.objects.system())


@shared_task
def sweep_files() -> int:
    """Once a night: what a worker that was killed left in the storage, and what was erased; how many files went."""
    return actions.sweep_files(by=Account.objects.system())


@shared_task
def learn_words() -> None:
    """Every hour: what the library's search forgives is what is written now."""
    vocabulary.WORDS.rebuild()


@shared_task
def ask_for_talks() -> None:
    """Every morning: managers whose people begin or ended a programme are asked to talk with them, once each."""
    actions.ask_for_talks(by=Account.objects.system())


@shared_task
def send_statements() -> int:
    """Every few seconds: what waits for the record store, where one is switched on."""
    by = Account.objects.system()
    conveying.try_out_waiting(by=by)
    return conveying.convey(by=by)


@shared_task
def try_out_lrs(statement: str) -> None:
    conveying.try_out(UUID(statement), by=Account.objects.system())
