"""What follows somebody's request: plain values in, one call."""

from allauth.account import forms as account
from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from workforce import letters
from workforce.models import Account, RunNotice, Source, Webhook


@shared_task
def send_reset_letter(email: str, **_: str) -> None:
    """Send the link for a new password, if anybody signs in with one at this address. The web never waits for it."""
    whose = Account.objects.active_people().filter(email__iexact=email).first()
    if whose is None or not whose.may_use_password:
        return
    form = account.ResetPasswordForm({"email": email})
    if form.is_valid():
        # Nothing of the question goes into the answer: where the link leads is set here (accounts.py).
        form.save(HttpRequest())


@shared_task
def send_factor_letter(account_id: str, by_name: str) -> None:
    """Tell somebody that their second factor was taken away; whoever did not ask for it must hear of it at once."""
    whose = Account.objects.get(pk=account_id)
    context = {"account": whose, "by_name": by_name, "site": settings.SITE_URL}
    words = render_to_string("workforce/mail/factor_reset.txt", context)
    send_mail("Sightline: your second factor was reset", words, None, [str(whose.email)])


@shared_task
def send_webhook_letter(webhook_id: str) -> None:
    """Tell the owner that nobody is called any more, and how to go on."""
    webhook = Webhook.objects.select_related("owner").get(pk=webhook_id)
    if webhook.is_on or not webhook.owner.email:
        return
    send_mail(
        "Sightline: a webhook was switched off",
        render_to_string("workforce/mail/webhook_off.txt", {"webhook": webhook, "site": settings.SITE_URL}),
        None,
        [webhook.owner.email],
    )


@shared_task
def send_resting_letter(account_id: str, keys: list[str]) -> None:
    """Tell somebody who can take them over that programs are refused because of who answered for their keys."""
    if mail := letters.about_resting_keys(Account.objects.get(pk=account_id), keys):
        mail.send()


@shared_task
def send_brake_letters(source: str) -> None:
    """Claim, then send, as with every letter: each stop is told once."""
    unclaimed = Source.objects.filter(pk=source).exclude(leavers_told_at__gte=F("leavers_braked_at"))
    if unclaimed.filter(leavers_braked_at__isnull=False).update(leavers_told_at=timezone.now()):
        for mail in letters.about_brake(Source.objects.get(pk=source)):
            mail.send()


@shared_task
def send_run_notice(notice: int) -> None:
    """Claim, then send: delivered twice, or broken off in between, it is never sent a second time."""
    if RunNotice.objects.unsent().filter(pk=notice).update(sent_at=timezone.now()):
        found = RunNotice.objects.select_related("run__source", "account").get(pk=notice)
        if mail := letters.about_run(found):
            mail.send()


@shared_task
def tell_heir(note: int) -> None:
    """Claim, then send, as with every letter: who goes on with a leaver's work hears of it once."""
    claimed = letters.claimed_note(note)
    if claimed and (mail := letters.about_work(claimed)):
        mail.send()
