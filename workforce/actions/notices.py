"""Who hears of a run that waits or has failed."""

from base.outbox import send_later
from workforce.models import Account, Run, RunNotice

MAIL_TASK = "workforce.tasks.send_run_notice"


def tell_people_admins(run: Run) -> None:
    """One mail to each of them when a run waits for a decision or has failed."""
    if run.state not in RunNotice.About.values:
        return
    for account in Account.objects.who_look_after_people():
        notice, is_new = RunNotice.objects.get_or_create(run=run, account=account, about=run.state)
        if is_new:
            send_later(MAIL_TASK, notice=notice.pk)
