"""The mail to people admins about a run that waits for them, or that has failed."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from workforce.models import Run, RunNotice

SUBJECTS = {
    RunNotice.About.HELD: "Sightline: a run of {source} waits for your decision",
    RunNotice.About.FAILED: "Sightline: a run of {source} failed",
}


def about_run(notice: RunNotice) -> EmailMultiAlternatives | None:
    """The mail, in words and as a page; None where somebody has decided meanwhile."""
    run, account = notice.run, notice.account
    if run.state != notice.about:
        return None
    context = {
        "account": account,
        "run": run,
        "is_held": run.state == Run.State.HELD,
        "reasons": [guard["sentence"] for guard in run.guards if guard["is_tripped"]],
        "address": f"{settings.SITE_URL}{run.get_absolute_url()}",
        "site": settings.SITE_URL,
    }
    mail = EmailMultiAlternatives(
        subject=SUBJECTS[RunNotice.About(notice.about)].format(source=run.source),
        body=render_to_string("workforce/mail/run.txt", context),
        to=[f"{account.full_name} <{account.email}>"],
    )
    mail.attach_alternative(render_to_string("workforce/mail/run.html", context), "text/html")
    return mail
