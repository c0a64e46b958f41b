"""Letters: to people admins about a run that waits or has failed, and to who goes on with a leaver's work."""

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from base.models import Change
from workforce.models import Account, ApiKey, Run, RunNotice, Source
from workforce.models.key import scopes_of

SUBJECTS = {
    RunNotice.About.HELD: "Sightline: a run of {source} waits for your decision",
    RunNotice.About.FAILED: "Sightline: a run of {source} failed",
}


def one_line(subject: str) -> str:
    """A subject with a line end in it is not sent at all."""
    return " ".join(subject.split())


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
        subject=one_line(SUBJECTS[RunNotice.About(notice.about)].format(source=run.source)),
        body=render_to_string("workforce/mail/run.txt", context),
        to=[account.mailbox],
    )
    mail.attach_alternative(render_to_string("workforce/mail/run.html", context), "text/html")
    return mail


def about_brake(source: Source) -> list[EmailMessage]:
    """To each of those who can allow it."""
    subject = one_line(f"Sightline: people of {source} leave one by one, and a program was stopped")
    told = {"source": source, "address": settings.SITE_URL + reverse("source_list"), "site": settings.SITE_URL}
    return [
        EmailMessage(
            subject,
            render_to_string("workforce/mail/braked.txt", {**told, "account": account}),
            to=[account.mailbox],
        )
        for account in Account.objects.who_look_after_people()
    ]


def about_resting_keys(account: Account, keys: list[str]) -> EmailMessage | None:
    """To somebody who can take them over; None where nothing rests any more, or they cannot either."""
    mine = set(scopes_of(account))
    resting = ApiKey.objects.resting().filter(pk__in=keys).select_related("owner").order_by("name")
    found = [key for key in resting if set(key.scopes) <= mine]
    if not found:
        return None
    told = {"account": account, "keys": found, "site": settings.SITE_URL}
    address = f"{settings.SITE_URL}{reverse('key_list')}?state=rests"
    subject = one_line(
        f"Sightline: {len(found)} keys of programs rest" if len(found) > 1 else f"Sightline: the key “{found[0]}” rests"
    )
    body = render_to_string("workforce/mail/keys_rest.txt", {**told, "address": address})
    return EmailMessage(subject, body, to=[account.mailbox])


@transaction.atomic
def claimed_note(note: int) -> Change | None:
    """What was passed on, for the first who is to tell of it; None for everybody after. The trail is the claim."""
    found = Change.objects.select_for_update().get(pk=note)
    if Change.objects.filter(subject=found.subject, verb="tell", facts__note=[None, note]).exists():
        return None
    system = Account.objects.system()
    facts = {"note": [None, note], "owner": found.facts["owner"]}
    told = {"noun": found.noun, "subject": found.subject, "name": found.name, "scope": found.subject, "facts": facts}
    Change.objects.create(by=system.pk, by_name=system.name, verb="tell", **told)
    return found


def about_work(note: Change) -> EmailMessage | None:
    """Who goes on with a leaver's work hears what it is; None where they cannot be reached any more."""
    account = Account.objects.active_people().filter(pk=note.facts["owner"][1]["id"]).first()
    if account is None or not account.email:
        return None
    told = {"account": account, "leaver": note.name, "work": note.facts["work"][1], "site": settings.SITE_URL}
    subject = one_line(f"Sightline: you go on with the work of {note.name}")
    body = render_to_string("workforce/mail/passed_on.txt", told)
    return EmailMessage(subject, body, to=[account.email])
